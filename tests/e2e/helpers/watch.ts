// What must never happen, whatever a server writes: a script that runs, an address that is not this page's or the
// flow's to ask or to go to, markup that a text has become, a page that gave up.
import { expect, type BrowserContext, type Page, type Request } from "@playwright/test";

export class Watch {
  readonly seen: string[] = [];

  private constructor(private readonly allowed: Set<string>) {}

  /** Nothing but these origins may be asked; any other is noted, and is not reached. */
  static async over(context: BrowserContext, origins: string[]): Promise<Watch> {
    const watch = new Watch(new Set(origins));
    context.on("dialog", (it) => void watch.note(`a dialog: ${it.message()}`, it.dismiss()));
    context.on("page", (it) => watch.listen(it));
    for (const page of context.pages()) watch.listen(page);
    context.on("request", (it) => watch.isForeign(it) && watch.note(`a request: ${it.url().slice(0, 200)}`));
    const others = (url: URL) => url.protocol.startsWith("http") && !watch.allowed.has(url.origin);
    await context.route(others, (route) => route.abort());
    return watch;
  }

  private listen(page: Page) {
    page.on("popup", (it) => this.note(`a window: ${it.url()}`));
    page.on("download", (it) => this.note(`a download: ${it.url()}`));
    page.on("crash", () => this.note("a crash"));
    page.on("framenavigated", (it) => {
      const { origin, href } = new URL(it.url());
      const fresh = href === "about:blank" && it === page.mainFrame();
      if (!fresh && !this.allowed.has(origin)) this.note(`a navigation: ${href.slice(0, 200)}`);
      if (it !== page.mainFrame()) this.note(`a frame: ${href.slice(0, 200)}`);
    });
  }

  private isForeign(request: Request) {
    const { protocol, origin } = new URL(request.url());
    if (["data:", "blob:"].includes(protocol)) return request.isNavigationRequest();
    return !this.allowed.has(origin);
  }

  private note(what: string, _?: unknown) {
    this.seen.push(what);
  }

  /** Nothing of it has happened so far, and the page holds nothing that a text could have become. */
  async quiet(page: Page, where: string) {
    expect(await page.evaluate(foreignMarkup, ["img", "audio"]), `markup, ${where}`).toEqual([]);
    expect(this.seen, where).toEqual([]);
  }
}

/** Runs in the page: what no part of it would ever make, and the traces of a script that ran. */
function foreignMarkup(media: string[]): string[] {
  const found: string[] = [];
  // Of `base` the page has one, its own, which stands before anything that a server says.
  const never = "iframe,frame,object,embed,base:not(head > base:first-of-type),portal,math,template,style,foreignObject,animate,video,meta[http-equiv=refresh]";
  for (const it of document.querySelectorAll(`${never},svg script,body script:not([src])`)) found.push(it.outerHTML.slice(0, 200));
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      const where = () => `${element.localName} ${name}=${value.slice(0, 200)}`;
      if (name.startsWith("on") || name === "srcdoc" || /[^\w:-]/.test(name)) found.push(where());
      if (name === "style" && /url|expression|@/i.test(value)) found.push(where());
      if (["href", "src", "action", "formaction", "srcset", "poster", "data", "xlink:href"].includes(name) && !isSafe(element, value))
        found.push(where());
    }
  }
  const { owned } = globalThis as unknown as { owned?: unknown };
  if (owned || ({} as { owned?: unknown }).owned) found.push("a script ran");
  const broken = document.querySelector<HTMLElement>("[data-code=app-broken]");
  if (broken) found.push(broken.innerText.slice(0, 1000));
  const twice = [...document.querySelectorAll("[id]")].map((it) => it.id).filter((it, at, all) => all.indexOf(it) !== at);
  found.push(...twice.map((it) => `the id ${it} is there twice`));
  return found;

  function isSafe(element: Element, value: string) {
    const url = new URL(value, document.baseURI);
    // A drawing that is an image runs no script and asks nobody (SVG integration, secure static mode).
    if (media.includes(element.localName)) return /^data:(image\/[\w.+-]+|audio\/[\w.+-]+);base64,/.test(value);
    const link = element instanceof HTMLAnchorElement;
    if (link && url.origin !== location.origin && element.rel !== "noreferrer") return false;
    return ["http:", "https:"].includes(url.protocol) && url.username === "" && url.password === "";
  }
}
