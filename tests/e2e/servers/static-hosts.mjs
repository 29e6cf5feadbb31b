// Hosts for static files, each by the rules of its documentation: which paths lead to which file, what is redirected, what
// unknown paths get, and which types and caching it sends.
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { listen } from "./listen.mjs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * What a host does with a path below its root: a file, a redirect, or nothing, which its fallback is for. `has` asks for a file.
 *
 * @typedef {(path: string, has: (file: string) => Promise<boolean>) => Promise<{ file?: string, to?: string }>} Route
 * @typedef {{ route: Route, redirect: number, drops?: boolean, fallback: [number, string], types: Record<string, string>, caching?: string }} Rules
 */

/** Only what the path names; of a folder its page, and to a folder without its slash a redirect. */
async function plainly(path, has) {
  if (path.endsWith("/")) return { file: `${path}index.html` };
  if (await has(path)) return { file: path };
  return (await has(`${path}/index.html`)) ? { to: `${path}/` } : {};
}

/** @type {Record<string, Rules>} */
export const STATIC_HOSTS = {
  // Website endpoint, index document index.html, error document 404.html; uploaded by a client that guesses no type for wasm.
  // That a redirect keeps the query is not documented: here it does not.
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/IndexDocumentSupport.html
  S3: {
    route: plainly,
    redirect: 302,
    drops: true,
    fallback: [404, "404.html"],
    types: { ...TYPES, ".wasm": "binary/octet-stream" },
  },
  // Files are found without .html, too; nothing can be set.
  "GitHub Pages": {
    route: async (path, has) => {
      if (!path.endsWith("/") && !(await has(path)) && (await has(`${path}.html`))) return { file: `${path}.html` };
      return plainly(path, has);
    },
    redirect: 301,
    fallback: [404, "404.html"],
    types: TYPES,
    caching: "max-age=600",
  },
  // HTML files have no ending in their URLs.
  // https://developers.cloudflare.com/pages/configuration/serving-pages/
  "Cloudflare Pages": {
    route: async (path, has) => {
      if (path.endsWith("/index.html")) return { to: path.slice(0, -"index.html".length) };
      if (path.endsWith(".html") && (await has(path))) return { to: path.slice(0, -".html".length) };
      if (!path.endsWith("/") && (await has(`${path}.html`))) return { file: `${path}.html` };
      return plainly(path, has);
    },
    redirect: 308,
    fallback: [404, "404.html"],
    types: TYPES,
    caching: "public, max-age=0, must-revalidate",
  },
  // cleanUrls false, trailingSlash unset, and the rewrite of all other paths that docs/hosting.md asks for.
  // https://vercel.com/docs/project-configuration/vercel-json
  Vercel: {
    route: async (path, has) => {
      if (path.endsWith("/")) return { file: `${path}index.html` };
      return { file: (await has(path)) ? path : `${path}/index.html` };
    },
    redirect: 308,
    fallback: [200, "index.html"],
    types: TYPES,
    caching: "public, max-age=0, must-revalidate",
  },
};

/** Serves `folder` at `prefix`, as a project of its own. */
export async function startStaticHost(name, { folder, prefix = "/" }) {
  const rules = STATIC_HOSTS[name];
  const { origin, close } = await listen((request, response) => answer(rules, { folder, prefix }, request, response), { host: "localhost" });
  return { url: `${origin}${prefix}`, close };
}

async function answer(rules, { folder, prefix }, request, response) {
  const { pathname, search } = new URL(request.url, "http://host");
  if (!pathname.startsWith(prefix)) return response.writeHead(404).end("another project");
  const path = decodeURIComponent(pathname.slice(prefix.length - 1));
  const has = (file) => isFile(join(folder, normalize(`/${file}`)));
  const { file, to } = await rules.route(path, has);
  if (to) return response.writeHead(rules.redirect, { location: prefix.slice(0, -1) + to + (rules.drops ? "" : search) }).end();
  const found = file && (await has(file));
  const [status, name] = found ? [200, file] : rules.fallback;
  const headers = { "content-type": rules.types[extname(name)] ?? "application/octet-stream" };
  if (rules.caching) headers["cache-control"] = rules.caching;
  response.writeHead(status, headers);
  response.end(await readFile(join(folder, normalize(`/${name}`))));
}

function isFile(path) {
  return stat(path).then(
    (it) => it.isFile(),
    () => false,
  );
}
