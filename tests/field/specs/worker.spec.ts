// A Cloudflare worker in wrangler's local runtime: one agent over both transports, behind the worker's own consent page.
import { expect, logIn, testsOf } from "../helpers.ts";
import { startWorker } from "../servers/worker.mjs";

const test = testsOf(startWorker);
// One worker serves both.
test.describe.configure({ mode: "default" });

const WAYS = [
  { path: "/mcp", transport: "Streamable HTTP" },
  { path: "/sse", transport: "HTTP+SSE" },
];

for (const { path, transport } of WAYS) {
  test(`Cloudflare worker over ${path}: a login on its consent page, and a call`, async ({ app, page, server }) => {
    await app.open();
    await app.connect(server.origin + path);
    await logIn(page, "Allow");
    await app.is("connected");
    await expect(app.at("negotiated-transport")).toContainText(transport);
    await app.tool("whoami");
    await app.call({ greeting: "Ahoy" });
    await app.result("ok");
    await expect(app.at("result-raw")).toContainText("Ahoy, Ada!");
  });
}
