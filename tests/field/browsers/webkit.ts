// WebKit (WebKitGTK's own small browser), driven by WebKitWebDriver under Xvfb.
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { closedOrigin } from "../../e2e/servers/listen.mjs";
import { type Browser, COMMAND, type Key, leaves, Passing, until, type Window, within } from "./driver.ts";
import { KEYS, Session } from "./webdriver.ts";

const SCREEN = { width: 1280, height: 900 };
const WINDOW = { x: 0, y: 0, width: 1280, height: 800 };

/** The driver's own limit for a page is 300 s. */
const LIMITS = { pageLoad: COMMAND, script: COMMAND };

/** For a process or a session to end by itself. */
const ENDING = 3_000;

/** Ports are free a moment before they are taken. */
const PORTS = 3;

/** Runs a program that ends with this process, whatever ends that (util-linux, which Debian always has). */
const WITH_PARENT = ["/usr/bin/setpriv", "--pdeathsig", "KILL"];

/** The X server that the windows of all visitors are shown on. */
export class WebKit implements Browser {
  private readonly visitors = new Set<Visitor>();

  private constructor(
    private readonly driver: string,
    private readonly display: ChildProcess,
    private readonly number: string,
  ) {}

  static async launch(driver: string, xvfb: string): Promise<WebKit> {
    const screen = `${SCREEN.width}x${SCREEN.height}x24`;
    const options = ["-displayfd", "1", "-screen", "0", screen, "-nolisten", "tcp"];
    const display = start(xvfb, options, { stdio: ["ignore", "pipe", "ignore"] });
    const [number] = await within("Xvfb", once(createInterface(display.stdout!), "line"));
    return new WebKit(driver, display, number);
  }

  async visitor(): Promise<Window> {
    const visitor = await Visitor.start(this.driver, this.number);
    this.visitors.add(visitor);
    return visitor.window().catch(async (error) => {
      await visitor.close();
      throw error;
    });
  }

  async close() {
    await Promise.all([...this.visitors].map((it) => it.close()));
    await end(this.display);
  }
}

/** A driver with the one session that it can have: what a test leaves behind, no other test meets. */
class Visitor {
  private session?: Session;

  private constructor(
    private readonly process: ChildProcess,
    private readonly origin: string,
    private readonly folder: string,
  ) {}

  static async start(driver: string, display: string): Promise<Visitor> {
    const folder = await mkdtemp(join(tmpdir(), "flowglass-"));
    const env = { ...process.env, ...(await settings(folder)), DISPLAY: `:${display}` };
    for (let port = 1; ; port += 1) {
      const origin = await closedOrigin();
      const child = start(driver, [`--port=${new URL(origin).port}`], { env, stdio: "ignore" });
      const visitor = new Visitor(child, origin, folder);
      const listens = await visitor.listens();
      if (listens) return visitor;
      if (port === PORTS) throw new Error(`WebKitWebDriver did not listen on any of ${PORTS} ports`);
      await end(child);
    }
  }

  async window(): Promise<Window> {
    // The tests wait for what a page says; the driver would wait for the end of a load even in a window that is closed.
    const capabilities = { acceptInsecureCerts: true, pageLoadStrategy: "none", timeouts: LIMITS };
    this.session = await Session.open(this.origin, capabilities);
    const [handle] = await this.session.windows();
    await this.session.to(handle, "POST", "/window/rect", WINDOW);
    return new WebKitWindow(this.session, handle, downloads(this.folder), () => this.close());
  }

  async close() {
    // The driver ends the browser with its session; without a driver the browser would go on.
    await this.session?.close(ENDING).catch(() => {});
    this.session = undefined;
    await end(this.process);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Whether it is the driver that listens: another server may have taken the port. */
  private listens(): Promise<boolean> {
    return until("WebKitWebDriver", async () => {
      if (this.process.exitCode !== null || this.process.signalCode !== null) return false;
      const signal = AbortSignal.timeout(COMMAND);
      const response = await fetch(`${this.origin}/status`, { signal }).catch(() => undefined);
      if (!response) throw new Passing("it does not respond yet");
      const status = (await response.json().catch(() => ({}))) as { value?: { ready?: boolean } };
      return status.value?.ready === true;
    });
  }
}

class WebKitWindow implements Window {
  constructor(
    private readonly session: Session,
    private readonly handle: string,
    readonly downloads: string,
    readonly close: () => Promise<void>,
  ) {}

