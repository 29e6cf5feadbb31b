// Results that want input before there is one (2026-07-28): the question, the second request, and what it carries.
import { expect, test } from "../helpers/fixtures.ts";
import { toolTexts } from "../helpers/results.ts";
import type { Modern } from "../helpers/servers.ts";

const META = "io.modelcontextprotocol/";

let server: Modern;

test.beforeEach(async ({ app, start }) => {
  server = await start.modern();
  await app.open();
  await app.connected(server.url, { roots: "file:///srv/harbour The harbour" });
});

const rounds = () => server.calls("tools/call").map((it) => it.body.params);

test("the server is answered with the form, in a second request that differs in its id and its answers alone", async ({
  app,
}) => {
  await app.tool("ask-form");
  await app.call({});
  const dialog = await app.asked("elicitation");
  await app.result("needs-input");
  await dialog.getByLabel(/^Name/).fill("Argo");
  await app.answers("accept");
  await app.result("ok");
  const [first, second] = server.calls("tools/call");
  expect(second.body.id).not.toEqual(first.body.id);
  expect(second.headers).toMatchObject({ "mcp-method": "tools/call", "mcp-name": "ask-form" });
  const { inputResponses, ...rest } = second.body.params;
  expect(named(rest)).toEqual(named(first.body.params));
  expect(rest._meta[`${META}protocolVersion`]).toBe("2026-07-28");
  const content = { name: "Argo", crew: 7, draught: 2.5, insured: true, rig: "ketch", flag: "no", cargo: ["salt"] };
  expect(inputResponses).toEqual({
    papers: { action: "accept", content: { ...content, note: "Fair winds" } },
  });
  await expect(app.at("request-dialog")).toHaveCount(0);
});

for (const how of ["decline", "cancel"] as const) {
  test(`the server is told of a form that is answered with ${how}`, async ({ app }) => {
    await app.tool("ask-form");
    await app.call({});
    await app.asked("elicitation");
    await app.answers(how);
    await app.result("ok");
    expect(rounds()[1].inputResponses).toEqual({ papers: { action: how } });
  });
}

test("the server is told that a page was opened, and no more", async ({ app, context }) => {
  await app.tool("ask-page");
  await app.call({ url: `${server.origin}/toll` });
  await expect(await app.asked("elicitation-url")).toContainText(`${server.origin}/toll`);
  const opening = context.waitForEvent("page");
  await app.answers("accept");
  await opening;
  await app.result("ok");
  expect(rounds()[1].inputResponses).toEqual({ page: { action: "accept" } });
});

test("the server does not make the page open an address that is no web address", async ({ app, context }) => {
  await app.tool("ask-page");
  await app.call({ url: "javascript:alert(1)" });
  const dialog = await app.asked("elicitation-url");
  await expect(dialog).toContainText("javascript:alert(1)");
  await app.answers("accept");
  expect(context.pages()).toHaveLength(1);
  await app.answers("decline");
  await app.result("ok");
  expect(rounds()[1].inputResponses).toEqual({ page: { action: "decline" } });
});

test("the server gets a model's answer that a person wrote", async ({ app, page }) => {
  await app.tool("ask-model");
  await app.call({});
  await expect(await app.asked("sampling")).toContainText("A line about the sea");
  await page.locator('[data-testid="request-dialog"] textarea').fill("Wine-dark");
  await app.answers("accept");
  await app.result("ok");
  expect(rounds()[1].inputResponses.poem).toMatchObject({
    role: "assistant",
    content: { type: "text", text: "Wine-dark" },
  });
});

test("the server is not asked again where the model's answer is declined: the call has ended", async ({ app }) => {
  await app.tool("ask-model");
  await app.call({});
  await app.asked("sampling");
  await app.answers("decline");
  await app.result("cancelled");
  await expect(app.at("request-dialog")).toHaveCount(0);
  await app.atRest();
  expect(rounds()).toHaveLength(1);
});

test("the server gets the roots without a question", async ({ app }) => {
  await app.tool("ask-roots");
  await app.call({});
  await app.result("ok");
  expect(rounds()[1].inputResponses).toEqual({
    roots: { roots: [{ uri: "file:///srv/harbour", name: "The harbour" }] },
  });
});

test("the server gets both answers at once where it asked for two", async ({ app }) => {
  await app.tool("ask-two");
  await app.call({});
  await expect(await app.asked("elicitation", 2)).toContainText("The first thing");
  await app.answers("accept");
  await expect(await app.asked("elicitation", 1)).toContainText("The second thing");
  await app.result("needs-input");
  expect(rounds()).toHaveLength(1);
  await app.answers("decline");
  await app.result("ok");
  expect(rounds()[1].inputResponses).toEqual({
    one: { action: "accept", content: { sure: true } },
    two: { action: "decline" },
  });
});

test("the server may ask again, and gets back what it gave to keep, to the byte", async ({ app }) => {
  await app.tool("ask-again");
  await app.call({});
  await expect(await app.asked("elicitation")).toContainText("Round one");
  await app.answers("accept");
  await expect(app.at("request-dialog")).toContainText("Round two");
  await app.answers("accept");
  await app.result("ok");
  expect(rounds().map((it) => it.requestState)).toEqual([undefined, "r1 äß==", "r1 äß=="]);
  expect(rounds().map((it) => Object.keys(it.inputResponses ?? {}))).toEqual([[], ["first"], ["second"]]);
  expect(await toolTexts(app)).toEqual(['["second"]']);
});

test("the server loses its question where the page is loaded again", async ({ app }) => {
  await app.tool("ask-form");
  await app.call({});
  await app.asked("elicitation");
  await app.page.reload();
  await app.ready();
  await app.is("connected");
  await expect(app.at("request-dialog")).toHaveCount(0);
  await app.tool("ask-form");
  await app.call({});
  await app.asked("elicitation");
  await app.answers("decline");
  await app.result("ok");
});

/** A call without what may differ from one round to the next. */
function named({ name, arguments: args }: { name: string; arguments: object }) {
  return { name, args };
}
