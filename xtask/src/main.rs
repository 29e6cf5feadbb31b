//! `cargo xtask …`: everything one does with this repository, one file a task.
//!
//! It needs cargo and Node, and gets the rest by itself into `target/tools`. It has no dependencies,
//! so that it is compiled within seconds on a fresh clone.

mod browser;
mod check;
mod command;
mod conformance;
mod dist;
mod error;
mod layers;
mod options;
mod playwright;
mod project;
mod serve;
mod site;
mod size;
mod split;
mod test;
mod tools;

use std::process::ExitCode;

use error::{Error, Usage};
use options::Options;
use project::Project;

const HELP: &str = "\
cargo xtask serve [--port 3000] [--public-url /p/]   build the release and serve it on this machine
cargo xtask test [core|xtask|components|e2e] [-- …]  run every test, or only the named part
cargo xtask conformance [--list] [scenario …]        the official suite, with the built page as its client
cargo xtask check                                    formatting, clippy, the layer rule
cargo xtask size                                     what the first load costs, and whether it is too much
cargo xtask dist [--public-url /p/] [--out dist]     the static files to put on a web server
                 [--origin https://host/p/]          … with the client metadata document of that address
cargo xtask screenshots                              take the pictures in docs/ anew
cargo xtask measure                                  how quick the page is in long sessions: figures, no verdict

What is missing is installed once, into target/tools.";

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
        println!("{HELP}");
        return Ok(());
    };
    let options = |known| Options::read(rest, known);
    let project = Project::here()?;
    match task.as_str() {
        "serve" => serve::run(&project, &options(&["--port", "--public-url"])?),
        "test" => test::run(&project, rest),
        "conformance" => conformance::run(&project, rest),
        "check" => options(&[]).and_then(|_| check::run(&project)),
        "size" => options(&[]).and_then(|_| size::run(&project)),
        "dist" => dist::run(&project, &options(&["--public-url", "--origin", "--out"])?),
        "screenshots" => options(&[]).and_then(|_| playwright::run(&project, "screenshots.mjs")),
        "measure" => options(&[]).and_then(|_| playwright::run(&project, "measure.mjs")),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        unknown => Err(Usage::Task(unknown.to_owned()).into()),
    }
}
