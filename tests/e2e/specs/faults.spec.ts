// Faults between the page and a real server, one a test: each is told as what it is, and none hangs or panics.
import {
  after,
  asError,
  batch,
  bothInOne,
  deepContent,
  deepSchema,
  half,
  hologram,
  lines,
  notice,
  notUtf8,
  OWN_ERROR,
  ping,
  pingOfSameId,
  roundAndRound,
  same,
  TIDE,
  twice,
  unknownRequest,
  withError,
  withId,
  withIdAsString,
  withMember,
  without,
  withoutEmptyLine,
  withTools,
} from "../servers/answers.mjs";
import {
  answers,
  asksFirst,
  brokenChunks,
  brokenGzip,
  cutAfter,
  cutInEvent,
  dressed,
  event,
  goesOnLater,
  headAlone,
  HTML,
  late,
  notHttp,
  once,
  redirects,
  reset,
  results,
  says,
  silent,
  staysOpen,
  streamAlone,
  streams,
} from "../servers/faults.mjs";
import { TOOLS } from "../servers/tools.mjs";
import {
  calls,
  cancels,
  type Check,
  endsSoon,
  excludes,
  type Expectation,
  fails,
  hasReplied,
  includes,
  isFirst,
  isTheServers,
  keepsItsSession,
  lists,
  movesTo,
  neverCancels,
  renewed,
  renewedAtMostOnce,
  reports,
  shows,
  staysSo,
  violates,
} from "../helpers/faults.ts";
import { expect, test } from "../helpers/fixtures.ts";

type Fault = (exchange: never) => void;

/** Where; answered with what; the fault; what must be shown; what must hold besides. */
type Row = [method: string, what: string, fault: Fault, expectation: Expectation, besides?: Check];

const PINNED = { "protocol-version": "2025-11-25" };
const SHORT = { ...PINNED, "request-timeout": "1.5" };
const TOO_LATE = late(1800);
const NEVER: Fault[] = [silent, headAlone, streamAlone, TOO_LATE];

const JSON_TYPE = "application/json";
const ERROR = JSON.stringify(OWN_ERROR);
const ANY_NUMBER = expect.any(Number);
/** JSON-RPC 2.0 §5.1. */
const NOT_FOUND = { code: -32601, message: expect.any(String) };
const CALLED_GZIP = dressed({ "content-encoding": "gzip" });
const NO_ANSWER = /^(unreachable|cors-blocked)$/;
const NO_VERSION = /^(version-mismatch|not-mcp)$/;
const HUGE = 3_000_000;

const INIT = "initialize";
const INITIALIZED = "notifications/initialized";
const LIST = "tools/list";
const CALL = "tools/call";

const CONNECTION: Row[] = [
  [INIT, "nothing, ever", silent, fails("timeout"), neverCancels],
  [INIT, "a head and no body", headAlone, fails("timeout")],
  [INIT, "the right thing, a little late", late(300), lists()],
  // To a page, this looks like an answer without CORS: both are candidates, and neither may be left out.
  [INIT, "a reset", reset, fails(NO_ANSWER, /connection|reset|closed/i)],
  [INIT, "JSON that is called gzip", CALLED_GZIP, fails("truncated", /response is incomplete/)],
  [INIT, "a body that breaks off", cutAfter(10), fails("truncated")],
  [INIT, "gzip that is damaged in the middle", brokenGzip, fails("truncated")],
  [INIT, "chunks without a length", brokenChunks, fails("truncated")],
  [INITIALIZED, "nothing, ever", silent, fails("timeout")],
  [LIST, "nothing, ever", silent, reports("timeout")],
  [LIST, "a stream that never brings it", streamAlone, reports("timeout")],
  [LIST, "a reset", reset, reports("unreachable")],
  [LIST, "a body that breaks off after its first byte", cutAfter(1), reports("truncated")],
  [CALL, "nothing, ever", silent, shows("http-error", /in time/i), cancels],
  [CALL, "the right thing, too late", TOO_LATE, shows("http-error", /in time/i), staysSo("http-error")],
  [CALL, "a reset", reset, shows("http-error", /connection/i)],
  [CALL, "what is not HTTP", notHttp, shows("http-error", /connection/i)],
  [CALL, "a body that breaks off before its last byte", cutAfter(-1), shows("http-error", /response is incomplete/)],
  [CALL, "gzip that is damaged in the middle", brokenGzip, shows("http-error", /response is incomplete/)],
  [CALL, "JSON that is called gzip", CALLED_GZIP, shows("http-error", /response is incomplete/)],
];

