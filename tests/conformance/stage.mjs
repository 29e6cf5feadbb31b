// What every scenario needs and all of them share: the page on a web server, the proxy, and one browser behind it.
import { chromium } from "playwright-core";
import { BROWSER_FLAGS, browserPath } from "../e2e/helpers/browser.ts";
import { startApp } from "../e2e/servers/app.mjs";
import { startProxy } from "./proxy.mjs";
import { WireRecord } from "./record.mjs";

/**
 * @typedef {object} Stage
 * @property {Record<string, string>} environment What `drive.mjs` finds in its environment.
 * @property {WireRecord} record What went through the proxy.
 * @property {boolean} unexposed
 * @property {() => Promise<unknown>} close
 */

/**
 * @param {string} folder The built page.
 * @param {boolean} unexposed Whether the proxy hides every header that is not simple.
 * @returns {Promise<Stage>}
 */
export async function setStage(folder, unexposed) {
  const record = new WireRecord();
  const app = await startApp({ folder });
  const proxy = await startProxy({ own: app.origin, record, unexposed });
  const browser = await chromium.launchServer({ executablePath: browserPath(), args: flags(proxy.origin) });
  const environment = {
    FLOWGLASS_PAGE: app.url,
    FLOWGLASS_BROWSER: browser.wsEndpoint(),
    FLOWGLASS_UNEXPOSED: unexposed ? "yes" : "",
  };
  const close = () => Promise.all([browser.close(), proxy.close(), app.close()]);
  return { environment, record, unexposed, close };
}

/** Without `<-loopback>` a browser reaches this machine past its proxy. */
function flags(proxy) {
  return [...BROWSER_FLAGS, `--proxy-server=${proxy}`, "--proxy-bypass-list=<-loopback>"];
}
