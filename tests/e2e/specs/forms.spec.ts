// The arguments of a tool as a form: every tool of server-everything, and what a form does with what is typed.
import { expect, test } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { control, part, problem } from "../helpers/forms.ts";
import { allow, atLogin, logInAndAllow } from "../helpers/person.ts";

type Filled = Record<string, string | boolean>;

/** What is typed into the fields of each tool with arguments, what is sent for it, and what the answer says. */
const USES: Record<string, { fields: Filled; sends: object; says: RegExp }> = {
  echo: { fields: { message: "ahoy\nthere" }, sends: { message: "ahoy\nthere" }, says: /Echo: ahoy/ },
  "get-annotated-message": {
    fields: { messageType: "error", includeImage: true },
    sends: { messageType: "error", includeImage: true },
    says: /Operation failed/,
  },
  "get-resource-links": { fields: { count: "2" }, sends: { count: 2 }, says: /resource_link/ },
  "get-resource-reference": {
    fields: { resourceType: "Blob", resourceId: "7" },
    sends: { resourceType: "Blob", resourceId: 7 },
    says: /dynamic\/blob\/7/,
  },
  "get-structured-content": {
    fields: { location: "Chicago" },
    sends: { location: "Chicago" },
    says: /structuredContent[^]*humidity/,
  },
  "get-sum": { fields: { a: "2", b: "40.0" }, sends: { a: 2, b: 40 }, says: /is 42/ },
  "gzip-file-as-resource": {
    fields: { name: "ahoy.gz", data: "data:text/plain,ahoy", outputType: "resource" },
    sends: { name: "ahoy.gz", data: "data:text/plain,ahoy", outputType: "resource" },
    says: /application\/gzip/,
  },
  "trigger-long-running-operation": {
    fields: { duration: "0.2", steps: "2" },
    sends: { duration: 0.2, steps: 2 },
    says: /completed/,
  },
};

/** A tool with all that a form can have. */
const BOOK = {
  name: "book",
  inputSchema: {
    type: "object",
    required: ["ship", "captain", "sail"],
    $defs: { port: { type: "string", enum: ["Piraeus", "Corinth"] } },
    properties: {
      ship: { type: "string", title: "Name of the ship", minLength: 2 },
      sail: { type: ["string", "null"] },
      kind: {
        oneOf: [
          { const: 1, title: "Merchant" },
          { const: 2, title: "Warship" },
        ],
      },
      port: { $ref: "#/$defs/port" },
      night: { type: "boolean", default: true },
      towed: { type: "boolean" },
      cargo: { type: "array", items: { enum: ["wool", "salt", "tin"] } },
      depths: { type: "array", items: { type: "number" } },
      captain: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string" },
          contact: { type: "object", properties: { mail: { type: "string", format: "email" } } },
        },
      },
      extra: {},
    },
  },
  run: (args: object) => ({ content: [{ type: "text", text: JSON.stringify(args) }] }),
};

test.describe("server-everything", () => {
  test.beforeEach(async ({ app, everything, record }) => {
    void record; // From the first request on.
    await app.open();
    await app.connected(everything.url);
  });

  for (const [tool, { fields, sends, says }] of Object.entries(USES)) {
    test(`${tool} is called through its form`, async ({ app, record }) => {
      await app.tool(tool);
      await expect(app.at("args-mode")).toHaveValue("form");
      await expect(app.at("args-json")).toHaveCount(0);
      await type(app, fields);
      await app.at("call-tool").click();
      await app.result("ok");
      await expect(app.at("result-raw")).toContainText(says);
      expect(record.sent("tools/call")[0].params.arguments).toEqual(sends);
    });
  }

  test("a tool without arguments says so, and is called with none", async ({ app, record }) => {
    await app.tool("get-tiny-image");
    await expect(app.page.getByText("This tool takes no arguments.")).toBeVisible();
    await app.at("call-tool").click();
    await app.result("ok");
    expect(record.sent("tools/call")[0].params.arguments).toEqual({});
  });

  test("form and JSON lead to each other without loss, and what no form shows stays JSON with a reason", async ({ app }) => {
    await app.tool("get-resource-reference");
    await type(app, { resourceType: "Blob", resourceId: "12345678901234567890" });
    await app.at("args-mode").selectOption("json");
    const pretty = '{\n  "resourceType": "Blob",\n  "resourceId": 12345678901234567890\n}';
    await expect(app.at("args-json")).toHaveValue(pretty);
    await app.at("args-json").fill('{"resourceId": 1.50}');
    await app.at("args-mode").selectOption("form");
    await expect(app.at("arg-resourceId")).toHaveValue("1.50");
    await expect(app.at("arg-resourceType")).toHaveValue("");
    await app.at("args-mode").selectOption("json");
    await app.at("args-json").fill('{"resourceId": "1", "more": [2.50]}');
    await app.at("args-mode").selectOption("form");
    await expect(app.at("args-mode")).toHaveValue("form");
    await expect(control(app, "/resourceId")).toHaveValue('"1"');
    await expect(control(app, "/more")).toHaveValue("[\n  2.50\n]");
    await app.at("args-mode").selectOption("json");
    await expect(app.at("args-json")).toHaveValue('{\n  "resourceId": "1",\n  "more": [\n    2.50\n  ]\n}');
    await app.at("args-json").fill('{"resourceId": 1, "resourceId": 2}');
    await app.at("args-mode").selectOption("form");
    await expect(app.at("args-mode")).toHaveValue("json");
    await expect(app.page.locator("#args-mode-note")).not.toBeEmpty();
    await expect(app.at("args-json")).toHaveValue('{"resourceId": 1, "resourceId": 2}');
  });

  test("what breaks the schema is a warning at its field, and goes out all the same", async ({ app, record }) => {
    await app.tool("get-resource-links");
    await expect(noteOf(app, "count")).toContainText("From 1 to 10");
    await expect(app.at("field-problem")).toHaveCount(0);
    for (const [typed, sent] of [["99", 99], ["many", "many"]] as const) {
      await app.at("arg-count").fill(typed);
      await expect(problem(app, "/count")).toHaveCount(1);
      await expect(app.at("arg-count")).toHaveAttribute("aria-invalid", "true");
      await app.at("call-tool").click();
      await expect.poll(() => record.sent("tools/call").at(-1)?.params.arguments).toEqual({ count: sent });
      await app.result("tool-error");
    }
    await app.at("arg-count").fill("");
    await expect(app.at("field-problem")).toHaveCount(0);
    await expect(app.at("arg-count")).not.toHaveAttribute("aria-invalid");
    await app.at("call-tool").click();
    await app.result("ok");
    expect(record.sent("tools/call")[2].params.arguments).toEqual({});
  });

  test("what was typed is there again after a look at another tool, in both ways of typing", async ({ app }) => {
    await app.tool("echo");
    await app.at("arg-message").fill("once");
    await app.tool("get-sum");
    await app.typeArguments('{"a": 1');
    await app.tool("echo");
    await expect(app.at("arg-message")).toHaveValue("once");
    await app.tool("get-sum");
    await expect(app.at("args-mode")).toHaveValue("json");
    await expect(app.at("args-json")).toHaveValue('{"a": 1');
  });

  test("a form is filled in and called by keyboard alone", async ({ app, page, record }) => {
    await app.tool("get-annotated-message");
    await app.at("args-mode").focus();
    await page.keyboard.press("Tab");
    await expect(app.at("arg-messageType")).toBeFocused();
    await page.keyboard.press("d");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Control+Enter");
    await app.result("ok");
    expect(record.sent("tools/call")[0].params.arguments).toEqual({ messageType: "debug", includeImage: true });
  });

  test("every field has a label and is described by its hint", async ({ app, page }) => {
    await app.tool("get-resource-links");
    const field = page.getByLabel("count");
    await expect(field).toHaveAccessibleDescription(/Number of resource links.*From 1 to 10/);
  });
});

