// What the user does on the pages of the authorization server (servers/login.mjs).
import { expect, type Page } from "@playwright/test";

export async function logIn(page: Page, name = "Ada") {
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Log in" }).click();
}

export async function allow(page: Page) {
  await page.getByRole("button", { name: "Allow" }).click();
}

export async function deny(page: Page) {
  await page.getByRole("button", { name: "Deny" }).click();
}

export async function logInAndAllow(page: Page) {
  await logIn(page);
  await allow(page);
}

/** The browser has left for the authorization server, and its first form is there. */
export async function atLogin(page: Page, issuer: string) {
  await expect(page).toHaveURL((url) => url.origin === issuer);
  await expect(page.getByRole("button").first()).toBeVisible();
}
