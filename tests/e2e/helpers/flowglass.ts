// The page, driven and read through the DOM contract and nothing else.
import { expect, type Locator, type Page } from "@playwright/test";

/** The twelve steps of an authorization, three of them in parts. */
export const STEPS = [
  "mcp-request",
  "unauthorized",
  "resource-metadata",
  "server-metadata",
  "registration",
  "pkce",
  "authorization-url",
  "authorize",
  "consent",
  "callback",
  "code",
  "token-request",
  "token",
  "mcp-request-with-token",
  "connected",
];

/** A window so high that every row of a list is drawn. */
export const ALL_ROWS = { width: 1280, height: 8000 };

export type Connection = "idle" | "connecting" | "authorizing" | "connected" | "refused" | "failed";
export type CallStatus =
  | "pending"
  | "ok"
  | "tool-error"
  | "rpc-error"
  | "http-error"
  | "cancelled"
  | "refused"
  | "needs-input";
export type DialogKind = "elicitation" | "elicitation-url" | "sampling" | "step-up" | "secret" | "endpoint" | "app-call" | "app-link" | "app-fullscreen";

const SELECTS = ["protocol-version", "transport", "registration", "redirect-mode", "log-level", "grant"];

export class Flowglass {
  readonly html: Locator;

  constructor(
    readonly page: Page,
    /** The address of the built page, with its last slash. */
    readonly home: string,
  ) {
    this.html = page.locator("html");
  }

  at(testid: string): Locator {
    return this.page.locator(`[data-testid="${testid}"]`);
  }

  /** Opens a route, written without the first slash. */
  async open(route = "") {
    await this.page.goto(this.home + route);
    await this.ready();
  }

  async ready() {
    await expect(this.html).toHaveAttribute("data-app", "ready");
  }

  async go(route: "connect" | "walkthrough" | "tools" | "resources" | "prompts" | "wire" | "logs") {
    await this.at(`nav-${route}`).click();
    await expect(this.page).toHaveURL(new RegExp(`${route === "connect" ? "/" : `/${route}`}(\\?.*)?$`));
  }

  async is(connection: Connection, timeout?: number) {
    await expect(this.html).toHaveAttribute("data-connection", connection, { timeout });
  }

  async atRest() {
    await expect(this.html).toHaveAttribute("data-busy", "0");
  }

  /** Fills fields by their testid, opening whatever lies around them. */
  async fill(fields: Record<string, string>) {
    for (const [testid, value] of Object.entries(fields)) {
      await this.reveal(testid);
      if (SELECTS.includes(testid)) await this.at(testid).selectOption(value);
      else await this.at(testid).fill(value);
    }
  }

  /** Opens every closed `<details>` around an element, the outermost first. */
  async reveal(testid: string) {
    await expect(this.at(testid)).toBeAttached();
    const closed = this.at(testid).locator("xpath=ancestor::details[not(@open)]");
    while ((await closed.count()) > 0) await closed.first().locator("> summary").click();
  }

  /** From the first page: fills the address and what else is given, and presses the button. */
  async connect(server: string, fields: Record<string, string> = {}) {
    await this.fill({ "server-url": server, ...fields });
    await this.at("connect").click();
  }

  async connected(server: string, fields: Record<string, string> = {}) {
    await this.connect(server, fields);
    await this.is("connected");
  }

  /** The problem: it has this code, and says what happened, who has to change what, and why. */
  async problem(code: string | RegExp): Promise<Locator> {
    const problem = this.at("problem");
    await expect(problem).toHaveAttribute("data-code", code);
    await expect(problem).toHaveAttribute("role", "alert");
    for (const part of ["title", "fix", "reason"]) await expect(this.at(`problem-${part}`)).not.toBeEmpty();
    return problem;
  }

  /** What stands in the place of something that failed. */
  async facts(around: Locator) {
    await expect(around.locator(".card h3")).toHaveText(["Fix", "Reason"]);
    for (const text of await around.locator(".card section p").allInnerTexts()) expect(text.trim()).not.toBe("");
  }

