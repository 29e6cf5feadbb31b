//! `cargo xtask dist`: the static files, in a folder to be put on a web server.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::options::Options;
use crate::project::Project;
use crate::site;

pub fn run(project: &Project, options: &Options) -> Result<(), Error> {
    let public_url = options.public_url()?;
    let out = project.root.join(options.get("--out").unwrap_or("dist"));
    // Before the build, which may take minutes.
    may_be_replaced(&out)?;
    let site = site::build(project, &public_url)?;
    if out.exists() {
        fs::remove_dir_all(&out).map_err(Error::io(&out))?;
    }
    copy(&site, &out)?;
    println!("{} is ready to be served at {}", out.display(), public_url.as_str());
    Ok(())
}

/// Only an earlier build may go: a slip in `--out` must not delete somebody's folder.
fn may_be_replaced(out: &Path) -> Result<(), Error> {
    if !out.exists() || site::entries(out)?.is_empty() {
        return Ok(());
    }
    let page = fs::read_to_string(out.join("index.html")).unwrap_or_default();
    if page.contains("<title>Flowglass</title>") {
        return Ok(());
    }
    Err(Error::Foreign(out.to_owned()))
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(Error::io(to))?;
    for entry in site::entries(from)? {
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

/// The marks of the build, trunk's and ours, are not for a web server.
fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_earlier_build_may_be_replaced() {
        let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/xtask/dist-test");
        fs::create_dir_all(&out).unwrap();
        assert!(may_be_replaced(&out).is_ok());
        fs::write(out.join("diary.txt"), "private").unwrap();
        assert!(matches!(may_be_replaced(&out), Err(Error::Foreign(_))));
        fs::write(out.join("index.html"), "<title>Flowglass</title>").unwrap();
        assert!(may_be_replaced(&out).is_ok());
        fs::remove_dir_all(&out).unwrap();
        assert!(may_be_replaced(&out).is_ok());
    }
}
