// What the tests ask of a browser, whatever drives it: firefox.ts and webkit.ts do it, and tab.ts is all that uses it.

/** For one command of a driver, in milliseconds: without a GPU and next to other work a browser is slow. */
export const COMMAND = 20_000;

/** For a state of the page. */
export const STATE = 20_000;

const PAUSE = 50;

export interface Browser {
  /** Each visitor has storage and cookies of its own, and one window at first. */
  visitor(): Promise<Window>;
  close(): Promise<void>;
}

export interface Window {
  /** These three are back when the page that was left is gone; the next one may still be loading. */
  goto(url: string): Promise<void>;
  back(): Promise<void>;
  reload(): Promise<void>;
  url(): Promise<string>;
  /** What a function returns in the page. It takes and returns JSON, and runs again where the page was just left. */
  run<Args extends unknown[], Value>(inPage: (...args: Args) => Value, ...args: Args): Promise<Value>;
  /** Presses what a selector names, as soon as that can be pressed. The press may lead away or close the window. */
  click(selector: string): Promise<void>;
  /** Puts a text in the place of the one in a field. */
  type(selector: string, text: string): Promise<void>;
  /** Chooses an option of a select by its value. */
  choose(selector: string, value: string): Promise<void>;
  press(key: Key): Promise<void>;
  /** Types where the focus is. */
  keys(text: string): Promise<void>;
  /** The window that this one has opened; undefined as long as there is none. */
  popup(): Promise<Window | undefined>;
  /** How many windows this visitor has. */
  windows(): Promise<number>;
  /** Where the files land that a page gives away. */
  readonly downloads: string;
  /** The visitor is gone, with every window. */
  close(): Promise<void>;
}

export type Key = "Tab" | "Shift+Tab" | "Enter" | "Space" | "Escape" | "ArrowDown";

/** What fails only because the page is changing: the same attempt may succeed in a moment. */
export class Passing extends Error {}

/** Tries until it succeeds, for as long as what fails may pass. */
export async function until<T>(what: string, attempt: () => Promise<T>, timeout = STATE): Promise<T> {
  for (const end = Date.now() + timeout; ; await new Promise((resolve) => setTimeout(resolve, PAUSE))) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      if (Date.now() > end) throw new Error(`${what}: not within ${timeout / 1000} s: ${error.message}`);
    }
  }
}

/** Waits for something, but not forever. */
export function within<T>(what: string, attempt: Promise<T>, timeout = COMMAND): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${timeout / 1000} s`)), timeout);
  });
  return Promise.race([attempt, late]).finally(() => clearTimeout(timer));
}

/** Does what makes a window leave its page, and is back when that page is gone. */
export async function leaves(window: Window, act: () => Promise<unknown>) {
  const page = () => window.run(() => performance.timeOrigin);
  const before = await page();
  await act();
  await until("Another page", async () => {
    if ((await page()) === before) throw new Passing("it is still the same page");
  });
}
