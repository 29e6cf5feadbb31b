// MCP Apps: an app of the official package in its frame, what it may do and what it may not, and that it reaches nothing but
// what was said before it was shown.
import { expect, test as base } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { startApps } from "../servers/apps.mjs";
import { json, listen } from "../servers/listen.mjs";

type Apps = Awaited<ReturnType<typeof startApps>>;

/** An app without the package: what it tries is told in its own page. */
function reaching(allowed: string, other: string) {
  const tries = `{
    allowed: () => fetch("${allowed}/data").then((it) => it.json()),
    fetch: () => fetch("${other}/fetch", { mode: "no-cors" }),
    image: () => new Promise((done, failed) => Object.assign(new Image(), { onload: done, onerror: failed, src: "${other}/image" })),
    script: () => new Promise((done, failed) => document.head.append(Object.assign(document.createElement("script"), { onload: done, onerror: failed, src: "${other}/script" }))),
    storage: async () => localStorage.length,
    page: async () => parent.document.title,
    evaluated: async () => new Function("return 1")(),
  }`;
  return `<!doctype html><title>Reaching</title><output></output><a href="${other}/away">Away</a><script>
    Promise.all(Object.entries(${tries}).map(([name, run]) => Promise.resolve().then(run).then(() => name + " worked", () => name + " failed")))
      .then((all) => (document.querySelector("output").textContent = all.join(", ")));
  </script>`;
}

/** An app that tells which features its frame has, and writes to the clipboard on a press. */
function permitted() {
  return `<!doctype html><title>Permitted</title><output></output><p></p><button>Copy</button><script>
    const policy = document.permissionsPolicy ?? document.featurePolicy;
    const features = ["camera", "microphone", "geolocation", "clipboard-write"].filter((it) => policy.allowsFeature(it));
    document.querySelector("output").textContent = "has " + features.join(", ");
    document.querySelector("button").onclick = () => navigator.clipboard.writeText("from the app")
      .then(() => "written", () => "refused").then((it) => (document.querySelector("p").textContent = it));
  </script>`;
}

const test = base.extend<{ other: { origin: string; paths: string[] }; apps: Apps }>({
  other: async ({}, use) => {
    const paths: string[] = [];
    const { origin, close } = await listen((request, response) => {
      paths.push(request.url ?? "");
      json(response, 200, {}, { "access-control-allow-origin": "*" });
    });
    await use({ origin, paths });
    await close();
  },
  apps: async ({ other }, use) => {
    const data = await listen((_, response) => json(response, 200, {}, { "access-control-allow-origin": "*" }));
    const csp = { connectDomains: [data.origin, "http://evil.example", "https://a.example/path"] };
    const apps = await startApps({
      reaching: { html: reaching(data.origin, other.origin), ui: { csp, permissions: { camera: {} } } },
      allowed: { html: permitted(), ui: { permissions: { camera: {}, clipboardWrite: {}, geolocation: {} } } },
      plain: { html: "<p>Not an app", mimeType: "text/html" },
    });
    await use(apps);
    await apps.close();
    await data.close();
  },
});

// What the browser writes of scripts that are evaluated and of requests that the app's policy forbids, and of a frame without
// an origin that asks for what only an origin has.
test.use({ expectedErrors: /Content Security Policy|content security policy:|Refused to|Blocked a frame|sandboxed/i });

async function called(app: Flowglass, apps: Apps, tool: string, args: object) {
  await app.open();
  await app.connected(apps.url);
  await app.tool(tool);
  await app.call(args);
  await app.result("ok");
}

function inside(app: Flowglass, selector: string) {
  return app.page.frameLocator('[data-testid="app-frame"]').locator(selector);
}

function logged(app: Flowglass, logger: "app" | "host") {
  return app.page.locator(`[data-testid="log-item"][data-logger="${logger}"]`);
}

