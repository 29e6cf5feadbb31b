// Everything that the reference server can do, over both of its transports.
import { expect, test } from "../helpers/fixtures.ts";
import type { CallStatus, Flowglass } from "../helpers/flowglass.ts";
import { toolsOf } from "../helpers/script-mcp.ts";

const DOCUMENT = "demo://resource/static/document/features.md";
const ASKS = "trigger-elicitation-request";
const SAMPLES = "trigger-sampling-request";
const VISITS = "trigger-url-elicitation";
/** Listed where the client takes tasks: called in `received.spec.ts`. */
const AS_TASKS = [`${ASKS}-async`, `${SAMPLES}-async`];

/** Every tool with arguments, how its call ends, and what the answer says. What the user has to answer is below. */
const USES: Record<string, { args?: object; status?: CallStatus; says: RegExp }> = {
  echo: { args: { message: "ahoy" }, says: /Echo: ahoy/ },
  "get-annotated-message": { args: { messageType: "error", includeImage: true }, says: /Operation failed[^]*audience/ },
  "get-env": { says: /TRANSPORT/ },
  "get-resource-links": { args: { count: 3 }, says: /resource_link[^]*demo:\/\/resource\/dynamic\/text\/2/ },
  "get-resource-reference": { args: { resourceType: "Blob", resourceId: 7 }, says: /dynamic\/blob\/7/ },
  "get-roots-list": { says: /no roots are currently configured/ },
  "get-structured-content": { args: { location: "Chicago" }, says: /structuredContent[^]*humidity/ },
  "get-sum": { args: { a: 2, b: 40 }, says: /is 42/ },
  "get-tiny-image": { says: /image\/png/ },
  "gzip-file-as-resource": {
    args: { name: "ahoy.gz", data: "data:text/plain,ahoy", outputType: "resource" },
    says: /application\/gzip/,
  },
  // It can only be called as a task, and takes some seconds.
  "simulate-research-query": { args: { topic: "sea" }, says: /Research Report: sea/ },
  "toggle-simulated-logging": { says: /Started simulated/ },
  "toggle-subscriber-updates": { says: /Started simulated/ },
  "trigger-long-running-operation": { args: { duration: 0.2, steps: 2 }, says: /completed/ },
};