const HTTP: Row[] = [
  [INIT, "500 and a web page", says(500, "text/html", HTML), fails("http-status", /500/)],
  [INIT, "503 and nothing", says(503), fails("http-status", /503/)],
  [INIT, "400 and JSON of its own", says(400, JSON_TYPE, '{"error":"bad"}'), fails("http-status", /400.*bad/s)],
  [INIT, "400 and a JSON-RPC error", says(400, JSON_TYPE, ERROR), fails("rpc-error", /no berth is free/)],
  // Servers that check Origin answer like this (MCP, transports, security warning).
  [INIT, "403 and a JSON-RPC error", says(403, JSON_TYPE, ERROR), fails("forbidden", /no berth is free/)],
  [INIT, "307 that leads nowhere", says(307), fails(/^(http-status|redirected)$/, /307|redirect/)],
  [INIT, "307 to its own origin", once(redirects(307, "/round-the-corner")), lists(), movesTo("/round-the-corner")],
  [INIT, "307 to another origin", redirects(307, "elsewhere"), fails("redirected")],
  [INIT, "the right thing without its session id", dressed({ "mcp-session-id": undefined }), fails("session-hidden")],
  [INITIALIZED, "500 and nothing", says(500), fails("http-status", /500/)],
  [INITIALIZED, "204", says(204), lists()],
  [INITIALIZED, "an error that nobody asked for", says(200, JSON_TYPE, ERROR), lists()],
  [LIST, "502 and a web page", says(502, "text/html", HTML), reports("http-status", /502/)],
  [LIST, "403 and nothing", says(403), reports("forbidden")],
  [LIST, "a web page", says(200, "text/html", HTML), reports("not-json", /It works!/)],
  [LIST, "404 once", once(says(404)), lists(), renewed],
  [LIST, "404 again and again", says(404), reports("http-status", /404/), renewedAtMostOnce],
  [LIST, "another session id", dressed({ "mcp-session-id": "another" }), calls("ok"), keepsItsSession],
  [CALL, "404 once", once(says(404)), shows("ok", /ahoy/), renewed],
  [CALL, "404 again and again", says(404), shows("http-error", /404/), renewed],
  [CALL, "429 and Retry-After", says(429, "", "", { "retry-after": "30" }), shows("http-error", /429.*wait/is)],
  [CALL, "500 and a JSON-RPC error", says(500, JSON_TYPE, ERROR), shows("rpc-error", /no berth is free/)],
  [CALL, "413 and text", says(413, "text/plain", "too much"), shows("http-error", /413.*too much/s)],
  [CALL, "307 to its own origin", redirects(307, "/round-the-corner"), shows("http-error", /redirect/i)],
];

const BODIES: Row[] = [
  [INIT, "an empty body", says(200, JSON_TYPE), fails("truncated", /empty/)],
  [INIT, "204", says(204), fails("truncated", /empty/)],
  [CALL, "202 and nothing", says(202), shows("http-error", /empty/)],
  [INIT, "an event that is called JSON", answers(event, JSON_TYPE), fails("not-json")],
  [INIT, "JSON that is called a stream", answers(same, "text/event-stream"), fails("truncated")],
  [INIT, "a content type in capitals", dressed({ "content-type": "Application/JSON; Charset=UTF-8" }), lists()],
  [INIT, "no content type", dressed({ "content-type": undefined }), lists()],
  [LIST, "JSON that stops in the middle", answers(half), reports("truncated")],
  [CALL, "JSON that stops in the middle", answers(half), shows("http-error", /body is cut off/)],
  [CALL, "bytes that are not UTF-8", answers(notUtf8), shows("ok", /Echo: \uFFFD/)],
];

const MESSAGES: Row[] = [
  [INIT, "JSON that is no message", says(200, JSON_TYPE, '{"hello":"world"}'), fails("not-mcp", /hello/)],
  [INIT, "a foreign id", answers(withId(999)), fails("not-mcp", /999/)],
  [INIT, "no id", answers(without("id")), fails("not-mcp")],
  [INIT, "the id null", answers(withId(null)), fails("not-mcp")],
  [INIT, "its id as a string", answers(withIdAsString), fails("not-mcp")],
  [INIT, "no version of JSON-RPC", answers(without("jsonrpc")), lists(), violates(/jsonrpc/)],
  [INIT, "result and error both", answers(withError), fails("not-mcp")],
  [INIT, "an error without an id", answers(() => OWN_ERROR), fails("rpc-error", /no berth is free/)],
  [INIT, "the result null", results(() => null), fails("not-mcp")],
  [INIT, "a result without a version", results(without("protocolVersion")), fails(NO_VERSION), isTheServers],
  [INIT, "two answers that differ", streams(twice), lists(), isFirst],
  [LIST, "a foreign id", answers(withId(999)), reports("not-mcp", /999/)],
  [LIST, "a stream of a foreign id", streams((it) => event(withId(999)(it))), reports("truncated")],
  [LIST, "an error", answers(asError), reports("rpc-error", /no berth is free/)],
  [CALL, "its id as a string", answers(withIdAsString), shows("http-error", /\bid\b/)],
  [CALL, "two answers that differ", streams(twice), shows("ok", /Echo: ahoy/)],
  [CALL, "two answers in one event", streams(bothInOne), shows("http-error", /not JSON/)],
  [CALL, "a batch in one event", streams(batch), shows("ok", /Echo: ahoy/)],
];

