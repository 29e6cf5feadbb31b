// WebDriver (W3C) over fetch: as much of it as the tests in WebKit need.

/** The key under which a reference to an element stands in an answer. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** What WebKit's driver says where the page went away before it responded. */
const UNLOADED = "no such frame";

/** The errors that an element gives while the page still changes: it is looked for again. */
const PASSING = [
  UNLOADED,
  "no such element",
  "stale element reference",
  "element not interactable",
  "element click intercepted",
];

const PAUSE = 50;

/** For one command, and for a state of the page, in milliseconds: without a GPU and next to other work WebKit is slow. */
const PATIENCE = 30_000;

export class WebDriverError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** One browser with its windows. */
export class Session {
  private constructor(
    private readonly driver: string,
    private readonly id: string,
  ) {}

  static async open(driver: string, capabilities: object): Promise<Session> {
    const body = { capabilities: { alwaysMatch: capabilities } };
    const { sessionId } = (await request("POST", `${driver}/session`, body)) as { sessionId: string };
    return new Session(driver, sessionId);
  }

  close() {
    return this.send("DELETE", "");
  }

  goto(url: string) {
    return this.send("POST", "/url", { url });
  }

  url() {
    return this.send("GET", "/url") as Promise<string>;
  }

  refresh() {
    return this.send("POST", "/refresh", {});
  }

  windows() {
    return this.send("GET", "/window/handles") as Promise<string[]>;
  }

  /** The window that commands go to from now on. */
  switchTo(handle: string) {
    return this.send("POST", "/window", { handle });
  }

  /** What the body of a function returns in the page. */
  run(script: string, ...args: unknown[]) {
    return this.send("POST", "/execute/sync", { script, args });
  }

  /** Presses what a selector names, as soon as that can be pressed. The press may lead to another page. */
  click(selector: string) {
    return this.with(selector, (element) =>
      this.send("POST", `/element/${element}/click`, {}).catch((error) => {
        if (error.code !== UNLOADED) throw error;
      }),
    );
  }

  /** The same where the press may close the window: the driver would wait for what comes after, in a window that is gone. */
  async press(selector: string) {
    await this.there(selector);
    await this.run("const it = document.querySelector(arguments[0]); setTimeout(() => it.click());", selector);
  }

  type(selector: string, text: string) {
    return this.with(selector, async (element) => {
      await this.send("POST", `/element/${element}/clear`, {});
      await this.send("POST", `/element/${element}/value`, { text });
    });
  }

  async text(selector: string) {
    return (await this.with(selector, (element) => this.send("GET", `/element/${element}/text`))) as string;
  }

  /** Waits for an element. */
  there(selector: string) {
    return this.with(selector, async () => undefined);
  }

  private with<T>(selector: string, use: (element: string) => Promise<T>): Promise<T> {
    return until(selector, async () => {
      const found = await this.send("POST", "/element", { using: "css selector", value: selector });
      return use((found as Record<string, string>)[ELEMENT]);
    });
  }

  private send(method: string, path: string, body?: object) {
    return request(method, `${this.driver}/session/${this.id}${path}`, body);
  }
}

/** Tries until it succeeds, for as long as what fails may pass. */
export async function until<T>(what: string, attempt: () => Promise<T>, timeout = PATIENCE): Promise<T> {
  for (const end = Date.now() + timeout; ; await new Promise((resolve) => setTimeout(resolve, PAUSE))) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WebDriverError) || !PASSING.includes(error.code)) throw error;
      if (Date.now() > end) throw new Error(`${what} did not come within ${timeout / 1000} s: ${error.message}`);
    }
  }
}

async function request(method: string, url: string, body?: object): Promise<unknown> {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(url, { method, body: body && JSON.stringify(body), signal });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } };
  if (!response.ok) throw new WebDriverError(value?.error ?? String(response.status), value?.message ?? "");
  return value;
}
