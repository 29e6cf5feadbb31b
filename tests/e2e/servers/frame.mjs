// A page of another site that shows a page in a frame.
import { listen } from "./listen.mjs";

export async function startFrame(address) {
  const html = `<!doctype html><title>Host</title><iframe src="${address}" width="1200" height="760" allow="local-network-access"></iframe>`;
  const { origin, close } = await listen((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(html);
  });
  return { url: `${origin}/`, close };
}
