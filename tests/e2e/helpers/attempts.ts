// Many attempts on one page, one after the other: what the user does, done by the page itself, because a test that
// waits outside of it waits longer than the page works.
import { expect } from "@playwright/test";
import type { Flowglass } from "./flowglass.ts";

const OVER = /^(connected|refused|failed)$/;

/** Connects to a server, from whatever state, and is back when the attempt is over, through a login or without one. */
export async function attempts(app: Flowglass, server: string, where: string) {
  const stayed = await app.page.evaluate(pressConnect, server).catch(() => "the page was left");
  if (stayed === "over") return;
  await expect(app.html, where).toHaveAttribute("data-connection", OVER);
  await expect(app.html, where).toHaveAttribute("data-busy", "0");
}

/** Presses a button, and is back when the page is at rest again. */
export async function presses(app: Flowglass, testid: string, where: string) {
  const stayed = await app.page.evaluate(pressButton, testid);
  expect(stayed, where).toBe("over");
}

// Both run in the page.

async function pressConnect(server: string) {
  const at = <T extends HTMLElement>(testid: string) => document.querySelector<T>(`[data-testid="${testid}"]`);
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  at("disconnect")?.click();
  for (let wait = 0; !at("connect") && wait < 100; wait += 1) await frame();
  const field = at<HTMLInputElement>("server-url")!;
  field.value = server;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return new Promise<string>((done) => {
    const { dataset } = document.documentElement;
    let begun = false;
    const watch = new MutationObserver((changes) => {
      begun ||= changes.some((it) => it.attributeName === "data-connection");
      const over = ["connected", "refused", "failed"].includes(dataset.connection ?? "") && dataset.busy === "0";
      if (begun && over) finish("over");
    });
    const finish = (how: string) => {
      watch.disconnect();
      done(how);
    };
    watch.observe(document.documentElement, { attributes: true });
    setTimeout(finish, 5000, "not over yet");
    at("connect")!.click();
  });
}

async function pressButton(testid: string) {
  const { dataset } = document.documentElement;
  return new Promise<string>((done) => {
    let begun = false;
    const watch = new MutationObserver(() => {
      begun ||= dataset.busy !== "0";
      if (!begun || dataset.busy !== "0") return;
      watch.disconnect();
      done("over");
    });
    watch.observe(document.documentElement, { attributes: true });
    setTimeout(done, 5000, "not over yet");
    document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)!.click();
  });
}
