// The parts of a form, by the JSON Pointer of the value that they are for.
import type { Flowglass } from "./flowglass.ts";

/** The control of a value. */
export function control(app: Flowglass, path: string) {
  const controls = ["input:not([type=checkbox])", "textarea", "select:not([data-testid=variant])"];
  return app.page.locator(controls.map((it) => `${it}[data-path="${path}"]`).join(", "));
}

export function part(app: Flowglass, testid: string, path: string) {
  return app.page.locator(`[data-testid="${testid}"][data-path="${path}"]`);
}

export function problem(app: Flowglass, path: string) {
  return part(app, "field-problem", path);
}
