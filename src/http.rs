//! HTTP as the machines see it: requests they order, and what a browser lets them see of the answers.
//!
//! The machines never send. Whoever performs a [`Request`] reports what happened as [`Event`]s.

pub mod ancestors;
pub mod curl;
pub mod relay;
pub mod sse;

use crate::base::text::Text;
use relay::Via;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The verbs that an MCP client and an OAuth client need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    Get,
    Post,
    Delete,
}

impl Method {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// What to do about a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Redirect {
    /// Nothing that carries a secret or a session is sent on: the browser stops and says so.
    Stop,
    /// The browser follows; the final address is on the [`Head`] and is checked.
    Follow,
}

/// Whether the answer is wanted, or only the fact that one came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// The answer is read; the other side must allow that (Fetch standard, CORS protocol).
    Readable,
    /// `no-cors`: proves that something answers, shows nothing of it.
    Opaque,
}

/// One request, as it goes out. Headers that the browser adds by itself are not in it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub method: Method,
    /// Absolute.
    pub url: String,
    pub headers: Vec<(String, Text)>,
    pub body: Option<Text>,
    pub redirect: Redirect,
    pub mode: Mode,
    /// Whether the browser sends the cookies that it has for the host (Fetch standard, credentials mode `include`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cookies: bool,
    /// The relay of the page's host that it goes through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<Box<Via>>,
}

impl Request {
    /// A GET that needs no preflight.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::Get, url)
    }

    pub fn new(method: Method, url: impl Into<String>) -> Self {
        let (headers, body, via) = (Vec::new(), None, None);
        let (redirect, mode, cookies) = (Redirect::Follow, Mode::Readable, false);
        Self { method, url: url.into(), headers, body, redirect, mode, cookies, via }
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: Text) -> Self {
        self.headers.push((name.to_owned(), value));
        self
    }

    #[must_use]
    pub fn body(mut self, body: Text) -> Self {
        self.body = Some(body);
        self
    }

    #[must_use]
    pub const fn redirect(mut self, redirect: Redirect) -> Self {
        self.redirect = redirect;
        self
    }

    /// The names that a preflight asks for: lower case, in order, those that the Fetch standard does not safelist.
    pub fn preflighted(&self) -> Vec<String> {
        let asked = self.headers.iter().filter(|(name, value)| !safelisted(name, value));
        let mut names: Vec<String> = asked.map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Whether the browser asks for permission before it sends this. A relay of the page's own origin needs none.
    pub fn needs_preflight(&self) -> bool {
        !self.is_own() && (self.method == Method::Delete || !self.preflighted().is_empty())
    }
}

/// Fetch standard, "CORS-safelisted request-header".
fn safelisted(name: &str, value: &Text) -> bool {
    match name.to_ascii_lowercase().as_str() {
        "accept" | "accept-language" | "content-language" => true,
        "content-type" => {
            let value = value.expose();
            let media = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"].contains(&media.as_str())
        }
        _ => false,
    }
}

/// Whether a byte may stand in a header's name (RFC 9110 §5.6.2, `tchar`).
pub const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// The beginning of an answer: what the browser lets a page read of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// `0` for an opaque answer ([`Mode::Opaque`]).
    pub status: u16,
    /// The final address.
    pub url: String,
    /// Whether the browser followed a redirect to get there.
    pub redirected: bool,
    /// Only those that are safelisted or exposed; names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Head {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub const fn ok(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The parsed media type: lower case, without parameters.
    pub fn media_type(&self) -> String {
        let value = self.header("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub head: Head,
    pub body: String,
}

/// Why there is no answer, or only a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HttpError {
    /// The browser's `TypeError`: blocked, or nothing answered. It does not say which.
    Blocked { said: String },
    /// The answer began and broke off.
    Cut { said: String },
    /// Nothing (more) came in time; milliseconds.
    Timeout { after: u32 },
    /// A redirect that was not followed ([`Redirect::Stop`]).
    Redirected,
    /// This client gave it up.
    Aborted,
    /// The body is longer than this client reads; the limit in bytes.
    TooLarge { limit: usize },
    /// A rule of the browser forbids the request, whatever the server allows.
    Forbidden { rule: Rule },
    /// The page's host sends `Cross-Origin-Embedder-Policy: require-corp`, so the browser withholds what a `no-cors`
    /// request brings (Fetch standard, cross-origin resource policy check). `responded`: it reported that it withheld a
    /// response; without that, whether one came is not known.
    Withheld { responded: bool },
    /// The relay of the page's host failed: it gave no response, or one of its own instead of the server's.
    Relay { to: String, failure: RelayFailure },
}

