// The presenter: a run on a stage, at the sizes of a projector, by keys or a clicker, with the speaker's notes beside it.
import type { Page } from "@playwright/test";
import { accessible, fits } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { type Flowglass, STEPS } from "../helpers/flowglass.ts";

const SIZES = [
  { width: 1920, height: 1080, smallest: 24 },
  { width: 1280, height: 720, smallest: 16 },
];

/** A whole run of the demo world, on the walkthrough. */
async function demo(app: Flowglass, fault?: string) {
  await app.open();
  if (fault) await app.at("demo-fault").selectOption(fault);
  await app.at("demo").click();
  await expect(app.page).toHaveURL(/\/demo\/authorize\/\?/);
  await app.ready();
  await app.at("demo-approve").click();
}

async function presented(app: Flowglass) {
  await demo(app);
  await app.is("connected");
  await app.atRest();
  await app.go("walkthrough");
  await app.at("present").click();
  await expect(app.at("stage")).toHaveAttribute("data-step", STEPS[0]);
  // The dialog opens with the next frame: before that, it does not get the keys.
  await expect(app.page.locator("dialog:modal")).toBeVisible();
}

/** Every visible text of the stage: how high its letters are, and whether it is inside the window. */
function texts(page: Page) {
  return page.evaluate(() => {
    const stage = document.querySelector('[data-testid="stage"]')!;
    const walk = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
    const found: { text: string; size: number; right: number; bottom: number }[] = [];
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const text = node.textContent?.trim();
      const parent = node.parentElement!;
      if (!text || parent.closest(".sr")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { right, bottom } = range.getBoundingClientRect();
      found.push({ text, size: Number.parseFloat(getComputedStyle(parent).fontSize), right, bottom });
    }
    return found;
  });
}

