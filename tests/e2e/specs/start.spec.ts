// The first page: what a first visit finds, how settings are grouped, and what can be copied from it.
import { accessible, fits } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";

const GROUPS: Record<string, string[]> = {
  Protocol: ["protocol-version", "transport", "roots"],
  "Headers and token": ["header-name", "header-value", "header-add", "bearer-token", "memory-only"],
  Limits: ["request-timeout"],
  "Saved server": ["server-label"],
  "Client registration": ["registration", "client-id", "client-secret", "client-metadata-url", "redirect-uri", "own-metadata"],
  "Authorization request": ["scope", "extra-params", "redirect-mode", "grant", "resource", "step-mode"],
  "Override discovery": ["issuer", "authorization-endpoint", "token-endpoint", "registration-endpoint"],
};
const AUTHORIZATION = ["Client registration", "Authorization request", "Override discovery"];

test("a first visit finds one field, the demo and the four roles", async ({ app, page }) => {
  await app.open();
  await expect(app.at("server-url")).toBeVisible();
  await expect(app.at("connect")).toBeVisible();
  await expect(app.at("demo")).toBeVisible();
  await expect(page.locator("input:visible:not([type=file])")).toHaveCount(1);
  const roles = app.at("intro").getByRole("listitem");
  await expect(roles.locator("b")).toHaveText(["You", "This client", "MCP server", "Authorization server"]);
});

test("the roles are closed for good, in every tab", async ({ app, page, context }) => {
  await app.open();
  await app.at("intro-close").click();
  await expect(app.at("intro")).toHaveCount(0);
  await expect(app.at("server-url")).toBeFocused();
  await page.reload();
  await app.ready();
  await expect(app.at("demo")).toBeVisible();
  await expect(app.at("intro")).toHaveCount(0);
  const other = await context.newPage();
  await other.goto(app.home);
  await expect(other.locator("[data-testid=demo]")).toBeVisible();
  await expect(other.locator("[data-testid=intro]")).toHaveCount(0);
});

test("what is not closed is there again after a reload", async ({ app, page }) => {
  await app.open();
  await expect(app.at("intro")).toBeVisible();
  await page.reload();
  await app.ready();
  await expect(app.at("intro")).toBeVisible();
});

test("every setting lies in its group, which says when it is needed", async ({ app, page }) => {
  await app.open();
  for (const [title, fields] of Object.entries(GROUPS)) {
    const group = page.locator(`[role=group][aria-label="${title}"]`);
    await expect(group.getByRole("heading", { includeHidden: true })).toHaveText(title);
    await expect(group.locator("p").first()).toHaveText(/^When .{8,}\.$/);
    for (const it of fields) await expect(group.getByTestId(it), it).toHaveCount(1);
    await expect(app.at("auth-settings").locator(group)).toHaveCount(AUTHORIZATION.includes(title) ? 1 : 0);
  }
});

test("labels have at most four words, and hints at most twelve", async ({ app, page }) => {
  await app.open();
  const words = (all: Element[]) => all.map((it) => (it.textContent ?? "").trim()).filter((it) => it !== "");
  const length = (text: string) => text.split(/\s+/).length;
  const labels = await page.locator("main :is(label, summary, button)").evaluateAll(words);
  const hints = await page.locator("main :is(.hint, .small)").evaluateAll(words);
  expect(labels.filter((it) => length(it) > 4)).toEqual([]);
  expect(hints.filter((it) => length(it) > 12)).toEqual([]);
});

test("a part says whether anything in it was changed", async ({ app }) => {
  await app.open();
  const part = app.at("auth-settings").locator("summary").first();
  await expect(part).toContainText("automatic");
  await app.fill({ scope: "notes:read" });
  await expect(part).toContainText("changed");
  await app.fill({ scope: "" });
  await expect(part).toContainText("automatic");
});

test("what a client is registered with can be copied", async ({ app, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.open();
  const values = { "redirect-uri": "oauth/callback/", "own-metadata": "client-metadata.json" };
  for (const [testid, path] of Object.entries(values)) {
    await app.reveal(testid);
    await expect(app.at(testid)).toHaveValue(app.home + path);
    const copy = app.at(testid).locator("xpath=following-sibling::button");
    await copy.click();
    await expect(copy).toHaveText("Copied");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(app.home + path);
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the settings have no serious violation of WCAG in ${colorScheme}, and fit a telephone`, async ({ app, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await app.open();
    await app.reveal("protocol-version");
    await app.reveal("scope");
    await accessible(page, "the first page with its settings");
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(app, "the first page with its settings");
  });
}
