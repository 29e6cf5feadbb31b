// An independent record of the wire: what the browser says that it sent, whatever the page says of it.
import type { BrowserContext, Request } from "@playwright/test";

export interface Recorded {
  method: string;
  url: string;
  /** As the contract writes it: a number, `blocked`, or nothing while pending or for a navigation. */
  status: string | null;
  request: Request;
  /** All three in one line, to be compared with `Flowglass.wire`. */
  line: string;
}

export class WireRecord {
  private readonly requests: Request[] = [];
  private readonly statuses = new Map<Request, string>();

  constructor(context: BrowserContext) {
    context.on("request", (it) => this.requests.push(it));
    context.on("response", (it) => this.statuses.set(it.request(), String(it.status())));
    context.on("requestfailed", (it) => this.statuses.has(it) || this.statuses.set(it, "blocked"));
  }

  /** Every origin that anything was asked of. Addresses that are no network (`data:`, `blob:`) have none. */
  origins(): Set<string> {
    const urls = this.requests.map((it) => new URL(it.url())).filter((it) => it.protocol.startsWith("http"));
    return new Set(urls.map((it) => it.origin));
  }

  to(prefix: string): Recorded[] {
    return this.all().filter((it) => it.url.startsWith(prefix));
  }

  /** What the page itself sent: no preflights, no files of the page, no navigations. */
  fetched(app: string): Recorded[] {
    return this.all().filter((it) => it.request.resourceType() === "fetch" && !it.url.startsWith(app));
  }

  /** The messages sent with a JSON-RPC method. */
  sent(method: string) {
    const bodies = this.requests.filter((it) => it.method() === "POST").map((it) => parsed(it.postData()));
    return bodies.filter((it) => it?.method === method);
  }

  /** The responses sent to what a server asked, by a member of their result. */
  responded(member: string): Recorded[] {
    const sent = this.all().filter((it) => it.method === "POST");
    return sent.filter((it) => parsed(it.request.postData())?.result?.[member] !== undefined);
  }

  private all(): Recorded[] {
    const seen = this.requests.filter((it) => it.method() !== "OPTIONS");
    return seen.map((request) => {
      const [method, url] = [request.method(), request.url()];
      const status = request.isNavigationRequest() ? null : (this.statuses.get(request) ?? null);
      return { method, url, status, request, line: [method, url, status].join(" ") };
    });
  }
}

function parsed(text: string | null) {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
