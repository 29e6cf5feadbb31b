// What a server sends too much of is bounded, the bound is said, and the page stays the user's.
import { expect, test as base } from "../helpers/fixtures.ts";
import type { Flowglass } from "../helpers/flowglass.ts";
import { startHeavyMcp } from "../servers/heavy.mjs";

const test = base.extend<{ heavy: Awaited<ReturnType<typeof startHeavyMcp>> }>({
  heavy: async ({}, use) => {
    const server = await startHeavyMcp();
    await use(server);
    await server.close();
  },
});

/** Presses Call, and does not wait for what the press has started: from then on the page is busy with the flood. */
async function floods(app: Flowglass) {
  await app.at("call-tool").evaluate((it) => void setTimeout(() => (it as HTMLElement).click()));
  await app.result("pending");
}

for (const [tool, what] of [
  ["flood", "notifications"],
  ["endless", "one event without an end"],
]) {
  test(`a flood of ${what} leaves the page to the user: it disconnects within a second`, async ({ app, page, heavy }) => {
    await app.open();
    await app.connected(heavy.url);
    await app.tool(tool);
    await floods(app);
    // Some of it has come, and more does.
    await app.go("wire");
    await app.raw();
    await app.at("wire-filter").fill(tool === "endless" ? "post" : "message");
    const some = async () => Number(await app.at("wire-list").getAttribute("data-total"));
    await expect.poll(some).toBeGreaterThan(tool === "endless" ? 2 : 500);
    await app.go("connect");
    const took = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          // As a press that comes in from outside: behind whatever the page has to do.
          const channel = new MessageChannel();
          const pressed = performance.now();
          channel.port1.onmessage = () => {
            document.querySelector<HTMLElement>('[data-testid="disconnect"]')!.click();
            const { dataset } = document.documentElement;
            const over = () => dataset.connection === "idle" && done(performance.now() - pressed);
            new MutationObserver(over).observe(document.documentElement, { attributes: true });
            over();
          };
          channel.port2.postMessage("");
        }),
    );
    expect(took).toBeLessThan(1_000);
    await app.is("idle");
  });
}

test("a server that asks without an end gets fifty responses a second, and that is said", async ({ app, heavy }) => {
  await app.open();
  await app.connected(heavy.url);
  await app.tool("ask-flood");
  await floods(app);
  await expect.poll(() => heavy.world.responses).toBeGreaterThanOrEqual(50);
  await expect(app.page.getByText("more than 50 requests in 1 s").first()).toBeAttached();
  await app.at("cancel-call").click();
  await app.result("cancelled");
});

test("ten thousand log messages are kept, and what goes beyond is said", async ({ app, heavy }) => {
  await app.open();
  await app.connected(heavy.url);
  await app.tool("log");
  await app.call({ count: 10_050 });
  await expect(app.at("call-result")).toHaveAttribute("data-status", "ok", { timeout: 30_000 });
  await app.go("logs");
  await expect(app.at("log-list")).toHaveAttribute("data-total", "10000");
  await expect(app.at("log-item").first()).toContainText("line 10049");
  await expect(app.at("log-item").first()).toHaveAttribute("data-logger", "heavy");
  await expect(app.at("log-bound")).toContainText("50 older ones were dropped");
  // Only rows near the viewport are there, and the oldest is reached all the same.
  expect(await app.at("log-item").count()).toBeLessThan(200);
  await app.at("log-item").first().focus();
  await app.page.keyboard.press("End");
  await expect(app.at("log-item").last()).toContainText("line 50");
  await app.at("log-filter").fill("LINE 1234");
  await expect(app.at("log-item")).toHaveCount(1);
});

test("an SVG is drawn when that is asked for, as an image", async ({ app, heavy }) => {
  await app.open();
  await app.connected(heavy.url);
  await app.tool("draw");
  await app.call({});
  await app.result("ok");
  const drawing = app.at("call-result").locator("img");
  await expect(drawing).toHaveCount(0);
  await app.at("draw-svg").click();
  await expect(drawing).toHaveAttribute("src", /^data:image\/svg\+xml;base64,/);
  await expect(app.at("call-result").locator("svg")).toHaveCount(0);
});

test("a stream that asks to be opened again at once is opened again after a second", async ({ app }) => {
  const server = await startHeavyMcp({ retry: 0 });
  await app.open();
  await app.connected(server.url);
  await expect.poll(() => server.world.reconnects.length).toBeGreaterThanOrEqual(3);
  const times: number[] = server.world.reconnects;
  for (const [at, time] of times.slice(1).entries()) expect(time - times[at]).toBeGreaterThan(900);
  await server.close();
});
