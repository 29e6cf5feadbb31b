// Guess, then reveal: a fault that nothing names until it was guessed, and the course of lessons.
import type { Page } from "@playwright/test";
import { accessible, fits } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";

const ROUTES = ["walkthrough", "wire", "tools", "resources", "prompts", "connect"] as const;
const TRIAL = "flowglass.demo.trial";

interface Fault {
  name: string;
  words: string;
}

/** Every fault of the list, by its name and its words there. */
async function faults(app: Flowglass): Promise<Fault[]> {
  const options = app.at("demo-fault").locator("optgroup option");
  return options.evaluateAll((all) =>
    all.map((it) => ({ name: it.getAttribute("value") ?? "", words: it.textContent ?? "" })),
  );
}

/** Allows whatever is asked until the run is over; a login that refuses is left again. */
async function run(app: Flowglass) {
  for (let login = 0; login < 6; login += 1) {
    const state = async () => {
      if (!/demo\/authorize/.test(app.page.url())) return (await app.html.getAttribute("data-connection")) ?? "";
      if ((await app.at("demo-approve").count()) > 0) return "login";
      return (await app.at("demo-refused").count()) > 0 ? "no way back" : "";
    };
    await expect.poll(state).toMatch(/^(login|no way back|connected|refused|failed)$/);
    const now = await state();
    if (now === "no way back") {
      await app.page.goBack();
      await app.ready();
      await app.at("flow-give-up").click();
      await app.is("failed");
      return;
    }
    if (now !== "login") return;
    await app.at("demo-approve").click();
    await expect(app.page).not.toHaveURL(/demo\/authorize/);
    await app.ready();
  }
  throw new Error("the run never ends");
}

/** All that a page says: its texts, and the values of its attributes. What a fault is chosen or guessed from is left out. */
function said(page: Page): Promise<string> {
  return page.evaluate(() => {
    const parts = [document.title, location.href];
    for (const it of document.querySelectorAll("body, body *")) {
      if (it.closest("[data-testid=demo-fault], [data-testid=demo-guess]")) continue;
      parts.push(...[...it.attributes].map((attribute) => attribute.value));
      for (const node of it.childNodes) if (node.nodeType === Node.TEXT_NODE) parts.push(node.textContent ?? "");
      if ("value" in it && typeof it.value === "string") parts.push(it.value);
    }
    return parts.join("\n");
  });
}

/** On every page: nothing names a fault, nor a code that a problem of this client may have. */
async function namesNothing(app: Flowglass, all: Fault[], codes: string[]) {
  for (const route of ROUTES) {
    await app.go(route);
    await app.atRest();
    await expect(app.at("demo-reveal"), route).toBeVisible();
    const text = await said(app.page);
    for (const { name, words } of all) {
      expect(text, `${name} on ${route}`).not.toContain(name);
      expect(text, `${words} on ${route}`).not.toContain(words);
    }
    for (const code of codes) expect(text.split("\n"), `${code} on ${route}`).not.toContain(code);
    await expect(app.page.locator("[data-verdict], [data-rule], [data-owner]"), route).toHaveCount(0);
  }
}

/** Makes the surprise of this tab the fault of that name, as if chance had chosen it. */
async function surprise(app: Flowglass, name: string) {
  await app.open();
  await app.at("demo-fault").selectOption("surprise");
  await app.page.evaluate(([key, value]) => sessionStorage.setItem(key!, value!), [TRIAL, `surprise ${name}`]);
  await app.page.reload();
  await app.ready();
  await expect(app.at("demo-fault")).toHaveValue("surprise");
  await app.at("server-url").fill("https://mcp.flowglass.invalid/mcp");
  await app.at("connect").click();
  await run(app);
}

async function guess(app: Flowglass, owner: string, step: string, cause: string) {
  const select = app.at("demo-guess");
  for (const [question, value] of [
    ["Who is responsible?", owner],
    ["At which step?", step],
    ["What is the cause?", cause],
  ] as const) {
    await expect(select).toHaveAccessibleName(question);
    await select.selectOption(value);
  }
  await expect(select).toHaveCount(0);
}

