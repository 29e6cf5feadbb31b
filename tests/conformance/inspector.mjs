// The page, driven and read through the DOM contract and nothing else. What does not come is said in a sentence.
import { LOOPBACK } from "./proxy.mjs";

/** How long the user waits for something that needs the server. */
const PATIENCE = 15_000;

const SETTLED = ["connected", "refused", "failed"];
const UNFINISHED = ["pending", "needs-input"];
const SELECTS = ["protocol-version", "transport", "registration", "redirect-mode", "grant"];

/** What a row of the wire page says of a request. */
const FACTS = ["data-kind", "data-method", "data-url", "data-http-status"];

/** So high that every row of a list is drawn. */
export const VIEWPORT = { width: 1280, height: 4000 };

/** No row of the wire page is higher. */
const ROW = 80;

export class Inspector {
  /**
   * @param {import("playwright-core").Page} page
   * @param {string} home The address of the built page, with its last slash.
   */
  constructor(page, home) {
    this.page = page;
    this.home = home;
    /** What it asked of other machines: no scenario has any, but some name one. */
    this.elsewhere = [];
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith("http") && !LOOPBACK.includes(hostname)) this.elsewhere.push(request.url());
    });
  }

  at(testid, attributes = {}) {
    const more = Object.entries(attributes).map(([name, value]) => `[${name}=${JSON.stringify(value)}]`);
    return this.page.locator(`[data-testid="${testid}"]${more.join("")}`);
  }

  async open() {
    await this.page.goto(this.home);
    await seen(this.page.locator('html[data-app="ready"]'), "The page itself");
  }

  /** Fills the form, presses the button, and waits for what comes of it. */
  async connect(server, fields = {}) {
    for (const [testid, value] of Object.entries({ "server-url": server, ...fields })) await this.fill(testid, value);
    await this.at("connect").click();
    await this.settled();
  }

  /** A connection may need another authorization at once: its first list is refused. */
  async settled() {
    const states = SETTLED.map((state) => `html[data-connection="${state}"]`);
    const settled = this.page.locator(states.join());
    const secret = this.at("request-dialog", { "data-kind": "secret" });
    do {
      await seen(settled.or(secret).first(), "The end of connecting");
      // Servers of the suite differ by their ports, so a typed client secret goes to another origin than the server's.
      if ((await secret.count()) > 0) await this.accept("secret");
      await this.atRest();
    } while ((await settled.count()) === 0);
  }

  async fill(testid, value) {
    const field = this.at(testid);
    await seen(field, `The field ${testid}`);
    const closed = field.locator("xpath=ancestor::details[not(@open)]");
    while ((await closed.count()) > 0) await closed.first().locator("> summary").click();
    if (SELECTS.includes(testid)) await field.selectOption(value);
    else await field.fill(value);
  }

  /** `connected 2026-07-28`, or where it is not connected, the newest problem: `refused issuer-mismatch`. */
  async end() {
    const state = await this.state();
    if (state !== "connected") return `${state} ${(await this.problem())?.code ?? ""}`.trim();
    await this.go("connect");
    const version = this.at("negotiated-version");
    await seen(version, "The negotiated version");
    return `connected ${(await version.textContent())?.trim()}`;
  }

  state() {
    return this.page.locator("html").getAttribute("data-connection");
  }

  async problem() {
    const problem = this.at("problem").first();
    if ((await problem.count()) === 0) return undefined;
    const words = (await problem.innerText()).replaceAll(/\s+/g, " ");
    return { code: await problem.getAttribute("data-code"), words };
  }

  async disconnect() {
    await this.at("disconnect").click();
    await seen(this.page.locator('html[data-connection="idle"]'), "Being disconnected");
    await this.atRest();
  }

  /** Nothing is on its way or waits to be sent again. What follows from a response goes out in the turn that took it. */
  atRest() {
    return seen(this.page.locator('html[data-busy="0"]'), "The end of every request (data-busy of 0)");
  }

  /** @param {"connect" | "tools" | "resources" | "prompts" | "wire"} route */
  async go(route) {
    await this.at(`nav-${route}`).click();
    await this.page.waitForURL(new RegExp(`/${route === "connect" ? "" : route}(\\?.*)?$`));
  }

  async tool(name) {
    await this.go("tools");
    const row = this.at("tool-item", { "data-name": name });
    await seen(row, `The tool ${name}`);
    await row.click();
    await seen(this.at("tool-schema"), `The schema of ${name}`);
  }

  /** The names in the list that are not marked as never to be called. */
  async callableTools() {
    await this.go("tools");
    await seen(this.at("tool-item").first(), "The list of tools");
    const rows = this.page.locator('[data-testid="tool-item"]:not([data-excluded])');
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute("data-name")));
  }

  /** The raw schema of a tool's arguments, as text. */
  async schema(tool) {
    await this.tool(tool);
    return (await this.at("tool-schema").textContent()) ?? "";
  }

  async typeArguments(values) {
    const mode = this.at("args-mode");
    if (await mode.isVisible()) await mode.selectOption("json");
    await this.at("args-json").fill(JSON.stringify(values));
  }

  /** Calls a tool, without waiting for what comes of it. */
  async press(tool, values) {
    await this.tool(tool);
    await this.typeArguments(values);
    await this.at("call-tool").click();
  }

  async call(tool, values) {
    await this.press(tool, values);
    await this.result("call-result");
  }

  async read(uri) {
    await this.go("resources");
    const row = this.at("resource-item", { "data-uri": uri });
    await seen(row, `The resource ${uri}`);
    await row.click();
    await this.at("read-resource").click();
    await this.result("resource-result");
  }

  async prompt(name) {
    await this.go("prompts");
    const row = this.at("prompt-item", { "data-name": name });
    await seen(row, `The prompt ${name}`);
    await row.click();
    await this.at("get-prompt").click();
    await this.result("prompt-result");
  }

  /** Waits for the final answer, and takes no other than a good one. */
  async result(testid) {
    const unfinished = UNFINISHED.map((status) => `:not([data-status="${status}"])`);
    const final = this.page.locator(`[data-testid="${testid}"]${unfinished.join("")}`);
    await seen(final, `The final ${testid}`);
    const status = await final.getAttribute("data-status");
    if (status === "ok") return;
    throw new Error(`The ${testid} is ${status}: ${(await final.innerText()).replaceAll(/\s+/g, " ").slice(0, 300)}`);
  }

  /** The HTTP requests that the wire page shows, as lines like those of the record: verb, address, status. */
  async wire() {
    await this.go("wire");
    const view = this.at("wire-view");
    await seen(view, "The choice of the view");
    await view.selectOption("raw");
    const list = this.at("wire-list");
    await seen(list, "The list of the wire page");
    const total = Number(await list.getAttribute("data-total"));
    const rows = this.at("wire-entry");
    await this.page.setViewportSize({ ...VIEWPORT, height: ROW * (total + 10) });
    await seen(rows.nth(total - 1), `The last of ${total} rows`);
    const read = (all, names) => all.map((it) => names.map((name) => it.getAttribute(name)));
    const shown = await rows.evaluateAll(read, FACTS);
    return shown.filter(([kind]) => kind === "http").map(([, ...facts]) => facts.join(" ").trimEnd());
  }

  /** Agrees to what the server asks, with the form as the page filled it. */
  async accept(kind) {
    const dialog = this.at("request-dialog", { "data-kind": kind });
    await seen(dialog, `The dialog of the ${kind}`);
    await dialog.locator('[data-testid="request-accept"]').click();
  }
}

/** Waits until it is in the page, seen or not: some things lie in a closed `<details>`. */
async function seen(locator, what) {
  await locator.waitFor({ state: "attached", timeout: PATIENCE }).catch((error) => {
    if (error.name !== "TimeoutError") throw error;
    throw new Error(`${what} did not come within ${PATIENCE / 1000} s`);
  });
}