const STREAMS: Row[] = [
  [INIT, "a stream that ends without it", streams(() => ": nothing to say\n\n"), fails("truncated")],
  [INIT, "a ping before it", asksFirst(ping), lists(), hasReplied({ result: {} })],
  [LIST, "a stream that breaks off in its event", cutInEvent, reports("truncated")],
  [LIST, "an event without its empty line", streams(withoutEmptyLine), reports("truncated")],
  [CALL, "a stream that breaks off in its event", cutInEvent, shows("http-error", /response is incomplete/)],
  [CALL, "a stream that is resumed with its last id", goesOnLater, shows("ok", /Echo: ahoy/)],
  [CALL, "a stream that stays open after it", staysOpen, shows("ok", /Echo: ahoy/)],
  [CALL, "comments before it", streams(after(": one\n\n:\n\n: three\n")), shows("ok")],
  [CALL, "events of unknown names before it", streams(after('event: tide\ndata: {"id":1}\n\n')), shows("ok")],
  [CALL, "retry and an id before it", streams(after("retry: 10\n\nid: seven\n\nid: eight\ndata:\n\n")), shows("ok")],
  [CALL, "a byte order mark before it", streams(after("\uFEFF")), shows("ok")],
  [CALL, "an event that is no JSON before it", streams(after("data: [DONE]\n\n")), shows("ok")],
  [CALL, "unknown fields in its event", streams(after("tide: low\nx\n")), shows("ok")],
  [CALL, "lines that end with CRLF", streams(lines("\r\n")), shows("ok")],
  [CALL, "lines that end with CR", streams(lines("\r")), shows("ok")],
  [CALL, "an unknown notification before it", streams(after(event(TIDE))), shows("ok")],
  [CALL, "an event of megabytes before it", streams(after(event(notice("x".repeat(HUGE))))), shows("ok")],
  [CALL, "a ping before it", asksFirst(ping), shows("ok"), hasReplied({ result: {} })],
  [CALL, "a ping of the same id", asksFirst(pingOfSameId), shows("ok"), hasReplied({ id: ANY_NUMBER, result: {} })],
  [CALL, "an unknown request before it", asksFirst(unknownRequest), shows("ok"), hasReplied({ error: NOT_FOUND })],
];

const RESULTS: Row[] = [
  [LIST, "the result null", results(() => null), reports("not-mcp")],
  [LIST, "a string for a result", results(() => "tools"), reports("not-mcp")],
  [LIST, "a result without tools", results(() => ({ items: [] })), reports("not-mcp", /tools/)],
  [LIST, "tools that are no list", results(() => ({ tools: { echo: {} } })), reports("not-mcp", /tools/)],
  [LIST, "some bad tools", results(withTools(7, null, { name: "keel" })), lists(TOOLS.length + 3), excludes("keel")],
  [LIST, "two tools of one name", results(withTools(TOOLS[0])), lists(TOOLS.length + 1)],
  [LIST, "a tool without a name", results(withTools({ ...TOOLS[0], name: "" })), lists(TOOLS.length + 1)],
  [LIST, "a schema of great depth", answers(deepSchema), lists(TOOLS.length + 1), includes("deep")],
  [LIST, "the same cursor again and again", results(roundAndRound), lists(), endsSoon],
  [LIST, "a cursor that is a number", results(withMember("nextCursor", 1)), lists(), violates(/cursor/i)],
  [LIST, "a cursor that is null", results(withMember("nextCursor", null)), lists()],
  [CALL, "the result null", results(() => null), shows("http-error")],
  [CALL, "a string for a result", results(() => "ahoy"), shows("http-error")],
  [CALL, "an unknown member", results(withMember("tide", "low")), shows("ok", /"tide": ?"low"/)],
  [CALL, "an unknown kind of content", results(hologram), shows("ok", /hologram/)],
  [CALL, "content that is no list", results(() => ({ content: "ahoy" })), shows("ok", /ahoy/)],
  [CALL, "content of great depth", answers(deepContent), shows("ok", /hologram/)],
];

const ALL = [CONNECTION, HTTP, BODIES, MESSAGES, STREAMS, RESULTS].flat();

for (const [method, what, fault, expectation, besides] of ALL) {
  test(`${method} answered with ${what} ${expectation.words}`, async ({ app, page, start }) => {
    const real = await start.mcp();
    const server = await start.faulty({ behind: real.url, method, fault });
    await app.open();
    await app.connect(server.url, NEVER.includes(fault) ? SHORT : PINNED);
    await expectation.holds(app, server);
    await app.atRest();
    await besides?.(app, server);
    expect(server.calls(method)).not.toEqual([]);
    await expect(page.locator("[data-code=app-broken]")).toHaveCount(0);
  });
}
