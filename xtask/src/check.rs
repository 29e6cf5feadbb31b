//! `cargo xtask check`: all that can be said about the code without running it.

use crate::command::{execute, program};
use crate::error::Error;
use crate::project::Project;
use crate::{layers, longest, rooms, source, split, test, texts, tools};

/// Foreign input must never end the core. Only the library's own code: its tests may.
const NEVER_PANIC: [&str; 6] = [
    "-Dclippy::unwrap_used",
    "-Dclippy::expect_used",
    "-Dclippy::panic",
    "-Dclippy::unreachable",
    "-Dclippy::indexing_slicing",
    "-Dclippy::string_slice",
];

pub fn run(project: &Project) -> Result<(), Error> {
    let sources = source::all(project)?;
    longest::print(&sources);
    rooms::check(&sources)?;
    layers::check(&sources)?;
    texts::check(project, &sources)?;
    cargo(project, &["fmt", "--all", "--check"], &[])?;
    clippy(project, &["--package", "xtask", "--all-targets"], &[])?;
    // Without features the library is the core alone, so this is where its own rules can be asked for.
    clippy(project, &["--no-default-features", "--lib"], &NEVER_PANIC)?;
    clippy(project, &["--no-default-features", "--all-targets"], &[])?;
    tools::wasm_target()?;
    let wasm = ["--target", "wasm32-unknown-unknown", "--features", "ui"];
    clippy(project, &[&wasm[..], &["--lib", "--bins"]].concat(), &[])?;
    clippy(project, &["--target", "wasm32-unknown-unknown", "--features", split::FEATURE, "--lib", "--bins"], &[])?;
    if test::has_components(project) {
        clippy(project, &[&wasm[..], &["--test", test::COMPONENTS]].concat(), &[])?;
    }
    println!("Formatting, clippy, layers and texts are OK");
    Ok(())
}

fn clippy(project: &Project, what: &[&str], lints: &[&str]) -> Result<(), Error> {
    let all = [&["clippy"], what, &["--", "-D", "warnings"]].concat();
    cargo(project, &all, lints)
}

fn cargo(project: &Project, arguments: &[&str], more: &[&str]) -> Result<(), Error> {
    println!("cargo {}", arguments.join(" "));
    execute(program("cargo").args(arguments).args(more).current_dir(&project.root))
}
