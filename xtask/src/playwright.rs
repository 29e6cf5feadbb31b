//! `cargo xtask screenshots` takes the pictures in `docs/` anew, `cargo xtask measure` measures the page: scripts of
//! `tests/e2e` with the built page.

use crate::command::{execute, program};
use crate::error::Error;
use crate::project::Project;
use crate::test;

pub fn run(project: &Project, script: &str) -> Result<(), Error> {
    let mut node = program("node");
    test::with_page(project, &mut node)?;
    execute(node.arg(script))
}
