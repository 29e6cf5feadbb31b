//! `cargo xtask release`: the archives that are published, their checksums, and the bill of materials.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::archive::Archive;
use crate::error::Error;
use crate::options::{Options, PublicUrl};
use crate::project::Project;
use crate::version::{self, VERSION};
use crate::{dist, sbom};

/// What lies beside the page in an archive, under the same names as in the repository.
const BESIDE: [&str; 7] = [
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "docs/hosting.md",
    "docs/problems.md",
    "docs/servers.md",
    "hosting",
];

/// How to host what is in the archive.
const README: &str = include_str!("release.md");

pub fn run(project: &Project, options: &Options) -> Result<(), Error> {
    let out = project.root.join(options.get("--out").unwrap_or("target/release-archives"));
    if version::is_changed(project) {
        println!("The work tree has changes that are not committed: they are in the archives, under the last commit");
    }
    let time = version::time(project);
    let page = project.root.join("target/xtask/release-dist");
    dist::write(project, &page, &PublicUrl::root(), None)?;
    let bill = sbom::of_page(project, time)?;
    let archive = pack(project, &page, &bill, time)?;
    write(&out, &archive, &bill)?;
    println!("{} holds the archives of {VERSION}", out.display());
    Ok(())
}

/// All in one folder that has the version in its name. The page is in `dist`, where the container's recipe looks for it.
fn pack(project: &Project, page: &Path, bill: &str, time: u64) -> Result<Archive, Error> {
    let mut archive = Archive::new(time);
    let at = |path: &str| format!("{}/{path}", name());
    for path in BESIDE {
        archive.add_from(&at(path), &project.root.join(path))?;
    }
    archive.add_from(&at("dist"), page)?;
    archive.add(at("README.md"), README.replace("VERSION", VERSION));
    archive.add(at("sbom.cdx.json"), bill);
    Ok(archive)
}

fn name() -> String {
    format!("flowglass-{VERSION}")
}

fn write(out: &Path, archive: &Archive, bill: &str) -> Result<(), Error> {
    fs::create_dir_all(out).map_err(Error::io(out))?;
    let files = [
        (format!("{}.cdx.json", name()), bill.as_bytes().to_vec()),
        (format!("{}.tar.gz", name()), archive.tar_gz().map_err(Error::io(out))?),
        (format!("{}.zip", name()), archive.zip().map_err(Error::io(out))?),
    ];
    let put = |name: &str, bytes: &[u8]| {
        let file = out.join(name);
        fs::write(&file, bytes).map_err(Error::io(&file))
    };
    for (name, bytes) in &files {
        put(name, bytes)?;
    }
    put("SHA256SUMS", sums(&files).as_bytes())
}

/// As `sha256sum --check` reads it.
fn sums(files: &[(String, Vec<u8>)]) -> String {
    let mut text = String::new();
    for (name, bytes) in files {
        for byte in Sha256::digest(bytes) {
            // Writing to a text does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        let _ = writeln!(text, "  {name}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksums_are_lines_that_sha256sum_reads() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sums(&[("a.zip".to_owned(), Vec::new())]), format!("{empty}  a.zip\n"));
    }

    #[test]
    fn an_archive_has_the_page_the_recipes_the_licences_and_how_to_host() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let page = root.join("target/xtask/release-test");
        fs::create_dir_all(&page).unwrap();
        fs::write(page.join("index.html"), "<title>Flowglass</title>").unwrap();
        let archive = pack(&Project { root: root.to_owned() }, &page, "{}\n", 1_795_953_600).unwrap();
        let bytes = archive.tar_gz().unwrap();
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        let paths = tar.entries().unwrap().map(|it| it.unwrap().path().unwrap().to_string_lossy().into_owned());
        let paths: Vec<String> = paths.collect();
        for path in
            ["README.md", "LICENSE-MIT", "dist/index.html", "docs/hosting.md", "hosting/nginx.conf", "sbom.cdx.json"]
        {
            assert!(paths.contains(&format!("flowglass-{VERSION}/{path}")), "{path} is not in {paths:?}");
        }
    }

    #[test]
    fn the_readme_names_what_the_archive_holds() {
        for path in ["dist", "hosting/place.sh", "docs/hosting.md", "sbom.cdx.json", "flowglass-VERSION"] {
            assert!(README.contains(path), "{path}");
        }
    }
}
