// What the page asks before something leaves: a secret for an origin that it was not typed for, and a login whose code
// would go to another origin.
import type { Flowglass } from "../helpers/flowglass.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { atLogin, logInAndAllow } from "../helpers/person.ts";
import type { Start } from "../helpers/servers.ts";

const SECRET = "geheim-geheim-geheim";

/** A guarded server, and an authorization server that knows a client with a secret. */
async function withClient(app: Flowglass, start: Start) {
  const client = {
    client_id: "mine",
    client_secret: SECRET,
    redirect_uris: [`${app.home}oauth/callback/`],
    token_endpoint_auth_method: "client_secret_basic",
    application_type: "native",
  };
  const issuer = await start.issuer({ clients: [client] });
  return { issuer, server: await start.mcp({ issuer }) };
}

const FIELDS = { registration: "pre-registered", "client-id": "mine", "client-secret": SECRET };

test("a client secret goes to another origin only once that was accepted", async ({ app, page, start }) => {
  const { issuer, server } = await withClient(app, start);
  await app.open();
  await app.connect(server.url, FIELDS);
  const dialog = await app.asked("secret");
  await expect(dialog).toContainText(issuer.url);
  await expect(dialog).not.toContainText(SECRET);
  await app.is("authorizing");
  await expect(app.at("flow-retry")).toHaveCount(0);
  await app.answers("decline");
  await app.refuses("client-secret-new-origin");
  expect(issuer.calls("/auth")).toHaveLength(0);
  await page.reload();
  await app.refuses("client-secret-new-origin");
  await app.go("connect");
  await app.at("connect").click();
  await app.asked("secret");
  // The flow survives the reload, and so does the question.
  await page.reload();
  await app.asked("secret");
  await app.answers("accept");
  await logInAndAllow(page);
  await app.is("connected");
  await expect(app.at("request-dialog")).toHaveCount(0);
});

test("a token does not follow a server URL that was edited to another origin", async ({ app, start }) => {
  const first = await start.mcp();
  const second = await start.mcp();
  await app.open();
  await app.connected(first.url, { "bearer-token": "typed-for-the-first" });
  await app.at("disconnect").click();
  await app.is("idle");
  await app.connect(second.url);
  const dialog = await app.asked("secret");
  await expect(dialog).toContainText(new URL(second.url).origin);
  await app.answers("cancel");
  await app.refuses("client-secret-new-origin");
  await app.connect(second.url);
  await app.asked("secret");
  await app.answers("accept");
  await app.is("connected");
  await app.at("disconnect").click();
  await app.is("idle");
  await app.connected(second.url);
});

test("a login whose code would go to another origin is asked about", async ({ app, page, start }) => {
  const describe = (document: Record<string, unknown>) => ({
    ...document,
    token_endpoint: String(document.token_endpoint).replace("127.0.0.1", "localhost"),
    authorization_response_iss_parameter_supported: false,
  });
  const issuer = await start.issuer({ describe });
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url);
  await app.asked("endpoint");
  await app.answers("decline");
  await app.refuses("endpoint-other-origin");
  await app.at("connect").click();
  await app.asked("endpoint");
  await app.answers("accept");
  await atLogin(page, issuer.url);
});

test("a page of this machine that a public server names is not opened", async ({ app, page, start }) => {
  const server = await start.modern();
  // The server as it would be on the internet.
  await page.route("https://mcp.example.com/**", async (route) => {
    await route.fulfill({ response: await route.fetch({ url: server.url }) });
  });
  await app.open();
  await app.connected("https://mcp.example.com/mcp");
  await app.tool("ask-page");
  await app.call({ url: "http://localhost:8080/reset" });
  const dialog = await app.asked("elicitation-url");
  await expect(dialog).toContainText("localhost:8080 is on loopback or in a private network");
  await app.answers("accept");
  await app.asked("elicitation-url");
  expect(page.context().pages()).toHaveLength(1);
  await app.answers("decline");
  await app.result("ok");
  await app.is("connected");
});

test("a public server that names an endpoint of this machine is refused", async ({ app, page, record }) => {
  const answers: Record<string, object> = {
    "/.well-known/oauth-protected-resource/mcp": {
      resource: "https://mcp.example.com/mcp",
      authorization_servers: ["https://mcp.example.com"],
    },
    "/.well-known/oauth-authorization-server": {
      issuer: "https://mcp.example.com",
      authorization_endpoint: "https://mcp.example.com/authorize",
      token_endpoint: "http://127.0.0.1:1/token",
      code_challenge_methods_supported: ["S256"],
    },
  };
  await page.route("https://mcp.example.com/**", async (route) => {
    const json = answers[new URL(route.request().url()).pathname];
    await route.fulfill({ status: json ? 200 : 401, json: json ?? {}, headers: { "access-control-allow-origin": "*" } });
  });
  await app.open();
  await app.connect("https://mcp.example.com/mcp", { "client-id": "mine" });
  const problem = await app.refuses("endpoint-loopback");
  await expect(problem).toContainText("127.0.0.1:1");
  expect(record.to("http://127.0.0.1:1/token")).toHaveLength(0);
});

test("a resource link of a public server to this machine is no link", async ({ app, page, start }) => {
  const server = await start.modern();
  const uris = { local: "http://localhost:8080/reset", public: "https://docs.example.com/a" };
  const content = Object.entries(uris).map(([name, uri]) => ({ type: "resource_link", name, uri }));
  await page.route("https://mcp.example.com/**", async (route) => {
    const response = await route.fetch({ url: server.url });
    const body = (await response.text()).replace(/"content":\[.*?\]/, `"content":${JSON.stringify(content)}`);
    await route.fulfill({ response, body });
  });
  await app.open();
  await app.connected("https://mcp.example.com/mcp");
  await app.tool("echo");
  await app.call({ message: "x" });
  await app.result("ok");
  const result = app.at("call-result");
  await expect(result).toContainText(uris.local);
  await expect(result).toContainText("localhost:8080 is on loopback or in a private network");
  // Both can be opened as resources of the server; in a tab of their own, one.
  expect(await result.locator("a[target=_blank]").evaluateAll((links) => links.map((it) => it.getAttribute("href")))).toEqual([uris.public]);
});