/// How a relay failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayFailure {
    /// No response that the browser shows.
    NoResponse { said: String },
    /// It cannot reach the server.
    Gateway { status: u16 },
    /// The host responds there itself: nothing is relayed.
    NoRelay { status: u16 },
}

impl HttpError {
    /// Whether the browser alone knows what the other side responded, if anything.
    pub const fn is_hidden(&self) -> bool {
        matches!(
            self,
            Self::Blocked { .. }
                | Self::Forbidden { .. }
                | Self::Redirected
                | Self::Withheld { .. }
                | Self::Relay { .. }
        )
    }
}

/// Why a browser sends no request to a URL, as far as it tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// The policy that the page's host sends (CSP Level 3 §6.1.2), with the directive that does not list the URL.
    ContentSecurityPolicy { directive: String },
    /// WebKit treats `http://localhost` as mixed content in an https page; other browsers do not.
    LoopbackFromHttps,
    /// Chromium asks the user before a public page reaches a local network, and the permission was denied.
    LocalNetwork,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContentSecurityPolicy { directive } => {
                write!(f, "the Content-Security-Policy of Flowglass does not allow the URL in {directive}")
            }
            Self::LoopbackFromHttps => f.write_str("the browser blocks http://localhost in an https page"),
            Self::LocalNetwork => f.write_str("the permission for local network access is denied"),
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocked { said } => write!(f, "the browser reported no response ({said})"),
            Self::Cut { said } => write!(f, "the response ended early ({said})"),
            Self::Timeout { after } => write!(f, "no response within {} s", crate::base::format::seconds(*after)),
            Self::Redirected => f.write_str("the URL redirects, and requests with secrets do not follow redirects"),
            Self::Aborted => f.write_str("cancelled by Flowglass"),
            Self::TooLarge { limit } => {
                write!(f, "the response is longer than {} and was not read further", crate::base::format::bytes(*limit))
            }
            Self::Forbidden { rule } => write!(f, "the browser did not send the request: {rule}"),
            Self::Withheld { responded: true } => {
                f.write_str("the Cross-Origin-Embedder-Policy of Flowglass hides the response")
            }
            Self::Withheld { responded: false } => {
                f.write_str("the Cross-Origin-Embedder-Policy of Flowglass hides any response to this probe")
            }
            Self::Relay { to, failure } => match failure {
                RelayFailure::NoResponse { said } => write!(f, "no response of the relay {to} ({said})"),
                RelayFailure::Gateway { status } => write!(f, "the relay {to} responded {status}"),
                RelayFailure::NoRelay { status } => write!(f, "the host responded {status} itself at {to}"),
            },
        }
    }
}

/// What happened to a request that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Head(Head),
    /// A part of the body, in the order in which it came.
    Bytes(Vec<u8>),
    End,
    Failed(HttpError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metadata_request_needs_no_preflight() {
        let get = Request::get("https://a/").header("accept", Text::plain("application/json"));
        assert!(!get.needs_preflight());
    }

    #[test]
    fn json_and_own_headers_need_one_and_are_named_in_order() {
        let post = Request::new(Method::Post, "https://a/")
            .header("MCP-Protocol-Version", Text::plain("2025-11-25"))
            .header("Content-Type", Text::plain("application/json"));
        assert_eq!(post.preflighted(), ["content-type", "mcp-protocol-version"]);
    }

    #[test]
    fn a_form_is_a_simple_request() {
        let form = Text::plain("application/x-www-form-urlencoded");
        assert!(!Request::new(Method::Post, "https://a/").header("content-type", form).needs_preflight());
    }

    #[test]
    fn the_media_type_is_parsed_not_searched() {
        let headers = vec![("content-type".to_owned(), "Application/JSON; charset=utf-8".to_owned())];
        let head = Head { status: 200, url: String::new(), redirected: false, headers };
        assert_eq!(head.media_type(), "application/json");
    }
}
