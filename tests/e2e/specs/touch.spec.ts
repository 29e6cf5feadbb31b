// On a tablet: both ways to hold it, touched instead of pressed.
import { authorized } from "../helpers/authorized.ts";
import { fits } from "../helpers/everybody.ts";
import { expect, test } from "../helpers/fixtures.ts";
import { type Flowglass, STEPS } from "../helpers/flowglass.ts";

const ROUTES = ["connect", "walkthrough", "tools", "resources", "prompts", "wire", "logs"] as const;
const SIZES = [
  { width: 768, height: 1024 },
  { width: 1024, height: 768 },
];

/** WCAG 2.2, 2.5.8: the side of a target, in pixels. */
const LEAST = 24;

test.use({ hasTouch: true });

/** What is too small to be touched. A link within a sentence is as high as its line (2.5.8, "Inline"). */
function tooSmall(least: number) {
  const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=treeitem], [role=option]";
  const all = [...document.querySelectorAll(targets)].filter((it) => isTouched(it) && !isInline(it));
  return all.filter((it) => Math.min(box(it).width, box(it).height) < least - 0.5).map(words);

  function isTouched(it: Element) {
    const isShown = it.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    // What is there for readers of a screen alone is a pixel wide.
    return isShown && !it.closest("[inert]") && it.getBoundingClientRect().width > 1;
  }

  function isInline(it: Element) {
    return it.localName === "a" && getComputedStyle(it).display === "inline";
  }

  /** A label around a checkbox is touched as the checkbox is, and what covers its whole row is as large as the row. */
  function box(it: Element) {
    const label = [...((it as HTMLInputElement).labels ?? [])].find((label) => label.contains(it));
    const row = getComputedStyle(it, "::after").position === "absolute" ? (it as HTMLElement).offsetParent : null;
    return (row ?? label ?? it).getBoundingClientRect();
  }

  function words(it: Element) {
    const name = it.getAttribute("data-testid") ?? it.className;
    return `${it.localName} ${name} "${it.textContent?.trim().slice(0, 30)}" ${Math.round(box(it).width)}×${Math.round(box(it).height)}`;
  }
}

async function touchable(app: Flowglass, where: string, width: number) {
  await fits(app, where, width);
  expect(await app.page.evaluate(tooSmall, LEAST), where).toEqual([]);
}

for (const viewport of SIZES) {
  test.describe(`at ${viewport.width} × ${viewport.height}`, () => {
    test.use({ viewport });
    const { width } = viewport;

    test("every page fits, and what is touched is large enough", async ({ app, start }) => {
      const server = await start.mcp();
      await app.open();
      await touchable(app, "the first page", width);
      for (const settings of ["protocol-version", "scope"]) await app.reveal(settings);
      await touchable(app, "the settings", width);
      await app.fill({ "server-url": server.url });
      await app.at("connect").tap();
      await app.is("connected");
      await app.atRest();
      await app.tool("big-rows");
      await app.typeArguments('{"rows": 200}');
      await app.at("call-tool").tap();
      await app.result("ok");
      await expect(app.at("result-search")).toBeVisible();
      await touchable(app, "a result", width);
      for (const route of ROUTES) {
        await app.at(`nav-${route}`).tap();
        await expect(app.at(`nav-${route}`)).toHaveAttribute("aria-current", "page");
        await app.atRest();
        await touchable(app, route, width);
      }
    });

    test("a login and its walkthrough fit, step by step", async ({ app, start }) => {
      await authorized(app, start);
      await app.at("nav-walkthrough").tap();
      await app.steps(STEPS, "done");
      for (const step of ["unauthorized", "authorize", "token"]) {
        await app.step(step).locator("a, button").first().tap();
        await expect(app.step(step).locator("[aria-current=step]")).toBeVisible();
        await app.atRest();
        await touchable(app, step, width);
      }
    });

    test("a problem fits", async ({ app, start }) => {
      const server = await start.mcp({ crossOrigin: { cors: false } });
      await app.open();
      await app.fill({ "server-url": server.url });
      await app.at("connect").tap();
      await app.fails("cors-blocked");
      await touchable(app, "a problem", width);
    });
  });
}
