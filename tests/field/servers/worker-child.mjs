// Runs the worker as `wrangler dev --local` does, but builds it once: a change of its files is nobody's wish here.
import { fileURLToPath } from "node:url";
import { unstable_startWorker as startWorker } from "wrangler";

const worker = await startWorker({
  config: fileURLToPath(new URL("../worker/wrangler.jsonc", import.meta.url)),
  dev: {
    watch: false,
    remote: false,
    liveReload: false,
    inspector: false,
    logLevel: "error",
    server: { hostname: "127.0.0.1", port: 0 },
    // What it keeps goes with it.
    persist: false,
  },
});
const { origin } = await worker.url;
// The first response says that it is built.
await worker.fetch(origin);
process.send({ origin });
// Also when the tests were stopped from outside: the runtime is a process of its own.
process.once("disconnect", () => worker.dispose().then(() => process.exit(0)));