test("an app of the official package is shown with the result, and is told the call, its result and the theme", async ({ app, apps, page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await called(app, apps, "clock", { zone: "UTC" });
  const [initialize] = apps.calls("initialize");
  expect(initialize.params.capabilities.extensions["io.modelcontextprotocol/ui"]).toEqual({ mimeTypes: ["text/html;profile=mcp-app"] });
  await expect(app.at("app-frame")).toHaveAttribute("sandbox", "allow-scripts");
  await expect(inside(app, "#input")).toHaveText('{"zone":"UTC"}');
  await expect(inside(app, "#result")).toHaveText(JSON.stringify({ told: 'clock {"zone":"UTC"}' }));
  await expect(inside(app, "#theme")).toHaveText("dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect(inside(app, "#theme")).toHaveText("light");
  // It grows with what it shows.
  await inside(app, "#grow").click();
  await expect.poll(async () => (await app.at("app-frame").boundingBox())?.height ?? 0).toBeGreaterThan(900);
  // Another call has an app of its own.
  await app.call({ zone: "CET" });
  await expect(inside(app, "#input")).toHaveText('{"zone":"CET"}');
  await app.at("app-close").click();
  await expect(app.at("app-frame")).toHaveCount(0);
  // What was closed stays so until it is asked for.
  await app.call({ zone: "EET" });
  await app.result("ok");
  await app.at("app-show").click();
  await expect(inside(app, "#input")).toHaveText('{"zone":"EET"}');
  expect(apps.calls("tools/call")).toHaveLength(3);
});

test("every message of the bridge is in the log, with the level that the app gives", async ({ app, apps }) => {
  await called(app, apps, "clock", {});
  await expect(inside(app, "#result")).not.toBeEmpty();
  await app.at("app-close").click();
  await expect(app.at("app-frame")).toHaveCount(0);
  await app.go("logs");
  for (const [logger, words] of [
    ["app", "ui/initialize"],
    ["app", "ui/notifications/initialized"],
    ["host", "Content-Security-Policy: default-src 'none'"],
    ["host", "ui/notifications/tool-input"],
    ["host", "ui/notifications/tool-result"],
    ["host", "ui/resource-teardown"],
    ["app", "wound up"],
  ] as const) {
    await app.at("log-filter").fill(words);
    await expect(logged(app, logger).first(), words).toBeVisible();
  }
  await expect(logged(app, "app")).toHaveAttribute("data-level", "warning");
});

test("a call of the app waits for the user, and goes over the connection", async ({ app, apps }) => {
  await called(app, apps, "clock", {});
  await expect(inside(app, "#result")).not.toBeEmpty();
  await inside(app, "#tick").click();
  await expect(await app.asked("app-call")).toContainText("tick");
  await expect(app.at("request-dialog")).toContainText('{"by":2}');
  expect(apps.calls("tools/call")).toHaveLength(1);
  await app.answers("decline");
  await expect(inside(app, "#answer")).toContainText("refused: ");
  expect(apps.calls("tools/call")).toHaveLength(1);
  await inside(app, "#tick").click();
  await app.asked("app-call");
  await app.answers("accept");
  await expect(inside(app, "#answer")).toHaveText('tick {"by":2}');
  expect(apps.calls("tools/call")).toHaveLength(2);
  // A tool that is not for apps is not even asked about.
  await inside(app, "#reset").click();
  await expect(inside(app, "#answer")).toContainText("Apps may not call this tool");
  await expect(app.at("request-dialog")).toHaveCount(0);
  // What the tool itself answered stays.
  await expect(app.at("call-result")).toHaveAttribute("data-status", "ok");
  await expect(app.at("result-raw")).toContainText("clock");
  await app.go("wire");
  await expect(app.exchange("tools/call")).toHaveCount(2);
  await expect(app.exchange("resources/read")).toHaveCount(1);
});

test("a link of the app waits for the user, who sees where it leads", async ({ app, apps, context }) => {
  await context.route("https://docs.example.com/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>Manual</title>" }));
  await called(app, apps, "clock", {});
  await expect(inside(app, "#result")).not.toBeEmpty();
  await inside(app, "#manual").click();
  await expect(await app.asked("app-link")).toContainText("docs.example.com");
  await app.answers("decline");
  await expect(inside(app, "#answer")).toContainText("refused: ");
  await inside(app, "#manual").click();
  await app.asked("app-link");
  const opening = context.waitForEvent("page");
  await app.answers("accept");
  expect((await opening).url()).toBe("https://docs.example.com/clock");
  await expect(inside(app, "#answer")).toHaveText("opened");
});

