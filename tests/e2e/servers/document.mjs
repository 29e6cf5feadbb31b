// A client metadata document, over https on loopback, with a certificate that only those trust who are told to.
import { once } from "node:events";
import { createServer, get } from "node:https";
import selfsigned from "selfsigned";
import { LOOPBACK } from "./listen.mjs";

const NAMES = [
  { type: 2, value: "localhost" },
  { type: 7, ip: LOOPBACK },
];

/**
 * `describe(url)` gives the document that is served at its own address.
 *
 * @param {(url: string) => object} describe
 */
export async function startDocument(describe) {
  const extensions = [{ name: "subjectAltName", altNames: NAMES }];
  const made = await selfsigned.generate([{ name: "commonName", value: "localhost" }], { extensions });
  const asked = /** @type {string[]} */ ([]);
  const server = createServer({ key: made.private, cert: made.cert }, (request, response) => {
    asked.push(request.url);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(describe(url)));
  });
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  const url = `https://localhost:${server.address().port}/client-metadata.json`;
  return { url, asked, fetch: (address) => fetched(address, made.cert), close: () => server.close() };
}

/** As an authorization server fetches it that trusts this certificate, and no other. */
function fetched(address, ca) {
  return new Promise((resolve, reject) => {
    const request = get(address, { ca, family: 4 }, async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      resolve(new Response(Buffer.concat(parts), { status: response.statusCode, headers: response.headers }));
    });
    request.on("error", reject);
  });
}
