//! `cargo xtask screenshots`: takes the pictures in `docs/` anew.

use crate::command::{execute, program};
use crate::error::Error;
use crate::project::Project;
use crate::test;

pub fn run(project: &Project) -> Result<(), Error> {
    let mut node = program("node");
    test::with_page(project, &mut node)?;
    execute(node.arg("screenshots.mjs"))
}
