// Draws the icons of the installed app from its favicon, into assets/icons.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { test } from "@playwright/test";

const ASSETS = resolve(import.meta.dirname, "../../../assets");
/** Platforms cut a maskable icon to their shape: its drawing lies within a circle of four fifths of its width. */
const KINDS = [
  { name: "", style: "", share: 0.92 },
  { name: "maskable-", style: "background: #fbfaf7", share: 0.56 },
];

for (const { name, style, share } of KINDS) {
  for (const size of [192, 512]) {
    test(`${name}${size}.png`, async ({ page }) => {
      const favicon = await readFile(resolve(ASSETS, "favicon.svg"), "utf8");
      const drawing = favicon.replace("<svg ", `<svg width="${size * share}" height="${size * share}" `);
      await page.setViewportSize({ width: size, height: size });
      await page.setContent(`<body style="margin: 0; height: 100vh; display: grid; place-items: center; ${style}">${drawing}`);
      await page.screenshot({ path: resolve(ASSETS, "icons", `${name}${size}.png`), omitBackground: true });
    });
  }
}
