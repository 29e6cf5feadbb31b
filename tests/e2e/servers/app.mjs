// The built page, served as any static host would: files, one fallback to the page, nothing else.
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { listen } from "./listen.mjs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Serves `folder` at `prefix` (with both slashes); addresses outside of it are 404. `headers` go with every response of it,
 * and `pages` are other pages of the origin, by their paths.
 *
 * @param {{ folder: string, prefix?: string, port?: number, headers?: Record<string, string>, pages?: Record<string, string> }} site
 */
export async function startApp({ folder, prefix = "/", port = 0, headers = {}, pages = {} }) {
  const page = join(folder, "index.html");
  if (!(await isFile(page))) throw new Error(`There is no built page in ${folder}: run \`cargo xtask dist\` first.`);
  const handler = (request, response) => {
    const page = pages[new URL(request.url, "http://host").pathname];
    if (page) return response.writeHead(200, { "content-type": TYPES[".html"] }).end(page);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return answer(folder, prefix, request, response).catch((error) => response.writeHead(400).end(String(error)));
  };
  const { origin, close } = await listen(handler, { host: "localhost", port });
  return { origin, prefix, url: origin + prefix, folder, close };
}

async function answer(folder, prefix, request, response) {
  const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
  if (!path.startsWith(prefix)) return response.writeHead(404).end("outside the prefix");
  const file = await fileFor(folder, path.slice(prefix.length), request.headers.accept ?? "");
  if (!file) return response.writeHead(404).end("no such file");
  const headers = { "content-type": TYPES[extname(file)] ?? "application/octet-stream" };
  const brotli = (request.headers["accept-encoding"] ?? "").includes("br") && (await isFile(`${file}.br`));
  if (brotli) headers["content-encoding"] = "br";
  response.writeHead(200, { ...headers, vary: "accept-encoding" });
  response.end(await readFile(brotli ? `${file}.br` : file));
}

/** A route of the page is not a file: it gets the page itself, but only where a page was asked for. */
async function fileFor(folder, path, accept) {
  const file = join(folder, normalize(`/${path}`));
  if (await isFile(file)) return file;
  if (await isFile(join(file, "index.html"))) return join(file, "index.html");
  return accept.includes("text/html") ? join(folder, "index.html") : undefined;
}

async function isFile(path) {
  return stat(path).then(
    (it) => it.isFile(),
    () => false,
  );
}
