// What every scenario needs and all of them share: the page on a web server, the proxy, and one browser behind it.
import { chromium } from "playwright-core";
import { BROWSER_FLAGS, browserPath } from "../e2e/helpers/browser.ts";
import { startApp } from "../e2e/servers/app.mjs";
import { startProxy } from "./proxy.mjs";

/**
 * @param {string} folder The built page.
 * @returns What `drive.mjs` finds in its environment, and how to end it all.
 */
export async function setStage(folder) {
  const app = await startApp({ folder });
  const proxy = await startProxy({ own: app.origin });
  const browser = await chromium.launchServer({ executablePath: browserPath(), args: flags(proxy.origin) });
  const close = () => Promise.all([browser.close(), proxy.close(), app.close()]);
  return { environment: { FLOWGLASS_PAGE: app.url, FLOWGLASS_BROWSER: browser.wsEndpoint() }, close };
}

/** Without `<-loopback>` a browser reaches this machine past its proxy. */
function flags(proxy) {
  return [...BROWSER_FLAGS, `--proxy-server=${proxy}`, "--proxy-bypass-list=<-loopback>"];
}
