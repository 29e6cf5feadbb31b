//! Gets what a build needs, once, into `target/tools`; the user's own folders stay as they are.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use crate::command::{answer, execute, need_node, program, version_of};
use crate::error::{Error, Missing};
use crate::project::Project;
use crate::split;

const TRUNK: &str = "0.22.1";
/// npm's: the build of some distributions writes a module that dies at its start.
const BINARYEN: &str = "132";
/// Cuts the module in two (see `split.rs`).
const SPLIT_PACKAGE: &str = "wasm_split_cli_support";
const SPLIT: &str = "0.2.4";
const WASM: &str = "wasm32-unknown-unknown";

/// Everything that `trunk build --release` asks for.
pub fn for_building(project: &Project) -> Result<(), Error> {
    need_node()?;
    wasm_target()?;
    thread::scope(|scope| {
        // Neither keeps two cores busy all the time: side by side they save a minute of the first start.
        if !binary(project, "trunk").exists() {
            scope.spawn(|| compile_ahead(project));
        }
        trunk(project)?;
        wasm_bindgen(project)?;
        wasm_split(project)?;
        wasm_opt(project)
    })?;
    clean_up(project)
}

/// What `cargo test --target wasm32-unknown-unknown` asks for.
pub fn for_component_tests(project: &Project) -> Result<PathBuf, Error> {
    wasm_target()?;
    wasm_bindgen(project)?;
    clean_up(project)?;
    Ok(binary(project, "wasm-bindgen-test-runner"))
}

/// PATH with the project's tools before the user's.
pub fn path(project: &Project) -> OsString {
    let own = [project.tools().join("bin"), npm_binaries(project)];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = own.into_iter().chain(std::env::split_paths(&path));
    // A folder whose name holds PATH's separator cannot be on any PATH.
    std::env::join_paths(all).unwrap_or(path)
}

pub fn binary(project: &Project, name: &str) -> PathBuf {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    project.tools().join("bin").join(file)
}

pub fn wasm_target() -> Result<(), Error> {
    let ask = ["--print", "target-libdir", "--target", WASM];
    let library = answer(program("rustc").args(ask));
    if library.is_some_and(|folder| Path::new(&folder).exists()) {
        return Ok(());
    }
    println!("Installing Rust's {WASM} target (once, under a minute)");
    execute(program("rustup").args(["target", "add", WASM]))
}

/// What trunk will ask cargo for. If it fails, it will fail again there, and be heard.
fn compile_ahead(project: &Project) {
    let same = ["build", "--release", "--target", WASM, "--bin", "flowglass", "--features", split::FEATURE];
    answer(program("cargo").args(same).env(split::FLAGS.0, split::FLAGS.1).current_dir(&project.root));
}

fn trunk(project: &Project) -> Result<(), Error> {
    // Its own downloads are not wanted, so the TLS it needs for them is the one quick to compile.
    let options = ["--locked", "--no-default-features", "--features", "rustls"];
    let install = Install { package: "trunk", binary: "trunk", version: TRUNK, minutes: 4 };
    install.once(project, &options)
}

/// The library and the command must agree to the last digit.
fn wasm_bindgen(project: &Project) -> Result<(), Error> {
    let lock = project.read("Cargo.lock")?;
    let version = locked(&lock, "wasm-bindgen").ok_or(Missing::LockedVersion { package: "wasm-bindgen" })?;
    // Not locked: its list asks for the very newest of each crate, which not every mirror has yet.
    Install { package: "wasm-bindgen-cli", binary: "wasm-bindgen", version, minutes: 1 }.once(project, &[])
}

/// It does not say its version; cargo's own list of what was installed does.
fn wasm_split(project: &Project) -> Result<(), Error> {
    let entry = format!("\"{SPLIT_PACKAGE} {SPLIT} ");
    let list = fs::read_to_string(project.tools().join(".crates.toml")).unwrap_or_default();
    if list.contains(&entry) && binary(project, "wasm-split-cli").exists() {
        return Ok(());
    }
    println!("Installing {SPLIT_PACKAGE} {SPLIT} into target/tools (once, about 1 min on two cores)");
    let install = Install { package: SPLIT_PACKAGE, binary: "wasm-split-cli", version: SPLIT, minutes: 1 };
    execute(install.command(project).args(["--locked", "--features", "build-binary"]))
}

pub fn wasm_opt_binary(project: &Project) -> PathBuf {
    npm_binaries(project).join(if cfg!(windows) { "wasm-opt.cmd" } else { "wasm-opt" })
}

fn wasm_opt(project: &Project) -> Result<(), Error> {
    let file = wasm_opt_binary(project);
    if version_of(&file).as_deref() == Some(BINARYEN) {
        return Ok(());
    }
    println!("Installing wasm-opt {BINARYEN} into target/tools (once, a few seconds)");
    let package = format!("binaryen@{BINARYEN}");
    let quiet = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    execute(program("npm").arg("install").arg("--prefix").arg(project.tools()).args(quiet).arg(package))?;
    installed(&file, "wasm-opt", BINARYEN)
}

struct Install<'a> {
    package: &'static str,
    binary: &'static str,
    version: &'a str,
    minutes: u32,
}

impl Install<'_> {
    fn once(&self, project: &Project, options: &[&str]) -> Result<(), Error> {
        let file = binary(project, self.binary);
        if version_of(&file).as_deref() == Some(self.version) {
            return Ok(());
        }
        let Self { package, version, minutes, .. } = self;
        println!("Installing {package} {version} into target/tools (once, about {minutes} min on two cores)");
        execute(self.command(project).args(options))?;
        installed(&file, self.package, self.version)
    }

    /// Unoptimized: compiling the tools takes far longer than they run.
    fn command(&self, project: &Project) -> Command {
        let mut cargo = program("cargo");
        cargo.args(["install", "--debug", "--force", "--root"]).arg(project.tools());
        cargo.args([self.package, "--version", self.version]);
        // Otherwise cargo advises to put them on PATH.
        cargo.env("PATH", path(project));
        cargo.env("CARGO_TARGET_DIR", build_folder(project)).env("CARGO_INCREMENTAL", "0");
        for costly in ["DEBUG", "DEBUG_ASSERTIONS", "OVERFLOW_CHECKS"] {
            cargo.env(format!("CARGO_PROFILE_DEV_{costly}"), "false");
        }
        cargo
    }
}

/// One for all tools: they share crates, and an interrupted installation goes on where it was.
fn build_folder(project: &Project) -> PathBuf {
    project.tools().join("build")
}

fn clean_up(project: &Project) -> Result<(), Error> {
    let build = build_folder(project);
    if build.exists() { fs::remove_dir_all(&build).map_err(Error::io(&build)) } else { Ok(()) }
}

fn installed(file: &Path, name: &'static str, wanted: &str) -> Result<(), Error> {
    if version_of(file).as_deref() == Some(wanted) {
        return Ok(());
    }
    Err(Missing::Tool { name, version: wanted.to_owned() }.into())
}

fn npm_binaries(project: &Project) -> PathBuf {
    project.tools().join("node_modules/.bin")
}

/// The version of a package in Cargo.lock, where a `version` line follows the `name` line.
fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    version.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
[[package]]
name = \"wasm-bindgen-macro\"
version = \"0.2.129\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
";

    #[test]
    fn a_locked_version_is_that_of_the_whole_name() {
        assert_eq!(locked(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(LOCK, "wasm"), None);
    }
}
