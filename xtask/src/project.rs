//! Where things lie in the repository.

use std::path::{Path, PathBuf};

use crate::error::{Error, Usage};
use crate::options::PublicUrl;

pub struct Project {
    pub root: PathBuf,
}

impl Project {
    /// Cargo says at run time where this package lies, so a moved or copied repository works too.
    pub fn here() -> Result<Self, Error> {
        let package = std::env::var_os("CARGO_MANIFEST_DIR").ok_or(Usage::OutsideCargo)?;
        match Path::new(&package).parent() {
            Some(root) => Ok(Self { root: root.to_owned() }),
            None => Err(Usage::OutsideCargo.into()),
        }
    }

    /// Not `CARGO_TARGET_DIR`: the tools belong to this clone, whatever else shares that folder.
    pub fn tools(&self) -> PathBuf {
        self.root.join("target/tools")
    }

    pub fn site(&self, public_url: &PublicUrl) -> PathBuf {
        self.sites().join(public_url.folder())
    }

    /// The built pages, one folder a public url.
    pub fn sites(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// The release build's module as the linker wrote it.
    pub fn module(&self) -> PathBuf {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), PathBuf::from);
        target.join("wasm32-unknown-unknown/release/flowglass.wasm")
    }

    pub fn end_to_end(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }

    /// Servers and a browser that nobody here wrote.
    pub fn field(&self) -> PathBuf {
        self.root.join("tests/field")
    }

    pub fn conformance(&self) -> PathBuf {
        self.root.join("tests/conformance")
    }

    pub fn read(&self, file: &str) -> Result<String, Error> {
        let path = self.root.join(file);
        std::fs::read_to_string(&path).map_err(Error::io(&path))
    }
}
