// The usual beginning of a test of the authorization: a guarded server, a login, a page that is connected.
import type { Flowglass } from "./flowglass.ts";
import { logInAndAllow } from "./person.ts";
import type { Start } from "./servers.ts";

interface Variant {
  issuer?: Parameters<Start["issuer"]>[0];
  server?: Parameters<Start["mcp"]>[0];
  fields?: Record<string, string>;
}

/** A guarded server and its authorization server, and a page that went through the login and is connected. */
export async function authorized(app: Flowglass, start: Start, variant: Variant = {}) {
  const issuer = await start.issuer(variant.issuer);
  const server = await start.mcp({ issuer, ...variant.server });
  await app.open();
  await app.connect(server.url, variant.fields);
  // The two are of different ports, and a typed secret goes to another origin than the server's.
  if (variant.fields?.["client-secret"]) {
    await app.asked("secret");
    await app.answers("accept");
  }
  await logInAndAllow(app.page);
  await app.is("connected");
  return { issuer, server };
}
