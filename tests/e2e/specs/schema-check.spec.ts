// The schema check: what it says of arguments and of structured content, what it withstands, and that it is right.
import { expect, test, DIST } from "../helpers/fixtures.ts";
import { control, problem } from "../helpers/forms.ts";
import { built, DRAFTS, run } from "../../schema/suite.mjs";

const DAY = {
  name: "day",
  inputSchema: { type: "object", properties: { day: { type: "string", format: "date" } } },
  run: () => ({ content: [] }),
};

for (const draft of Object.keys(DRAFTS)) {
  test(`the module of the built page passes the official tests of ${draft}`, async () => {
    const { check } = await built(DIST);
    const { passed, failed } = await run(check, draft);
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(900);
  });
}

test.describe("the schema check", () => {
  /** A result with structured content, or without. */
  const structured = (name: string, outputSchema: object, structuredContent?: object) => ({
    name,
    inputSchema: { type: "object" },
    outputSchema,
    run: () => ({ content: [], ...(structuredContent && { structuredContent }) }),
  });
  const schema = {
    type: "object",
    required: ["n"],
    properties: { n: { type: "integer" }, list: { type: "array", items: { pattern: "^a" } } },
  };

  test("structured content is valid, or it is said where it is not", async ({ app, start }) => {
    const tools = [
      structured("right", schema, { n: 1, list: ["a"] }),
      structured("wrong", schema, { n: "1", list: ["a", "b"] }),
      structured("none", schema),
    ];
    const server = await start.mcp({ tools });
    await app.open();
    await app.connected(server.url);
    for (const [tool, verdict, paths] of [
      ["right", "valid", []],
      ["wrong", "invalid", ["/n", "/list/1"]],
      ["none", "invalid", [""]],
    ] as const) {
      await app.tool(tool);
      await app.at("call-tool").click();
      await expect(app.at("call-result")).toHaveAttribute("data-schema", verdict);
      const rows = await app.at("schema-problem").evaluateAll((all) => all.map((it) => it.getAttribute("data-path")));
      expect(rows).toEqual(paths);
    }
  });

  test("a pattern that takes for ever does not hold up the page", async ({ app, start }) => {
    const a = { type: "string", pattern: "^(a+)+$", default: `${"a".repeat(40)}!` };
    const slow = { name: "slow", inputSchema: { type: "object", properties: { a } }, run: () => ({ content: [] }) };
    const server = await start.mcp({ tools: [slow] });
    await app.open();
    await app.connected(server.url);
    await app.tool("slow");
    await app.at("call-tool").click();
    await app.result("ok");
    await expect(app.at("schema-unchecked")).toBeVisible();
    await control(app, "/a").fill("b");
    await expect(problem(app, "/a")).toHaveCount(1);
    await expect(app.at("schema-unchecked")).toHaveCount(0);
  });

  test("what the schema refers to elsewhere is not fetched, and that is said", async ({ app, start, record }) => {
    const far = { name: "far", inputSchema: { type: "object", properties: { a: { $ref: "https://schema.example/a" } } } };
    const server = await start.mcp({ tools: [{ ...far, run: () => ({ content: [] }) }] });
    await app.open();
    await app.connected(server.url);
    await app.tool("far");
    await expect(app.at("schema-unchecked")).toContainText("https://schema.example/a");
    expect([...record.origins()]).not.toContain("https://schema.example");
    await app.at("call-tool").click();
    await app.result("ok");
  });

  test.describe("where its part does not load", () => {
    test.use({ expectedErrors: /schema-.*\.js|net::ERR/ });

    test("it says so, and everything else works", async ({ app, page, start }) => {
      await page.context().route(/\/schema-.*\.js$/, (route) => route.abort());
      const server = await start.mcp({ tools: [DAY] });
      await app.open();
      await app.connected(server.url);
      await app.tool("day");
      await expect(app.at("schema-unchecked")).toBeVisible();
      await control(app, "/day").fill("2026-07-28");
      await app.at("call-tool").click();
      await app.result("ok");
      await expect(app.at("problem")).toHaveCount(0);
    });
  });
});
