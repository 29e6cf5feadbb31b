// A second build of the page that differs from the first in words of its Rust, made as a build makes its names.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const NAME = resolve(import.meta.dirname, "../../../xtask/src/name.mjs");

/** A word of the first page; in the new build it is spelled backwards. */
const WORD = "MCP server";

/** A section of a module that says nothing: with it, every part of the new build is another one. */
const SECTION = Buffer.from([0, 4, 3, ...Buffer.from("new")]);

/** A copy of the built `folder` that gets new words, and then new names. */
export async function upgrade(folder: string) {
  const to = await mkdtemp(join(tmpdir(), "flowglass-"));
  await cp(folder, to, { recursive: true, filter: (it) => !/\.(br|gz|stamp)$/.test(it) });
  for (const name of (await readdir(to)).filter((it) => it.endsWith(".wasm"))) {
    const module = await readFile(join(to, name), "latin1");
    const changed = module.replaceAll(WORD, [...WORD].reverse().join(""));
    await writeFile(join(to, name), Buffer.concat([Buffer.from(changed, "latin1"), SECTION]));
  }
  await promisify(execFile)(process.execPath, [NAME, to]);
  await renameBuild(to);
  return { folder: to, remove: () => rm(to, { recursive: true }) };
}

/** `version.json` has the name of the build that the page has, as `cargo xtask dist` writes it. */
async function renameBuild(folder: string) {
  const page = await readFile(join(folder, "index.html"), "utf8");
  const build = /<meta name="build" content="(\w+)">/.exec(page)?.[1];
  const file = join(folder, "version.json");
  const version = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, `${JSON.stringify({ ...version, build }, null, 2)}\n`);
}
