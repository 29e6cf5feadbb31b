//! Cuts the built module into what the first page needs, and the parts that are loaded when something else is wanted.
//!
//! Trunk has no step for this, so its module and script are made again here. The marks of the cuts are in
//! `src/ui/later.rs`; the linker has to leave its relocations in the module. What several parts need comes as modules of
//! their own, dozens of small ones, which are merged: what the connection needs into its part, what only parts need
//! that look at a trace into the walkthrough's, and so on; the rest into one that they share. The hashes come in `name.mjs`.

use std::collections::BTreeMap;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::command::{answer, execute, program};
use crate::error::Error;
use crate::project::Project;
use crate::{site, tools};

/// What the build needs for this: a feature of the package, and flags of the linker.
pub const FEATURE: &str = "split";
pub const FLAGS: (&str, &str) =
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "--cfg=erase_components -Clink-args=--emit-relocs");

/// The parts, and what several of them need.
pub const PARTS: [&str; 12] = [
    CONNECTION,
    "commands",
    AGAIN,
    "servers",
    "item",
    "viewers",
    "apps",
    WALKTHROUGH,
    "exports",
    "bench",
    "demo",
    "shared",
];
/// With almost every visit.
const CONNECTION: &str = "connection";
/// With whatever reads what was stored.
const AGAIN: &str = "again";
/// With whatever looks at a trace.
const WALKTHROUGH: &str = "walkthrough";
/// What stands for the files of the parts in the page that trunk makes.
const NAMES: &str = "parts.wasm";

/// Nothing is at the lowest addresses but the end of a stack that is about to overflow.
const OPTIMIZE: [&str; 3] = ["-Oz", "--converge", "--low-memory-unused"];

/// Of WebAssembly, what Rust's target has.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

pub fn run(project: &Project, folder: &Path) -> Result<(), Error> {
    let files = site::entries(folder)?;
    let found =
        (named(&files, "flowglass-", ".js"), named(&files, "flowglass-", "_bg.wasm"), named(&files, "boot-", ".js"));
    let (Some(stem), Some(module), Some(boot)) = found else {
        return Err(Error::NothingToCut(folder.to_owned()));
    };
    let cuts = project.tools().join("split");
    let _ = fs::remove_dir_all(&cuts);
    fs::create_dir_all(&cuts).map_err(Error::io(&cuts))?;
    cut(project, &stem, &cuts)?;
    bind(project, &stem, &cuts, folder)?;
    let loader = cuts.join("__wasm_split.js");
    let modules = modules(&fs::read_to_string(&loader).map_err(Error::io(&loader))?);
    let shared = shared(project, &cuts, &modules)?;
    // Trunk names script and module each by its own content.
    let bound = folder.join(format!("{stem}_bg.wasm"));
    two_at_a_time(&PARTS, |part| {
        let own: Vec<&Module> = modules.iter().filter(|it| it.part == part).collect();
        let whole = cuts.join(format!("{part}.whole.wasm"));
        merge(project, &shared, &own, &cuts, &whole)?;
        optimize(project, &whole, &folder.join(format!("{part}.wasm")))
    })?;
    optimize(project, &bound, &folder.join(format!("{module}_bg.wasm")))?;
    fs::remove_file(&bound).map_err(Error::io(&bound))?;
    change(&loader, &folder.join("split.js"), &loading(&boot, &modules))?;
    let page = folder.join("index.html");
    let names = PARTS.map(|part| format!("{part}.wasm")).join(" ");
    change(&page, &page, &[(NAMES.to_owned(), names)])?;
    let script = folder.join(format!("{stem}.js"));
    let default = (format!("{stem}_bg.wasm"), format!("{module}_bg.wasm"));
    // Only where it is loaded from: to the module it keeps the name that is compiled into it.
    let import = ("from \"./__wasm_split.js\"".to_owned(), "from \"./split.js\"".to_owned());
    change(&script, &script, &[import, default])
}

