// Values that are more than one field: lists, one of several schemas, null, names of one's own, moments; and many fields.
import { accessible, fits } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { control, part, problem } from "../helpers/forms.ts";
import type { Mcp } from "../helpers/servers.ts";

/** A tool with what makes a value more than one field. */
const VOYAGE = {
  name: "voyage",
  inputSchema: {
    type: "object",
    required: ["route"],
    $defs: {
      port: { type: "object", required: ["name"], properties: { name: { type: "string", minLength: 2 } } },
    },
    properties: {
      route: { type: "array", items: { $ref: "#/$defs/port" }, minItems: 2 },
      cargo: {
        oneOf: [
          { title: "Bulk", type: "object", required: ["kind", "tons"], properties: { kind: { const: "bulk" }, tons: { type: "number" } } },
          { title: "Crates", type: "object", required: ["kind", "count"], properties: { kind: { const: "crates" }, count: { type: "integer" } } },
        ],
      },
      mark: { anyOf: [{ type: "string" }, { type: "integer" }] },
      note: { type: ["string", "null"] },
      span: { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], items: false },
      tags: { type: "object", patternProperties: { "^x-": { type: "integer" } }, additionalProperties: false },
      when: { type: "string", format: "date-time" },
      day: { type: "string", format: "date" },
    },
  },
  run: (args: object) => ({ content: [{ type: "text", text: JSON.stringify(args) }] }),
};

test.describe("values that are more than one field", () => {
  let server: Mcp;

  test.beforeEach(async ({ app, start }) => {
    server = await start.mcp({ tools: [VOYAGE] });
    await app.open();
    await app.connected(server.url);
    await app.tool("voyage");
  });

  const sent = () => server.calls("tools/call").at(-1)?.body.params.arguments;

  test("items are added and removed, each with what is wrong in it", async ({ app }) => {
    for (const [index, name] of ["Piraeus", "C", "Corinth"].entries()) {
      await part(app, "array-add", "/route").click();
      await control(app, `/route/${index}/name`).fill(name);
    }
    await expect(problem(app, "/route/1/name")).toHaveCount(1);
    await part(app, "array-remove", "/route/1").click();
    await expect(control(app, "/route/1/name")).toHaveValue("Corinth");
    await expect(app.at("field-problem")).toHaveCount(0);
    await part(app, "array-remove", "/route/1").click();
    await expect(problem(app, "/route")).toHaveCount(1);
    await app.at("call-tool").click();
    await app.result("ok");
    expect(sent()).toEqual({ route: [{ name: "Piraeus" }] });
  });

  test("a variant has the fields of its schema and its tag", async ({ app }) => {
    const variant = part(app, "variant", "/cargo");
    await expect(control(app, "/cargo/tons")).toHaveCount(0);
    await variant.selectOption({ label: "Bulk" });
    await control(app, "/cargo/tons").fill("2.5");
    await variant.selectOption({ label: "Crates" });
    await expect(control(app, "/cargo/tons")).toHaveCount(0);
    await control(app, "/cargo/count").fill("3");
    await part(app, "variant", "/mark").selectOption({ label: "Whole number" });
    await control(app, "/mark").fill("7");
    await app.at("call-tool").click();
    await app.result("ok");
    expect(sent()).toEqual({ route: [], cargo: { kind: "crates", count: 3 }, mark: 7 });
    await app.at("args-mode").selectOption("json");
    await app.at("args-mode").selectOption("form");
    await expect(variant.locator("option:checked")).toHaveText("Crates");
    await variant.selectOption("");
    await app.at("call-tool").click();
    await expect.poll(sent).toEqual({ route: [], mark: 7 });
  });

  test("null, places of a list, free names and moments are sent as they are typed", async ({ app }) => {
    await part(app, "null-value", "/note").check();
    for (const [index, value] of ["a", "4"].entries()) {
      await part(app, "array-add", "/span").click();
      await control(app, `/span/${index}`).fill(value);
    }
    await expect(part(app, "array-add", "/span")).toHaveAttribute("aria-disabled", "true");
    for (const name of ["x-a", "y"]) {
      await part(app, "key-name", "/tags").fill(name);
      await part(app, "key-add", "/tags").click();
    }
    await control(app, "/tags/x-a").fill("1");
    await control(app, "/tags/y").fill("2");
    await expect(problem(app, "/tags/y")).toHaveCount(1);
    await part(app, "key-remove", "/tags/y").click();
    await control(app, "/day").fill("2026-07-28");
    await control(app, "/when").fill("2026-07-28T12:00:00Z");
    await app.at("call-tool").click();
    await app.result("ok");
    const rest = { route: [], note: null, span: ["a", 4], tags: { "x-a": 1 } };
    expect(sent()).toEqual({ ...rest, day: "2026-07-28", when: "2026-07-28T12:00:00Z" });
    await app.page.getByLabel("Pick date and time").fill("2026-07-29T10:00");
    await expect(control(app, "/when")).toHaveValue(/^2026-07-29T10:00:00(Z|[+-]\d\d:\d\d)$/);
  });

  test("fits a telephone, and has no serious violation of WCAG", async ({ app, page }) => {
    await part(app, "array-add", "/route").click();
    await part(app, "variant", "/cargo").selectOption({ label: "Bulk" });
    await accessible(page, "the form");
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(app, "the form");
    await expect(app.at("call-tool")).toBeInViewport({ ratio: 1 });
  });

  test("the button that calls is always in the window", async ({ app, page }) => {
    await page.setViewportSize({ width: 1280, height: 500 });
    await expect(app.at("call-tool")).toBeInViewport({ ratio: 1 });
    await app.at("call-tool").click();
    await app.result("ok");
    await app.at("result-raw").scrollIntoViewIfNeeded();
    await expect(app.at("call-tool")).toBeInViewport({ ratio: 1 });
    await expect(app.at("call-result")).toBeInViewport();
  });
});

test("many optional fields are folded, and those that are required are not", async ({ app, start }) => {
  const names = Array.from({ length: 30 }, (_, index) => `p${index}`);
  const properties = Object.fromEntries(names.map((it) => [it, { type: "string" }]));
  const wide = { name: "wide", inputSchema: { type: "object", required: ["p9"], properties } };
  const server = await start.mcp({ tools: [{ ...wide, run: () => ({ content: [] }) }] });
  await app.open();
  await app.connected(server.url);
  await app.tool("wide");
  await expect(control(app, "/p9")).toBeVisible();
  await expect(control(app, "/p1")).toBeHidden();
  await app.reveal("arg-p1");
  await control(app, "/p1").fill("a");
  await app.at("call-tool").click();
  await app.result("ok");
  expect(server.calls("tools/call")[0].body.params.arguments).toEqual({ p1: "a", p9: "" });
});