for (const transport of ["Streamable HTTP", "HTTP+SSE"] as const) {
  test.describe(`over ${transport}`, () => {
    const overSse = transport === "HTTP+SSE";

    test.beforeEach(async ({ app, everything, everythingOverSse, record }) => {
      void record; // From the first request on.
      await app.open();
      await app.connected((overSse ? everythingOverSse : everything).url);
    });

    test("an automatic connection finds the revision and the transport", async ({ app, record }) => {
      await expect(app.at("negotiated-version")).toHaveText("2025-11-25");
      await expect(app.at("negotiated-transport")).toHaveText(transport);
      await expect(app.at("server-name")).toContainText(/everything/i);
      expect(record.sent("server/discover")).toHaveLength(1);
      expect(record.sent("notifications/initialized")).toHaveLength(1);
      await app.atRest();
      await expect(app.at("problem")).toHaveCount(0);
      await expect(app.at("violations")).toHaveCount(0);
    });

    test("progress is shown while a call works, and gone when it is done", async ({ app, record }) => {
      await app.tool("trigger-long-running-operation");
      await app.call({ duration: 2, steps: 4 });
      await expect(app.at("progress")).toContainText(/[123] of 4/);
      await app.result("pending");
      await app.result("ok");
      await expect(app.at("progress")).toHaveCount(0);
      expect(record.sent("tools/call")[0].params._meta.progressToken).toBeDefined();
    });

    test("a model's answer is written by hand, or declined", async ({ app, page }) => {
      await app.tool(SAMPLES);
      await app.call({ prompt: "Sing of the sea", maxTokens: 40 });
      const dialog = await app.asked("sampling");
      await expect(dialog).toContainText("Sing of the sea");
      await expect(dialog).toContainText("You are a helpful test server.");
      await expect(dialog).toContainText("40");
      await app.result("needs-input");
      await page.locator('[data-testid="request-dialog"] textarea').fill("O sea, O sea");
      await app.answers("accept");
      await app.result("ok");
      await expect(app.at("result-raw")).toContainText("O sea, O sea");
      await app.call({ prompt: "Sing again" });
      await app.asked("sampling");
      await app.answers("decline");
      await app.result("tool-error");
      await expect(app.at("request-dialog")).toHaveCount(0);
    });

    test("a form with every kind of field starts with its defaults, and what is typed comes back", async ({ app }) => {
      await app.tool(ASKS);
      await app.call({});
      const dialog = await app.asked("elicitation");
      await app.result("needs-input");
      await expect(dialog.getByLabel("String with default")).toHaveValue("It was a dark and stormy night.");
      await expect(dialog.getByLabel("Integer")).toHaveValue("42");
      await expect(dialog.getByLabel("Guitar")).toBeChecked();
      await dialog.getByLabel("String required", { exact: true }).fill("Ada");
      await dialog.getByLabel("Boolean").check();
      await dialog.getByLabel("String with email format").fill("ada@example.com");
      await dialog.getByLabel("String with uri format").fill("https://example.com/ada");
      await dialog.getByLabel("String with date format").fill("1815-12-10");
      await dialog.getByLabel("Integer").fill("7");
      await dialog.getByLabel("Number in range 1-1000").fill("2.5");
      await dialog.getByLabel("Untitled Single Select Enum").selectOption("Ross");
      await dialog.getByLabel("Titled Single Select Enum", { exact: true }).selectOption({ label: "Wonder Woman" });
      await dialog.getByLabel("Legacy Titled Single Select Enum").selectOption({ label: "Birds" });
      await dialog.getByLabel("Piano").check();
      await dialog.getByLabel("Trout").check();
      await app.answers("accept");
      await app.result("ok");
      expect(await answered(app)).toEqual({
        action: "accept",
        content: {
          name: "Ada",
          check: true,
          firstLine: "It was a dark and stormy night.",
          email: "ada@example.com",
          homepage: "https://example.com/ada",
          birthdate: "1815-12-10",
          integer: 7,
          number: 2.5,
          untitledSingleSelectEnum: "Ross",
          untitledMultipleSelectEnum: ["Guitar", "Piano"],
          titledSingleSelectEnum: "hero-3",
          titledMultipleSelectEnum: ["fish-1", "fish-3"],
          legacyTitledEnum: "pet-3",
        },
      });
      await expect(app.at("request-dialog")).toHaveCount(0);
    });

    for (const how of ["decline", "cancel"] as const) {
      test(`a form can be answered with ${how}`, async ({ app }) => {
        await app.tool(ASKS);
        await app.call({});
        await app.asked("elicitation");
        await app.answers(how);
        await app.result("ok");
        expect(await answered(app)).toEqual({ action: how });
      });
    }

    test("a page to visit is opened only by the person, in a tab that knows nothing of this one", async ({
      app,
      context,
      everything,
    }) => {
      await app.tool(VISITS);
      await app.call({ url: `${everything.origin}/toll?ship=argo`, message: "Pay the toll" });
      const dialog = await app.asked("elicitation-url");
      await expect(dialog).toContainText(`${everything.origin}/toll?ship=argo`);
      await expect(dialog).toContainText("Pay the toll");
      await app.result("needs-input");
      expect(context.pages()).toHaveLength(1);
      const opening = context.waitForEvent("page");
      await app.answers("accept");
      const opened = await opening;
      await app.result("ok");
      expect(await answered(app)).toEqual({ action: "accept" });
      expect(opened.url()).toBe(`${everything.origin}/toll?ship=argo`);
      expect(await opened.evaluate(() => [window.opener, document.referrer])).toEqual([null, ""]);
    });

    test("the roots that were typed are told to the server", async ({ app, everything, everythingOverSse, record }) => {
      await app.at("disconnect").click();
      const server = overSse ? everythingOverSse : everything;
      await app.connected(server.url, { roots: "file:///srv/harbour The harbour\nfile:///srv/empty" });
      await app.tool("get-roots-list");
      await app.call({});
      await app.result("ok");
      await expect(app.at("result-raw")).toContainText("The harbour");
      await expect(app.at("result-raw")).toContainText("file:///srv/empty");
      expect(record.sent("initialize").at(-1).params.capabilities.roots).toBeDefined();
    });

    test("the level is set, and only what is grave enough is logged", async ({ app, record }) => {
      await app.go("logs");
      await app.fill({ "log-level": "error" });
      await expect.poll(() => record.sent("logging/setLevel").map((it) => it.params.level)).toEqual(["error"]);
      await app.resource(DOCUMENT);
      await app.subscribe();
      await app.atRest();
      await app.go("logs");
      await app.fill({ "log-level": "debug" });
      await expect.poll(() => record.sent("logging/setLevel").length).toBe(2);
      await app.atRest();
      await expect(app.at("log-list")).not.toContainText("Received Subscribe");
      await app.tool("toggle-simulated-logging");
      await app.call({});
      await app.result("ok");
      await app.go("logs");
      await expect(app.at("log-list")).toContainText(/level.message/i);
    });

    test("a subscribed resource is read again by itself when the server says that it changed", async ({
      app,
      record,
    }) => {
      const reads = () => record.sent("resources/read").map((it) => it.params.uri);
      await app.resource(DOCUMENT);
      await app.subscribe();
      await expect.poll(() => record.sent("resources/subscribe").map((it) => it.params.uri)).toEqual([DOCUMENT]);
      expect(reads()).toEqual([DOCUMENT]);
      await app.tool("toggle-subscriber-updates");
      await app.call({});
      await app.result("ok");
      await expect.poll(reads).toEqual([DOCUMENT, DOCUMENT]);
      await app.resource(DOCUMENT);
      await expect(app.at("resource-result")).toHaveAttribute("data-status", "ok");
      await expect(app.at("subscribe-resource")).toHaveAttribute("aria-pressed", "true");
      await app.at("subscribe-resource").click();
      await expect(app.at("subscribe-resource")).toHaveAttribute("aria-pressed", "false");
      await expect.poll(() => record.sent("resources/unsubscribe").map((it) => it.params.uri)).toEqual([DOCUMENT]);
    });

    test("a long call can be cancelled: the server is told, and the next call is answered", async ({ app, record }) => {
      await app.tool("trigger-long-running-operation");
      await app.call({ duration: 30, steps: 30 });
      await expect(app.at("progress")).toBeVisible();
      await app.at("cancel-call").click();
      await app.result("cancelled");
      const [call] = record.sent("tools/call");
      await expect
        .poll(() => record.sent("notifications/cancelled").map((it) => it.params.requestId))
        .toEqual([call.id]);
      await app.tool("echo");
      await app.call({ message: "still here" });
      await app.result("ok");
    });
  });
}

