// A login at a real authorization server, in front of a server of the official SDK.
import { STEPS } from "../../../e2e/helpers/flowglass.ts";
import { expect, guarded, onlyWhereInstalled, test } from "../../browsers/fixtures.ts";

onlyWhereInstalled();

test("a login in the same window, a call, and a reload without another login", async ({ tab, start }) => {
  const { issuer, server } = await guarded(start);
  await tab.connect(server.url);
  await tab.logInAndAllow();
  await tab.is("connected");
  await tab.call("whoami");
  await tab.reload();
  await tab.is("connected");
  await tab.go("walkthrough");
  await tab.done(STEPS);
  expect(issuer.calls("/auth")).toHaveLength(1);
});

test("a login in a popup leaves the page as it is, and the page goes on with it", async ({ tab, start, site }) => {
  const { server } = await guarded(start);
  await tab.choose("redirect-mode", "popup");
  await tab.connect(server.url);
  const popup = await tab.popup();
  await popup.logInAndAllow();
  await tab.is("connected");
  expect(await tab.window.url()).toBe(site.url);
  await expect.poll(() => tab.window.windows()).toBe(1);
  await tab.call("whoami");
});

test("a popup that its login page has cut off is followed all the same", async ({ tab, start }) => {
  const issuer = await start.issuer({ rfc8414: true, openerPolicy: true });
  const server = await start.mcp({ issuer });
  await tab.choose("redirect-mode", "popup");
  await tab.connect(server.url);
  const popup = await tab.popup();
  await popup.logInAndAllow();
  await tab.is("connected");
});

test("Back from the login page finds the flow waiting, and another login completes it", async ({ tab, start, site }) => {
  const { issuer, server } = await guarded(start);
  await tab.connect(server.url);
  await tab.there("#name");
  await tab.back();
  expect(await tab.window.url()).toBe(site.url);
  await tab.is("authorizing");
  await tab.click("flow-retry");
  await tab.logInAndAllow();
  await tab.is("connected");
  expect(issuer.calls("/auth")).toHaveLength(2);
});

test("a login that is denied says so, and the next one is another", async ({ tab, start }) => {
  const { server } = await guarded(start);
  await tab.connect(server.url);
  await tab.fill("#name", "Ada");
  await tab.click("form[action$='/login'] button");
  await tab.click("form[action$='/deny'] button");
  await tab.ends("failed", "access-denied");
  await tab.click("connect");
  await tab.click("form[action$='/allow'] button");
  await tab.is("connected");
});
