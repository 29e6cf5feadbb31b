//! The software bill of materials of the page (CycloneDX, JSON): its crates as `cargo cyclonedx` finds them, its npm packages
//! as `npm sbom` does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{execute, program};
use crate::error::Error;
use crate::project::Project;
use crate::{split, tools};

/// The format's version: the newest that both tools write.
const FORMAT: &str = "1.5";

/// What `cargo cyclonedx` calls its files, one beside each `Cargo.toml`.
const WRITTEN: &str = "flowglass-sbom";

/// The bill, with the time of the release in it.
pub fn of_page(project: &Project, time: u64) -> Result<String, Error> {
    let cyclonedx = tools::cyclonedx(project)?;
    let place = project.root.join("target/xtask");
    fs::create_dir_all(&place).map_err(Error::io(&place))?;
    let [crates, npm, both] = ["crates.json", "npm.json", "sbom.json"].map(|it| place.join(it));
    let written = of_crates(project, &cyclonedx, time, &crates);
    for file in beside_manifests(project) {
        drop(fs::remove_file(file));
    }
    written?;
    of_npm(project, &npm)?;
    let mut node = program("node");
    node.args(["--input-type=module", "--eval", include_str!("sbom.mjs"), "--"]).args([&crates, &npm, &project.root]);
    into_file(&mut node, &both)?;
    fs::read_to_string(&both).map_err(Error::io(&both))
}

/// Without what only compiles it, as the page's own build takes it.
fn of_crates(project: &Project, cyclonedx: &Path, time: u64, to: &Path) -> Result<(), Error> {
    let mut cargo = Command::new(cyclonedx);
    cargo.args(["cyclonedx", "--quiet", "--quiet", "--format", "json", "--spec-version", FORMAT, "--no-build-deps"]);
    cargo.args(["--target", tools::WASM, "--features", split::FEATURE, "--override-filename", WRITTEN]);
    cargo.env("SOURCE_DATE_EPOCH", time.to_string()).current_dir(&project.root);
    execute(&mut cargo)?;
    let [written, ..] = &beside_manifests(project);
    fs::copy(written, to).map(drop).map_err(Error::io(written))
}

fn beside_manifests(project: &Project) -> [PathBuf; 2] {
    let name = format!("{WRITTEN}.json");
    [project.root.join(&name), project.root.join("xtask").join(name)]
}

/// The packages that are bundled into the page are the `dependencies` there; tools are `devDependencies`.
fn of_npm(project: &Project, to: &Path) -> Result<(), Error> {
    let mut npm = program("npm");
    npm.args(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev"]);
    into_file(npm.current_dir(project.root.join(tools::NPM)), to)
}

fn into_file(command: &mut Command, to: &Path) -> Result<(), Error> {
    let file = fs::File::create(to).map_err(Error::io(to))?;
    execute(command.stdout(file))
}
