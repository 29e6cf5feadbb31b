// The form that is made of a tool's schema: what the controls of a browser hold is what is sent.
import { expect, onlyWhereInstalled, test } from "../../browsers/fixtures.ts";

onlyWhereInstalled();

const BOOK = {
  name: "book",
  inputSchema: {
    type: "object",
    required: ["ship"],
    properties: {
      ship: { type: "string", minLength: 2 },
      berth: { type: "integer", minimum: 1 },
      port: { enum: ["Piraeus", "Corinth"] },
      night: { type: "boolean", default: true },
      day: { type: "string", format: "date" },
      depths: { type: "array", items: { type: "number" } },
      captain: { type: "object", properties: { name: { type: "string" } } },
    },
  },
  run: () => ({ content: [{ type: "text", text: "booked" }] }),
};

const control = (path: string) => `[data-path="${path}"]:is(input, select, textarea)`;

test("every kind of control gives its value, and a value that breaks the schema is told of", async ({ tab, start }) => {
  const server = await start.mcp({ tools: [BOOK] });
  await tab.connect(server.url);
  await tab.is("connected");
  await tab.tool("book");
  await tab.fill(control("/ship"), "A");
  await tab.there('[data-testid="field-problem"][data-path="/ship"]');
  await tab.fill(control("/ship"), "Argo");
  await tab.counts("field-problem", 0);
  await tab.fill(control("/berth"), "7");
  await tab.choose(control("/port"), await valueOf("Corinth"));
  await tab.click(control("/night"));
  await tab.fill(control("/day"), "2026-07-28");
  await tab.click('[data-testid="array-add"][data-path="/depths"]');
  await tab.fill(control("/depths/0"), "1.5");
  await tab.fill(control("/captain/name"), "Jason");
  await tab.click("call-tool");
  await tab.result("ok");
  const scalars = { ship: "Argo", berth: 7, port: "Corinth", night: false, day: "2026-07-28" };
  const whole = { ...scalars, depths: [1.5], captain: { name: "Jason" } };
  expect(server.calls("tools/call")[0].body.params.arguments).toEqual(whole);

  function valueOf(label: string) {
    const find = (selector: string, label: string) =>
      [...document.querySelector<HTMLSelectElement>(selector)!.options].find((it) => it.label === label)!.value;
    return tab.window.run(find, control("/port"), label);
  }
});
