//! The built page in `target/site`: trunk's files, the copies for plain hosts, and a `.gz` and a `.br` beside each that is
//! no page. Built again only when something it is made of changed. For another prefix it is copied, with the prefix in
//! its pages.

use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::command::{execute, program};
use crate::error::Error;
use crate::options::PublicUrl;
use crate::project::Project;
use crate::{split, tools, version};

/// What the page is made of. Of a folder its own time counts too: it tells of deleted files.
const INGREDIENTS: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "assets",
    "index.html",
    "rust-toolchain.toml",
    "src",
    "style",
    "xtask/npm",
    "xtask/src",
];

/// The page itself.
const PAGE: &str = "index.html";

/// The schema check, which trunk's hook bundles (`assets/schema/bundle.mjs`).
pub const SCHEMA: &str = "schema";

/// The service worker, the one script that keeps its name (`name.mjs` tells it the others).
pub const WORKER: &str = "sw.js";

/// The page's routes that other sites lead to, for hosts that serve nothing but files, and
/// `404.html`, which many hosts send for every other path.
pub const COPIES: [&str; 3] = ["404.html", "demo/authorize/index.html", "oauth/callback/index.html"];

/// The page that apps of servers are shown in. It is none of the app's, but has the prefix as they do.
pub const FRAME: &str = "app/frame.html";

/// What a page says of where its folder stands.
const BASE: &str = "<base href=\"/\">";

/// The folder of the page for a prefix.
pub fn build(project: &Project, public_url: &PublicUrl) -> Result<PathBuf, Error> {
    let _one_at_a_time = lock(&project.sites())?;
    let built = at_root(project)?;
    if *public_url == PublicUrl::root() {
        return Ok(built);
    }
    let folder = project.site(public_url);
    // Whoever serves an unchanged copy goes on with it.
    if modified(&folder.join(STAMP)) != modified(&built.join(STAMP)) {
        let _ = fs::remove_dir_all(&folder);
        copy(&built, &folder)?;
        set_base(&folder, public_url)?;
        stamp(&folder, modified(&built.join(STAMP)))?;
    }
    Ok(folder)
}

/// Of a folder that is whole, the time at which its build began. Trunk empties the folder: what is half built has none.
const STAMP: &str = ".stamp";

fn at_root(project: &Project) -> Result<PathBuf, Error> {
    let folder = project.site(&PublicUrl::root());
    let started = SystemTime::now();
    if is_fresh(project, &folder.join(STAMP))? {
        return Ok(folder);
    }
    tools::for_building(project)?;
    println!("Building the site (about 2 min the first time, on two cores)");
    trunk(project, &folder)?;
    split::run(project, &folder)?;
    name_parts(&folder)?;
    // The minifier takes the quotes away, and hosts look for the attribute as it is documented.
    split::change(&folder.join(PAGE), &folder.join(PAGE), &[("<base href=/>".to_owned(), BASE.to_owned())])?;
    copy_page(&folder)?;
    version::write(project, &folder)?;
    compress(&folder)?;
    // What changed during the build counts as newer.
    stamp(&folder, Some(started))?;
    Ok(folder)
}

fn stamp(folder: &Path, time: Option<SystemTime>) -> Result<(), Error> {
    let stamp = folder.join(STAMP);
    let file = File::create(&stamp).map_err(Error::io(&stamp))?;
    file.set_modified(time.unwrap_or_else(SystemTime::now)).map_err(Error::io(&stamp))
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|it| it.modified()).ok()
}

/// Where the folder stands is in its pages alone; everything else is found from there.
fn set_base(folder: &Path, public_url: &PublicUrl) -> Result<(), Error> {
    let base = format!("<base href=\"{}\">", public_url.as_str());
    for page in pages().chain([FRAME]) {
        let page = folder.join(page);
        split::change(&page, &page, &[(BASE.to_owned(), base.clone())])?;
    }
    Ok(())
}

/// Every page of the folder, which are alike.
pub fn pages() -> impl Iterator<Item = &'static str> {
    [PAGE].into_iter().chain(COPIES)
}

/// Until the file is dropped, or this program ends: builds of one clone share trunk's folder and the linker's module,
/// whatever their public url.
fn lock(sites: &Path) -> Result<File, Error> {
    fs::create_dir_all(sites).map_err(Error::io(sites))?;
    let path = sites.join(".lock");
    let file = File::create(&path).map_err(Error::io(&path))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => println!("Waiting for another build"),
        Err(TryLockError::Error(source)) => return Err(Error::Io { path, source }),
    }
    file.lock().map_err(Error::io(&path))?;
    Ok(file)
}

fn is_fresh(project: &Project, stamp: &Path) -> Result<bool, Error> {
    let Some(built) = modified(stamp) else { return Ok(false) };
    for name in INGREDIENTS {
        if newest(&project.root.join(name))? >= built {
            return Ok(false);
        }
    }
    Ok(true)
}