test("lists, choices, objects within objects and raw JSON are sent as the schema has them", async ({
  app,
  page,
  start,
}) => {
  const server = await start.mcp({ tools: [BOOK] });
  await app.open();
  await app.connected(server.url);
  await app.tool("book");
  await type(app, { ship: "Argo", kind: "Warship", port: "Corinth", night: false, towed: "true" });
  const cargo = app.at("arg-cargo");
  await cargo.getByLabel("tin").check();
  await cargo.getByLabel("wool").check();
  await cargo.getByLabel("salt").check();
  await cargo.getByLabel("tin").uncheck();
  for (const [index, depth] of ["1.50", "3"].entries()) {
    await part(app, "array-add", "/depths").click();
    await expect(control(app, `/depths/${index}`)).toBeFocused();
    await control(app, `/depths/${index}`).fill(depth);
  }
  await app.at("arg-captain.name").fill("Jason");
  await app.at("arg-extra").fill('{"oars": [50]}');
  await app.at("call-tool").click();
  await app.result("ok");
  const whole = {
    ship: "Argo",
    sail: null,
    kind: 2,
    port: "Corinth",
    night: false,
    towed: true,
    cargo: ["wool", "salt"],
    depths: [1.5, 3],
    captain: { name: "Jason" },
    extra: { oars: [50] },
  };
  expect(server.calls("tools/call")[0].body.params.arguments).toEqual(whole);
  await app.typeArguments(JSON.stringify({ ...whole, captain: { name: "", contact: { mail: "j@argo.example" } } }));
  await app.at("args-mode").selectOption("form");
  await expect(app.at("arg-captain.contact.mail")).toHaveValue("j@argo.example");
  await expect(cargo.getByRole("checkbox", { checked: true })).toHaveCount(2);
  await app.at("arg-extra").fill("{");
  await app.at("call-tool").click();
  await expect(app.at("arg-extra")).toBeFocused();
  await expect(page.locator(".error")).toContainText("not JSON");
  expect(server.calls("tools/call")).toHaveLength(1);
});

test("after a login in the middle of a call, the form holds what was sent", async ({ app, page, start }) => {
  const issuer = await start.issuer();
  const server = await start.mcp({ issuer, tools: [BOOK] });
  await app.open();
  await app.connect(server.url);
  await logInAndAllow(page);
  await app.is("connected");
  await app.tool("book");
  await type(app, { ship: "Argo", "captain.name": "Jason", night: false });
  server.forgetTokens();
  await app.at("call-tool").click();
  await atLogin(page, issuer.url);
  await allow(page);
  await app.is("connected");
  await app.result("ok");
  await expect(app.at("arg-ship")).toHaveValue("Argo");
  await expect(app.at("arg-captain.name")).toHaveValue("Jason");
  await expect(app.at("arg-night")).not.toBeChecked();
});

async function type(app: Flowglass, fields: Filled) {
  for (const [name, value] of Object.entries(fields)) {
    const field = app.at(`arg-${name}`);
    if (typeof value === "boolean") await field.setChecked(value);
    else if ((await field.evaluate((it) => it.tagName)) === "SELECT") await field.selectOption({ label: value });
    else await field.fill(value);
  }
}

function noteOf(app: Flowglass, name: string) {
  return app.page.locator(".field").filter({ has: app.at(`arg-${name}`) });
}
