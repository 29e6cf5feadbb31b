//! The addresses of the pages: what a person would bookmark.
//!
//! Nine routes with one name each need no router crate: this is a type with `parse` and `path`, tested without a
//! browser, and foreign names (a tool called `a/b`) stay one segment.

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
    /// The token bench and the ledger of secrets.
    Bench,
    /// The redirect URI.
    Callback,
    /// The login of the demo world's authorization server.
    DemoAuthorize,
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
        let path = path.trim_start_matches('/');
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
            ("bench", "") => Self::Bench,
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
            Self::Bench => "bench".to_owned(),
            Self::Callback => "oauth/callback".to_owned(),
            Self::DemoAuthorize => "demo/authorize".to_owned(),
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
            Self::Bench => "Token bench".to_owned(),
            Self::Callback => "Back from the login".to_owned(),
            Self::DemoAuthorize => "Log in (simulated)".to_owned(),
            Self::Unknown => "Not found".to_owned(),
        }
    }
}

/// What a link may fill into the form. Never a secret, and it never connects.
pub const LINKED: [&str; 5] = ["server", "version", "transport", "registration", "scope"];

/// The known parameters of a link's query.
pub fn linked(query: &str) -> Vec<(&'static str, String)> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let pairs = form_urlencoded::parse(query.as_bytes());
    let known = |name: &str| LINKED.into_iter().find(|it| *it == name);
    pairs.filter_map(|(name, value)| Some((known(&name)?, value.into_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_reads_what_it_writes() {
        let names = ["echo", "a/b", "ä ö", "100%", "?x#y", "a+b", ".", "..", "~", "~..", "%2e%2e", "...", "\\", "a\0b"];
        let tools = names.map(|it| Route::Tools(Some(it.to_owned())));
        let plain = [
            Route::Connect,
            Route::Walkthrough(None),
            Route::Tools(None),
            Route::Wire(None),
            Route::Callback,
            Route::DemoAuthorize,
            Route::Bench,
            Route::Check,
        ];
        for route in tools.into_iter().chain(plain) {
            assert_eq!(Route::parse(&route.path()), route);
            assert!(route.path().matches('/').count() <= 1, "{}", route.path());
            let base = url::Url::parse("https://a.example/b/").expect("valid");
            let seen = base.join(&route.path()).expect("valid");
            assert_eq!(seen.path(), format!("/b/{}", route.path()), "as a browser reads it");
        }
    }

    #[test]
    fn foreign_paths_are_unknown() {
        assert_eq!(Route::parse("/x/y"), Route::Unknown);
        assert_eq!(Route::parse("/oauth/x"), Route::Unknown);
    }

    #[test]
    fn a_link_fills_what_it_may() {
        let filled = linked("?server=https%3A%2F%2Fa%2Fmcp&bearer=geheim&scope=a+b");
        assert_eq!(filled, [("server", "https://a/mcp".to_owned()), ("scope", "a b".to_owned())]);
    }
}
