//! Addresses: what the user typed, and what a server gave.
//!
//! [`Address`] is the one checked type for every address that came from a server. Nothing else is fetched or opened.
//!
//! The `url` crate reads it as browsers do, and `checks` takes less than that: an address with a character that RFC 3986
//! does not have, with a name or a password, a host that is not plain, or dots in its path is refused, so that no other
//! reader can take it for another one. The tables for international names are left out of the page: such a name that a
//! person types passes through the browser first, and one that a server gives has to be in ASCII.

mod checks;

use serde::{Deserialize, Serialize};
use std::fmt;
use url::Url;

/// A checked absolute address: https, or http on loopback; no user name, no password.
///
/// It keeps the string as it came, because identifiers (`issuer`, `resource`) are compared as strings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    given: String,
    /// Without a fragment.
    url: Url,
}

/// Why an address is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// A host of this machine or of a private network, named by a server elsewhere.
    Local(String),
    /// `https://user@host/`.
    UserInfo,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Enter the URL of an MCP server"),
            Self::Malformed => {
                f.write_str("This is not a complete URL; it should look like https://mcp.example.com/mcp")
            }
            Self::NoScheme => f.write_str("http:// or https:// is missing at the start of the URL"),
            Self::Scheme(it) => write!(f, "{it}: is not a scheme of MCP servers; use https: or http:"),
            Self::Plain(host) => {
                write!(f, "{host} uses plain http; only https, or http on loopback, is safe")
            }
            Self::Local(host) => write!(f, "{host} is on loopback or in a private network, but the server is not"),
            Self::UserInfo => f.write_str("Remove the user name and password from the URL; use a header instead"),
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

    /// The same, of a server that is known: one on the internet may not name this machine or a private network, or it
    /// could use the browser against what only the browser reaches.
    pub fn named(text: &str, by: &Self) -> Result<Self, AddressError> {
        match Self::typed(text) {
            Ok(it) if it.is_local() && !by.is_local() => Err(AddressError::Local(it.host())),
            _ => Self::given(text),
        }
    }

    /// An address that the user typed: plain http is theirs to choose.
    pub fn typed(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        Ok(Self { given: text.to_owned(), url: checks::read(text)? })
    }

    /// As it came, byte for byte.
    pub fn as_given(&self) -> &str {
        &self.given
    }

    /// As it is asked: written again, without a fragment.
    pub fn href(&self) -> String {
        self.url.as_str().to_owned()
    }

    /// The same with parameters added to its query (RFC 6749 §3.1: one that is there is kept).
    pub fn with_query(&self, parameters: &[(String, String)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        let joint = match self.url.query() {
            None => "?",
            Some("") => "",
            Some(_) => "&",
        };
        format!("{}{joint}{}", self.url, query.finish())
    }

    pub fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Scheme, host and port, as in the `Origin` header.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Host, and port where it is not the scheme's own: what the user reads.
    pub fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    pub fn is_loopback(&self) -> bool {
        checks::is_loopback(&self.url)
    }

    /// Whether its host is this machine, or in a private network.
    pub fn is_local(&self) -> bool {
        checks::is_local(&self.url)
    }

    /// The path without a last slash; empty at the root.
    pub fn path(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// A reference, relative or not, as seen from here (RFC 3986 §5.2); `None` where it is no address.
    pub fn resolve(&self, reference: &str) -> Option<Self> {
        let reference = reference.trim_ascii();
        let path = reference.split(['?', '#']).next().unwrap_or_default();
        // Looked at before dots are resolved: with them would go what browsers read differently.
        if !reference.bytes().all(checks::is_allowed) || path.split('/').any(checks::is_encoded_dots) {
            return None;
        }
        // With a scheme or a host of its own it has to be whole: browsers also take `https:x` and `///x`.
        let is_absolute = path.split('/').next().is_some_and(|it| it.contains(':'));
        let absolute = match path.starts_with("//") {
            _ if is_absolute => reference.to_owned(),
            true => format!("{}:{reference}", self.url.scheme()),
            false => self.url.join(reference).ok()?.into(),
        };
        Self::typed(&absolute).ok()
    }

    /// The same origin with another path and no query.
    #[must_use]
    pub fn at(&self, path: &str) -> Self {
        let mut url = self.url.clone();
        url.set_path(path);
        url.set_query(None);
        Self { given: url.as_str().to_owned(), url }
    }
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
    fn a_public_server_names_no_host_of_this_machine_or_of_a_private_network() {
        let public = Address::typed("https://mcp.example.com/mcp").expect("valid");
        let local = Address::typed("http://192.168.1.2/mcp").expect("valid");
        let hosts = [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "127.0.0.1",
            "127.8.9.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.1",
            "192.168.0.1",
            "169.254.169.254",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "0",
            "[::1]",
            "[::]",
            "[fc00::1]",
            "[fdff::1]",
            "[fe80::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a00:1]",
        ];
        for host in hosts {
            for text in [format!("https://{host}/x"), format!("http://{host}:8080/x")] {
                let refused = matches!(Address::named(&text, &public), Err(AddressError::Local(_)));
                assert!(refused, "{text}");
                assert!(!matches!(Address::named(&text, &local), Err(AddressError::Local(_))), "{text}");
            }
        }
        for host in ["a.example", "172.32.0.1", "11.0.0.1", "localhost.example", "[2001:db8::1]", "[::ffff:8.8.8.8]"] {
            assert!(Address::named(&format!("https://{host}/x"), &public).is_ok(), "{host}");
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
