import { expect, test } from "../helpers/fixtures.ts";
import { startHostileOauth } from "../servers/hostile-oauth.mjs";
import { startHostileMcp } from "../servers/hostile-mcp.mjs";
import { numberOf } from "../data/hostile.mjs";
test("t", async ({ app, page }) => {
  const oauth = await startHostileOauth();
  const mcp = await startHostileMcp();
  for (const it of [mcp.url, oauth.at("","",0), oauth.at("token", "access_token", numberOf("a megabyte"))]) {
  await app.open();
  await app.at("server-url").fill(it);
  await app.at("connect").click();
  await page.waitForTimeout(4000);
  console.log(it, await app.html.getAttribute("data-connection"), (await app.at("notices").or(page.locator(".notices")).innerText()).slice(0, 1500), page.url());
  await page.setViewportSize({width: 1280, height: 3000});
  await app.go("wire");
  console.log((await page.locator("[data-testid=wire-entry]").allInnerTexts()).map(it=>it.replace(/\s+/g," ").slice(0,150)).join("\n"));
  }
});
