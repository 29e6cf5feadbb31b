//! Starting other programs, and saying it in one sentence when that does not work.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{Error, Missing};

const LEAST_NODE: u32 = 20;

/// A program from PATH. Windows finds npm and npx only by the name of their scripts.
pub fn program(name: &str) -> Command {
    match name {
        "npm" | "npx" if cfg!(windows) => Command::new(format!("{name}.cmd")),
        _ => Command::new(name),
    }
}

/// Runs a program that speaks to the user itself.
pub fn execute(command: &mut Command) -> Result<(), Error> {
    let status = command.stdin(Stdio::null()).status().map_err(|error| not_started(command, error))?;
    if status.success() { Ok(()) } else { Err(Error::Failed { command: line(command) }) }
}

/// Runs a program for its answer, and keeps its complaints to itself.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `wasm-opt version 132 (…)`: the first word that begins with a digit, without a leading `v`.
pub fn version_in(answer: &str) -> Option<&str> {
    let words = answer.split_whitespace();
    let numbers = words.map(|word| word.strip_prefix('v').unwrap_or(word));
    numbers.into_iter().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

pub fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

pub fn version_of(file: &Path) -> Option<String> {
    let answer = answer(Command::new(file).arg("--version"))?;
    version_in(&answer).map(str::to_owned)
}

pub fn need_node() -> Result<(), Error> {
    let version = answer(program("node").arg("--version")).ok_or_else(|| no_program("node"))?;
    answer(program("npm").arg("--version")).ok_or_else(|| no_program("npm"))?;
    let found = version_in(&version).and_then(major);
    if found.is_some_and(|major| major >= LEAST_NODE) {
        return Ok(());
    }
    Err(Missing::NewerNode { found: version, least: LEAST_NODE }.into())
}

fn not_started(command: &Command, error: std::io::Error) -> Error {
    let name = command.get_program().to_string_lossy();
    match error.kind() {
        ErrorKind::NotFound => no_program(&name),
        _ => Error::Io { path: name.into_owned().into(), source: error },
    }
}

fn no_program(name: &str) -> Error {
    let get = match name.trim_end_matches(".cmd") {
        "node" | "npm" | "npx" => "install Node 20 or newer, which brings it",
        "cargo" | "rustc" | "rustup" => "install Rust with rustup, which brings it",
        _ => "install it",
    };
    Missing::Program { name: name.to_owned(), get }.into()
}

/// The command as one would type it, by its name only: where it lies helps nobody.
fn line(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(name).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_in_what_tools_say() {
        for (answer, version) in [
            ("trunk 0.22.1", Some("0.22.1")),
            ("wasm-bindgen 0.2.130", Some("0.2.130")),
            ("wasm-opt version 132 (version_132)", Some("132")),
            ("v20.20.2", Some("20.20.2")),
            ("Chromium 156.0.8078.73 built on Debian", Some("156.0.8078.73")),
            ("command not found", None),
        ] {
            assert_eq!(version_in(answer), version, "{answer}");
        }
    }

    #[test]
    fn a_major_version_is_a_number() {
        assert_eq!(major("156.0.8078.73"), Some(156));
        assert_eq!(major("132"), Some(132));
        assert_eq!(major("next"), None);
    }

    #[test]
    fn a_failed_command_is_named_without_its_folder() {
        let mut command = Command::new("/somewhere/bin/trunk");
        assert_eq!(line(command.args(["build", "--release"])), "trunk build --release");
    }

    #[test]
    fn a_missing_program_is_said_in_a_sentence() {
        let error = execute(&mut program("no-such-program-here")).unwrap_err();
        assert_eq!(error.to_string(), "`no-such-program-here` was not found; install it");
    }
}