const CODES: Record<string, string> = {
  "no-pkce": "pkce-unsupported",
  "iss-mix-up": "iss-mismatch",
  "no-cors": "cors-blocked",
  "redirect-uri-changed": "access-denied",
  "server-error": "http-status",
  "expired-token": "scope-limit",
  "metadata-at-wrong-path": "registration-refused",
};

for (const name of [...Object.keys(CODES), "hidden-challenge"]) {
  test(`nothing names the surprise before it is revealed: ${name}`, async ({ app, page }) => {
    await app.open();
    const all = await faults(app);
    await surprise(app, name);
    await namesNothing(app, all, Object.values(CODES));
    const failed = (await app.html.getAttribute("data-connection")) !== "connected";
    await expect(app.at("problem")).toHaveCount(failed ? 1 : 0);
    if (failed) await expect(app.at("problem")).toHaveAttribute("role", "alert");
    await page.reload();
    await app.ready();
    await expect(app.at("demo-reveal")).toBeVisible();
    await app.go("walkthrough");
    await app.at("demo-reveal").click();
    await expect(app.at("demo-revealed")).toContainText(name);
    await expect(app.at("demo-guess")).toHaveCount(0);
    if (failed) await expect(app.at("problem")).toHaveAttribute("data-code", CODES[name]!);
    await page.reload();
    await app.ready();
    await expect(app.at("demo-revealed")).toContainText(name);
  });
}

test("the surprise is another one each time, and a reload keeps it", async ({ app, page }) => {
  const chosen = new Set<string>();
  const kept = () => page.evaluate((key) => sessionStorage.getItem(key) ?? "", TRIAL);
  await app.open();
  for (let time = 0; time < 8; time += 1) {
    await app.at("demo-fault").selectOption("none");
    await app.at("demo-fault").selectOption("surprise");
    expect(await kept()).toMatch(/^surprise [a-z-]+$/);
    chosen.add(await kept());
  }
  expect(chosen.size).toBeGreaterThan(1);
  const before = await kept();
  await page.reload();
  await app.ready();
  await expect(app.at("demo-fault")).toHaveValue("surprise");
  expect(await kept()).toBe(before);
});

test("a guess is judged by party, step and cause, and then there is the card", async ({ app }) => {
  await surprise(app, "wrong-issuer");
  await app.go("walkthrough");
  await guess(app, "mcp-server", "server-metadata", "no-pkce");
  const revealed = app.at("demo-revealed");
  await expect(revealed).toHaveAttribute("data-correct", "false");
  await expect(revealed).toHaveAttribute("data-owner", "authorization-server");
  await expect(revealed).toContainText("you answered: MCP server");
  await expect(revealed).toContainText("you answered: PKCE not advertised");
  await expect(app.at("problem")).toHaveAttribute("data-code", "issuer-mismatch");
});