  goto(url: string) {
    return leaves(this, () => this.to("POST", "/url", { url }));
  }

  back() {
    return leaves(this, () => this.to("POST", "/back", {}));
  }

  reload() {
    return leaves(this, () => this.to("POST", "/refresh", {}));
  }

  /** What the driver says would be the page that is still on its way. */
  url() {
    return this.run(() => location.href);
  }

  run<Args extends unknown[], Value>(inPage: (...args: Args) => Value, ...args: Args) {
    const script = `return (${inPage}).apply(null, arguments)`;
    return until("A script", () => this.to("POST", "/execute/sync", { script, args }) as Promise<Value>);
  }

  click(selector: string) {
    return this.with(selector, (element) =>
      this.session.click(this.handle, element).catch(async (error) => {
        // The driver takes what lies below a bar for visible, and then presses the bar.
        if (error instanceof Passing) await this.run(toMiddle, selector);
        throw error;
      }),
    );
  }

  /** A date is set: its control has fields of its own, in the order of the machine's language. */
  type(selector: string, text: string) {
    return this.with(selector, async (element) => {
      if (await this.run(setDate, selector, text)) return;
      await this.to("POST", `/element/${element}/clear`, {});
      await this.to("POST", `/element/${element}/value`, { text });
    });
  }

  choose(selector: string, value: string) {
    return this.click(`${selector} option[value="${value}"]`);
  }

  press(key: Key) {
    if (key !== "Shift+Tab") return this.keys(KEYS[key]);
    return this.act([down(KEYS.Shift), down(KEYS.Tab), up(KEYS.Tab), up(KEYS.Shift)]);
  }

  keys(text: string) {
    return this.act([...text].flatMap((value) => [down(value), up(value)]));
  }

  private async act(actions: object[]) {
    await this.to("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  async popup() {
    const opened = (await this.session.windows()).find((it) => it !== this.handle);
    return opened ? new WebKitWindow(this.session, opened, this.downloads, this.close) : undefined;
  }

  async windows() {
    return (await this.session.windows()).length;
  }

  private with<T>(selector: string, use: (element: string) => Promise<T>): Promise<T> {
    return until(selector, async () => use(await this.session.element(this.handle, selector)));
  }

  private to(method: string, path: string, body?: object) {
    return this.session.to(this.handle, method, path, body);
  }
}

function setDate(selector: string, text: string) {
  const field = document.querySelector<HTMLInputElement>(selector);
  if (field?.type !== "date") return false;
  field.value = text;
  return field.dispatchEvent(new Event("input", { bubbles: true }));
}

const down = (value: string) => ({ type: "keyDown", value });
const up = (value: string) => ({ type: "keyUp", value });

function toMiddle(selector: string) {
  document.querySelector(selector)?.scrollIntoView({ block: "center" });
}

/** Nothing of the user who runs the tests, nothing of a desktop: no settings, no portal, no bus of accessibility. */
async function settings(folder: string) {
  const config = join(folder, "config");
  await Promise.all([config, downloads(folder)].map((it) => mkdir(it)));
  await writeFile(join(config, "user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads(folder)}"\n`);
  return { HOME: folder, XDG_CONFIG_HOME: config, DBUS_SESSION_BUS_ADDRESS: "disabled:", NO_AT_BRIDGE: "1", GTK_USE_PORTAL: "0" };
}

function downloads(folder: string) {
  return join(folder, "downloads");
}

function start(program: string, options: string[], how: SpawnOptions): ChildProcess {
  const [command, ...before] = existsSync(WITH_PARENT[0]) ? [...WITH_PARENT, program] : [program];
  return spawn(command, [...before, ...options], how);
}

async function end(child: ChildProcess) {
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  if (isOver()) return;
  const over = once(child, "exit");
  child.kill();
  await within("The end of a process", over, ENDING).catch(() => child.kill("SIGKILL"));
  await over;
}
