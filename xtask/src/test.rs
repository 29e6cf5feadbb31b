//! `cargo xtask test`: every test there is, or one part: core, xtask, components, e2e.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::browser;
use crate::command::{execute, need_node, program};
use crate::error::{Error, Usage};
use crate::options::PublicUrl;
use crate::project::Project;
use crate::{site, tools};

/// The second build of the end-to-end tests: the page must work below any path.
const PREFIX: &str = "/tools/inspector/";

/// The tests in `tests/` that a browser runs.
pub const COMPONENTS: &str = "components";

#[derive(Clone, Copy)]
enum Part {
    Core,
    Xtask,
    Components,
    EndToEnd,
}

impl Part {
    const ALL: [Self; 4] = [Self::Core, Self::Xtask, Self::Components, Self::EndToEnd];

    fn named(name: &str) -> Result<Self, Error> {
        match name {
            "core" => Ok(Self::Core),
            "xtask" => Ok(Self::Xtask),
            "components" => Ok(Self::Components),
            "e2e" => Ok(Self::EndToEnd),
            _ => Err(Usage::Part(name.to_owned()).into()),
        }
    }

    fn run(self, project: &Project, more: &[String]) -> Result<(), Error> {
        match self {
            Self::Core => cargo_test(project, &["--no-default-features"], more),
            Self::Xtask => cargo_test(project, &["--package", "xtask"], more),
            Self::Components => components(project, more),
            Self::EndToEnd => end_to_end(project, more),
        }
    }
}

pub fn run(project: &Project, arguments: &[String]) -> Result<(), Error> {
    let (names, more) = match arguments.iter().position(|argument| argument == "--") {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[][..]),
    };
    let named = names.iter().map(|name| Part::named(name));
    let named: Vec<Part> = named.collect::<Result<_, _>>()?;
    match named.as_slice() {
        [part] => part.run(project, more),
        _ if !more.is_empty() => Err(Usage::ArgumentsForSeveral.into()),
        [] => Part::ALL.iter().try_for_each(|part| part.run(project, &[])),
        several => several.iter().try_for_each(|part| part.run(project, &[])),
    }
}

/// Makes a command that opens the built page, as the end-to-end tests and the pictures do.
pub fn with_page(project: &Project, command: &mut Command) -> Result<(), Error> {
    need_node()?;
    npm_packages(&project.end_to_end())?;
    let chrome = browser::headless(project)?;
    let page = site::build(project, &PublicUrl::root())?;
    let prefixed = site::build(project, &PublicUrl::parse(PREFIX)?)?;
    command.current_dir(project.end_to_end()).env("CHROME_PATH", chrome);
    command.env("FLOWGLASS_DIST", page).env("FLOWGLASS_DIST_PREFIXED", prefixed);
    Ok(())
}

pub fn has_components(project: &Project) -> bool {
    project.root.join("tests").join(COMPONENTS).with_extension("rs").exists()
}

fn cargo_test(project: &Project, what: &[&str], more: &[String]) -> Result<(), Error> {
    let mut cargo = program("cargo");
    cargo.args(["test"]).args(what).arg("--").args(more);
    execute(cargo.current_dir(&project.root))
}

fn components(project: &Project, more: &[String]) -> Result<(), Error> {
    if !has_components(project) {
        return Ok(());
    }
    let runner = tools::for_component_tests(project)?;
    need_node()?;
    npm_packages(&project.end_to_end())?;
    let chrome = browser::chrome(project)?;
    let mut cargo = program("cargo");
    cargo.args(["test", "--target", "wasm32-unknown-unknown", "--features", "ui"]);
    cargo.args(["--test", COMPONENTS, "--"]).args(more).current_dir(&project.root);
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    cargo.env("CHROMEDRIVER", browser::chromedriver(project, &chrome)?);
    cargo.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver(project, &chrome)?);
    execute(&mut cargo)
}

/// The repository's `webdriver.json` with the browser named, as the driver knows only usual places.
fn webdriver(project: &Project, chrome: &Path) -> Result<std::path::PathBuf, Error> {
    let options = "\"goog:chromeOptions\": {";
    let named = format!("{options}\n    \"binary\": {:?},", chrome.display().to_string());
    let text = project.read("webdriver.json")?.replace(options, &named);
    let file = project.tools().join("webdriver.json");
    fs::write(&file, text).map_err(Error::io(&file))?;
    Ok(file)
}

fn end_to_end(project: &Project, more: &[String]) -> Result<(), Error> {
    let mut playwright = program("npx");
    with_page(project, &mut playwright)?;
    execute(playwright.args(["playwright", "test"]).args(more))
}

/// `npm ci` in a folder of tests, unless these very packages are there already.
pub fn npm_packages(folder: &Path) -> Result<(), Error> {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read_to_string(&lock).map_err(Error::io(&lock))?;
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read_to_string(&installed).is_ok_and(|lock| lock == wanted) {
        return Ok(());
    }
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    println!("Installing the npm packages of tests/{name} (once, about a minute)");
    let quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    // The browser is looked for on its own, and only downloaded if there is none.
    let skip = ("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    execute(program("npm").args(quiet).env(skip.0, skip.1).current_dir(folder))?;
    fs::write(&installed, wanted).map_err(Error::io(&installed))
}
