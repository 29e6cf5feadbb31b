// A page of another site that shows a page in a frame.
import { listen } from "./listen.mjs";

/**
 * @param {string} address
 * @param {string} [host]
 */
export async function startFrame(address, host) {
  const portal = { address };
  const { origin, close } = await listen((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(framing(portal.address));
  }, { host });
  // What it frames may be known only once this one is there.
  return Object.assign(portal, { url: `${origin}/`, origin, close });
}

/** A page that frames another one, as docs/hosting.md says. */
export function framing(address) {
  return `<!doctype html><title>Portal</title><iframe src="${address}" width="1200" height="760" allow="clipboard-write; fullscreen; local-network-access"></iframe>`;
}
