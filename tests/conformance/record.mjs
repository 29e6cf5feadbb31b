// What went through the proxy, to be compared with what the wire page shows: verb, address and status, a line each.

export class WireRecord {
  #requests = [];

  /** Begins anew, for the next scenario. */
  empty() {
    this.#requests = [];
  }

  /** @returns {(status: number | "blocked") => void} For what came of it; the first word counts. */
  add({ method, url, headers }) {
    const request = { method, url, status: "" };
    this.#requests.push(request);
    // The page cannot know what came of a navigation that leaves it, so its row has no status.
    if (headers["sec-fetch-mode"] === "navigate") return () => {};
    return (status) => (request.status ||= String(status));
  }

  /** In the order in which they came, as `Inspector.wire` has them. */
  lines() {
    return this.#requests.map(({ method, url, status }) => `${method} ${url} ${status}`.trimEnd());
  }
}

/** How the two differ, in sentences: a line counts as often as it is there. */
export function unfaithful(recorded, shown) {
  return [
    ...less(recorded, shown).map((line) => `The wire page misses: ${line}`),
    ...less(shown, recorded).map((line) => `The wire page shows what was not on the wire: ${line}`),
  ];
}

function less(lines, others) {
  const rest = [...others];
  return lines.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