/// Makes each part. Most of the time of a build goes here, and wasm-opt uses little more than one core.
fn two_at_a_time(parts: &[&str], make: impl Fn(&str) -> Result<(), Error> + Sync) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            make(part)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let other = scope.spawn(work);
        let own = work();
        own.and(other.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// A module that was cut out, and the part in whose file it is.
#[derive(Debug, PartialEq)]
struct Module {
    name: String,
    part: String,
}

/// The modules that a loader loads. Above each that several parts need it names them.
fn modules(loader: &str) -> Vec<Module> {
    let mut sharers = "";
    let mut modules = Vec::new();
    for line in loader.lines() {
        sharers = line.strip_prefix("/* ").and_then(|it| it.strip_suffix(" */")).unwrap_or(sharers);
        let Some((_, rest)) = line.split_once("new URL(\"./") else { continue };
        let Some((name, _)) = rest.split_once(".wasm\"") else { continue };
        let part = name.strip_prefix("split_").unwrap_or_else(|| home(&sharers.split(", ").collect::<Vec<_>>()));
        modules.push(Module { name: name.to_owned(), part: part.to_owned() });
    }
    modules
}

/// The file of what several parts need.
fn home(sharers: &[&str]) -> &'static str {
    match sharers {
        _ if sharers.contains(&CONNECTION) => CONNECTION,
        _ if sharers.iter().all(|it| [WALKTHROUGH, "exports", "bench"].contains(it)) => WALKTHROUGH,
        _ if sharers.iter().all(|it| [AGAIN, "exports"].contains(it)) => AGAIN,
        _ => "shared",
    }
}

/// What all parts import of the main module, as a module that passes it on: merged into a part, it leaves each import
/// there once.
fn shared(project: &Project, cuts: &Path, modules: &[Module]) -> Result<PathBuf, Error> {
    let mut passed = BTreeMap::new();
    for module in modules.iter().filter(|it| it.name.starts_with("split_")) {
        let file = cuts.join(format!("{}.wasm", module.name));
        let text = answer(Command::new(tools::npm_binary(project, "wasm-dis")).args(FEATURES).arg(&file));
        for line in text.unwrap_or_default().lines().filter_map(|it| it.strip_prefix(" (import \"__wasm_split\" \"")) {
            passed.extend(line.split_once("\" ").map(|(name, what)| (name.to_owned(), what.to_owned())));
        }
    }
    let file = cuts.join("shared.wat");
    fs::write(&file, format!("(module\n{})\n", passing(&passed))).map_err(Error::io(&file))?;
    Ok(file)
}

/// `(import "main" "memory" (memory $m 21))`, and the same as an export, for each name.
fn passing(passed: &BTreeMap<String, String>) -> String {
    let imports = passed.iter().map(|(name, what)| format!("(import \"main\" \"{name}\" {what}\n"));
    let exports = passed.iter().filter_map(|(name, what)| {
        let mut words = what.trim_start_matches('(').split([' ', ')']);
        Some(format!("(export \"{name}\" ({} {}))\n", words.next()?, words.next()?))
    });
    imports.chain(exports).collect()
}

fn merge(project: &Project, shared: &Path, modules: &[&Module], cuts: &Path, to: &Path) -> Result<(), Error> {
    let mut merge = Command::new(tools::npm_binary(project, "wasm-merge"));
    merge.args(FEATURES).arg(shared).arg("__wasm_split");
    for Module { name, .. } in modules {
        merge.arg(cuts.join(format!("{name}.wasm"))).arg(name);
    }
    execute(merge.arg("-o").arg(to))
}

/// The parts are loaded by the page's own function, which checks their bytes, takes them whatever their type, and whose
/// failures the page shows.
fn loading(boot: &str, modules: &[Module]) -> Vec<(String, String)> {
    let words = [
        ("import { initSync }", format!("import {{ part, run }} from \"./{boot}.js\";\nimport {{ initSync }}")),
        ("fetch(new URL(", "part(new URL(".to_owned()),
        ("WebAssembly.instantiateStreaming(src, imports)", "run(src, imports.__wasm_split)".to_owned()),
        ("console.error(e)", "reportError(e)".to_owned()),
    ];
    let places = modules.iter().map(|it| (format!("\"./{}.wasm\"", it.name), format!("\"./{}.wasm\"", it.part)));
    words.into_iter().map(|(old, new)| (old.to_owned(), new)).chain(places).collect()
}

