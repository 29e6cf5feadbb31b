// Firefox, driven over WebDriver BiDi by puppeteer-core.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser as Puppeteer, type Page } from "puppeteer-core";
import { type Browser, COMMAND, type Key, leaves, Passing, STATE, until, type Window, within } from "./driver.ts";

const WINDOW = { width: 1280, height: 800 };

/** It starts once for all tests; next to other work that takes its time. */
const START = 50_000;

/** What the browser's driver says while the page still changes. */
const PASSING = /context (was destroyed|with specified id)|no such (frame|node|handle|element)|discarded|detached|Cannot find context|navigat/i;

export class Firefox implements Browser {
  private constructor(
    private readonly browser: Puppeteer,
    private readonly downloads: string,
  ) {}

  static async launch(executablePath: string): Promise<Firefox> {
    const folder = await mkdtemp(join(tmpdir(), "flowglass-"));
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath,
      headless: true,
      acceptInsecureCerts: true,
      defaultViewport: WINDOW,
      timeout: START,
      protocolTimeout: COMMAND,
      extraPrefsFirefox: {
        "browser.download.folderList": 2,
        "browser.download.dir": folder,
        "browser.download.alwaysOpenPanel": false,
        "browser.download.start_downloads_in_tmp_dir": false,
      },
    });
    return new Firefox(browser, folder);
  }

  async visitor(): Promise<Window> {
    const context = await this.browser.createBrowserContext();
    return new FirefoxWindow(await context.newPage(), this.downloads);
  }

  async close() {
    const child = this.browser.process();
    await within("The end of Firefox", this.browser.close()).catch(() => child?.kill("SIGKILL"));
    await rm(this.downloads, { recursive: true, force: true });
  }
}

class FirefoxWindow implements Window {
  private opened?: Window;

  constructor(
    private readonly page: Page,
    readonly downloads: string,
  ) {
    page.setDefaultTimeout(STATE);
    page.on("popup", (it) => (this.opened = it ? new FirefoxWindow(it, downloads) : undefined));
  }

  /** By the page itself: the driver would wait for the events of a load, and a page out of the cache of Back has none. */
  goto(url: string) {
    return leaves(this, () => this.run((url) => void setTimeout(() => location.assign(url)), url));
  }

  back() {
    return leaves(this, () => this.run(() => history.back()));
  }

  reload() {
    return leaves(this, () => this.run(() => void setTimeout(() => location.reload())));
  }

  url() {
    return this.run(() => location.href);
  }

  run<Args extends unknown[], Value>(inPage: (...args: Args) => Value, ...args: Args) {
    const script = inPage as (...args: unknown[]) => Value;
    return until("A script", () => within("A script", this.page.evaluate(script, ...args)).catch(passing)) as Promise<Value>;
  }

  click(selector: string) {
    return this.page.locator(selector).click();
  }

  type(selector: string, text: string) {
    return this.page.locator(selector).fill(text);
  }

  choose(selector: string, value: string) {
    return this.page.locator(selector).fill(value);
  }

  async press(key: Key) {
    const { keyboard } = this.page;
    if (key !== "Shift+Tab") return keyboard.press(key === "Space" ? " " : key);
    await keyboard.down("Shift");
    await keyboard.press("Tab");
    await keyboard.up("Shift");
  }

  keys(text: string) {
    return this.page.keyboard.type(text);
  }

  async popup() {
    return this.opened;
  }

  async windows() {
    return (await this.page.browserContext().pages()).length;
  }

  close() {
    return within("The end of a visitor", this.page.browserContext().close());
  }
}

function passing(error: unknown): never {
  throw PASSING.test(String(error)) ? new Passing(String(error), { cause: error }) : error;
}
