//! What can go wrong, each as one sentence that says what to do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub enum Error {
    Usage(Usage),
    Missing(Missing),
    Failed { command: String },
    PortInUse(u16),
    Foreign(PathBuf),
    NothingToCut(PathBuf),
    TooLarge { brotli: u64, limit: u64 },
    Layers { breaches: usize },
    Io { path: PathBuf, source: io::Error },
}

/// What the person typed and no task understands.
#[derive(Debug)]
pub enum Usage {
    Task(String),
    Option(String),
    NoValue(String),
    Port(String),
    PublicUrl(String),
    Origin(String),
    Part(String),
    ArgumentsForSeveral,
    OutsideCargo,
}

/// What this machine lacks and no task could get.
#[derive(Debug)]
pub enum Missing {
    Program { name: String, get: &'static str },
    NewerNode { found: String, least: u32 },
    Tool { name: &'static str, version: String },
    LockedVersion { package: &'static str },
    NamedBrowser(PathBuf),
    Browser,
    Driver { version: String },
}

impl Error {
    /// For `map_err`: an I/O error alone does not say which file it is about.
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

impl From<Usage> for Error {
    fn from(usage: Usage) -> Self {
        Self::Usage(usage)
    }
}

impl From<Missing> for Error {
    fn from(missing: Missing) -> Self {
        Self::Missing(missing)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(usage) => usage.fmt(f),
            Self::Missing(missing) => missing.fmt(f),
            Self::Failed { command } => write!(f, "`{command}` failed; its own words are above"),
            Self::PortInUse(port) => write!(f, "port {port} is in use; choose another by --port"),
            Self::NothingToCut(folder) => write!(f, "trunk left no script and module in {}", folder.display()),
            Self::Foreign(folder) => {
                let folder = folder.display();
                write!(f, "{folder} holds other files, which would be lost; choose a new folder")
            }
            Self::TooLarge { brotli, limit } => {
                write!(f, "the first load has {brotli} bytes with brotli, and may have {limit}")
            }
            Self::Layers { breaches } => write!(f, "the layer rule is broken {breaches} times"),
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
        }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(name) => write!(f, "there is no task `{name}`; `cargo xtask` lists them"),
            Self::Option(name) => write!(f, "this task does not take `{name}`"),
            Self::NoValue(option) => write!(f, "`{option}` needs a value"),
            Self::Port(port) => write!(f, "`{port}` is not a port between 0 and 65535"),
            Self::PublicUrl(url) => {
                write!(f, "`{url}` is not a path between slashes, such as /tools/inspector/")
            }
            Self::Origin(url) => {
                write!(
                    f,
                    "`{url}` is not a whole address with a slash at its end, such as https://inspector.example.com/x/"
                )
            }
            Self::Part(name) => {
                write!(f, "the tests have no part `{name}`, but core, xtask, components and e2e")
            }
            Self::ArgumentsForSeveral => f.write_str("name one part of the tests before the `--`"),
            Self::OutsideCargo => f.write_str("start it by `cargo xtask`, inside the repository"),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program { name, get } => write!(f, "`{name}` was not found; {get}"),
            Self::NewerNode { found, least } => {
                write!(f, "this is Node {found}; install Node {least} or newer")
            }
            Self::Tool { name, version } => {
                write!(f, "the installed {name} is not {version}; delete target/tools, try again")
            }
            Self::LockedVersion { package } => write!(f, "Cargo.lock does not hold {package}"),
            Self::NamedBrowser(path) => {
                write!(f, "CHROME names {}, which is not there", path.display())
            }
            Self::Browser => f.write_str("install Chrome or Chromium, or name one by CHROME=/path"),
            Self::Driver { version } => {
                write!(f, "install chromedriver {version}, or name one by CHROMEDRIVER=/path")
            }
        }
    }
}
