//! Addresses: what a person typed, and what a server gave.
//!
//! [`Address`] is the one checked type for every address that came from a server. Nothing else is fetched or opened.
//!
//! It reads less than a browser does, and never something else: an address with a character that RFC 3986 does not
//! have, with a name or a password, a host that is not plain, or dots in its path is refused, so that this reading and
//! the browser's cannot differ. (The WHATWG parser of the `url` crate would be 12 KB of the page; the tests compare
//! with it.)

mod parts;

use parts::Parts;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A checked absolute address: https, or http on loopback; no user name, no password.
///
/// It keeps the string as it came, because identifiers (`issuer`, `resource`) are compared as strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    given: String,
    parts: Parts,
}

/// Why an address is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressError {
    Empty,
    /// Not absolute, or not an address at all.
    Malformed,
    /// A host with its port, and nothing in front of it.
    NoScheme,
    /// A scheme other than https and http.
    Scheme(String),
    /// Plain http to a host that is not this machine.
    Plain(String),
    /// `https://user@host/`.
    UserInfo,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Type the address of an MCP server"),
            Self::Malformed => f.write_str("This is not a whole address; it looks like https://mcp.example.com/mcp"),
            Self::NoScheme => f.write_str("http:// or https:// is missing in front of this address"),
            Self::Scheme(it) => write!(f, "{it}: addresses do not lead to an MCP server; use https (or http)"),
            Self::Plain(host) => {
                write!(f, "{host} is asked over plain http; only https, or http on this machine, is safe")
            }
            Self::UserInfo => f.write_str("Leave the user name and password out of the address; use a header instead"),
        }
    }
}

impl Address {
    /// An address that a server gave (RFC 8414 §3.3, RFC 9728 §7.7; the MCP specification, "Communication Security").
    pub fn given(text: &str) -> Result<Self, AddressError> {
        let address = Self::typed(text)?;
        if !address.is_encrypted() && !address.is_loopback() {
            return Err(AddressError::Plain(address.host()));
        }
        Ok(address)
    }

    /// An address that a person typed: plain http is theirs to choose.
    pub fn typed(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        Ok(Self { given: text.to_owned(), parts: Parts::read(text)? })
    }

    /// As it came, byte for byte.
    pub fn as_given(&self) -> &str {
        &self.given
    }

    /// As it is asked: written again, without a fragment.
    pub fn href(&self) -> String {
        format!("{}{}{}", self.origin(), self.parts.path, self.parts.query)
    }

    /// The same with parameters added to its query (RFC 6749 §3.1: one that is there is kept).
    pub fn with_query(&self, parameters: &[(String, String)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        let joint = match self.parts.query.as_str() {
            "" => "?",
            "?" => "",
            _ => "&",
        };
        format!("{}{joint}{}", self.href(), query.finish())
    }

    pub const fn is_encrypted(&self) -> bool {
        self.parts.encrypted
    }

    /// Scheme, host and port, as in the `Origin` header.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.parts.encrypted { "https" } else { "http" }, self.host())
    }

