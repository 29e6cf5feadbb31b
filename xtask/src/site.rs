//! The built page in `target/site`, one folder a public url: trunk's files, the copies for plain
//! hosts, and a `.gz` and a `.br` beside each. Built again only when something it is made of changed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::command::{execute, program};
use crate::error::Error;
use crate::options::PublicUrl;
use crate::project::Project;
use crate::{split, tools};

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
    "view",
    "xtask/src",
];

/// The page's routes that other sites lead to, for hosts that serve nothing but files, and
/// `404.html`, which many hosts send for every other path.
pub const COPIES: [&str; 3] = ["404.html", "demo/authorize/index.html", "oauth/callback/index.html"];

pub fn build(project: &Project, public_url: &PublicUrl) -> Result<PathBuf, Error> {
    let folder = project.site(public_url);
    // Inside, as trunk empties the folder: what is half built or deleted has none.
    let stamp = folder.join(".stamp");
    let started = SystemTime::now();
    if is_fresh(project, &stamp)? {
        return Ok(folder);
    }
    tools::for_building(project)?;
    println!("Building the page for {} (the first time, about 2 min on two cores)", public_url.as_str());
    trunk(project, public_url, &folder)?;
    split::run(project, &folder)?;
    copy_page(&folder)?;
    compress(&folder)?;
    // The time of the start: what changed during the build counts as newer.
    let file = File::create(&stamp).map_err(Error::io(&stamp))?;
    file.set_modified(started).map_err(Error::io(&stamp))?;
    Ok(folder)
}

fn is_fresh(project: &Project, stamp: &Path) -> Result<bool, Error> {
    let Ok(built) = fs::metadata(stamp).and_then(|stamp| stamp.modified()) else {
        return Ok(false);
    };
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

fn trunk(project: &Project, public_url: &PublicUrl, folder: &Path) -> Result<(), Error> {
    let mut trunk = std::process::Command::new(tools::binary(project, "trunk"));
    // Offline: everything is there by now, and trunk must not fetch a tool of another version.
    trunk.args(["build", "--release", "--offline", "--public-url", public_url.as_str()]);
    trunk.args(["--features", split::FEATURE]).arg("--dist").arg(folder).env(split::FLAGS.0, split::FLAGS.1);
    execute(trunk.current_dir(&project.root).env("PATH", tools::path(project)))
}

fn copy_page(folder: &Path) -> Result<(), Error> {
    for copy in COPIES {
        let target = folder.join(copy);
        let parent = target.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(Error::io(parent))?;
        fs::copy(folder.join("index.html"), &target).map_err(Error::io(&target))?;
    }
    Ok(())
}

/// Node brings both compressors, natively: no crate to compile, and seconds instead of a minute.
pub fn compress(folder: &Path) -> Result<(), Error> {
    let script = include_str!("compress.mjs");
    execute(program("node").args(["--input-type=module", "--eval", script, "--"]).arg(folder))
}

/// The paths in a folder, by name.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::io(folder))?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(Error::io(folder))?;
    paths.sort();
    Ok(paths)
}
