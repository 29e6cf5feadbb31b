// The page of the check: runs it, and finds its lines.
import { expect } from "@playwright/test";
import type { Flowglass } from "./flowglass.ts";

export async function check(app: Flowglass, server: string, fields: Record<string, string> = {}) {
  await app.open();
  await app.fill({ "server-url": server, ...fields });
  await app.at("check-server").click();
  await expect(app.page).toHaveURL(`${app.home}check`);
  await expect(app.at("check-report")).toHaveAttribute("data-status", "done");
  await app.atRest();
}

/** A line of the audit, by its id in the checklist. */
export const line = (app: Flowglass, rule: string) =>
  app.page.locator(`[data-testid="check-item"][data-rule="${rule}"]`);

export const is = (app: Flowglass, rule: string, verdict: string) =>
  expect(line(app, rule), rule).toHaveAttribute("data-verdict", verdict);
