// The page in Firefox, driven over WebDriver BiDi, and read through the DOM contract as in Chromium.
import puppeteer, { type Browser, type Page } from "puppeteer-core";

export type { Browser };

const WINDOW = { width: 1280, height: 800 };
const TIMEOUT = 10_000;

export function launch(executablePath: string): Promise<Browser> {
  return puppeteer.launch({ browser: "firefox", executablePath, headless: true, defaultViewport: WINDOW });
}

export class Tab {
  private constructor(readonly page: Page) {
    page.setDefaultTimeout(TIMEOUT);
  }

  /** The first tab of a visitor: storage and cookies are shared with nobody. */
  static async open(browser: Browser, home: string): Promise<Tab> {
    const context = await browser.createBrowserContext();
    const tab = new Tab(await context.newPage());
    await tab.page.goto(home);
    await tab.ready();
    return tab;
  }

  /** With the windows that it opened. */
  async close() {
    await this.page.browserContext().close();
  }

  /** The window that this one opens next. */
  popup(): Promise<Tab> {
    return new Promise((resolve) => this.page.once("popup", (page) => resolve(new Tab(page!))));
  }

  at(testid: string) {
    return this.page.locator(`[data-testid="${testid}"]`);
  }

  async ready() {
    await this.page.waitForSelector('html[data-app="ready"]');
  }

  async is(connection: "connected") {
    await this.page.waitForSelector(`html[data-connection="${connection}"]`);
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  /** Fills in a field, opening whatever lies around it. */
  async fill(testid: string, value: string) {
    const field = await this.page.waitForSelector(`[data-testid="${testid}"]`);
    await field!.evaluate((it) => {
      for (let around = it.closest("details"); around; around = around.parentElement!.closest("details")) around.open = true;
    });
    await this.at(testid).fill(value);
  }

  /** From the first page: fills in the server's URL, and presses the button. */
  async connect(url: string) {
    await this.fill("server-url", url);
    await this.at("connect").click();
  }

  /** On the pages of servers/login.mjs. */
  async logInAndAllow() {
    await this.page.locator("#name").fill("Ada");
    await this.page.locator("form[action$='/login'] button").click();
    await this.page.locator("form[action$='/allow'] button").click();
  }

  /** From anywhere: calls a tool with the arguments that its form begins with. */
  async call(tool: string) {
    await this.at("nav-tools").click();
    await this.page.locator(`[data-testid="tool-item"][data-name="${tool}"]`).click();
    await this.at("call-tool").click();
    await this.page.waitForSelector('[data-testid="call-result"][data-status="ok"]');
  }
}
