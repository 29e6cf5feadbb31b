//! `cargo xtask test field`: the built page with servers, and in browsers, that nobody wrote for it. What this machine
//! cannot have is left out, and said.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::command::{answer, execute, program};
use crate::error::Error;
use crate::project::Project;
use crate::{browser, test};

/// Of the packages in `requirements.txt`.
const LEAST_PYTHON: (u32, u32) = (3, 10);

pub fn run(project: &Project, more: &[String]) -> Result<(), Error> {
    let mut playwright = program("npx");
    test::with_page(project, &mut playwright)?;
    test::npm_packages(&project.field())?;
    test::with_web_servers(&mut playwright);
    with_python(project, &mut playwright)?;
    with_firefox(&mut playwright);
    with_webkit(&mut playwright);
    execute(playwright.args(["playwright", "test", "--config", "../field/playwright.config.ts"]).args(more))
}

fn with_python(project: &Project, playwright: &mut Command) -> Result<(), Error> {
    if !has_python() {
        let (major, minor) = LEAST_PYTHON;
        println!("Python {major}.{minor} with venv not found: skipping the tests with Python servers");
        return Ok(());
    }
    let newest = Environment { name: "python", requirements: "requirements.txt" };
    let version_1 = Environment { name: "python-sdk-1", requirements: "requirements-sdk-1.txt" };
    playwright.env("FIELD_PYTHON", newest.interpreter(project)?);
    playwright.env("FIELD_PYTHON_SDK_1", version_1.interpreter(project)?);
    Ok(())
}

fn with_firefox(playwright: &mut Command) {
    match browser::firefox() {
        Some(firefox) => _ = playwright.env("FIREFOX_PATH", firefox),
        None => println!("Firefox not found: skipping its tests"),
    }
}

fn with_webkit(playwright: &mut Command) {
    match browser::webkit() {
        Some(webkit) => _ = playwright.env("WEBKIT_DRIVER_PATH", webkit.driver).env("XVFB_PATH", webkit.display),
        None => println!("WebKitWebDriver or Xvfb not found: skipping the tests in WebKit"),
    }
}

/// Debian has python3 without `ensurepip`, of which `venv` is made.
fn has_python() -> bool {
    let (major, minor) = LEAST_PYTHON;
    let ask = format!("import sys, venv, ensurepip; assert sys.version_info >= ({major}, {minor})");
    answer(program("python3").args(["-c", &ask])).is_some()
}

/// A folder of its own for packages of Python, in `target/tools`.
struct Environment {
    name: &'static str,
    requirements: &'static str,
}

impl Environment {
    /// The interpreter that has these packages; installed once for each version of the list.
    fn interpreter(&self, project: &Project) -> Result<PathBuf, Error> {
        let folder = project.tools().join(self.name);
        let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
        let list = project.field().join("python").join(self.requirements);
        let wanted = fs::read_to_string(&list).map_err(Error::io(&list))?;
        let installed = folder.join("installed.txt");
        if fs::read_to_string(&installed).is_ok_and(|list| list == wanted) {
            return Ok(python);
        }
        println!("Installing the Python packages of {} into target/tools (once, under a minute)", self.requirements);
        execute(program("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        execute(Command::new(&python).args(quiet).arg(&list)).map_err(|_| Error::NotInstalled {
            what: format!("the Python packages of {}", self.requirements),
            by: "pip",
        })?;
        fs::write(&installed, wanted).map_err(Error::io(&installed))?;
        Ok(python)
    }
}
