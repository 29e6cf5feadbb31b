// The service worker: it keeps the files of a build, so that Flowglass opens and runs without a network. Only those files
// are kept, never a response of a server. A request that is neither for one of them nor for a page of the app goes its way
// as if there were no worker: other origins, relays, `inspector.json`, `version.json`.
//
// Pages come from the network as long as there is one, so a reload runs what the host serves now; without a network the
// newest build that is kept as a whole opens. Files are named by the hash of their bytes, so whichever build keeps one, it
// is the right one, and a tab finds those of its own build for as long as it is open. The browser lets a new worker wait
// until no tab of the one before is left; only then do older builds go.

/** The files of this build with the hashes of their bytes: written by `xtask/src/name.mjs`. */
const FILES = {};

/** Where the paths of the pages begin (`src/ui/app.rs`). */
const PAGES = ["", "bench", "check", "demo", "index.html", "logs", "notes", "oauth", "prompts", "resources", "tasks", "tools", "walkthrough", "wire"];

/** The name of a file that never changes. */
const NAMED = /^[a-z]+-[0-9a-f]{16,64}(_bg)?\.(css|js|svg|wasm)$/;

/** With both, the page asks the host itself: after a file was damaged. */
const PAST_CACHES = ["no-store", "reload"];

const { scope } = registration;

/** Of the caches of this folder; others on the origin may have a Flowglass, too. `assets/boot.js` knows the names. */
const PREFIX = `flowglass ${scope} `;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { cache, method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(scope)) return;
  const path = url.slice(scope.length);
  if (mode === "navigate") {
    if (PAGES.includes(/^[^/?#]*/.exec(path)[0])) event.respondWith(page(event));
  } else if (NAMED.test(path) && !PAST_CACHES.includes(cache)) {
    event.respondWith(file(event.request));
  }
});

/** All of a build or nothing: the page comes last, and without it a build does not count. */
async function install() {
  const name = PREFIX + Date.now();
  const build = await caches.open(name);
  try {
    const html = await fetched(scope, { cache: "no-cache" });
    const text = await html.clone().text();
    const files = Object.entries(FILES);
    // While a host puts a new build in place, page and worker may be of two. The next visit tries again.
    if (!files.length || !files.every(([file]) => text.includes(file))) throw new Error("The page is of another build");
    await Promise.all(files.map(([file, integrity]) => keep(build, file, integrity)));
    await build.put(scope, html);
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
}

/** What an older build has of it is not fetched again, nor what the browser has cached, unless it is damaged. */
async function keep(build, file, integrity) {
  const again = () => fetched(file, { integrity, cache: "reload", priority: "low" });
  const known = await caches.match(file);
  await build.put(file, known ?? (await fetched(file, { integrity, priority: "low" }).catch(again)));
}

/** A response without what belongs to its way here: the body is unpacked, and is right for every request. */
async function fetched(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length", "vary"]) headers.delete(name);
  return new Response(await response.blob(), { headers });
}

async function activate() {
  // The page is asked for while the worker still starts.
  await registration.navigationPreload?.enable();
  const windows = await clients.matchAll({ includeUncontrolled: true, type: "window" });
  // One that was opened past the worker, as with Shift-Reload.
  const older = windows.some(({ url }) => url.startsWith(scope)) ? [] : (await names()).slice(0, -1);
  await Promise.all(older.map((name) => caches.delete(name)));
  await clients.claim();
}

/** The caches of whole builds, and what was left before the newest of them, by age. */
async function names() {
  const all = (await caches.keys()).filter((name) => name.startsWith(PREFIX)).sort();
  while (all.length && !(await caches.match(scope, { cacheName: all.at(-1) }))) all.pop();
  return all;
}

/** Every page of the app is the same one: which it is, its script reads of the URL. */
async function page({ preloadResponse, request }) {
  try {
    const response = await preloadResponse;
    // Firefox gives an error as a response.
    return response && response.type !== "error" ? response : await fetch(request);
  } catch (error) {
    const newest = (await names()).at(-1);
    if (!newest) throw error;
    return caches.match(scope, { cacheName: newest });
  }
}

async function file(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}
