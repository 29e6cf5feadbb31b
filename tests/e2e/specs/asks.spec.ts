// The dialog in which a server asks: who asks, what may be answered, and that nobody is kept from answering.
import { ElicitResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { accessible, fits, tabTo } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { toolTexts } from "../helpers/results.ts";
import type { Modern } from "../helpers/servers.ts";

const NOTHING = { type: "object", properties: {} };

test.describe("a form with every kind of field", () => {
  let server: Modern;

  test.beforeEach(async ({ app, start }) => {
    server = await start.modern();
    await app.open();
    await app.connected(server.url);
    await app.tool("ask-form");
    await app.call({});
    await app.asked("elicitation");
  });

  const answers = () => server.calls("tools/call").map((it) => it.body.params.inputResponses?.papers);

  test("says who asks, and from where", async ({ app }) => {
    const dialog = app.at("request-dialog");
    await expect(dialog).toContainText("Modern harbour desk");
    await expect(dialog).toContainText(new URL(server.url).host);
    await expect(dialog).toContainText("The papers of the ship");
    await expect(dialog).toHaveAccessibleName(/requests input/i);
  });

  test("starts with the defaults", async ({ app }) => {
    const dialog = app.at("request-dialog");
    await expect(dialog.getByLabel("Crew")).toHaveValue("7");
    await expect(dialog.getByLabel("Draught in metres")).toHaveValue("2.5");
    await expect(dialog.getByLabel("Insured")).toBeChecked();
    await expect(dialog.getByLabel("Rig")).toHaveValue("ketch");
    await expect(dialog.getByLabel("Flag").locator("option:checked")).toHaveText("Norway");
    await expect(dialog.getByLabel("salt")).toBeChecked();
    await expect(dialog.getByLabel("wool")).not.toBeChecked();
    await expect(dialog.getByLabel("Note")).toHaveValue("Fair winds");
    await expect(dialog.getByLabel(/^Name/)).toHaveValue("");
  });

  test("says of a field what the server says of it, and what is required", async ({ app }) => {
    const dialog = app.at("request-dialog");
    // Two sentences, and not one that runs into the other.
    await expect(dialog.getByLabel(/^Name/)).toHaveAccessibleDescription(/painted on the bow[.:;,].* 2 to 20/);
    await expect(dialog.getByLabel("Crew")).toHaveAccessibleDescription(/1 to 40/);
    const cargo = dialog.getByRole("group", { name: /^Cargo/ });
    await expect(cargo).toContainText("What lies in the hold");
    await expect(cargo).toContainText(/required/i);
    await expect(cargo).toContainText(/1 to 2/);
  });

  test("is not sent while a required field is empty: it is refused where it is typed", async ({ app }) => {
    const name = app.at("request-dialog").getByLabel(/^Name/);
    await app.answers("accept");
    await expect(name).toHaveAttribute("aria-invalid", "true");
    await expect(name).toBeFocused();
    await app.result("needs-input");
    expect(answers()).toHaveLength(1);
    await name.fill("Argo");
    await expect(name).not.toHaveAttribute("aria-invalid", "true");
    await app.answers("accept");
    await app.result("ok");
    expect(answers()[1].content.name).toBe("Argo");
  });

  for (const [label, wrong, right] of [
    ["Name", "A", "Argo"],
    ["Name", "A ship whose name is too long", "Argo"],
    ["Mail", "not a mail", "ada@example.com"],
    ["Page", "example.com", "https://example.com/"],
    ["Arrives at", "tomorrow", "2026-07-28T12:00:00Z"],
    ["Crew", "41", "40"],
    ["Crew", "2.5", "2"],
    ["Draught in metres", "deep", "-1.5"],
  ]) {
    test(`does not send "${wrong}" as ${label}`, async ({ app }) => {
      const field = app.at("request-dialog").getByLabel(new RegExp(`^${label}`));
      await app.at("request-dialog").getByLabel(/^Name/).fill("Argo");
      await field.fill(wrong);
      await app.answers("accept");
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveAccessibleDescription(/\S/);
      expect(answers()).toHaveLength(1);
      await field.fill(right);
      await app.answers("accept");
      await app.result("ok");
    });
  }

  test("does not send fewer or more choices than may be made", async ({ app }) => {
    const dialog = app.at("request-dialog");
    const cargo = dialog.getByRole("group", { name: /^Cargo/ });
    await dialog.getByLabel(/^Name/).fill("Argo");
    await dialog.getByLabel("salt").uncheck();
    await app.answers("accept");
    await expect(cargo).toContainText(/at least|choose|one/i);
    for (const it of ["wool", "salt", "tin"]) await dialog.getByLabel(it).check();
    await app.answers("accept");
    await expect(cargo).toContainText(/at most|2/i);
    expect(answers()).toHaveLength(1);
    await dialog.getByLabel("tin").uncheck();
    await app.answers("accept");
    await app.result("ok");
    expect(answers()[1].content.cargo.sort()).toEqual(["salt", "wool"]);
  });

  test("brings choices that are refused into sight", async ({ app, page }) => {
    await page.setViewportSize({ width: 1280, height: 360 });
    const dialog = app.at("request-dialog");
    await dialog.getByLabel("salt").uncheck();
    await dialog.getByLabel(/^Name/).fill("Argo");
    const cargo = dialog.getByRole("group", { name: /^Cargo/ });
    await dialog.getByLabel("Note").scrollIntoViewIfNeeded();
    await expect(cargo).not.toBeInViewport();
    await app.answers("accept");
    await expect(cargo).toBeInViewport();
    await expect(cargo.locator(":focus")).toHaveCount(1);
  });

  test("leaves out what is left empty, a cleared default included", async ({ app }) => {
    const dialog = app.at("request-dialog");
    await dialog.getByLabel(/^Name/).fill("Argo");
    for (const it of ["Crew", "Note"]) await dialog.getByLabel(it).clear();
    await dialog.getByLabel("Rig").selectOption("");
    await dialog.getByLabel("Insured").uncheck();
    await app.answers("accept");
    await app.result("ok");
    expect(answers()[1].content).toEqual({ name: "Argo", draught: 2.5, insured: false, flag: "no", cargo: ["salt"] });
  });

  test("takes a date and a page as their fields give them", async ({ app }) => {
    const dialog = app.at("request-dialog");
    await dialog.getByLabel(/^Name/).fill("Argo");
    await dialog.getByLabel("Built on").fill("1977-06-01");
    await dialog.getByLabel("Page").fill("https://example.com/argo");
    await dialog.getByLabel("Pet on board").selectOption({ label: "Cat" });
    await dialog.getByLabel("Oslo").check();
    await app.answers("accept");
    await app.result("ok");
    expect(answers()[1].content).toMatchObject({
      built: "1977-06-01",
      page: "https://example.com/argo",
      pet: "cat",
      ports: ["osl"],
    });
  });

  test("is cancelled by Escape, and the focus goes back to where it was", async ({ app, page }) => {
    await page.keyboard.press("Escape");
    await app.result("ok");
    expect(answers()[1]).toEqual({ action: "cancel" });
    await expect(app.at("request-dialog")).toHaveCount(0);
    await expect(app.at("call-tool")).toBeFocused();
  });

  test("begins with the focus on its first field", async ({ app }) => {
    await expect(app.at("request-dialog").getByLabel(/^Name/)).toBeFocused();
  });

  test("keeps the focus in itself", async ({ page }) => {
    const inside = () =>
      page.evaluate(() => {
        const focused = document.activeElement ?? document.body;
        // Past the last element the focus is the browser's own.
        return focused === document.body || focused.closest('[data-testid="request-dialog"]') !== null;
      });
    const on = () => page.evaluate(() => document.activeElement !== document.body);
    await expect.poll(on).toBe(true);
    for (let press = 0; press < 40; press += 1) {
      expect(await inside(), `after ${press} times Tab`).toBe(true);
      await page.keyboard.press("Tab");
    }
  });

  test("is filled in and sent without a mouse", async ({ app, page }) => {
    await app.at("request-dialog").getByLabel(/^Name/).focus();
    await page.keyboard.type("Argo");
    const mail = app.at("request-dialog").getByLabel("Mail");
    const isThere = () => mail.evaluate((it) => it === document.activeElement);
    for (let press = 0; press < 40 && !(await isThere()); press += 1) await page.keyboard.press("Tab");
    await page.keyboard.type("ada@example.com");
    await tabTo(page, "request-accept");
    await page.keyboard.press("Enter");
    await app.result("ok");
    expect(answers()[1]).toMatchObject({ action: "accept", content: { name: "Argo", email: "ada@example.com" } });
  });

  test("fits a telephone, with its buttons in reach", async ({ app, page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(app, "the form");
    const box = await app.at("request-dialog").boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
    for (const it of ["request-accept", "request-decline", "request-cancel"]) {
      await app.at(it).scrollIntoViewIfNeeded();
      await expect(app.at(it)).toBeInViewport({ ratio: 1 });
    }
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`has no serious violation of WCAG in ${colorScheme}, neither as it comes nor when it is refused`, async ({
      app,
      page,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await accessible(page, "the form");
      await app.at("request-dialog").getByLabel("salt").uncheck();
      await app.answers("accept");
      await expect(app.at("request-dialog").getByLabel(/^Name/)).toHaveAttribute("aria-invalid", "true");
      await accessible(page, "the form, refused");
    });
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the other questions have no serious violation of WCAG in ${colorScheme}`, async ({ app, page, start }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const server = await start.modern();
    await app.open();
    await app.connected(server.url);
    await app.tool("ask-model");
    await app.call({});
    await app.asked("sampling");
    await accessible(page, "a model's answer");
    await app.answers("cancel");
    await app.tool("ask-page");
    await app.call({ url: "https://xn--pple-43d.example/toll" });
    await app.asked("elicitation-url");
    await accessible(page, "a page to visit");
  });
}

test("a page to visit whose name can deceive comes with a warning, and nothing in the question is a link", async ({
  app,
  start,
}) => {
  const server = await start.modern();
  await app.open();
  await app.connected(server.url);
  await app.tool("ask-page");
  await app.call({ url: "https://xn--pple-43d.example/toll" });
  const dialog = await app.asked("elicitation-url");
  await expect(dialog).toContainText("https://xn--pple-43d.example/toll");
  await expect(dialog).toContainText(/punycode/i);
  await expect(dialog.locator("a")).toHaveCount(0);
});

test("a second question waits behind the first, and says so", async ({ app, start }) => {
  const server = await start.modern();
  await app.open();
  await app.connected(server.url);
  await app.tool("ask-two");
  await app.call({});
  await expect(await app.asked("elicitation", 2)).toContainText(/1 more/i);
  await app.answers("cancel");
  await expect(await app.asked("elicitation", 1)).not.toContainText(/more/i);
  await app.answers("cancel");
  await app.result("ok");
  expect(await toolTexts(app)).toEqual(['["cancel","cancel"]']);
});

test.describe("a server with a handshake", () => {
  /** Asks in the middle of a call, as often as it is told at once. */
  const asking = (options = {}, count = 1) => ({
    name: "ask",
    inputSchema: NOTHING,
    run: async (_: object, { sendRequest }: { sendRequest(...all: unknown[]): Promise<object> }) => {
      const ask = (place: number) => {
        const params = { message: `Question ${place + 1}`, requestedSchema: NOTHING };
        return sendRequest({ method: "elicitation/create", params }, ElicitResultSchema, options);
      };
      const answers = await Promise.all(Array.from({ length: count }, (_, place) => ask(place)));
      return { content: [{ type: "text", text: JSON.stringify(answers) }] };
    },
  });

  test("gets each of two answers as it is given", async ({ app, start }) => {
    const server = await start.mcp({ tools: [asking({}, 2)] });
    await app.open();
    await app.connected(server.url);
    await app.tool("ask");
    await app.call({});
    await expect(await app.asked("elicitation", 2)).toContainText("Question 1");
    await app.answers("decline");
    await expect(await app.asked("elicitation", 1)).toContainText("Question 2");
    await app.result("needs-input");
    await expect.poll(() => server.requests.filter((it) => it.body?.result?.action).length).toBe(1);
    await app.answers("accept");
    await app.result("ok");
    expect(await toolTexts(app)).toEqual(['[{"action":"decline"},{"action":"accept","content":{}}]']);
  });

  test("may take its question back, and the dialog goes", async ({ app, start }) => {
    const server = await start.mcp({ tools: [asking({ timeout: 4_000 })] });
    await app.open();
    await app.connected(server.url);
    await app.tool("ask");
    await app.call({});
    await app.asked("elicitation");
    await expect(app.at("request-dialog")).toHaveCount(0);
    await app.result("rpc-error");
    await app.atRest();
  });

  test("is not let into the dialog by a revision that has no such question", async ({ app, start }) => {
    const server = await start.mcp({ tools: [asking()] });
    await app.open();
    await app.connected(server.url, { "protocol-version": "2025-03-26" });
    await app.tool("ask");
    await app.call({});
    await app.result("rpc-error");
    await expect(app.at("request-dialog")).toHaveCount(0);
    const replies = server.requests.map((it) => it.body?.error?.code).filter(Boolean);
    expect(replies).toEqual([-32601]);
  });

  test("that goes down while it waits leaves no question behind", async ({ app, start }) => {
    const server = await start.mcp({ tools: [asking()] });
    await app.open();
    await app.connected(server.url);
    await app.tool("ask");
    await app.call({});
    await app.asked("elicitation");
    await server.close();
    await expect(app.at("request-dialog")).toHaveCount(0);
    await app.result("http-error");
  });
});
