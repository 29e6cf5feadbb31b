// The raw result of a call, read as what it is.
import type { Flowglass } from "./flowglass.ts";

/** The texts of a tool's result, as far as the page shows them whole. */
export async function toolTexts(app: Flowglass): Promise<string[]> {
  const { content } = JSON.parse((await app.at("result-raw").textContent()) ?? "{}");
  return content.map((it: { text: string }) => it.text);
}
