// FastMCP as it is on PyPI: open, and with its own OAuth provider, which gives its code without a page in between.
import { expect, PYTHON, testsOf } from "../helpers.ts";
import { startPython } from "../servers/python.mjs";

const open = testsOf(() => startPython(PYTHON!, "fastmcp_server.py", "open"));
const guarded = testsOf(() => startPython(PYTHON!, "fastmcp_server.py", "oauth"));

for (const test of [open, guarded]) test.skip(!PYTHON, "python3 is not there");

open("FastMCP: an open server lists its tools and runs one", async ({ app, server }) => {
  await app.open();
  await app.connected(server.url);
  await expect(app.at("server-name")).toContainText("harbour");
  await app.go("tools");
  await expect(app.at("tool-list")).toHaveAttribute("data-total", "2");
  await app.tool("add");
  await app.call({ a: 2, b: 3 });
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("5");
});

guarded("FastMCP with its own OAuth: a client that registers itself gets every scope that it asks for", async ({ app, server, record }) => {
  await app.open();
  await app.connected(server.url);
  const [registration] = record.to(`${server.origin}/register`);
  const [authorization] = record.to(`${server.origin}/authorize?`);
  const asked = new URL(authorization.url).searchParams.get("scope");
  expect(asked?.split(" ").sort()).toEqual(["read", "write"]);
  expect(registration.request.postDataJSON().scope).toBe(asked);
  await app.tool("greet");
  await app.call({ name: "Grace" });
  await app.result("ok");
  await expect(app.at("result-raw")).toContainText("Hello, Grace!");
});
