//! `cargo xtask conformance`: the client scenarios of the official suite, played by the built page in a browser.

use std::env::consts::EXE_SUFFIX;
use std::process::Command;

use crate::command::{execute, need_node};
use crate::error::Error;
use crate::options::PublicUrl;
use crate::project::Project;
use crate::{browser, site, test};

/// What follows the task is for the runner: its options, and the names of scenarios.
pub fn run(project: &Project, arguments: &[String]) -> Result<(), Error> {
    need_node()?;
    let folder = project.conformance();
    test::npm_packages(&folder)?;
    // The suite needs a newer Node than the rest, so it is one of its packages.
    let mut runner = Command::new(folder.join(format!("node_modules/node/bin/node{EXE_SUFFIX}")));
    runner.arg("run.mjs").args(arguments).current_dir(&folder);
    if !arguments.iter().any(|argument| argument == "--list") {
        with_page(project, &mut runner)?;
    }
    execute(&mut runner)
}

fn with_page(project: &Project, runner: &mut Command) -> Result<(), Error> {
    // Where no browser is installed, the end-to-end tests' own packages get one.
    test::npm_packages(&project.end_to_end())?;
    runner.env("CHROME_PATH", browser::chrome(project)?);
    runner.env("FLOWGLASS_DIST", site::build(project, &PublicUrl::root())?);
    Ok(())
}
