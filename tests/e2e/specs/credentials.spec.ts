// A client without a user, known to a real authorization server by its key.
import { type KeyObject, generateKeyPairSync } from "node:crypto";
import { expect, test } from "../helpers/fixtures.ts";
import type { Start } from "../helpers/servers.ts";

/** What is typed, and both servers: the authorization server has the public key of the client `robot`. */
async function robot(start: Start, pair: { publicKey: KeyObject; privateKey: KeyObject }, alg: string) {
  const client = {
    client_id: "robot",
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: alg,
    jwks: { keys: [{ ...pair.publicKey.export({ format: "jwk" }), use: "sig", alg }] },
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
  };
  const issuer = await start.issuer({ clients: [client] });
  const server = await start.mcp({ issuer });
  const key = pair.privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  return { issuer, server, fields: { grant: "client_credentials", "client-id": "robot", "private-key": key } };
}

const KEYS = {
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: () => generateKeyPairSync("ed25519"),
};

for (const [alg, generate] of Object.entries(KEYS)) {
  test(`a client with a key of ${alg} connects without a login, and the key stays in memory`, async ({
    app,
    page,
    start,
    record,
  }) => {
    const { issuer, server, fields } = await robot(start, generate(), alg);
    await app.open();
    await app.connected(server.url, fields);
    await app.atRest();
    const [token] = record.to(`${issuer.url}/token`);
    const form = new URLSearchParams(token.request.postData() ?? "");
    expect([...form.keys()].sort()).toEqual(["client_assertion", "client_assertion_type", "grant_type", "resource", "scope"]);
    expect(issuer.calls("/auth")).toEqual([]);
    const secret = fields["private-key"].split("\n")[1].slice(0, 40);
    const stored = () => page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    expect(await stored()).not.toContain(secret);
    await app.at("open-bench").click();
    await expect(app.at("secret-ledger").locator('tr[data-kind="private-key"]')).toContainText("memory");
    // The token outlasts the page; the key does not.
    await page.reload();
    await app.is("connected");
    await app.go("connect");
    await app.at("disconnect").click();
    await app.reveal("private-key");
    await expect(app.at("private-key")).toHaveValue("");
    await expect(app.at("token-auth")).toHaveValue("private_key_jwt");
    await app.at("connect").click();
    await expect(app.at("private-key")).toHaveAttribute("aria-invalid", "true");
  });
}

test("an assertion by another key is refused, and the likeliest reason is said", async ({ app, start }) => {
  const { server, fields } = await robot(start, KEYS.ES256(), "ES256");
  const other = KEYS.ES256().privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  await app.open();
  await app.connect(server.url, { ...fields, "private-key": other });
  const problem = await app.fails("token-refused");
  await expect(problem).toContainText("public key");
});

test("what is no private key is refused where it is typed", async ({ app }) => {
  await app.open();
  const typed = { grant: "client_credentials", "client-id": "robot", "private-key": "-----BEGIN EC PRIVATE KEY-----" };
  await app.connect("https://mcp.example.com/mcp", typed);
  await expect(app.at("private-key")).toHaveAttribute("aria-invalid", "true");
  await expect(app.page.locator("#private-key-hint")).toContainText("openssl pkcs8 -topk8 -nocrypt");
  await app.is("idle");
});