/// `flowglass-0123abcd` of `flowglass-0123abcd_bg.wasm`.
fn named(files: &[PathBuf], beginning: &str, ending: &str) -> Option<String> {
    let names = files.iter().filter_map(|file| file.file_name()?.to_str());
    let mut stems = names.filter_map(|name| name.strip_suffix(ending));
    stems.find(|stem| stem.starts_with(beginning)).map(str::to_owned)
}

fn cut(project: &Project, stem: &str, parts: &Path) -> Result<(), Error> {
    let mut split = Command::new(tools::binary(project, "wasm-split-cli"));
    split.args(["--target", "web", "--out-name", stem]).arg(project.module()).arg(parts);
    execute(&mut split)
}

fn bind(project: &Project, stem: &str, parts: &Path, folder: &Path) -> Result<(), Error> {
    let mut bind = Command::new(tools::binary(project, "wasm-bindgen"));
    bind.args(["--target", "web", "--keep-lld-exports", "--no-typescript", "--out-name", stem, "--out-dir"]);
    execute(bind.arg(folder).arg(parts.join(format!("{stem}.wasm"))))
}

/// Functions that are alike end up beside each other: they compress better.
fn optimize(project: &Project, from: &Path, to: &Path) -> Result<(), Error> {
    let wasm_opt = |options: &[&str], from: &Path| {
        let mut wasm_opt = Command::new(tools::npm_binary(project, "wasm-opt"));
        execute(wasm_opt.args(options).args(FEATURES).arg("-o").arg(to).arg(from))
    };
    wasm_opt(&OPTIMIZE, from)?;
    let script = include_str!("order.mjs");
    execute(program("node").args(["--input-type=module", "--eval", script, "--"]).arg(to))?;
    wasm_opt(&["--reorder-functions-by-name"], to)
}

/// Copies a file with some of its words changed, each of which has to be there.
pub fn change(from: &Path, to: &Path, changes: &[(String, String)]) -> Result<(), Error> {
    let mut script = fs::read_to_string(from).map_err(Error::io(from))?;
    for (old, new) in changes {
        if !script.contains(old) {
            return Err(Error::NotInScript { words: old.clone(), script: from.to_owned() });
        }
        script = script.replace(old, new);
    }
    fs::write(to, script).map_err(Error::io(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_parts_need_is_in_one_file() {
        let loader = "\
/* bench, walkthrough */
const __chunk_3 = makeLoad(() => {
    const src = fetch(new URL(\"./chunk_3.wasm\", import.meta.url));
}, []);
export const __wasm_split_load_bench = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL(\"./split_bench.wasm\", import.meta.url));
}, [__chunk_3]));
";
        let module = |name: &str, part: &str| Module { name: name.to_owned(), part: part.to_owned() };
        assert_eq!(modules(loader), [module("chunk_3", "walkthrough"), module("split_bench", "bench")]);
        assert_eq!((home(&["again", "connection"]), home(&["bench", "demo"])), ("connection", "shared"));
    }

    #[test]
    fn what_parts_import_is_passed_on() {
        let passed = BTreeMap::from([("memory".to_owned(), "(memory $m 21))".to_owned())]);
        let text = "(import \"main\" \"memory\" (memory $m 21))\n(export \"memory\" (memory $m))\n";
        assert_eq!(passing(&passed), text);
    }

    #[test]
    fn script_and_module_have_names_of_their_own() {
        let files = ["a.css", "boot-1.js", "flowglass-12ab.js", "flowglass-34cd_bg.wasm"].map(PathBuf::from);
        assert_eq!(named(&files, "flowglass-", ".js").as_deref(), Some("flowglass-12ab"));
        assert_eq!(named(&files, "flowglass-", "_bg.wasm").as_deref(), Some("flowglass-34cd"));
        assert_eq!(named(&files, "boot-", ".js").as_deref(), Some("boot-1"));
        assert_eq!(named(&[], "flowglass-", ".js"), None);
    }
}