test("the guess needs no mouse", async ({ app, page }) => {
  await surprise(app, "wrong-issuer");
  const choose = async (presses: number) => {
    await app.at("demo-guess").focus();
    for (let press = 0; press < presses; press += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await expect(app.at("demo-answer")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(app.at("demo-answer")).toHaveCount(0);
  };
  await choose(2);
  await choose(4);
  await expect(app.at("demo-guessed")).toHaveText(/Authorization server · 2b/);
  await choose(1);
  await expect(app.at("problem")).toHaveAttribute("data-code", "issuer-mismatch");
});

test("a fault that was chosen by its name is no riddle", async ({ app }) => {
  await app.open();
  await app.at("demo-fault").selectOption("no-pkce");
  await app.at("demo").click();
  await app.is("refused");
  await expect(app.at("problem")).toHaveAttribute("data-code", "pkce-unsupported");
  await expect(app.at("demo-guess")).toHaveCount(0);
  await app.go("walkthrough");
  await expect(app.at("demo-revealed")).toContainText("no-pkce");
});

const LESSONS = [
  { id: "challenge", guess: ["mcp-server", "unauthorized", "no-resource-metadata-in-challenge"] },
  { id: "discovery", guess: ["mcp-server", "resource-metadata", "metadata-at-wrong-path"] },
  { id: "browser", guess: ["mcp-server", "mcp-request", "no-cors"] },
  { id: "metadata", guess: ["authorization-server", "server-metadata", "wrong-issuer"] },
  { id: "pkce", guess: ["authorization-server", "server-metadata", "no-pkce"] },
  { id: "response", guess: ["authorization-server", "callback", "dropped-state"] },
  { id: "token", guess: ["authorization-server", "token", "wrong-audience"] },
  { id: "mix-up", guess: ["authorization-server", "callback", "iss-mix-up"] },
] as const;

const lesson = (app: Flowglass, id: string) => app.page.locator(`[data-testid=lesson-item][data-lesson=${id}]`);

async function openLessons(app: Flowglass) {
  await app.at("lessons").locator("> summary").click();
  await expect(app.at("lesson-item")).toHaveCount(LESSONS.length);
}

/** A lesson from its run to its explanation; nothing names a fault before. */
async function play(app: Flowglass, all: Fault[], { id, guess: answers }: (typeof LESSONS)[number]) {
  await expect(app.page, id).toHaveURL(/\/(walkthrough|demo\/authorize)/);
  await run(app);
  await expect(app.page, id).toHaveURL(/\/walkthrough/);
  await expect(app.at("demo-guess"), id).toBeVisible();
  const text = await said(app.page);
  for (const { name } of all) expect(text, `${name} in ${id}`).not.toContain(name);
  await guess(app, ...answers);
  await expect(app.at("demo-revealed"), id).toHaveAttribute("data-correct", "true");
  await expect(app.at("demo-revealed").getByText("Fix", { exact: true })).toBeVisible();
}

for (const it of LESSONS) {
  test(`the lesson ${it.id} is run, guessed and explained`, async ({ app }) => {
    await app.open();
    const all = await faults(app);
    await openLessons(app);
    await lesson(app, it.id).getByTestId("lesson-start").click();
    await play(app, all, it);
    await expect(app.at("lesson-next")).toHaveCount(it.id === "mix-up" ? 0 : 1);
  });
}

test("one lesson leads to the next", async ({ app }) => {
  await app.open();
  const all = await faults(app);
  await openLessons(app);
  await lesson(app, "browser").getByTestId("lesson-start").click();
  for (const it of LESSONS.slice(2, 5)) {
    await play(app, all, it);
    await app.at("lesson-next").click();
  }
  await expect(app.at("demo-revealed")).toHaveCount(0);
});

test("progress survives a reload and another tab, and can be reset", async ({ app, page, context }) => {
  await app.open();
  await openLessons(app);
  await expect(app.at("lessons-reset")).toHaveCount(0);
  await lesson(app, "pkce").getByTestId("lesson-start").click();
  await run(app);
  await app.at("demo-reveal").click();
  await expect(app.at("demo-revealed")).toBeVisible();
  await page.reload();
  await app.ready();
  await app.go("connect");
  await expect(app.at("lessons-progress")).toHaveText("1 of 8");
  await openLessons(app);
  await expect(lesson(app, "pkce")).toHaveAttribute("data-done", "true");
  await expect(lesson(app, "token")).toHaveAttribute("data-done", "false");
  const other = await context.newPage();
  await other.goto(app.home);
  await expect(other.getByTestId("lessons-progress")).toHaveText("1 of 8");
  await app.at("lessons-reset").click();
  await expect(app.at("lessons-progress")).toHaveText("0 of 8");
  await expect(lesson(app, "pkce")).toHaveAttribute("data-done", "false");
  await page.reload();
  await app.ready();
  await expect(app.at("lessons-progress")).toHaveText("0 of 8");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the guess and the lessons have no serious violation of WCAG in ${colorScheme}, and fit a telephone`, async ({ app, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await app.open();
    await openLessons(app);
    await accessible(page, "the lessons");
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(app, "the lessons");
    await lesson(app, "metadata").getByTestId("lesson-start").click();
    await run(app);
    await accessible(page, "the guess");
    await fits(app, "the guess");
    await guess(app, "mcp-server", "server-metadata", "wrong-issuer");
    await accessible(page, "the explanation");
    await fits(app, "the explanation");
  });
}