for (const { width, height, smallest } of SIZES) {
  test(`no text on the stage is lower than ${smallest} px at ${width} x ${height}, and none is outside`, async ({ app, page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await presented(app);
    for (const step of STEPS) {
      await expect(app.at("stage")).toHaveAttribute("data-step", step);
      for (const { text, size, right, bottom } of await texts(page)) {
        expect(size, `${text} at ${step}`).toBeGreaterThanOrEqual(smallest - 0.01);
        expect(right, `${text} at ${step}`).toBeLessThanOrEqual(width);
        expect(bottom, `${text} at ${step}`).toBeLessThanOrEqual(height);
      }
      const scrolls = await app.at("stage").evaluate((it) => it.scrollHeight > it.clientHeight + 1);
      expect(scrolls, step).toBe(false);
      await page.keyboard.press("PageDown");
    }
  });
}

test("the lanes grow with each step, forwards and back, by every key of a clicker", async ({ app, page }) => {
  await presented(app);
  const rows = app.page.locator(".stage-row");
  await expect(rows).toHaveCount(1);
  for (const [index, key] of ["Space", "ArrowRight", "ArrowDown", "PageDown"].entries()) {
    await page.keyboard.press(key);
    await expect(app.at("stage")).toHaveAttribute("data-step", STEPS[index + 1]);
    await expect(rows).toHaveCount(index + 2);
    await expect(rows.last()).toHaveAttribute("aria-current", "step");
  }
  for (const [index, key] of ["PageUp", "ArrowLeft", "ArrowUp"].entries()) {
    await page.keyboard.press(key);
    await expect(app.at("stage")).toHaveAttribute("data-step", STEPS[3 - index]);
    await expect(rows).toHaveCount(4 - index);
  }
  await app.at("presenter-next").click();
  await expect(app.at("stage")).toHaveAttribute("data-step", STEPS[2]);
  await app.at("presenter-previous").click();
  await expect(app.at("stage")).toHaveAttribute("data-step", STEPS[1]);
  await page.keyboard.press("End");
  await expect(app.at("stage")).toHaveAttribute("data-step", "connected");
  await page.keyboard.press("Home");
  await expect(app.at("stage")).toHaveAttribute("data-step", STEPS[0]);
});

test("what is decisive is taken apart with the values of the run", async ({ app, page }) => {
  await presented(app);
  const to = async (step: string) => {
    await page.keyboard.press("l");
    await app.page.locator(`[data-testid="presenter-item"][data-step="${step}"]`).click();
    await expect(app.at("stage")).toHaveAttribute("data-step", step);
  };
  await to("pkce");
  await expect(app.at("stage-decisive")).toContainText("BASE64URL(SHA-256(");
  await to("authorization-url");
  for (const name of ["client_id", "code_challenge", "state", "resource"]) {
    await expect(app.at("stage-decisive").getByText(name, { exact: true })).toBeVisible();
  }
  await expect(app.at("stage-decisive")).toContainText("https://mcp.flowglass.invalid/mcp");
  await to("token");
  await expect(app.at("stage-decisive")).toContainText("payload.aud");
});

test("secrets are on the stage only after they were asked for there", async ({ app, page }) => {
  await presented(app);
  await page.keyboard.press("l");
  await app.page.locator('[data-testid="presenter-item"][data-step="pkce"]').click();
  const verifier = app.at("stage-decisive").locator("dt", { hasText: "code_verifier" }).locator("xpath=following-sibling::dd[1]");
  await expect(verifier).toHaveText(/^•+$/);
  await page.keyboard.press("s");
  await expect(verifier).toHaveText(/^[A-Za-z0-9_-]{43}/);
  await expect(app.at("presenter-secrets")).toHaveAttribute("aria-pressed", "true");
});

test("Escape closes the list of steps, then the presenter", async ({ app, page }) => {
  await presented(app);
  await page.keyboard.press("l");
  await expect(app.at("presenter-steps")).toBeVisible();
  await expect(app.at("presenter-item")).toHaveCount(STEPS.length);
  await page.keyboard.press("Escape");
  await expect(app.at("presenter-steps")).toHaveCount(0);
  await expect(app.at("presenter")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(app.at("presenter")).toHaveCount(0);
  await app.at("present").click();
  await app.at("presenter-leave").click();
  await expect(app.at("presenter")).toHaveCount(0);
});

test("the speaker's window shows the notes of the step, and turns the stage", async ({ app, page }) => {
  await presented(app);
  const [notes] = await Promise.all([page.context().waitForEvent("page"), page.keyboard.press("n")]);
  const title = notes.locator('[data-testid="notes-title"]');
  await expect(title).toContainText("1 Request without token");
  await expect(notes.locator("main")).toContainText("401 challenge");
  await expect(notes.locator('[data-testid="notes-time"]')).toHaveText(/^\d+:\d\d$/);
  await accessible(notes, "the notes");
  await page.keyboard.press("Space");
  await expect(title).toContainText("2 401 challenge");
  await notes.locator('[data-testid="notes-next"]').click();
  await expect(app.at("stage")).toHaveAttribute("data-step", "resource-metadata");
  await notes.keyboard.press("PageUp");
  await expect(app.at("stage")).toHaveAttribute("data-step", "unauthorized");
  // It is a window of its own: nothing of this tab's connection is in it.
  expect(await notes.evaluate(() => [window.opener === null, sessionStorage.length])).toEqual([true, 0]);
  await app.at("presenter-leave").click();
  await expect(notes.locator("main")).toContainText("The presentation is over");
  await app.is("connected");
});

test("the run of a fault ends in what failed, and a saved trace is presented too", async ({ app, page }) => {
  await demo(app, "iss-mix-up");
  await app.refuses("iss-mismatch");
  await app.go("walkthrough");
  const [download] = await Promise.all([page.waitForEvent("download"), app.at("export-trace").click()]);
  const file = await download.path();
  await app.open("walkthrough");
  await app.at("open-trace").setInputFiles(file);
  await expect(app.at("close-trace")).toBeVisible();
  await app.at("present").click();
  await page.keyboard.press("End");
  await expect(app.at("stage")).toHaveAttribute("data-step", "callback");
  await expect(app.at("stage-card")).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the stage can be read by everybody in ${colorScheme}, and on a narrow screen`, async ({ app, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await presented(app);
    for (const step of ["pkce", "authorization-url", "token"]) {
      await page.keyboard.press("l");
      await accessible(page, "the list of steps");
      await app.page.locator(`[data-testid="presenter-item"][data-step="${step}"]`).click();
      await accessible(page, step);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(app, "the stage");
    await accessible(page, "a narrow stage");
  });
}