  async fails(code: string | RegExp) {
    await this.is("failed");
    return this.problem(code);
  }

  async refuses(code: string) {
    await this.is("refused");
    return this.problem(code);
  }

  /** From anywhere: the page of one tool, by its link in the list. */
  async tool(name: string) {
    await this.go("tools");
    await this.at("tool-filter").fill(name);
    await this.item(name).click();
    await expect(this.at("tool-schema")).toBeAttached();
  }

  item(name: string): Locator {
    return this.page.locator(`[data-testid="tool-item"][data-name="${name}"]`);
  }

  async typeArguments(text: string) {
    // The first item that is opened comes with its part.
    await expect(this.at("call-tool")).toBeAttached();
    if (await this.at("args-mode").isVisible()) await this.at("args-mode").selectOption("json");
    await this.at("args-json").fill(text);
  }

  /** On a tool's page: writes the arguments and presses the button. */
  async call(args: object) {
    await this.typeArguments(JSON.stringify(args));
    await this.at("call-tool").click();
  }

  async result(status: CallStatus) {
    await expect(this.at("call-result")).toHaveAttribute("data-status", status);
  }

  /** The dialog in which the server asks, once it is there. */
  async asked(kind: DialogKind, queue = 1): Promise<Locator> {
    const dialog = this.at("request-dialog");
    await expect(dialog).toHaveAttribute("data-kind", kind);
    await expect(dialog).toHaveAttribute("data-queue", String(queue));
    await expect(dialog).toBeVisible();
    return dialog;
  }

  async answers(how: "accept" | "decline" | "cancel") {
    await this.at(`request-${how}`).click();
  }

  /** From anywhere: the page of one resource, by its link in the list. */
  async resource(uri: string) {
    await this.go("resources");
    await this.page.locator(`[data-testid="resource-item"][data-uri="${uri}"]`).click();
    await expect(this.at("read-resource")).toBeVisible();
  }

  async subscribe() {
    await this.at("read-resource").click();
    await expect(this.at("resource-result")).toHaveAttribute("data-status", "ok");
    await this.at("subscribe-resource").click();
    await expect(this.at("subscribe-resource")).toHaveAttribute("aria-pressed", "true");
  }

  step(name: string): Locator {
    return this.page.locator(`[data-testid="flow-step"][data-step="${name}"]`);
  }

  /** On the walkthrough: these steps, in this order, have this status. */
  async steps(names: string[], status: "done" | "failed" | "pending" | "skipped") {
    for (const name of names) await expect(this.step(name).first(), name).toHaveAttribute("data-status", status);
  }

  /** On the wire page: the list of all entries, in their order. */
  async raw() {
    const view = this.at("wire-view");
    await expect(view).toBeVisible();
    if ((await view.inputValue()) !== "raw") await view.selectOption("raw");
  }

  /** On the wire page: the rows of exchanges with that method, the newest first. */
  exchange(method: string): Locator {
    return this.page.locator(`[data-testid="exchange-item"][data-method="${method}"]`);
  }

  /** On the wire page: opens an exchange, and is back when both messages are there. */
  async opens(exchange: Locator) {
    await exchange.locator("summary").click();
    await expect(exchange).toHaveAttribute("open");
    await expect(exchange.getByLabel("Request", { exact: true })).toBeVisible();
  }

  /** On the wire page, in a window that shows them all: the requests, as lines like those of the record, sorted. */
  async wire(): Promise<string[]> {
    await this.raw();
    const rows = this.page.locator('[data-testid="wire-entry"][data-kind="http"]');
    const names = ["data-method", "data-url", "data-http-status"];
    const read = (all: Element[], names: string[]) =>
      all.map((it) => names.map((name) => it.getAttribute(name)).join(" "));
    return (await rows.evaluateAll(read, names)).sort();
  }

  /** How many elements the page holds. */
  nodes(): Promise<number> {
    return this.page.evaluate(() => document.querySelectorAll("*").length);
  }
}
