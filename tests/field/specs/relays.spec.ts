// The relays of `hosting/` on nginx and Caddy, before servers in Python that send no CORS headers, as their SDKs come.
import { DIST } from "../../e2e/helpers/fixtures.ts";
import { Flowglass } from "../../e2e/helpers/flowglass.ts";
import { startRecipe } from "../../e2e/servers/recipe.mjs";
import { PROGRAMS } from "../../e2e/servers/web-server.mjs";
import { expect, logIn, PYTHON, PYTHON_SDK_1, testsOf } from "../helpers.ts";
import { startPython } from "../servers/python.mjs";

interface Case {
  python: string | undefined;
  command: string[];
  hasLoginPage: boolean;
  tool: string;
  arguments: object;
  result: string;
}

const SDK = { command: ["sdk_server.py"], hasLoginPage: true, tool: "whoami", arguments: {}, result: "Ada with mcp:tools" };
const FASTMCP = { hasLoginPage: false, tool: "add", arguments: { a: 2, b: 3 }, result: "5" };

const CASES: Record<string, Case> = {
  "Python SDK 2.x": { python: PYTHON, ...SDK },
  "Python SDK 1.x": { python: PYTHON_SDK_1, ...SDK },
  "FastMCP with its own OAuth": { python: PYTHON, command: ["fastmcp_server.py", "oauth"], ...FASTMCP },
  "FastMCP without authorization": { python: PYTHON, command: ["fastmcp_server.py", "open"], ...FASTMCP },
};

for (const [title, it] of Object.entries(CASES)) {
  const test = testsOf(() => startPython(it.python!, ...it.command, "--no-cors"));
  test.skip(!it.python, "python3 is not there");
  for (const name of ["nginx", "caddy"] as const) {
    test(`${title} without CORS headers: a login and a call through a relay of ${name}`, async ({ page, server }) => {
      test.skip(!PROGRAMS[name], `${name} is not installed`);
      const host = await startRecipe(name, { folder: DIST, relays: { "/relay/harbour": server.origin } });
      try {
        const app = new Flowglass(page, host.url);
        const fetched = new Set<string>();
        page.on("request", (it) => {
          if (it.resourceType() === "fetch") fetched.add(new URL(it.url()).origin);
        });
        await app.open();
        await app.connect(server.url);
        if (it.hasLoginPage) await logIn(page, "Log in");
        await app.is("connected");
        await app.tool(it.tool);
        await app.call(it.arguments);
        await app.result("ok");
        await expect(app.at("result-raw")).toContainText(it.result);
        expect([...fetched]).toEqual([host.origin]);
      } finally {
        await host.close();
      }
    });
  }
}
