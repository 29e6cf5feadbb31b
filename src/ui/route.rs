//! The addresses of the pages: what the user would bookmark, with the name of what is open.
//!
//! Which page is drawn, the router decides (`app.rs`). Names are read and written here: the router decodes its
//! parameters twice, and a tool may be called `%41`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// A page of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    Connect,
    /// A step by its name.
    Walkthrough(Option<String>),
    /// A tool by its name.
    Tools(Option<String>),
    /// A resource by its URI.
    Resources(Option<String>),
    /// A prompt by its name.
    Prompts(Option<String>),
    /// The report of a check without logging in.
    Check,
    /// An entry by its number.
    Wire(Option<String>),
    /// A log message by its number.
    Logs(Option<String>),
    /// The tasks that calls became, and those that the server lists.
    Tasks,
    /// The token bench and the ledger of secrets.
    Bench,
    /// The redirect URI.
    Callback,
    /// The login of the demo world's authorization server.
    DemoAuthorize,
    /// The speaker's notes of a presentation in another window.
    Notes,
    Unknown,
}

/// What may stand as it is in a segment (RFC 3986 §2.3, unreserved), but `~`: see [`dots`].
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// The names that no segment can hold, because a path with them is another path (RFC 3986 §5.2.4), even where they are
/// percent-encoded. They stand behind a `~`, which is encoded in every other name.
const DOTS: [&str; 2] = [".", ".."];

fn dots(segment: &str) -> Option<&str> {
    segment.strip_prefix('~').filter(|it| DOTS.contains(it))
}

fn read(segment: &str) -> Option<String> {
    let name = dots(segment).map(str::to_owned);
    let name = name.unwrap_or_else(|| percent_decode_str(segment).decode_utf8_lossy().into_owned());
    Some(name).filter(|it| !it.is_empty())
}

fn written(name: &str) -> String {
    match DOTS.contains(&name) {
        true => format!("~{name}"),
        false => utf8_percent_encode(name, SEGMENT).to_string(),
    }
}

impl Route {
    /// Reads a path below the app's base, with or without its first slash.
    pub fn parse(path: &str) -> Self {
        let path = path.strip_prefix('/').unwrap_or(path);
        let (page, rest) = path.split_once('/').unwrap_or((path, ""));
        let name = || read(rest);
        match (page, rest) {
            ("" | "index.html", "") => Self::Connect,
            ("walkthrough", _) => Self::Walkthrough(name()),
            ("tools", _) => Self::Tools(name()),
            ("resources", _) => Self::Resources(name()),
            ("prompts", _) => Self::Prompts(name()),
            ("check", "") => Self::Check,
            ("wire", _) => Self::Wire(name()),
            ("logs", _) => Self::Logs(name()),
            ("tasks", "") => Self::Tasks,
            ("bench", "") => Self::Bench,
            ("notes", "") => Self::Notes,
            ("oauth", "callback" | "callback/" | "callback/index.html") => Self::Callback,
            ("demo", "authorize" | "authorize/" | "authorize/index.html") => Self::DemoAuthorize,
            _ => Self::Unknown,
        }
    }

    /// The path below the app's base, without a first slash.
    pub fn path(&self) -> String {
        let with = |page: &str, name: &Option<String>| match name {
            Some(name) => format!("{page}/{}", written(name)),
            None => page.to_owned(),
        };
        match self {
            Self::Connect | Self::Unknown => String::new(),
            Self::Walkthrough(name) => with("walkthrough", name),
            Self::Tools(name) => with("tools", name),
            Self::Resources(name) => with("resources", name),
            Self::Prompts(name) => with("prompts", name),
            Self::Check => "check".to_owned(),
            Self::Wire(name) => with("wire", name),
            Self::Logs(name) => with("logs", name),
            Self::Tasks => "tasks".to_owned(),
            Self::Bench => "bench".to_owned(),
            Self::Notes => "notes".to_owned(),
            // As static hosts serve the index of a directory: without the slash, nginx and others redirect first, behind
            // TLS to plain http, with the code in the URL.
            Self::Callback => "oauth/callback/".to_owned(),
            Self::DemoAuthorize => "demo/authorize/".to_owned(),
        }
    }

    /// Whether both are of the same page, whatever item is open on it.
    pub fn same_page(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// What the window is called.
    pub fn title(&self) -> String {
        let of = |page: &str, name: &Option<String>| {
            name.as_ref().map_or_else(|| page.to_owned(), |it| format!("{it} · {page}"))
        };
        match self {
            Self::Connect => "Connect".to_owned(),
            Self::Walkthrough(_) => "Walkthrough".to_owned(),
            Self::Tools(name) => of("Tools", name),
            Self::Resources(name) => of("Resources", name),
            Self::Prompts(name) => of("Prompts", name),
            Self::Check => "Check".to_owned(),
            Self::Wire(_) => "Wire".to_owned(),
            Self::Logs(_) => "Logs".to_owned(),
            Self::Tasks => "Tasks".to_owned(),
            Self::Bench => "Token bench".to_owned(),
            Self::Notes => "Speaker notes".to_owned(),
            Self::Callback => "Login finished".to_owned(),
            Self::DemoAuthorize => "Log in (simulated)".to_owned(),
            Self::Unknown => "Not found".to_owned(),
        }
    }
}
