//! Gets what a build needs, once, into `target/tools`; the user's own folders stay as they are.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::command::{answer, execute, need_node, program, version_in, version_of};
use crate::error::{Error, Missing};
use crate::project::Project;
use crate::split;

const TRUNK: &str = "0.22.1";
/// npm's: the build of some distributions writes a module that dies at its start.
const BINARYEN: &str = "132";
/// Cuts the module in two (see `split.rs`).
const SPLIT_PACKAGE: &str = "wasm_split_cli_support";
const SPLIT: &str = "0.2.4";
/// What is installed from npm, and its lock file.
pub const NPM: &str = "xtask/npm";
/// Lists the crates of the page for a release.
const CYCLONEDX: &str = "0.5.9";
pub const WASM: &str = "wasm32-unknown-unknown";

/// Everything that `trunk build --release` asks for.
pub fn for_building(project: &Project) -> Result<(), Error> {
    need_node()?;
    wasm_target()?;
    crates(project)?;
    // Neither keeps two cores busy all the time: side by side they save a minute of the first start.
    let mut ahead = if binary(project, "trunk").exists() { None } else { compile_ahead(project) };
    let installed = install_all(project);
    if let Some(ahead) = &mut ahead {
        if installed.is_err() {
            drop(ahead.kill());
        }
        drop(ahead.wait());
    }
    installed?;
    clean_up(project)
}

fn install_all(project: &Project) -> Result<(), Error> {
    trunk(project)?;
    wasm_bindgen(project)?;
    wasm_split(project)?;
    from_npm(project)
}

/// What Cargo.lock names: where there is no network, that is said before anything is compiled.
fn crates(project: &Project) -> Result<(), Error> {
    let fetch = ["fetch", "--quiet", "--locked"];
    if answer(program("cargo").args(fetch).arg("--offline").current_dir(&project.root)).is_some() {
        return Ok(());
    }
    println!("Fetching the crates that Cargo.lock names (once, under a minute)");
    let mut cargo = program("cargo");
    cargo.args(fetch).current_dir(&project.root).envs(SOON);
    execute(&mut cargo).map_err(|_| Error::NotInstalled { what: "the crates of Cargo.lock".to_owned(), by: "cargo" })
}

/// Cargo and npm try for minutes otherwise to reach a registry that cannot be reached.
const SOON: [(&str, &str); 4] = [
    ("CARGO_NET_RETRY", "1"),
    ("CARGO_HTTP_TIMEOUT", "10"),
    ("npm_config_fetch_retries", "1"),
    ("npm_config_fetch_retry_mintimeout", "1000"),
];

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
fn compile_ahead(project: &Project) -> Option<Child> {
    let same = ["build", "--release", "--target", WASM, "--bin", "flowglass", "--features", split::FEATURE];
    let mut cargo = program("cargo");
    cargo.args(same).env(split::FLAGS.0, split::FLAGS.1).current_dir(&project.root);
    cargo.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
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
    let install = Install { package: "wasm-bindgen-cli", binary: "wasm-bindgen", version, minutes: 1 };
    // Its lock file may name a crate so new that a mirror of the registry does not have it yet.
    install.once(project, &["--locked"]).or_else(|_| {
        println!("{} {version} could not be installed with its lock file: trying without", install.package);
        install.once(project, &[])
    })
}

/// `cargo cyclonedx`, which only a release needs.
pub fn cyclonedx(project: &Project) -> Result<PathBuf, Error> {
    let package = "cargo-cyclonedx";
    let file = binary(project, package);
    let said = answer(Command::new(&file).args(["cyclonedx", "--version"]));
    if said.as_deref().and_then(version_in) == Some(CYCLONEDX) {
        return Ok(file);
    }
    println!("Installing {package} {CYCLONEDX} into target/tools (once, about 2 min on two cores)");
    let install = Install { package, binary: package, version: CYCLONEDX, minutes: 2 };
    install.run(project, &["--locked"])?;
    clean_up(project)?;
    Ok(file)
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
    install.run(project, &["--locked", "--features", "build-binary"])
}

/// A program of what `xtask/npm` names.
pub fn npm_binary(project: &Project, name: &str) -> PathBuf {
    npm_binaries(project).join(if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() })
}

/// wasm-opt, and what the schema check is bundled with.
fn from_npm(project: &Project) -> Result<(), Error> {
    let file = npm_binary(project, "wasm-opt");
    let lock = |folder: &Path| fs::read_to_string(folder.join("package-lock.json")).ok();
    let is_locked = lock(&project.tools()) == lock(&project.root.join(NPM));
    if is_locked && version_of(&file).as_deref() == Some(BINARYEN) {
        return Ok(());
    }
    npm_tools(project)?;
    installed(&file, "wasm-opt", BINARYEN)
}

/// What `xtask/npm` names, as its lock file has it.
fn npm_tools(project: &Project) -> Result<(), Error> {
    println!("Installing wasm-opt {BINARYEN}, the schema validator and its bundler into target/tools (a few seconds)");
    let folder = project.tools();
    fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
    for name in ["package.json", "package-lock.json"] {
        let file = folder.join(name);
        fs::copy(project.root.join(NPM).join(name), &file).map_err(Error::io(&file))?;
    }
    npm_ci(&folder)
}

/// `npm ci` in a folder. Browsers are looked for on their own, and only downloaded if there is none.
pub fn npm_ci(folder: &Path) -> Result<(), Error> {
    let mut npm = program("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").envs(SOON);
    execute(&mut npm).map_err(|_| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        Error::NotInstalled { what: format!("the npm packages of {name}"), by: "npm" }
    })
}

/// `@puppeteer/browsers`, which knows where there is a driver for each version of Chrome.
pub fn browser_downloader(project: &Project) -> Result<PathBuf, Error> {
    let file = npm_binary(project, "browsers");
    if !file.exists() {
        npm_tools(project)?;
    }
    Ok(file)
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
        self.run(project, options)?;
        installed(&file, self.package, self.version)
    }

    fn run(&self, project: &Project, options: &[&str]) -> Result<(), Error> {
        let what = format!("{} {}", self.package, self.version);
        execute(self.command(project).args(options)).map_err(|_| Error::NotInstalled { what, by: "cargo" })
    }

    /// Unoptimized: compiling the tools takes far longer than they run.
    fn command(&self, project: &Project) -> Command {
        let mut cargo = program("cargo");
        cargo.args(["install", "--debug", "--force", "--root"]).arg(project.tools());
        cargo.args([self.package, "--version", self.version]);
        // Otherwise cargo advises to put them on PATH.
        cargo.env("PATH", path(project));
        cargo.env("CARGO_TARGET_DIR", build_folder(project)).env("CARGO_INCREMENTAL", "0").envs(SOON);
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
