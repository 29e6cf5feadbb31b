// What the browser keeps of the page: after one visit it opens without its host.
import { DIST } from "../../../e2e/helpers/fixtures.ts";
import { startApp } from "../../../e2e/servers/app.mjs";
import { expect, onlyWhereInstalled, test } from "../../browsers/fixtures.ts";

onlyWhereInstalled();

test("after one visit the page opens without its host, and the demo works", async ({ visit }) => {
  const host = await startApp({ folder: DIST });
  const tab = await visit(host.url);
  const worker = () => tab.window.run(() => navigator.serviceWorker?.controller?.state ?? "none");
  await expect.poll(worker, { timeout: 20_000, message: "the service worker" }).toBe("activated");
  await host.close();
  await tab.reload();
  await tab.click("demo");
  await tab.click("demo-approve");
  await tab.is("connected");
});
