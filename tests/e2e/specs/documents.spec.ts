// Client id metadata documents: a client that is known by the address of its own description.
import { expect, test } from "../helpers/fixtures.ts";
import { logInAndAllow } from "../helpers/person.ts";
import { startDocument } from "../servers/document.mjs";

test("the address of a metadata document is the client id, and nothing is registered", async ({ app, page, start }) => {
  const document = await startDocument((url) => ({
    client_id: url,
    client_name: "Flowglass",
    redirect_uris: [`${app.home}oauth/callback/`],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    application_type: "native",
  }));
  const issuer = await start.issuer({ rfc8414: true, documents: document.fetch });
  const server = await start.mcp({ issuer });
  await app.open();
  await app.connect(server.url, { "client-metadata-url": document.url });
  await logInAndAllow(page);
  await app.is("connected");
  expect(issuer.calls("/auth")[0].query.get("client_id")).toBe(document.url);
  expect(issuer.calls("/reg")).toEqual([]);
  expect(document.asked).toEqual(["/client-metadata.json"]);
  await app.go("walkthrough");
  await app.step("registration").click();
  await expect(page.locator("main")).toContainText("the client ID is the URL of the client ID metadata document");
  document.close();
});

test("the page says why its own document cannot be used where it is", async ({ app }) => {
  await app.open();
  await app.reveal("own-metadata");
  await expect(app.at("own-metadata")).toHaveValue(`${app.home}client-metadata.json`);
  await expect(app.at("own-metadata-note")).toContainText("localhost");
});