test("what an app may reach is said before it is shown, and it reaches nothing else", async ({ app, apps, other, page }) => {
  await called(app, apps, "reaching", {});
  const reach = app.at("app-reach");
  await expect(reach).toContainText(/http:\/\/127\.0\.0\.1:\d+/);
  await expect(reach).toContainText("http://evil.example (not https)");
  await expect(reach).toContainText("https://a.example/path (not an origin)");
  await expect(reach).toContainText("camera");
  await expect(app.at("app-frame")).toHaveCount(0);
  await app.at("app-allow").click();
  await expect(inside(app, "output")).toHaveText(
    "allowed worked, fetch failed, image failed, script failed, storage failed, page failed, evaluated failed",
  );
  expect(other.paths).toEqual([]);
  // Nor does it lead its frame away: the page's own policy holds there.
  const blocked = page.evaluate(
    () => new Promise<string>((done) => addEventListener("securitypolicyviolation", (it) => done(it.effectiveDirective), { once: true })),
  );
  await inside(app, "a").click();
  expect(await blocked).toBe("frame-src");
  expect(other.paths).toEqual([]);
  await expect(app.at("call-result")).toHaveAttribute("data-status", "ok");
});

test("a message to a conversation is shown beside the app, is copied, and goes nowhere", async ({ app, apps, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await called(app, apps, "clock", {});
  await expect(inside(app, "#result")).not.toBeEmpty();
  await expect(app.at("app-messages")).toHaveCount(0);
  await inside(app, "#say").click();
  await expect(inside(app, "#answer")).toHaveText("{}");
  await inside(app, "#say").click();
  await expect(app.at("app-message-item")).toHaveCount(2);
  const message = app.at("app-message-item").first();
  await expect(message).toContainText("from the app");
  await expect(message.locator("pre")).toHaveText("It is <b>noon</b>\n[resource link: clock://face]");
  await message.getByRole("button", { name: "Copy" }).click();
  await expect(message.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await app.page.evaluate(() => navigator.clipboard.readText())).toBe("It is <b>noon</b>\n[resource link: clock://face]");
  for (const method of ["sampling/createMessage", "ui/message"]) expect(apps.calls(method)).toEqual([]);
  expect(apps.calls("tools/call")).toHaveLength(1);
});

test("an app covers the page once the user allows it, and Escape ends that", async ({ app, apps, page }) => {
  await called(app, apps, "clock", {});
  await expect(inside(app, "#mode")).toHaveText("inline");
  await inside(app, "#expand").click();
  await app.asked("app-fullscreen");
  await app.answers("decline");
  await expect(inside(app, "#answer")).toHaveText("inline");
  await expect(app.at("app-inline")).toHaveCount(0);
  await inside(app, "#expand").click();
  await app.asked("app-fullscreen");
  await app.answers("accept");
  await expect(inside(app, "#answer")).toHaveText("fullscreen");
  await expect(inside(app, "#mode")).toHaveText("fullscreen");
  const { width, height } = page.viewportSize()!;
  const box = () => app.at("app-frame").boundingBox();
  expect((await box())!.width).toBeGreaterThan(0.9 * width);
  expect((await box())!.height).toBeGreaterThan(0.8 * height);
  await expect(app.at("app-inline")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(app.at("app-inline")).toHaveCount(0);
  await expect(inside(app, "#mode")).toHaveText("inline");
  // The same app all the time: it was told its input once.
  await expect(inside(app, "#answer")).toHaveText("fullscreen");
  // By the user alone, and back by the app.
  await app.at("app-fullscreen").click();
  await expect(inside(app, "#mode")).toHaveText("fullscreen");
  await inside(app, "#shrink").click();
  await expect(inside(app, "#mode")).toHaveText("inline");
  await expect(app.at("app-inline")).toHaveCount(0);
});

test("an app gets its input in parts where the user wants to see that", async ({ app, apps }) => {
  await called(app, apps, "clock", { zone: "UTC", hours: 12 });
  await expect(inside(app, "#input")).toHaveText('{"zone":"UTC","hours":12}');
  await expect(inside(app, "#parts")).toBeEmpty();
  await app.at("app-input-parts").check();
  await expect(inside(app, "#parts")).toHaveText('[{"zone":"U"},{"zone":"UTC"}]');
  await expect(inside(app, "#input")).toHaveText('{"zone":"UTC","hours":12}');
  await expect(inside(app, "#result")).not.toBeEmpty();
});

test.describe("permissions", () => {
  // What the browser writes of the permission that the app tries without having it.
  test.use({ expectedErrors: /Permissions policy violation: The Clipboard API/ });

  test("an app has those permissions alone that the user allows", async ({ app, apps }) => {
    await called(app, apps, "allowed", {});
    await expect(app.at("app-reach")).toContainText("Asks for");
    await expect(app.at("app-frame")).toHaveCount(0);
    await expect(app.at("app-permission")).toHaveCount(3);
    await app.at("app-allow").click();
    await expect(app.at("app-frame")).toHaveAttribute("allow", "");
    await expect(inside(app, "output")).toHaveText("has ");
    await expect(app.at("app-reach")).toContainText("camera, geolocation, clipboardWrite");
    await inside(app, "button").click();
    await expect(inside(app, "p")).toHaveText("refused");
    await app.at("app-close").click();
    await app.at("app-show").click();
    const permission = (name: string) => app.page.locator(`[data-testid="app-permission"][data-name="${name}"]`);
    // What was allowed before is asked again.
    await expect(permission("camera")).not.toBeChecked();
    await permission("camera").check();
    await permission("clipboardWrite").check();
    await app.at("app-allow").click();
    await expect(app.at("app-frame")).toHaveAttribute("allow", "camera; clipboard-write");
    await expect(inside(app, "output")).toHaveText("has camera, clipboard-write");
  });
});

test("a resource that is no app is not shown, and why is said", async ({ app, apps }) => {
  await called(app, apps, "plain", {});
  await expect(app.at("tool-app")).toContainText("text/html");
  await expect(app.at("app-frame")).toHaveCount(0);
  await expect(app.at("app-show")).toBeVisible();
});

test("under a prefix the frame is found", async ({ prefixed: app, apps }) => {
  await called(app, apps, "clock", { zone: "UTC" });
  await expect(inside(app, "#input")).toHaveText('{"zone":"UTC"}');
});

test("the page of the frame writes nothing where it has an origin", async ({ app, page }) => {
  await page.goto(`${app.home}app/frame.html`);
  await page.evaluate(load, "self");
  await expect(page.locator("#owned")).toHaveCount(0);
  await expect(page.locator("p")).toBeVisible();
  await app.open();
  const owned = await page.evaluate(load, `${app.home}app/frame.html`);
  expect(owned).toBe(false);
});

/** Runs in the page: gives a document to the page of the frame, and is back when it had it. Whether it was written. */
async function load(where: string) {
  const message = { jsonrpc: "2.0", method: "ui/notifications/sandbox-resource-ready", params: { html: "<p id=owned>" } };
  let target: Window = window;
  if (where !== "self") {
    const frame = document.createElement("iframe");
    await new Promise((done) => {
      frame.addEventListener("load", done, { once: true });
      frame.src = where;
      document.body.append(frame);
    });
    target = frame.contentWindow as Window;
  }
  // Added after the page's own listener, so it runs after it.
  const heard = new Promise((done) => target.addEventListener("message", done, { once: true }));
  target.postMessage(message, "*");
  await heard;
  return target.document.querySelector("#owned") !== null;
}
