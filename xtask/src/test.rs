//! `cargo xtask test`: every test there is, or one part: core, xtask, components, e2e, field.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::browser;
use crate::command::{execute, need_node, program};
use crate::error::{Error, Usage};
use crate::options::PublicUrl;
use crate::project::Project;
use crate::{field, site, tools};

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
    Field,
}

impl Part {
    const ALL: [Self; 5] = [Self::Core, Self::Xtask, Self::Components, Self::EndToEnd, Self::Field];

    fn named(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|part| part.name() == name);
        found.ok_or_else(|| Usage::Part(name.to_owned()).into())
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Xtask => "xtask",
            Self::Components => "components",
            Self::EndToEnd => "e2e",
            Self::Field => "field",
        }
    }

    /// Says at the end how long it took, builds and installations included.
    fn run(self, project: &Project, more: &[String]) -> Result<(), Error> {
        let started = Instant::now();
        let result = self.tests(project, more);
        let outcome = if result.is_ok() { "passed" } else { "failed" };
        println!("{} {outcome} in {}", self.name(), minutes(started.elapsed()));
        result
    }

    fn tests(self, project: &Project, more: &[String]) -> Result<(), Error> {
        match self {
            Self::Core => cargo_test(project, &["--no-default-features"], more),
            Self::Xtask => cargo_test(project, &["--package", "xtask"], more),
            Self::Components => components(project, more),
            Self::EndToEnd => end_to_end(project, more),
            Self::Field => field::run(project, more),
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

/// `48 s`, `3 min 5 s`
fn minutes(time: Duration) -> String {
    match (time.as_secs() / 60, time.as_secs() % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
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
    with_web_servers(&mut playwright);
    execute(playwright.args(["playwright", "test"]).args(more))
}

/// The web servers that the recipes of `hosting/` are for, where they are installed.
pub fn with_web_servers(playwright: &mut Command) {
    for (name, variable) in [("nginx", "FLOWGLASS_NGINX"), ("caddy", "FLOWGLASS_CADDY")] {
        if let Some(program) = browser::web_server(name) {
            playwright.env(variable, program);
        }
    }
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
    tools::npm_ci(folder)?;
    fs::write(&installed, wanted).map_err(Error::io(&installed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_minutes_from_one_on() {
        assert_eq!(minutes(Duration::from_millis(48_900)), "48 s");
        assert_eq!(minutes(Duration::from_secs(185)), "3 min 5 s");
    }

    #[test]
    fn each_part_is_found_by_its_name() {
        assert!(Part::ALL.iter().all(|part| Part::named(part.name()).is_ok_and(|it| it.name() == part.name())));
        assert!(Part::named("none").is_err());
    }
}
