// Answers that differ from the real one in one thing: what faults.mjs is given to write.
import { event } from "./faults.mjs";

const HOLOGRAM = { type: "hologram", beams: [[[3]]] };
const DEEP = "[".repeat(1000) + "]".repeat(1000);
const PING = { id: "p", method: "ping" };

export const OWN_ERROR = { jsonrpc: "2.0", id: null, error: { code: -32000, message: "no berth is free" } };
export const TIDE = { jsonrpc: "2.0", method: "notifications/harbour", params: { tide: "low" } };

// The message

export const same = (answer) => answer;
export const half = (answer) => JSON.stringify(answer).slice(0, JSON.stringify(answer).length / 2);
export const withId = (id) => (answer) => ({ ...answer, id });
export const withIdAsString = (answer) => ({ ...answer, id: String(answer.id) });
export const without = (member) => (answer) => ({ ...answer, [member]: undefined });
export const withError = (answer) => ({ ...OWN_ERROR, ...answer });
export const asError = ({ id }) => ({ ...OWN_ERROR, id });

/** A byte that no UTF-8 has, in the place of a word. */
export const notUtf8 = (answer) => Buffer.from(JSON.stringify(answer).replace("ahoy", "\xFF"), "latin1");

// What the server may say before it

export const ping = () => PING;
export const pingOfSameId = ({ id }) => ({ ...PING, id });
export const unknownRequest = () => ({ id: "p", method: "harbour/depth" });
export const notice = (data) => ({ jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data } });

// The text of a stream

export const after = (text) => (answer) => text + event(answer);
export const twice = (answer) => event(answer) + event(second(answer));
export const batch = (answer) => event([answer, second(answer)]);
export const withoutEmptyLine = (answer) => `${event(answer).trimEnd()}\n`;

/** Two `data` lines of one event are one text. */
export const bothInOne = (answer) => withoutEmptyLine(answer) + event(second(answer)).replace("event: message\n", "");

/** JSON over several `data` lines. */
export const lines = (end) => (answer) => {
  const data = JSON.stringify(answer, null, 1).replaceAll("\n", "\ndata: ");
  return `event: message\ndata: ${data}\n\n`.replaceAll("\n", end);
};

function second(answer) {
  return { ...answer, result: { ...answer.result, serverInfo: { name: "second" }, content: text("the second") } };
}

// The result

export const withTools =
  (...more) =>
  ({ tools }) => ({ tools: [...tools, ...more] });

export const withMember = (name, value) => (result) => ({ ...result, [name]: value });

/** The first page has all the tools, and every further one is empty. */
export const roundAndRound = ({ tools }, { message }) => ({
  tools: message.params?.cursor ? [] : tools,
  nextCursor: "again",
});

export const hologram = () => ({ content: [HOLOGRAM] });

export const deepContent = (answer) => deep({ ...answer, result: { content: [{ ...HOLOGRAM, beams: "DEEP" }] } });

export const deepSchema = (answer) => {
  const tool = { name: "deep", inputSchema: { type: "object", default: "DEEP" } };
  return deep({ ...answer, result: withTools(tool)(answer.result) });
};

function deep(answer) {
  return JSON.stringify(answer).replace('"DEEP"', DEEP);
}

function text(words) {
  return [{ type: "text", text: words }];
}
