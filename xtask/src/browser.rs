//! Finds a Chrome or Chromium and its driver, or gets one where that is allowed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{answer, execute, major, program, version_of};
use crate::error::{Error, Missing};
use crate::project::Project;
use crate::tools;

const NAMES: [&str; 5] = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"];

const SHELL: &str = "chromium-headless-shell";

const FIREFOX: [&str; 2] = ["firefox-esr", "firefox"];

const USUAL: [&str; 5] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/opt/google/chrome/chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
];

/// The browser for the tests. Playwright may have or get one, so its packages must be installed.
pub fn chrome(project: &Project) -> Result<PathBuf, Error> {
    if let Some(named) = std::env::var_os("CHROME") {
        return named_chrome(Path::new(&named));
    }
    let find = || installed_chrome(project);
    let got_by_apt = || apt(&["chromium", "chromium-driver"]).and_then(|()| find());
    let downloaded = || playwright_download(project).and_then(|()| find());
    find().or_else(got_by_apt).or_else(downloaded).ok_or_else(|| Missing::Browser.into())
}

/// The same browser without windows and what belongs to them, which takes half the time, where it can be had by name;
/// else the whole browser without showing it.
pub fn headless(project: &Project) -> Result<PathBuf, Error> {
    let named = std::env::var_os("CHROME").is_some();
    let find = || on_path(SHELL).filter(|file| version_of(file).is_some());
    let got_by_apt = || apt(&[SHELL]).and_then(|()| find());
    let shell = if named { None } else { find().or_else(got_by_apt) };
    shell.map_or_else(|| chrome(project), Ok)
}

/// For the tests in another engine; nothing but they needs it, so it may be absent.
pub fn firefox() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("FIREFOX") {
        return Some(named.into());
    }
    let find = || FIREFOX.iter().filter_map(|name| on_path(name)).find(|file| version_of(file).is_some());
    find().or_else(|| apt(&["firefox-esr"]).and_then(|()| find()))
}

/// What the tests in WebKit need, all of Debian's packages; nothing but they needs it, so it may be absent.
pub struct WebKit {
    pub driver: PathBuf,
    /// The X server without a screen that its windows are shown on.
    pub display: PathBuf,
}

pub fn webkit() -> Option<WebKit> {
    let find = || Some(WebKit { driver: on_path("WebKitWebDriver")?, display: on_path("Xvfb")? });
    find().or_else(|| apt(&["webkit2gtk-driver", "xvfb"]).and_then(|()| find()))
}

/// The driver for the component tests; it works only with a browser of its own major version.
pub fn chromedriver(project: &Project, chrome: &Path) -> Result<PathBuf, Error> {
    if let Some(named) = std::env::var_os("CHROMEDRIVER") {
        return Ok(named.into());
    }
    let version = version_of(chrome).unwrap_or_default();
    let find = || matching_driver(project, &version);
    let got_by_apt = || apt(&["chromium-driver"]).and_then(|()| find());
    let downloaded = || driver_download(project, &version).and_then(|()| find());
    let found = find().or_else(got_by_apt).or_else(downloaded);
    found.ok_or_else(|| Missing::Driver { version }.into())
}

/// Absolute, as the tests run in another folder.
fn named_chrome(named: &Path) -> Result<PathBuf, Error> {
    match std::path::absolute(named) {
        Ok(path) if path.is_file() => Ok(path),
        _ => Err(Missing::NamedBrowser(named.to_owned()).into()),
    }
}

fn installed_chrome(project: &Project) -> Option<PathBuf> {
    let on_path = NAMES.iter().filter_map(|name| on_path(name));
    let usual = USUAL.iter().map(PathBuf::from);
    // Some systems have a file of that name that only tells how to get the browser.
    let works = |file: &PathBuf| file.is_file() && (cfg!(windows) || version_of(file).is_some());
    on_path.chain(usual).find(works).or_else(|| playwrights_own(project).filter(works))
}

/// Where Playwright keeps the browser of its version, whether that is there or not.
fn playwrights_own(project: &Project) -> Option<PathBuf> {
    let ask = "console.log(require('@playwright/test').chromium.executablePath())";
    answer(program("node").args(["--eval", ask]).current_dir(project.end_to_end())).map(PathBuf::from)
}

fn playwright_download(project: &Project) -> Option<()> {
    println!("Downloading Playwright's Chromium (once, about 150 MB)");
    let download = ["playwright", "install", "chromium"];
    execute(program("npx").args(download).current_dir(project.end_to_end())).ok()
}

fn matching_driver(project: &Project, version: &str) -> Option<PathBuf> {
    let fits = |driver: &PathBuf| version_of(driver).is_some_and(|found| major(&found) == major(version));
    on_path("chromedriver").into_iter().chain(downloaded_drivers(project)).find(fits)
}

fn driver_download(project: &Project, version: &str) -> Option<()> {
    println!("Downloading chromedriver into target/tools (once, about 10 MB)");
    let driver = format!("chromedriver@{}", major(version)?);
    let mut downloader = Command::new(tools::browser_downloader(project).ok()?);
    downloader.args(["install", &driver, "--path"]).arg(project.tools());
    execute(downloader.current_dir(project.tools())).ok()
}

/// `target/tools/chromedriver/linux-156.0.8078.73/chromedriver-linux64/chromedriver`
fn downloaded_drivers(project: &Project) -> Vec<PathBuf> {
    let within = |folder: &PathBuf| crate::site::entries(folder).unwrap_or_default();
    let versions = within(&project.tools().join("chromedriver"));
    let systems = versions.iter().flat_map(within);
    systems.map(|system| system.join(format!("chromedriver{}", std::env::consts::EXE_SUFFIX))).collect()
}

/// Only where it asks nothing: as root, on a system with apt.
fn apt(packages: &[&str]) -> Option<()> {
    let is_root = answer(program("id").arg("-u"))? == "0";
    if !is_root || on_path("apt-get").is_none() {
        return None;
    }
    println!("Installing {} with apt-get (once, about a minute)", packages.join(" and "));
    let quiet = ["install", "--yes", "--quiet", "--no-install-recommends"];
    execute(program("apt-get").args(["update", "--quiet"])).ok()?;
    execute(program("apt-get").args(quiet).args(packages).env("DEBIAN_FRONTEND", "noninteractive")).ok()
}

/// Real web servers for the end-to-end tests, where there are such or they can be had without asking.
pub fn web_server(name: &str) -> Option<PathBuf> {
    // Debian has servers where only root looks.
    let find = || on_path(name).or_else(|| Some(Path::new("/usr/sbin").join(name)).filter(|it| it.is_file()));
    let found = find().or_else(|| apt(&[name]).and_then(|()| find()));
    if found.is_none() {
        println!("{name} is not installed: skipping its tests");
    }
    found
}

fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|file| file.is_file())
}
