// Collects what must never happen on any page of the app: thrown errors, written errors, broken content security policy.
import type { BrowserContext, ConsoleMessage } from "@playwright/test";

/** The browser itself writes these for every answer that is an error or is blocked; the page cannot prevent it. */
const OF_THE_NETWORK = [/^Failed to load resource/, /^Access to fetch at .* has been blocked by CORS policy/];

export async function watchErrors(context: BrowserContext): Promise<string[]> {
  const errors: string[] = [];
  context.on("weberror", (it) => errors.push(`thrown: ${it.error()}`));
  context.on("console", (it) => isError(it) && errors.push(`console: ${it.text()}`));
  await context.exposeBinding("reportViolation", (_, words: string) =>
    errors.push(`content security policy: ${words}`),
  );
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (it) => {
      const report = (globalThis as unknown as { reportViolation(words: string): void }).reportViolation;
      report(`${it.violatedDirective} ${it.blockedURI} ${it.sample}`);
    });
  });
  return errors;
}

function isError(message: ConsoleMessage) {
  return message.type() === "error" && !OF_THE_NETWORK.some((it) => it.test(message.text()));
}
