//! Cuts the built module in two: what the first page needs, and what is loaded with the first of the others.
//!
//! Trunk has no step for this, so its module and script are made again here, under the names that the page knows. The
//! marks of the cut are in `src/ui/later.rs`; the linker has to leave its relocations in the module.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::execute;
use crate::error::Error;
use crate::project::Project;
use crate::{site, tools};

/// What the build needs for this: a feature of the package, and flags of the linker.
pub const FEATURE: &str = "split";
pub const FLAGS: (&str, &str) = ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Clink-args=--emit-relocs");

/// How the file with the later pages begins.
pub const LATER: &str = "pages-";

const OPTIMIZE: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

pub fn run(project: &Project, folder: &Path) -> Result<(), Error> {
    let files = site::entries(folder)?;
    let (Some(stem), Some(module)) = (named(&files, ".js"), named(&files, "_bg.wasm")) else {
        return Err(Error::NothingToCut(folder.to_owned()));
    };
    let parts = project.tools().join("split");
    fs::create_dir_all(&parts).map_err(Error::io(&parts))?;
    cut(project, &stem, &parts)?;
    bind(project, &stem, &parts, folder)?;
    let hash = stem.rsplit('-').next().unwrap_or_default();
    let (later, loader) = (format!("{LATER}{hash}.wasm"), format!("split-{hash}.js"));
    optimize(project, &parts.join("split_pages.wasm"), &folder.join(&later))?;
    // Trunk names script and module each by its own content.
    let bound = folder.join(format!("{stem}_bg.wasm"));
    optimize(project, &bound, &folder.join(format!("{module}_bg.wasm")))?;
    fs::remove_file(&bound).map_err(Error::io(&bound))?;
    rename(&parts.join("__wasm_split.js"), &folder.join(&loader), ("split_pages.wasm", &later))?;
    let script = folder.join(format!("{stem}.js"));
    // Only where it is loaded from: to the module it keeps the name that is compiled into it.
    rename(&script, &script, ("from \"./__wasm_split.js\"", &format!("from \"./{loader}\"")))
}

/// `flowglass-0123abcd` of `flowglass-0123abcd_bg.wasm`.
fn named(files: &[PathBuf], ending: &str) -> Option<String> {
    let names = files.iter().filter_map(|file| file.file_name()?.to_str());
    let mut stems = names.filter_map(|name| name.strip_suffix(ending));
    stems.find(|stem| stem.starts_with("flowglass-")).map(str::to_owned)
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

fn optimize(project: &Project, from: &Path, to: &Path) -> Result<(), Error> {
    execute(Command::new(tools::wasm_opt_binary(project)).args(OPTIMIZE).arg("-o").arg(to).arg(from))
}

/// Copies a script with the name of one file in it changed.
fn rename(from: &Path, to: &Path, (old, new): (&str, &str)) -> Result<(), Error> {
    let script = fs::read_to_string(from).map_err(Error::io(from))?;
    fs::write(to, script.replace(old, new)).map_err(Error::io(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_and_module_have_names_of_their_own() {
        let files = ["a.css", "boot-1.js", "flowglass-12ab.js", "flowglass-34cd_bg.wasm"].map(PathBuf::from);
        assert_eq!(named(&files, ".js").as_deref(), Some("flowglass-12ab"));
        assert_eq!(named(&files, "_bg.wasm").as_deref(), Some("flowglass-34cd"));
        assert_eq!(named(&[], ".js"), None);
    }
}
