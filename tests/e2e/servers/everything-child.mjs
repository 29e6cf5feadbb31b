// Runs server-everything on loopback only: by itself it listens on every interface, and takes just a port.
import { Server } from "node:net";
import { LOOPBACK } from "./listen.mjs";

const listen = Server.prototype.listen;
Server.prototype.listen = function onLoopback(port, ...rest) {
  this.once("listening", () => process.send({ port: this.address().port }));
  return listen.call(this, { port: Number(port), host: LOOPBACK }, ...rest.filter((it) => typeof it === "function"));
};
// Tests that are stopped from outside must not leave this process behind.
process.once("disconnect", () => process.exit(0));
console.error = () => {};

await import(`@modelcontextprotocol/server-everything/dist/transports/${process.env.TRANSPORT}.js`);