test.describe("every tool of the server", () => {
  test("has a call below or in another file, or a question above", async ({ app, everything, record }) => {
    void record; // From the first request on.
    await app.open();
    await app.connected(everything.url);
    const listed = await toolsOf(everything.url, record.sent("initialize")[0].params.capabilities);
    expect(listed.map((it) => it.name).sort()).toEqual([...Object.keys(USES), ASKS, SAMPLES, VISITS, ...AS_TASKS].sort());
  });

  for (const [name, { args = {}, status = "ok", says }] of Object.entries(USES)) {
    test(`${name} answers ${status}`, async ({ app, everything }) => {
      await app.open();
      await app.connected(everything.url);
      await app.tool(name);
      await app.call(args);
      await app.result(status);
      await expect(app.at("result-raw")).toContainText(says);
      await expect(app.at("problem")).toHaveCount(0);
      await expect(app.at("violations")).toHaveCount(0);
    });
  }
});

test("a page to visit that an error names is asked for too, and the call works afterwards", async ({
  app,
  context,
  everything,
}) => {
  await context.route("https://modelcontextprotocol.io/**", (route) => route.fulfill({ body: "the page" }));
  await app.open();
  await app.connected(everything.url);
  await app.tool(VISITS);
  await app.call({ url: `${everything.origin}/toll`, errorPath: true });
  await expect(await app.asked("elicitation-url")).toContainText("https://modelcontextprotocol.io");
  await app.answers("accept");
  await expect(app.at("request-dialog")).toHaveCount(0);
  await app.result("rpc-error");
  await app.call({ url: `${everything.origin}/toll`, errorPath: true });
  await expect(await app.asked("elicitation-url")).toContainText(`${everything.origin}/toll`);
  await app.answers("decline");
  await app.result("ok");
  expect(await answered(app)).toEqual({ action: "decline" });
});

/** What the server says that it was answered, as it stands at the end of its last text. */
async function answered(app: Flowglass) {
  const { content } = JSON.parse((await app.at("result-raw").textContent()) ?? "{}");
  return JSON.parse(content.at(-1).text.split("Raw result:")[1]);
}
