// What the page must show of a fault between it and the server, and what must hold besides.
import { expect } from "@playwright/test";
import { TOOLS } from "../servers/tools.mjs";
import type { CallStatus, Flowglass } from "./flowglass.ts";
import type { Faulty } from "./servers.ts";

export type Check = (app: Flowglass, server: Faulty) => Promise<void> | void;

export interface Expectation {
  /** The end of the test's name. */
  words: string;
  holds: Check;
}

// What must be shown

export function fails(code: string | RegExp, text: RegExp = /./): Expectation {
  const holds: Check = async (app) => expect(await app.fails(code)).toContainText(text);
  return { words: `ends in ${name(code)}`, holds };
}

/** The tab is connected all the same. */
export function reports(code: string, text: RegExp = /./): Expectation {
  const holds: Check = async (app) => {
    await expect(await app.problem(code)).toContainText(text);
    await app.is("connected");
  };
  return { words: `is reported as ${code} by a connected tab`, holds };
}

export function lists(total = TOOLS.length): Expectation {
  const holds: Check = async (app) => {
    await app.is("connected");
    await allListed(app, total);
    await app.atRest();
    await expect(app.at("problem")).toHaveCount(0);
  };
  return { words: `lists ${total} tools all the same`, holds };
}

export function calls(status: CallStatus): Expectation {
  return { ...shows(status), words: `changes nothing for a call, which is ${status}` };
}

export function shows(status: CallStatus, text: RegExp = /./): Expectation {
  const holds: Check = async (app) => {
    await app.is("connected");
    await app.tool("echo");
    await app.call({ message: "ahoy" });
    await app.result(status);
    await expect(app.at("call-result")).toContainText(text);
    if (status === "http-error") await app.facts(app.at("call-result"));
    await app.is("connected");
    await expect(app.at("problem")).toHaveCount(0);
  };
  return { words: `is shown as ${status}`, holds };
}

function name(code: string | RegExp) {
  return typeof code === "string" ? code : code.source.replace(/[\^$()]/g, "").replace("|", " or ");
}

async function allListed(app: Flowglass, total: number) {
  await app.go("tools");
  await expect(app.at("tool-list")).toHaveAttribute("data-total", String(total));
}

// What must hold besides

/** After the answer has come all the same. */
export function staysSo(status: CallStatus): Check {
  return async (app, server) => {
    await expect.poll(() => server.calls("tools/call").map((it) => it.passed)).toEqual([true]);
    await app.atRest();
    await app.result(status);
  };
}

/** `initialize` must not be cancelled (MCP, cancellation). */
export function neverCancels(_: Flowglass, server: Faulty) {
  expect(server.calls("notifications/cancelled")).toEqual([]);
}

/** Of any other request that is given up, the server is told (MCP, lifecycle, timeouts). */
export async function cancels(_: Flowglass, server: Faulty) {
  const told = () => server.calls("notifications/cancelled").map((it) => it.message.params.requestId);
  await expect.poll(told).toEqual(server.calls("tools/call").map((it) => it.message.id));
}

/** Exactly one new session was begun. */
export function renewed(_: Flowglass, server: Faulty) {
  expect(server.calls("initialize")).toHaveLength(2);
  expect(server.calls("initialize").map((it) => it.headers["mcp-session-id"])).toEqual([undefined, undefined]);
}

export function renewedAtMostOnce(_: Flowglass, server: Faulty) {
  expect(server.calls("initialize").length).toBeLessThanOrEqual(2);
}

export function keepsItsSession(_: Flowglass, server: Faulty) {
  expect(server.calls("tools/call").map((it) => it.headers["mcp-session-id"])).not.toContain("another");
}

export function movesTo(path: string): Check {
  return (_, server) => expect(server.calls("tools/list").map((it) => it.path)).toEqual([path]);
}

export function isTheServers(app: Flowglass) {
  return expect(app.at("problem")).toHaveAttribute("data-owner", "mcp-server");
}

export async function isFirst(app: Flowglass) {
  await app.go("connect");
  await expect(app.at("server-name")).toHaveText(/harbour/i);
}

export function hasReplied(reply: object): Check {
  return (_, server) => expect(server.replies).toEqual([{ jsonrpc: "2.0", id: "p", ...reply }]);
}

export function excludes(tool: string): Check {
  return (app) => expect(app.item(tool)).toHaveAttribute("data-excluded");
}

export function includes(tool: string): Check {
  return (app) => expect(app.item(tool)).not.toHaveAttribute("data-excluded");
}

/** What came is used, and the rule that it breaks is named. */
export function violates(text: RegExp): Check {
  return (app) => expect(app.at("violations")).toContainText(text);
}

export async function endsSoon(app: Flowglass, server: Faulty) {
  await violates(/cursor/)(app, server);
  expect(server.calls("tools/list").length).toBeLessThanOrEqual(3);
}
