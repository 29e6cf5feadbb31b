// FastMCP as it is on PyPI, page by page: tools, resources, templates, prompts, completion, logs and progress, in the newest
// revision that it speaks and in the one before.
import type { Flowglass } from "../../e2e/helpers/flowglass.ts";
import { expect, PYTHON, testsOf } from "../helpers.ts";
import { startPython } from "../servers/python.mjs";

const test = testsOf(() => startPython(PYTHON!, "fastmcp_pages.py"));

test.skip(!PYTHON, "python3 is not there");

for (const version of ["auto", "2025-11-25"]) {
  test.describe(`FastMCP, protocol version ${version}`, () => {
    test.beforeEach(async ({ app, server }) => {
      await app.open();
      await app.connected(server.url, { "protocol-version": version });
      await app.atRest();
    });

    test("tools: structured content with its schema, an image, annotations, an error of the tool", async ({ app }) => {
      await calls(app, "berth", { port: "Ithaca" });
      await expect(app.at("call-result")).toHaveAttribute("data-schema", "valid");
      await expect(block(app, "structured")).toContainText("Ithaca");
      await calls(app, "picture", {});
      await expect(block(app, "image").locator("img")).toHaveAttribute("src", /^data:image\/png;base64,/);
      await calls(app, "noted", {});
      await expect(app.at("block-annotations").first().locator("li")).toHaveText(["audience: user", "priority: 0.5"]);
      await calls(app, "sink", {}, "tool-error");
      await expect(app.at("call-result")).toContainText("the hull is open");
      await expect(app.at("server-instructions")).toHaveCount(0);
      await app.go("connect");
      await expect(app.at("server-instructions")).toContainText("The bar is shallow.");
      await expect(app.at("violations")).toHaveCount(0);
    });

    test("resources and templates: shown by type, a variable completed", async ({ app }) => {
      await app.resource("harbour://log");
      await app.at("read-resource").click();
      await expect(app.at("resource-view")).toHaveAttribute("data-kind", "text");
      await expect(app.at("resource-view").locator("[data-line]")).toHaveText(["calm\n", "sea\n"]);
      await app.resource("harbour://chart");
      await app.at("read-resource").click();
      await expect(app.at("resource-view")).toHaveAttribute("data-kind", "html");
      await app.page.locator('[data-testid="template-item"]').click();
      await app.at("arg-port").fill("Ith");
      await chooses(app, "Ithaca");
      await expect(app.at("arg-port")).toHaveValue("Ithaca");
      await app.at("read-resource").click();
      await expect(app.at("resource-view")).toHaveAttribute("data-kind", "json");
      await expect(app.at("resource-view")).toContainText("Ithaca");
    });

    test("prompts: an argument completed, and its message", async ({ app }) => {
      await app.go("prompts");
      await app.page.locator('[data-testid="prompt-item"][data-name="arrival"]').click();
      await app.at("arg-port").fill("I");
      await expect(app.at("completion-item")).toHaveCount(3);
      await chooses(app, "Izmir");
      await app.at("get-prompt").click();
      await expect(app.at("prompt-result")).toHaveAttribute("data-status", "ok");
      await expect(app.at("prompt-message")).toHaveAttribute("data-role", "user");
      await expect(app.at("prompt-message")).toContainText("Describe the arrival in Izmir.");
    });

    test("logs and progress: each with its call", async ({ app }) => {
      await app.go("logs");
      await app.at("log-level").selectOption("debug");
      await app.atRest();
      await calls(app, "unload", { crates: 3 });
      await expect(app.at("call-result")).toContainText("crate 3");
      await app.go("logs");
      await expect(app.at("log-list")).toHaveAttribute("data-total", "3");
      const first = app.at("log-item").first();
      await expect(first).toHaveAttribute("data-level", "warning");
      await expect(first).toHaveAttribute("data-logger", "crane");
      await expect(first).toContainText("crate 3 is heavy");
      await expect(first).toContainText("unload");
    });

    test("elicitation: the answer reaches the tool", async ({ app }) => {
      await app.tool(version === "auto" ? "register_in_rounds" : "register");
      await app.call({});
      await expect(await app.asked("elicitation")).toContainText("Which port?");
      await app.at("request-dialog").locator("select[data-path]").selectOption({ label: "Ithaca" });
      await app.answers("accept");
      await app.result("ok");
      await expect(app.at("result-raw")).toContainText("accept Ithaca");
    });
  });
}

async function calls(app: Flowglass, tool: string, args: object, status: "ok" | "tool-error" = "ok") {
  await app.tool(tool);
  await app.call(args);
  await app.result(status);
}

async function chooses(app: Flowglass, value: string) {
  await app.page.locator(`[data-testid="completion-item"][data-value="${value}"]`).click();
}

function block(app: Flowglass, kind: string) {
  return app.page.locator(`[data-testid="result-block"][data-kind="${kind}"]`);
}
