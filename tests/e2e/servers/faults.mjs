// What can be wrong with one answer: a fault gets the exchange of faulty.mjs, and answers in the real server's place.
import { setTimeout as wait } from "node:timers/promises";
import { constants, gzipSync } from "node:zlib";

const JSON_TYPE = { "content-type": "application/json" };
const STREAM = { "content-type": "text/event-stream" };

export const HTML = "<!doctype html><title>Welcome</title><h1>It works!</h1>";

/** One message as one event. */
export function event(message) {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}

// Connections

export const silent = () => {};

export const headAlone = ({ response }) => response.writeHead(200, JSON_TYPE).flushHeaders();

export const streamAlone = ({ response }) => response.writeHead(200, STREAM).write(": wait\n\n");

export const reset = ({ response }) => response.socket.resetAndDestroy();

export const notHttp = ({ response }) => response.socket.end("Ahoy, nobody speaks HTTP here\r\n\r\n");

export const late =
  (milliseconds) =>
  ({ pass }) =>
    wait(milliseconds).then(pass);

/** The body is announced whole, and the connection ends after so many bytes; counted from its end where negative. */
export const cutAfter =
  (bytes) =>
  ({ answer, response }) => {
    const whole = Buffer.from(JSON.stringify(answer));
    response.writeHead(200, { ...JSON_TYPE, "content-length": whole.length });
    response.write(whole.subarray(0, bytes), () => response.socket.destroy());
  };

export const cutInEvent = ({ answer, response }) => {
  const whole = event(answer);
  response.writeHead(200, STREAM).write(whole.slice(0, whole.length / 2), () => response.socket.destroy());
};

/** The second chunk has no length. */
export const brokenChunks = ({ answer, response: { socket } }) => {
  const head = "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-type: application/json\r\n";
  const chunk = JSON.stringify(answer).slice(0, 16);
  socket.end(`${head}transfer-encoding: chunked\r\n\r\n10\r\n${chunk}\r\nno length\r\n`);
};

/** Compressed, and damaged in the middle: by then the page has the head and a part of the body. */
export const brokenGzip = async ({ answer, response }) => {
  const whole = JSON.stringify(answer);
  const good = gzipSync(whole.slice(0, whole.length / 2), { finishFlush: constants.Z_SYNC_FLUSH });
  response.writeHead(200, { ...JSON_TYPE, "content-encoding": "gzip" }).write(good);
  await wait(100);
  response.end(Buffer.alloc(16, 0xff));
};

// Answers of HTTP

export const says =
  (status, type, body = "", headers = {}) =>
  ({ response }) =>
    response.writeHead(status, { ...(type && { "content-type": type }), ...headers }).end(body);

export const redirects =
  (status, to) =>
  ({ response, origin, behind }) =>
    response.writeHead(status, { location: to === "elsewhere" ? behind : origin + to }).end();

/** The answer, with other headers than it should have. `undefined` takes one away. */
export const dressed =
  (headers) =>
  ({ answer, response }) => {
    for (const [name, value] of Object.entries({ ...JSON_TYPE, ...headers })) {
      if (value === undefined) response.removeHeader(name);
      else response.setHeader(name, value);
    }
    response.writeHead(200).end(JSON.stringify(answer));
  };

/** Only the first time; then all is well. */
export const once = (fault) => (exchange) => (exchange.turn === 1 ? fault(exchange) : exchange.pass());

// Answers of JSON-RPC

/** Plain JSON: a text as it is, anything else as the JSON of it. */
export const answers =
  (make, type = JSON_TYPE["content-type"]) =>
  (exchange) => {
    const made = make(exchange.answer, exchange);
    const body = typeof made === "string" || Buffer.isBuffer(made) ? made : JSON.stringify(made);
    exchange.response.writeHead(200, { "content-type": type }).end(body);
  };

/** The answer with another result. */
export const results = (edit) =>
  answers((answer, exchange) => ({ ...answer, result: edit(answer.result, exchange) }));

/** A stream that ends. */
export const streams =
  (make) =>
  ({ answer, response }) =>
    response.writeHead(200, STREAM).end(make(answer));

export const staysOpen = ({ answer, response }) => response.writeHead(200, STREAM).write(event(answer));

/** The server asks something of the page, and answers only when it has its reply. */
export const asksFirst =
  (make) =>
  async ({ message, answer, response, reply }) => {
    const request = { jsonrpc: "2.0", ...make(message) };
    const heard = reply(request.id);
    response.writeHead(200, STREAM).write(event(request));
    await heard;
    response.end(event(answer));
  };

/** The stream gets an id and ends; what it was to bring is there for who asks with that id. */
export const goesOnLater = ({ answer, response, later }) => {
  later("seven", event(answer));
  response.writeHead(200, STREAM).end("id: seven\nretry: 50\ndata:\n\n");
};
