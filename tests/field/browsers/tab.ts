// The page in one window, driven and read through the DOM contract, in whatever browser.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "../../e2e/helpers/servers.ts";
import { type Browser, type Key, Passing, STATE, until, type Window } from "./driver.ts";

export type Connection = "idle" | "authorizing" | "connected" | "refused" | "failed";
export type Status = "pending" | "ok" | "cancelled" | "tool-error";
type Route = "connect" | "walkthrough" | "tools" | "wire" | "logs";

/** Files that are still written: Firefox's, and WebKit's. */
const UNFINISHED = /\.(part|wkdownload)$/;

const poll = { timeout: STATE };

/** A target is a `data-testid`, or a selector where that is not enough. */
export class Tab {
  constructor(readonly window: Window) {}

  /** The first tab of a new visitor. */
  static async open(browser: Browser, home: string): Promise<Tab> {
    const tab = new Tab(await browser.visitor());
    try {
      await tab.window.goto(home);
      await tab.ready();
      return tab;
    } catch (error) {
      await tab.close();
      throw error;
    }
  }

  close() {
    return this.window.close();
  }

  // What it says

  ready() {
    return this.has("html", "data-app", "ready");
  }

  async is(connection: Connection) {
    await this.has("html", "data-connection", connection);
  }

  attribute(target: string, name: string): Promise<string | undefined> {
    const read = (selector: string, name: string) => document.querySelector(selector)?.getAttribute(name) ?? undefined;
    return this.window.run(read, selectorOf(target), name);
  }

  text(target: string): Promise<string | undefined> {
    return this.window.run((selector) => document.querySelector(selector)?.textContent ?? undefined, selectorOf(target));
  }

  count(target: string): Promise<number> {
    return this.window.run((selector) => document.querySelectorAll(selector).length, selectorOf(target));
  }

  /** Waits until an attribute is so. */
  async has(target: string, name: string, value: string | RegExp) {
    const now = expect.poll(async () => (await this.attribute(target, name)) ?? "", { ...poll, message: `${name} of ${target}` });
    await (typeof value === "string" ? now.toBe(value) : now.toMatch(value));
  }

  /** Waits until a text holds this. */
  async shows(target: string, text: string | RegExp) {
    const now = expect.poll(async () => (await this.text(target)) ?? "", { ...poll, message: `the text of ${target}` });
    await (typeof text === "string" ? now.toContain(text) : now.toMatch(text));
  }

  async counts(target: string, count: number) {
    await expect.poll(() => this.count(target), { ...poll, message: `how many ${target}` }).toBe(count);
  }

  async there(target: string) {
    await expect.poll(() => this.count(target), { ...poll, message: target }).toBeGreaterThan(0);
  }

  /** The page ends in a problem. */
  async ends(connection: "refused" | "failed", code: string) {
    await this.is(connection);
    await this.has("problem", "data-code", code);
    // Its words come with a part of their own.
    await this.there("problem-fix");
  }

  /** Where it is, how far it has come, and what it says of a failure. */
  says(): Promise<string> {
    return this.window.run(() =>
      JSON.stringify([
        location.href,
        document.readyState,
        document.documentElement.dataset,
        document.querySelector("[data-testid=problem], #boot")?.textContent,
      ]),
    );
  }

  // What the user does

  async reload() {
    await this.window.reload();
    await this.ready();
  }

  async back() {
    await this.window.back();
    await this.ready();
  }

  click(target: string) {
    return this.window.click(selectorOf(target));
  }

  async fill(target: string, value: string) {
    await this.reveal(target);
    await this.window.type(selectorOf(target), value);
  }

  async choose(target: string, value: string) {
    await this.reveal(target);
    await this.window.choose(selectorOf(target), value);
  }

  /** Opens whatever lies around a field. */
  private async reveal(target: string) {
    await this.there(target);
    await this.window.run((selector) => {
      const field = document.querySelector(selector);
      for (let it = field?.closest("details"); it; it = it.parentElement?.closest("details")) it.open = true;
    }, selectorOf(target));
  }

  /** Presses Tab, or Shift and Tab, until the focus is on an element: past either end of a page it would leave the page. */
  async tabTo(testid: string) {
    for (let press = 0; press < 100; press += 1) {
      const way = await this.window.run(wayTo, selectorOf(testid));
      if (!way) return;
      await this.window.press(way);
    }
    throw new Error(`Tab never reaches ${testid}`);
  }

  press(key: Key) {
    return this.window.press(key);
  }

  keys(text: string) {
    return this.window.keys(text);
  }

  /** The file that a press gives away. */
  async download(target: string): Promise<{ name: string; text: string }> {
    const folder = this.window.downloads;
    const before = await readdir(folder);
    await this.click(target);
    return until(`A file of ${target}`, async () => {
      const files = (await readdir(folder)).filter((it) => !before.includes(it));
      const name = files.find((it) => !UNFINISHED.test(it));
      if (!name || files.length > 1) throw new Passing(`there is ${files.join(", ") || "none"}`);
      // Firefox keeps the name with an empty file first.
      if ((await stat(join(folder, name))).size === 0) throw new Passing(`${name} is empty`);
      return { name, text: await readFile(join(folder, name), "utf8") };
    });
  }

  /** The window that this one has opened, by itself or by the button that stands there where the browser blocked it. */
  async popup(): Promise<Tab> {
    const opened = await until("A popup", async () => {
      const popup = await this.window.popup();
      if (popup) return popup;
      if (await this.count("popup-open")) await this.click("popup-open");
      throw new Passing("no window was opened");
    });
    return new Tab(opened);
  }

  go(route: Route) {
    return this.click(`nav-${route}`);
  }

  /** From the first page: fills in the server's URL, and presses the button. */
  async connect(url: string) {
    await this.fill("server-url", url);
    await this.click("connect");
  }

  /** On the first page: starts the demo, with a fault where one is named. */
  async demo(fault?: string) {
    if (fault) await this.choose("demo-fault", fault);
    await this.click("demo");
  }

  /** On the pages of servers/login.mjs. */
  async logInAndAllow() {
    await this.window.type("#name", "Ada");
    await this.click("form[action$='/login'] button");
    await this.click("form[action$='/allow'] button");
  }

  /** From anywhere: the page of one tool. */
  async tool(name: string) {
    await this.go("tools");
    await this.click(`[data-testid="tool-item"][data-name="${name}"]`);
    await this.there("call-tool");
  }

  /** From anywhere: calls a tool with the arguments that its form begins with. */
  async call(name: string, status: Status = "ok") {
    await this.tool(name);
    await this.click("call-tool");
    await this.result(status);
  }

  result(status: Status) {
    return this.has("call-result", "data-status", status);
  }

  /** On the walkthrough: these steps are done. */
  async done(steps: string[]) {
    for (const step of steps) await this.has(`[data-testid="flow-step"][data-step="${step}"]`, "data-status", "done");
  }
}

/** Undefined where the focus is there. Runs in the page. */
function wayTo(selector: string): "Tab" | "Shift+Tab" | undefined {
  const [focused, wanted] = [document.activeElement, document.querySelector(selector)];
  if (!focused || !wanted || focused === document.body) return "Tab";
  if (focused.matches(selector)) return undefined;
  return focused.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_FOLLOWING ? "Tab" : "Shift+Tab";
}

function selectorOf(target: string) {
  return /^[a-z-]+$/.test(target) && target !== "html" ? `[data-testid="${target}"]` : target;
}
