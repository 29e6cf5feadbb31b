// What is given away of a run: as a file of the browser, and in the clipboard.
import { expect, onlyWhereInstalled, guarded, test } from "../../browsers/fixtures.ts";

onlyWhereInstalled();

test("the trace file and the HAR are downloaded whole, and hold no token", async ({ tab, start }) => {
  const { issuer, server } = await guarded(start);
  await tab.connect(server.url);
  await tab.logInAndAllow();
  await tab.is("connected");
  await tab.go("walkthrough");
  const trace = await tab.download("export-trace");
  expect(trace.name).toMatch(/^flowglass-[\w.-]+-connected\.flowglass\.json$/);
  expect(JSON.parse(trace.text)).toMatchObject({ format: "flowglass-trace" });
  const har = await tab.download("export-har");
  expect(har.name).toMatch(/\.har$/);
  const { entries } = JSON.parse(har.text).log;
  expect(entries.map((it: { request: { url: string } }) => it.request.url)).toContain(`${issuer.url}/token`);
  for (const { access_token: token } of issuer.tokens) expect(trace.text + har.text).not.toContain(token);
});

test("the result of a call is downloaded and copied", async ({ tab }) => {
  await tab.demo();
  await tab.click("demo-approve");
  await tab.is("connected");
  await tab.call("add");
  const result = await tab.download("result-download");
  expect(JSON.parse(result.text)).toHaveProperty("content");
  await tab.click("block-copy");
  await tab.shows("block-copy", "Copied");
});