fn newest(path: &Path) -> Result<SystemTime, Error> {
    let about = fs::metadata(path).map_err(Error::io(path))?;
    let mut time = about.modified().map_err(Error::io(path))?;
    if about.is_dir() {
        for entry in entries(path)? {
            time = time.max(newest(&entry)?);
        }
    }
    Ok(time)
}

fn trunk(project: &Project, folder: &Path) -> Result<(), Error> {
    let mut trunk = std::process::Command::new(tools::binary(project, "trunk"));
    // Offline: everything is there by now, and trunk must not fetch a tool of another version.
    trunk.args(["build", "--release", "--offline", "--public-url", "./"]);
    trunk.args(["--features", split::FEATURE]).arg("--dist").arg(folder).env(split::FLAGS.0, split::FLAGS.1);
    execute(trunk.current_dir(&project.root).env("PATH", tools::path(project)))?;
    let schema = folder.join(SCHEMA).with_extension("js");
    fs::metadata(&schema).map_err(Error::io(&schema)).map(drop)
}

/// Not trunk's names: those of module and script are hashes of what they were before the cut.
fn name_parts(folder: &Path) -> Result<(), Error> {
    let script = include_str!("name.mjs");
    execute(program("node").args(["--input-type=module", "--eval", script, "--"]).arg(folder))
}

fn copy_page(folder: &Path) -> Result<(), Error> {
    for copy in COPIES {
        let target = folder.join(copy);
        let parent = target.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(Error::io(parent))?;
        fs::copy(folder.join(PAGE), &target).map_err(Error::io(&target))?;
    }
    Ok(())
}

/// Node brings both compressors, natively: no crate to compile, and seconds instead of a minute.
pub fn compress(folder: &Path) -> Result<(), Error> {
    let script = include_str!("compress.mjs");
    execute(program("node").args(["--input-type=module", "--eval", script, "--"]).arg(folder))
}

/// A folder with all that is in it, but for the marks of the build, trunk's and ours, which are not for a web server.
pub fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(Error::io(to))?;
    for entry in entries(from)? {
        let name = entry.file_name().unwrap_or_default();
        let target = to.join(name);
        if entry.is_dir() {
            copy(&entry, &target)?;
        } else if !is_hidden(name) {
            fs::copy(&entry, &target).map_err(Error::io(&target))?;
        }
    }
    Ok(())
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// The paths in a folder, by name.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::io(folder))?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(Error::io(folder))?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_prefix_is_in_every_page_and_nowhere_else() {
        let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/xtask/prefix-test");
        let (built, moved) = (sites.join("built"), sites.join("moved"));
        let _ = fs::remove_dir_all(&sites);
        fs::create_dir_all(&built).unwrap();
        fs::write(built.join(PAGE), format!("<head>{BASE}</head>")).unwrap();
        fs::write(built.join("app.js"), BASE).unwrap();
        copy_page(&built).unwrap();
        fs::create_dir_all(built.join(FRAME).parent().unwrap()).unwrap();
        fs::copy(built.join(PAGE), built.join(FRAME)).unwrap();
        copy(&built, &moved).unwrap();
        set_base(&moved, &PublicUrl::parse("/a/b/").unwrap()).unwrap();
        for page in pages().chain([FRAME]) {
            assert_eq!(fs::read_to_string(moved.join(page)).unwrap(), "<head><base href=\"/a/b/\"></head>", "{page}");
        }
        assert_eq!(fs::read_to_string(moved.join("app.js")).unwrap(), BASE);
    }

    /// The first segments of the paths, but for the one that takes every other.
    fn first_segments(routes: &str) -> BTreeSet<&str> {
        let paths = routes.split("path!(\"").skip(1).filter_map(|it| it.split_once('"'));
        let segments = paths.filter_map(|(path, _)| path.trim_start_matches('/').split('/').next());
        segments.filter(|it| !it.starts_with('*')).collect()
    }

    #[test]
    fn the_service_worker_knows_every_page_of_the_app() {
        let worker = include_str!("../../assets/sw.js");
        let (_, list) = worker.split_once("const PAGES = [").unwrap();
        let (list, _) = list.split_once("];").unwrap();
        let known: BTreeSet<&str> = list.split(", ").map(|it| it.trim_matches('"')).collect();
        assert_eq!(known, first_segments(include_str!("../../src/ui/app.rs")));
    }

    #[test]
    fn two_builds_are_not_at_once() {
        let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/xtask/site-test");
        let first = lock(&sites).unwrap();
        let second = File::open(sites.join(".lock")).unwrap();
        assert!(matches!(second.try_lock(), Err(TryLockError::WouldBlock)));
        drop(first);
        assert!(second.try_lock().is_ok());
    }
}
