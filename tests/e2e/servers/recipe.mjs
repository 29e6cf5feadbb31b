// nginx and Caddy with the files of `hosting/`, as an administrator uses them: ports, folders and upstreams are filled in,
// the prefix where the files say so, and nothing else.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { closedOrigin, LOOPBACK } from "./listen.mjs";
import { aroundNginx, runWebServer } from "./web-server.mjs";

const HOSTING = resolve(import.meta.dirname, "../../../hosting");
const EXAMPLE = "legacy.example.com";

/**
 * Serves a copy of `folder` at `prefix`. `relays` are paths with the origin that each leads to, which the page is told of
 * in `inspector.json`; `unlisted` are paths that the page is told of, and that the web server does not know. `host` is the
 * name that browsers know it by, through a proxy that ends TLS where it is not `localhost`.
 *
 * @param {"nginx" | "caddy"} name
 * @param {{ folder: string, prefix?: string, relays?: Record<string, string>, unlisted?: Record<string, string>, host?: string }} options
 */
export async function startRecipe(name, { folder, prefix = "/", relays = {}, unlisted = {}, host = "localhost" }) {
  const port = new URL(await closedOrigin()).port;
  const place = await mkdtemp(join(tmpdir(), "flowglass-"));
  const url = `http://localhost:${port}${prefix}`;
  const [www, config] = [join(place, "www"), join(place, "config")];
  const at = name === "nginx" ? join(www, prefix) : www;
  await cp(folder, at, { recursive: true });
  await mkdir(config);
  await promisify(execFile)("sh", [join(HOSTING, "place.sh"), at, url]);
  const listed = Object.entries({ ...relays, ...unlisted }).map(([path, origin]) => [origin, path]);
  const file = JSON.stringify({ relays: Object.fromEntries(listed) });
  await writeFile(join(name === "nginx" ? at : config, "inspector.json"), file);
  for (const [path, origin] of Object.entries(relays)) await writeRelay(name, config, path, origin);
  const variables = caddyVariables({ port, www, prefix, config, host });
  const configuration = await CONFIGURATIONS[name]({ port, place, www, prefix, config });
  const close = await runWebServer(name, { file: configuration, place, port, variables });
  return { port, url, origin: `http://localhost:${port}`, close };
}

const CONFIGURATIONS = {
  nginx: async ({ port, place, www, prefix, config }) => {
    let text = await readFile(join(HOSTING, "nginx.conf"), "utf8");
    text = replaced(text, "listen 80;", `listen ${LOOPBACK}:${port};`);
    text = replaced(text, "root /srv/flowglass;", `root ${www};`);
    text = replaced(text, "/etc/nginx/flowglass/*.conf", `${config}/*.conf`);
    text = replaced(text, "location / {", `location ${prefix} {`);
    text = replaced(text, " /index.html;", ` ${prefix}index.html;`);
    text = replaced(text, "location ~ ^/[^/]+", `location ~ ^${prefix}[^/]+`);
    const file = join(place, "nginx.conf");
    await writeFile(file, aroundNginx(place, text));
    return file;
  },
  caddy: async () => join(HOSTING, "Caddyfile"),
};

function caddyVariables({ port, www, prefix, config, host }) {
  return {
    // With another name there is a proxy before it that ends TLS.
    FLOWGLASS_SITE: host === "localhost" ? `http://localhost:${port}` : `:${port}`,
    FLOWGLASS_HOST: host,
    FLOWGLASS_ROOT: www,
    FLOWGLASS_PREFIX: prefix.slice(0, -1),
    FLOWGLASS_CONFIG: config,
  };
}

async function writeRelay(name, config, path, origin) {
  const [recipe, ending] = { nginx: ["relay.nginx.conf", "conf"], caddy: ["relay.caddy", "caddy"] }[name];
  let text = await readFile(join(HOSTING, recipe), "utf8");
  text = replaced(text, `https://${EXAMPLE}`, origin);
  if (name === "caddy") text = replaced(text, EXAMPLE, new URL(origin).host);
  text = replaced(text, "/relay/legacy", path);
  await writeFile(join(config, `${path.replaceAll("/", "-")}.${ending}`), text);
}

/** A recipe that has not what is to be filled in is another one than the tests know. */
function replaced(text, what, by) {
  if (!text.includes(what)) throw new Error(`The recipe has no ${what}`);
  return text.replaceAll(what, by);
}
