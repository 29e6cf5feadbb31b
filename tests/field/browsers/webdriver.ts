// WebDriver (W3C) over fetch: as much of it as the tests in WebKit need.
import { COMMAND, Passing } from "./driver.ts";

/** The key under which a reference to an element stands in a response. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** The errors that a command gives while the page still changes. */
const PASSING = [
  "no such frame",
  "no such element",
  "stale element reference",
  "element not interactable",
  "element click intercepted",
];

/** What a click says where it led away before the driver responded. */
const LED_AWAY = ["no such frame", "no such window"];

/** The driver never responds to a script in a page that is left at this moment, for the cache of Back. */
const SCRIPT = "/execute/sync";
const SCRIPT_LIMIT = 4_000;

export const KEYS = { Tab: "\uE004", Shift: "\uE008", Enter: "\uE007", Escape: "\uE00C", ArrowDown: "\uE015", Space: " " };

class WebDriverError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** One browser with its windows. Commands name the window that they are for, and are sent one after the other. */
export class Session {
  private current = "";

  private constructor(
    private readonly driver: string,
    private readonly id: string,
  ) {}

  static async open(driver: string, capabilities: object): Promise<Session> {
    const body = { capabilities: { alwaysMatch: capabilities } };
    const { sessionId } = (await request("POST", `${driver}/session`, body)) as { sessionId: string };
    return new Session(driver, sessionId);
  }

  close(timeout: number) {
    return request("DELETE", `${this.driver}/session/${this.id}`, undefined, timeout);
  }

  windows() {
    return this.send("GET", "/window/handles") as Promise<string[]>;
  }

  /** A command to a window. */
  async to(handle: string, method: string, path: string, body?: object) {
    if (this.current !== handle) await this.send("POST", "/window", { handle });
    this.current = handle;
    return this.send(method, path, body);
  }

  async element(handle: string, selector: string): Promise<string> {
    const found = await this.to(handle, "POST", "/element", { using: "css selector", value: selector });
    return (found as Record<string, string>)[ELEMENT];
  }

  async click(handle: string, element: string) {
    try {
      await this.to(handle, "POST", `/element/${element}/click`, {});
    } catch (error) {
      if (!LED_AWAY.includes(codeOf(error))) throw error;
    }
  }

  private send(method: string, path: string, body?: object) {
    const limit = path === SCRIPT ? SCRIPT_LIMIT : COMMAND;
    return request(method, `${this.driver}/session/${this.id}${path}`, body, limit);
  }
}

function codeOf(error: unknown) {
  const { cause } = error as { cause?: unknown };
  const it = error instanceof Passing ? cause : error;
  return it instanceof WebDriverError ? it.code : "";
}

async function request(method: string, url: string, body?: object, timeout = COMMAND): Promise<unknown> {
  const command = `${method} ${new URL(url).pathname.replace(/^\/session\/[^/]+/, "")}`;
  const signal = AbortSignal.timeout(timeout);
  const response = await fetch(url, { method, body: body && JSON.stringify(body), signal }).catch((cause) => {
    const words = `WebKitWebDriver, ${command}: no response within ${timeout / 1000} s (${cause})`;
    throw command.endsWith(SCRIPT) ? new Passing(words) : new Error(words);
  });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } };
  if (response.ok) return value;
  const error = new WebDriverError(value?.error ?? String(response.status), `${value?.message ?? ""} (${command})`);
  throw PASSING.includes(error.code) ? new Passing(error.message, { cause: error }) : error;
}