    /// Host, and port where it is not the scheme's own: what a person reads.
    pub fn host(&self) -> String {
        let host = self.parts.host.as_str();
        self.parts.port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    pub fn is_loopback(&self) -> bool {
        self.parts.is_loopback()
    }

    /// The path without a last slash; empty at the root.
    pub fn path(&self) -> &str {
        self.parts.path.trim_end_matches('/')
    }

    /// A reference, relative or not, as seen from here (RFC 3986 §5.2); `None` where it is no address.
    pub fn resolve(&self, reference: &str) -> Option<Self> {
        let reference = reference.trim_ascii();
        let (path, query) = reference.split_at(reference.find(['?', '#']).unwrap_or(reference.len()));
        // Looked at before dots are resolved: with them would go what browsers read differently.
        if !reference.bytes().all(parts::is_allowed) || path.split('/').any(parts::is_encoded_dots) {
            return None;
        }
        let base = self.parts.path.as_str();
        let absolute = match path {
            _ if path.split('/').next().is_some_and(|it| it.contains(':')) => reference.to_owned(),
            _ if path.starts_with("//") => {
                format!("{}:{reference}", if self.parts.encrypted { "https" } else { "http" })
            }
            "" if !query.starts_with('?') => self.href(),
            "" => format!("{}{base}{query}", self.origin()),
            _ if path.starts_with('/') => format!("{}{}{query}", self.origin(), without_dots(path)),
            _ => {
                let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
                format!("{}{}{query}", self.origin(), without_dots(&format!("{folder}/{path}")))
            }
        };
        Self::typed(&absolute).ok()
    }

    /// The same origin with another path and no query.
    #[must_use]
    pub fn at(&self, path: &str) -> Self {
        let parts = Parts { path: path.to_owned(), query: String::new(), ..self.parts.clone() };
        let mut address = Self { given: String::new(), parts };
        address.given = address.href();
        address
    }
}

/// RFC 3986 §5.2.4.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    let folder = (path.ends_with("/.") || path.ends_with("/..")).then_some("");
    kept.extend(folder);
    format!("/{}", kept.join("/"))
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::typed(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_http_are_taken_from_servers() {
        for text in ["https://a.example/x", "http://localhost:9/", "http://127.0.0.1/", "http://[::1]:8/x"] {
            assert!(Address::given(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let bad = ["", "x", "/x", "javascript:alert(1)", "data:text/html,x", "file:///etc", "http://a.example/"];
        for text in bad.into_iter().chain(["https://u:p@a.example/", "https://u@a.example/", "https://", "//a/b"]) {
            assert!(Address::given(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_has_a_port_and_no_scheme_is_told_so() {
        for text in ["localhost:3001/mcp", "127.0.0.1:80", "mcp.example.com:8443/mcp"] {
            assert_eq!(Address::typed(text), Err(AddressError::NoScheme), "{text}");
        }
        for text in ["x", "/mcp", "https:1", "localhost:x"] {
            assert_ne!(Address::typed(text), Err(AddressError::NoScheme), "{text}");
        }
    }

    #[test]
    fn the_string_stays_as_it_came() {
        let address = Address::given("https://A.example").expect("valid");
        assert_eq!(address.as_given(), "https://A.example");
        assert_eq!(address.href(), "https://a.example/");
    }

    #[test]
    fn a_typed_address_may_be_plain_http() {
        assert!(Address::typed("http://192.168.1.7:8080/mcp").is_ok());
    }

    #[test]
    fn a_reference_is_resolved_as_everybody_does() {
        for base in ["https://a.example/b/c?d=1", "http://localhost:3001/sse", "https://a.example"] {
            let (ours, theirs) = (Address::typed(base).expect("valid"), url::Url::parse(base).expect("valid"));
            for reference in [
                "/messages?sessionId=1",
                "messages",
                "./m?x=/../y",
                "../m",
                "../../../m",
                "?s=1",
                "",
                "//b.example/m",
                "https://b.example/m",
                "/a/./b/../c/",
                "x/..",
                "#f",
            ] {
                let expected = theirs.join(reference).ok().map(|mut it| {
                    it.set_fragment(None);
                    it.to_string()
                });
                assert_eq!(ours.resolve(reference).map(|it| it.href()), expected, "{base} {reference}");
            }
            for none in ["javascript:alert(1)", "data:,x", "mailto:a@b"] {
                assert_eq!(ours.resolve(none), None, "{none}");
            }
        }
    }

    /// A small generator of strings that look like addresses, right and wrong; the same ones at every run.
    fn strings() -> impl Iterator<Item = String> {
        let parts = [
            "https://",
            "http://",
            "HTTPS:",
            "//",
            "/",
            "\\",
            "a",
            "A.b",
            "localhost",
            "127.0.0.1",
            "0x7f.1",
            "2130706433",
            "1.2.3",
            "[::1]",
            "[::ffff:1.2.3.4]",
            "[1::",
            "]",
            ":",
            ":80",
            ":443",
            ":8080",
            ":99999",
            "@",
            "u:p@",
            "?",
            "?q='1",
            "#f",
            "%2e",
            "..",
            ".",
            "%",
            " ",
            "\t",
            "ä",
            "xn--bcher-kva",
            "-",
            "_",
            "~",
            "|",
            "^",
            "<",
            "\"",
            "&x=y",
            ";",
            ",",
            "007",
            "%41",
            "example.com.",
        ];
        let mut seed = 7_u64;
        let mut next = move |count: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % count
        };
        (0..200_000).map(move |index| {
            let start = if index % 4 == 0 { "" } else { parts[next(2)] };
            (0..=next(6)).fold(start.to_owned(), |text, _| text + parts[next(parts.len())])
        })
    }

    #[test]
    fn what_is_accepted_is_read_as_browsers_read_it() {
        let mut accepted = 0;
        for text in strings() {
            let Ok(address) = Address::typed(&text) else { continue };
            // Whether an encoded international name decodes is the browser's to say: it asks for it, or refuses to.
            let Ok(mut url) = url::Url::parse(&text) else {
                assert!(text.contains("xn--"), "{text}");
                continue;
            };
            accepted += 1;
            url.set_fragment(None);
            assert_eq!(address.href(), url.as_str(), "{text}");
            assert_eq!(address.origin(), url.origin().ascii_serialization(), "{text}");
        }
        assert!(accepted > 10_000, "{accepted}");
    }

    #[test]
    fn a_query_is_kept_and_added_to() {
        let with = |text: &str| Address::typed(text).expect("valid").with_query(&[("a".to_owned(), "b c".to_owned())]);
        assert_eq!(with("https://a.example"), "https://a.example/?a=b+c");
        assert_eq!(with("https://a.example/x?"), "https://a.example/x?a=b+c");
        assert_eq!(with("https://a.example/x?y=1#z"), "https://a.example/x?y=1&a=b+c");
    }
}
