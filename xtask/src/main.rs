//! `cargo xtask …`: everything one does with this repository, one file a task.
//!
//! It needs cargo and Node, and gets the rest by itself into `target/tools`. It has few dependencies, so that it is
//! compiled within half a minute on a fresh clone.

mod archive;
mod browser;
mod check;
mod command;
mod conformance;
mod dist;
mod error;
mod field;
mod help;
mod imports;
mod layers;
mod longest;
mod options;
mod playwright;
mod project;
mod release;
mod rooms;
mod sbom;
mod serve;
mod site;
mod size;
mod source;
mod split;
mod test;
mod texts;
mod tools;
mod version;

use std::process::ExitCode;

use error::{Error, Usage};
use options::Options;
use project::Project;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Error> {
    let Some((task, rest)) = arguments.split_first() else {
        println!("{}", help::of_all());
        return Ok(());
    };
    if let Some(text) = help::of(task).filter(|_| help::is_asked(rest)) {
        println!("{text}");
        return Ok(());
    }
    let options = |known| Options::read(rest, known);
    let project = Project::here()?;
    match task.as_str() {
        "serve" => serve::run(&project, &options(&["--port", "--public-url"])?),
        "test" => test::run(&project, rest),
        "conformance" => conformance::run(&project, rest),
        "check" => options(&[]).and_then(|_| check::run(&project)),
        "size" => options(&[]).and_then(|_| size::run(&project)),
        "dist" => dist::run(&project, &options(&["--public-url", "--origin", "--out"])?),
        "release" => release::run(&project, &options(&["--out"])?),
        "screenshots" => options(&[]).and_then(|_| playwright::run(&project, "screenshots.mjs")),
        "measure" => options(&[]).and_then(|_| playwright::run(&project, "measure.mjs")),
        "help" | "--help" | "-h" => {
            println!("{}", help::of_all());
            Ok(())
        }
        unknown => Err(Usage::Task(unknown.to_owned()).into()),
    }
}
