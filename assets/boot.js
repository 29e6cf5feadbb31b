// Starts the app, and shows when the page cannot go on, whether the app runs, has stopped, or never came. Trunk would
// start it with an inline script, which the page's policy forbids.

const link = (id) => document.getElementById(id).href;
const meta = (name) => document.querySelector(`meta[name=${name}]`)?.content ?? "";

/** Long enough for a slow network; no wait is without an end. */
const LIMIT = 60_000;

/**
 * The bytes of a module, whatever type the host gives it. Its name ends in the SHA-256 of its bytes, so one that is
 * cut, or of another build, is refused.
 */
export async function load(url) {
  const digest = /[0-9a-f]{64}/.exec(url)?.[0].match(/../g).map((it) => String.fromCharCode(parseInt(it, 16)));
  const integrity = digest ? `sha256-${btoa(digest.join(""))}` : "";
  try {
    const response = await fetch(url, { integrity, signal: AbortSignal.timeout(LIMIT) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return await response.arrayBuffer();
  } catch (cause) {
    throw notLoaded(url, cause);
  }
}

const parts = new Map();
const running = new Map();

/** The bytes of a later part, which is asked for once, and again where it did not come. */
export function part({ href }) {
  if (!parts.has(href)) parts.set(href, load(href));
  const bytes = parts.get(href);
  bytes.catch(() => parts.delete(href));
  return bytes;
}

/** Runs a part with what the main module gives: once, however many want something of it. */
export function run(bytes, main) {
  if (!running.has(bytes)) running.set(bytes, bytes.then((it) => WebAssembly.instantiate(it, { main })));
  return running.get(bytes);
}

function notLoaded(url, cause) {
  return Object.assign(new Error(`${url} could not be loaded: ${cause?.message ?? cause}`), { part: String(url) });
}

async function start() {
  // WebKit runs modules before the stylesheets are there.
  if (stylesheets().some(isEmpty)) await loaded();
  const missing = stylesheets().find(isEmpty);
  if (missing) throw notLoaded(missing.href, "no stylesheet");
  const script = link("app-script");
  const [app, module] = await Promise.all([
    import(script).catch((cause) => Promise.reject(notLoaded(script, cause))),
    load(link("app-module")),
  ]);
  await app.default({ module_or_path: module });
  document.getElementById("boot").remove();
}

function stylesheets() {
  return [...document.querySelectorAll("link[rel=stylesheet]")];
}

/** Once every file that the HTML names has come, or failed to. */
function loaded() {
  return new Promise((done) => {
    if (document.readyState === "complete") return done();
    addEventListener("load", done, { once: true });
    setTimeout(done, LIMIT);
  });
}

/** Browsers keep an empty stylesheet for what did not come. */
function isEmpty({ sheet }) {
  try {
    return !sheet?.cssRules.length;
  } catch {
    return true;
  }
}

/** The URLs of all that this build consists of, the parts that are not loaded yet included. */
function all() {
  const links = [...document.querySelectorAll("link[href], script[src]")].map((it) => it.href || it.src);
  const later = meta("later-parts").split(" ").map((it) => new URL(it, document.baseURI).href);
  return [...new Set([...links, ...later])];
}

/** What the host says of each part just now. */
async function observed() {
  const ask = async (url) => {
    const name = new URL(url).pathname;
    try {
      const response = await fetch(url, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(LIMIT) });
      return `${name}: HTTP ${response.status}, ${response.headers.get("content-type") ?? "no Content-Type"}`;
    } catch {
      return `${name}: no response`;
    }
  };
  return (await Promise.all(all().map(ask))).join("\n");
}

/** A part that the browser has cached damaged would be damaged again after the reload. */
async function reload() {
  const again = (url) => fetch(url, { cache: "reload", signal: AbortSignal.timeout(5_000) }).then((it) => it.arrayBuffer());
  await Promise.allSettled(all().map(again));
  location.reload();
}

const NOT_LOADED = {
  title: "Flowglass did not load completely",
  fix: "Host of Flowglass: serve every file of the built folder, unchanged. Then select Reload.",
  reason: "A file of Flowglass is missing, damaged, or from another build. After an upgrade, a reload is enough.",
};
const STOPPED = {
  title: "Flowglass has stopped",
  fix: "Reload the page; the trace is kept. If it stops again, report the error below as a bug in Flowglass.",
  reason: "Flowglass crashed, and the page may no longer respond.",
};

/** Of nodes and texts alone: it has to work when nothing else does. */
function show(error) {
  if (document.querySelector("[data-code=app-broken]")) return;
  const words = error?.part ? NOT_LOADED : STOPPED;
  const element = (name, id, text, attributes = {}) => {
    const made = document.createElement(name);
    if (id) made.dataset.testid = id;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(text);
    return made;
  };
  const problem = element("section", "problem", "", { role: "alert", class: "problem broken", "data-code": "app-broken", "data-owner": "host" });
  const evidence = element("details", "problem-evidence", "");
  const seen = element("pre", "", error?.stack ?? String(error));
  evidence.append(element("summary", "", "Evidence"), seen);
  const button = element("button", "app-reload", "Reload", { type: "button", class: "main" });
  button.addEventListener("click", reload);
  problem.append(
    element("h2", "problem-title", words.title),
    element("p", "problem-fix", words.fix),
    element("p", "problem-reason", error?.part ? words.reason : `${words.reason} (${error?.message ?? error})`),
    button,
    evidence,
  );
  place(problem);
  if (error?.part) observed().then((lines) => seen.append(`\n${lines}`));
}

/** There is one problem at a time, and no dialog may lie over it. */
function place(problem) {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  for (const older of document.querySelectorAll("[data-testid=problem]")) {
    delete older.dataset.testid;
    older.hidden = true;
  }
  const boot = document.getElementById("boot");
  if (boot) boot.replaceWith(problem);
  else document.body.append(problem);
}

/**
 * The app says whether the host wants the page kept for use without a network (`sw.js`), once it knows. A browser that
 * refuses, as on plain http, goes on as it is.
 */
function watchOffline() {
  const { dataset } = document.documentElement;
  const follow = () => (dataset.offline === "off" ? forget() : idle().then(keep)).catch(() => {});
  new MutationObserver(follow).observe(document.documentElement, { attributeFilter: ["data-offline"] });
}

/** Safari has no idle callback. */
function idle() {
  return new Promise((done) => (window.requestIdleCallback ? requestIdleCallback(done) : setTimeout(done, 1_000)));
}

function keep() {
  return navigator.serviceWorker?.register(new URL("sw.js", document.baseURI));
}

async function forget() {
  const scope = document.baseURI;
  const known = await navigator.serviceWorker?.getRegistration(scope);
  // It may be that of a folder above.
  if (known?.scope === scope) await known.unregister();
  const names = (await window.caches?.keys()) ?? [];
  await Promise.all(names.filter((it) => it.startsWith(`flowglass ${scope} `)).map((it) => caches.delete(it)));
}

/** Errors of extensions are not the page's, and one that browsers raise for observers is harmless. */
function isForeign(error, message = "") {
  return /-extension:\/\//.test(error?.stack ?? "") || (!error && /^(ResizeObserver|Script error)/.test(message));
}

/**
 * Firefox and WebKit throw where entries are added to the history too fast, as a held key does. The address then stays
 * as it is; the app's router would end the page.
 */
function tolerateFullHistory() {
  for (const name of ["pushState", "replaceState"]) {
    const change = history[name].bind(history);
    history[name] = (...entry) => {
      try {
        change(...entry);
      } catch (error) {
        console.warn(error);
      }
    };
  }
}

addEventListener("error", ({ error, message }) => isForeign(error, message) || show(error ?? message));
addEventListener("unhandledrejection", ({ reason }) => isForeign(reason) || show(reason));

tolerateFullHistory();
watchOffline();
start().catch((error) => {
  show(error);
  // The console is where a developer looks for the stack.
  console.error(error);
});
