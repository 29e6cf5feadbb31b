// What a server tells the browser about who may read it, part by part, so that a test can leave a part out.

const ALL_METHODS = "GET, POST, DELETE, OPTIONS";

/**
 * Writes the headers of one answer. Returns true where the request was a preflight, which is then answered.
 *
 * - `cors: false` says nothing at all, as most servers written for other clients do.
 * - `allow` lists the request headers that a preflight lets through; without it, whatever was asked for.
 * - `expose` lists the response headers that a page may read.
 */
export function cors(
  request,
  response,
  { cors: on = true, allow, expose = ["WWW-Authenticate", "Mcp-Session-Id"] } = {},
) {
  const preflight = request.method === "OPTIONS";
  if (on) {
    response.setHeader("access-control-allow-origin", "*");
    if (expose.length > 0) response.setHeader("access-control-expose-headers", expose.join(", "));
  }
  if (on && preflight) {
    response.setHeader("access-control-allow-methods", ALL_METHODS);
    response.setHeader("access-control-allow-headers", allow?.join(", ") ?? asked(request));
  }
  if (preflight) response.writeHead(on ? 204 : 405).end();
  return preflight;
}

function asked(request) {
  return request.headers["access-control-request-headers"] ?? "";
}
