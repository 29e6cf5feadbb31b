// The page in WebKit (WebKitGTK's own small browser), driven by WebKitWebDriver and read through the DOM contract.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { closedOrigin } from "../e2e/servers/listen.mjs";
import { Session, until, WebDriverError } from "./webdriver.ts";

const SCREEN = "1280x900x24";

/** Where a page is, how far it has come, and what it says of a failure. */
const SAYS = `return JSON.stringify([
  location.href, document.readyState, document.documentElement.dataset,
  document.querySelector("[data-testid=problem], #boot")?.textContent,
]);`;

/** The driver with an X server for its windows. */
export class WebKit {
  private constructor(
    readonly origin: string,
    private readonly running: ChildProcess[],
  ) {}

  static async start(driver: string, xvfb: string): Promise<WebKit> {
    const options = ["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"];
    const display = spawn(xvfb, options, { stdio: ["ignore", "pipe", "ignore"] });
    const [number] = await once(createInterface(display.stdout!), "line");
    const origin = await closedOrigin();
    const env = { ...process.env, DISPLAY: `:${number}` };
    const program = spawn(driver, [`--port=${new URL(origin).port}`], { env, stdio: "ignore" });
    const webkit = new WebKit(origin, [program, display]);
    await webkit.ready();
    return webkit;
  }

  /** Each session is a visitor of its own: storage and cookies are shared with nobody. */
  session() {
    return Session.open(this.origin, { acceptInsecureCerts: true });
  }

  async close() {
    for (const program of this.running) {
      program.kill();
      if (program.exitCode === null && program.signalCode === null) await once(program, "exit");
    }
  }

  private ready() {
    return until("WebKitWebDriver", async () => {
      const status = await fetch(`${this.origin}/status`).catch(() => undefined);
      if (!status?.ok) throw new WebDriverError("no such element", "it does not respond yet");
    });
  }
}

/** One window of a session. */
export class Tab {
  private constructor(
    readonly session: Session,
    private readonly handle: string,
  ) {}

  static async open(webkit: WebKit, home: string): Promise<Tab> {
    const session = await webkit.session();
    const [handle] = await session.windows();
    const tab = new Tab(session, handle);
    await session.goto(home);
    await tab.ready();
    return tab;
  }

  /** With the windows that it opened. */
  close() {
    return this.session.close();
  }

  /** Commands go to this window from now on. */
  front() {
    return this.session.switchTo(this.handle);
  }

  /** The window that this one has opened. */
  popup(): Promise<Tab> {
    return until("A popup", async () => {
      const opened = (await this.session.windows()).find((it) => it !== this.handle);
      if (!opened) throw new WebDriverError("no such element", "no window was opened");
      await this.session.switchTo(opened);
      return new Tab(this.session, opened);
    });
  }

  ready() {
    return this.state('[data-app="ready"]');
  }

  is(connection: "connected" | "failed") {
    return this.state(`[data-connection="${connection}"]`);
  }

  /** Waits until the page says so; where it does not, the error tells what it says instead. */
  private state(attribute: string) {
    return this.session.there(`html${attribute}`).catch(async (error) => {
      throw new Error(`${error.message} The page says ${await this.session.run(SAYS)}`);
    });
  }

  async reload() {
    await this.session.refresh();
    await this.ready();
  }

  click(testid: string) {
    return this.session.click(at(testid));
  }

  async fill(testid: string, value: string) {
    await this.reveal(testid);
    await this.session.type(at(testid), value);
  }

  async choose(testid: string, value: string) {
    await this.reveal(testid);
    await this.session.click(`${at(testid)} option[value="${value}"]`);
  }

  /** Opens whatever lies around a field. */
  private async reveal(testid: string) {
    await this.session.there(at(testid));
    const open = `const field = document.querySelector(arguments[0]);
      for (let it = field.closest("details"); it; it = it.parentElement.closest("details")) it.open = true;`;
    await this.session.run(open, at(testid));
  }

  /** From the first page: fills in the server's URL, and presses the button. */
  async connect(url: string) {
    await this.fill("server-url", url);
    await this.click("connect");
  }

  /** On the pages of servers/login.mjs. */
  async logInAndAllow() {
    await this.session.type("#name", "Ada");
    await this.session.click("form[action$='/login'] button");
    await this.session.press("form[action$='/allow'] button");
  }

  /** From anywhere: calls a tool with the arguments that its form begins with. */
  async call(tool: string) {
    await this.click("nav-tools");
    await this.session.click(`[data-testid="tool-item"][data-name="${tool}"]`);
    await this.click("call-tool");
    await this.session.there('[data-testid="call-result"][data-status="ok"]');
  }
}

export function at(testid: string) {
  return `[data-testid="${testid}"]`;
}
