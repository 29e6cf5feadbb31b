//! What can go wrong, each as one sentence that says what to do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub enum Error {
    Usage(Usage),
    Missing(Missing),
    Failed { command: String },
    PortInUse { port: u16, by: Option<String> },
    NotInstalled { what: String, by: &'static str },
    Foreign(PathBuf),
    NothingToCut(PathBuf),
    NotInScript { words: String, script: PathBuf },
    TooLarge { name: String, brotli: u64, limit: u64 },
    Layers { breaches: usize },
    Rooms { breaches: usize },
    Texts { phrases: usize },
    NotRust { file: String, error: syn::Error },
    Io { path: PathBuf, source: io::Error },
}

/// What the user typed and no task understands.
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
            Self::Failed { command } => write!(f, "`{command}` failed; see its output above"),
            Self::PortInUse { port, by: Some(folder) } => {
                write!(f, "port {port} is in use by Flowglass from {folder}; choose another with --port")
            }
            Self::PortInUse { port, by: None } => write!(f, "port {port} is in use; choose another with --port"),
            Self::NotInstalled { what, by } => {
                write!(f, "{by} could not install {what}; see its output above. The first run needs network access")
            }
            Self::NotInScript { words, script } => {
                write!(f, "{} does not contain `{words}`; the tool that writes it has changed", script.display())
            }
            Self::NothingToCut(folder) => write!(f, "trunk left no script and module in {}", folder.display()),
            Self::Foreign(folder) => {
                let folder = folder.display();
                write!(f, "{folder} contains other files, which would be deleted; choose another folder")
            }
            Self::TooLarge { name, brotli, limit } => {
                write!(f, "{name}: {brotli} bytes (brotli); the limit is {limit}")
            }
            Self::Layers { breaches } => write!(f, "{breaches} imports break the order of the layers"),
            Self::Texts { phrases } => write!(f, "texts have {phrases} banned phrases"),
            Self::Rooms { breaches } => write!(f, "{breaches} imports break the order of the rooms"),
            Self::NotRust { file, error } => write!(f, "src/{file}:{}: {error}", error.span().start().line),
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
        }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Task(name) => write!(f, "unknown task `{name}`; `cargo xtask` lists the tasks"),
            Self::Option(name) => write!(f, "unknown option `{name}` for this task"),
            Self::NoValue(option) => write!(f, "`{option}` needs a value"),
            Self::Port(port) => write!(f, "`{port}` is not a port between 0 and 65535"),
            Self::PublicUrl(url) => {
                write!(f, "`{url}` is not a path between slashes, such as /tools/inspector/")
            }
            Self::Origin(url) => {
                write!(f, "`{url}` is not a URL that ends in a slash, such as https://inspector.example.com/x/")
            }
            Self::Part(name) => {
                write!(f, "unknown test part `{name}`; choose core, xtask, components, e2e or field")
            }
            Self::ArgumentsForSeveral => f.write_str("name one test part before `--`"),
            Self::OutsideCargo => f.write_str("run `cargo xtask` inside the repository"),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program { name, get } => write!(f, "`{name}` was not found; {get}"),
            Self::NewerNode { found, least } => {
                write!(f, "Node {found} is too old; install Node {least} or newer")
            }
            Self::Tool { name, version } => {
                write!(f, "the installed {name} is not {version}; delete target/tools and try again")
            }
            Self::LockedVersion { package } => write!(f, "Cargo.lock does not contain {package}"),
            Self::NamedBrowser(path) => {
                write!(f, "CHROME is {}, which does not exist", path.display())
            }
            Self::Browser => f.write_str("install Chrome or Chromium, or set CHROME=/path"),
            Self::Driver { version } => {
                write!(f, "install chromedriver {version}, or set CHROMEDRIVER=/path")
            }
        }
    }
}
