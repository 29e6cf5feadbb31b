// The Python SDK, 2.x and 1.x, with an authorization server of its own and with one elsewhere.
import { allow } from "../../e2e/helpers/person.ts";
import { startIssuer } from "../../e2e/servers/issuer.mjs";
import { expect, logIn, PYTHON, PYTHON_SDK_1, testsOf, type Served } from "../helpers.ts";
import { startPython } from "../servers/python.mjs";

const version2 = testsOf(() => startPython(PYTHON!, "sdk_server.py"));
const version1 = testsOf(() => startPython(PYTHON_SDK_1!, "sdk_server.py"));
const elsewhere = testsOf(startWithIssuer);

version2.skip(!PYTHON, "python3 is not there");
elsewhere.skip(!PYTHON, "python3 is not there");
version1.skip(!PYTHON_SDK_1, "python3 is not there");

for (const [version, test] of [["2.x", version2], ["1.x", version1]] as const) {
  test(`Python SDK ${version}: a login at the server's own authorization server, and a call`, async ({ app, page, server }) => {
    await app.open();
    await app.connect(server.url);
    await logIn(page, "Log in");
    await app.is("connected");
    await app.tool("whoami");
    await app.call({});
    await app.result("ok");
    await expect(app.at("result-raw")).toContainText("Ada with mcp:tools");
  });
}

elsewhere("Python SDK: an issuer that pydantic wrote with a slash at its end is the authorization server's all the same", async ({
  app,
  page,
  server,
}) => {
  await app.open();
  await app.connect(server.url);
  await logIn(page, "Log in");
  await allow(page);
  await app.is("connected");
  const metadata = await (await fetch(`${server.origin}/.well-known/oauth-protected-resource/mcp`)).json();
  expect(metadata.authorization_servers).toEqual([`${server.issuer.url}/`]);
  await app.tool("whoami");
  await app.call({});
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("Ada with mcp:tools");
});

async function startWithIssuer(): Promise<Served & { issuer: { url: string } }> {
  const issuer = await startIssuer();
  const server = await startPython(PYTHON!, "sdk_server.py", issuer.url);
  issuer.resources.add(server.url);
  const close = async () => void (await Promise.all([server.close(), issuer.close()]));
  return { ...server, issuer, close };
}
