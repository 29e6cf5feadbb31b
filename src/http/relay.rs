//! Relays: the reverse proxy of the page's host through which the requests to an origin are fetched, where that origin
//! sends no CORS headers.
//!
//! The real URL stays what a request is known by. Only whoever sends it asks for [`Request::fetched`].

use super::{Head, Method, Request};
use crate::base::address::Address;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a relay of the page's own origin wants of a request. No server can make the page send it, whatever URLs of this
/// origin it names: only requests to a listed origin have it.
pub const MARK: (&str, &str) = ("x-flowglass-relay", "1");

/// What the host sets for an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    pub origin: String,
    /// A path of the page's own origin, or an https URL.
    pub to: String,
}

/// The relays of the host, as seen from the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relays(Vec<(String, Via)>);

/// The relay that a request goes through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Via {
    /// What takes the place of the origin, without a slash at its end.
    pub to: String,
    /// It is of the page's own origin, where CORS does not apply (Fetch standard, "CORS protocol").
    pub own: bool,
}

impl Relays {
    /// `page` is the origin of the page. What is no URL with it is left out.
    pub fn new(relays: &[Relay], page: &str) -> Self {
        let seen = |relay: &Relay| {
            let to = if relay.to.starts_with('/') { format!("{page}{}", relay.to) } else { relay.to.clone() };
            let to = Address::typed(&to).ok()?;
            let via = Via { own: to.origin() == page, to: to.href().trim_end_matches('/').to_owned() };
            Some((relay.origin.clone(), via))
        };
        Self(relays.iter().filter_map(seen).collect())
    }

    /// The relay for a URL. Another scheme or port is another origin. A URL that a proxy could read as one outside of the
    /// relay's path goes to its own server.
    pub fn via(&self, url: &str) -> Option<&Via> {
        let address = Address::typed(url).ok()?;
        let origin = address.origin();
        let (_, via) = self.0.iter().find(|(it, _)| *it == origin)?;
        stays_inside(&address).then_some(via)
    }

    /// The relay that receives all that is sent to an origin, where it is of another origin than the page.
    pub fn elsewhere(&self, origin: &str) -> Option<&Via> {
        self.0.iter().find(|(it, via)| it == origin && !via.own).map(|(_, via)| via)
    }
}

/// Proxies decode `%2f` and `%5c` before they resolve dots; browsers, and [`Address`], do not.
fn stays_inside(address: &Address) -> bool {
    let path = address.path().to_ascii_lowercase().replace("%2f", "/").replace("%5c", "/").replace("%2e", ".");
    !path.split('/').any(|it| it == "." || it == "..")
}

impl Via {
    /// The relay's URL of a URL.
    fn relayed(&self, url: &str) -> Option<String> {
        let address = Address::typed(url).ok()?;
        Some(format!("{}{}", self.to, address.href().strip_prefix(&address.origin())?))
    }

    /// The URL that a URL of the relay stands for, for a request to `sent`; `None` where it is outside of the relay.
    fn real(&self, sent: &str, fetched: &str) -> Option<String> {
        let rest = fetched.strip_prefix(&self.to).filter(|it| it.starts_with(['/', '?']))?;
        Some(format!("{}{rest}", Address::typed(sent).ok()?.origin()))
    }

    /// The origin that receives what is sent.
    pub fn origin(&self) -> String {
        Address::typed(&self.to).map(|it| it.origin()).unwrap_or_default()
    }

    /// The status with which the relay itself says that it has no response of the server (RFC 9110 §15.6.3, §15.6.5).
    pub const fn gateway_error(&self, head: &Head) -> Option<u16> {
        if matches!(head.status, 502 | 504) { Some(head.status) } else { None }
    }

    /// Whether the host itself responds there instead of relaying: its page, or that there is nothing. What comes through
    /// a relay carries `Content-Security-Policy: sandbox`, which can be read on the page's own origin alone.
    pub fn is_missing(&self, method: Method, head: &Head) -> bool {
        let policy = head.header("content-security-policy").unwrap_or_default();
        let is_relayed = policy.split([';', ',']).any(|it| it.trim() == "sandbox");
        let is_page = head.ok() && head.media_type() == "text/html";
        let is_nothing = method == Method::Post && matches!(head.status, 404 | 405);
        self.own && !is_relayed && (is_page || is_nothing)
    }
}

impl Request {
    /// The URL to fetch it from: the relay's, where it goes through one.
    pub fn fetched(&self) -> Cow<'_, str> {
        let relayed = self.via.as_ref().and_then(|it| it.relayed(&self.url));
        relayed.map_or(Cow::Borrowed(self.url.as_str()), Cow::Owned)
    }

    /// Whether it is fetched from a relay of the page's own origin.
    pub fn is_own(&self) -> bool {
        self.via.as_ref().is_some_and(|it| it.own)
    }

    /// A response to it, by its real URL.
    #[must_use]
    pub fn responded(&self, head: Head) -> Head {
        let real = self.via.as_ref().and_then(|it| it.real(&self.url, &head.url));
        match real {
            Some(url) => Head { url, ..head },
            None => head,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://inspector.example.com";

    fn relays(all: &[(&str, &str)]) -> Relays {
        let relay = |(origin, to): &(&str, &str)| Relay { origin: (*origin).to_owned(), to: (*to).to_owned() };
        Relays::new(&all.iter().map(relay).collect::<Vec<_>>(), PAGE)
    }

    fn legacy() -> Relays {
        relays(&[("https://legacy.example.com", "/relay/legacy")])
    }

    fn fetched(relays: &Relays, url: &str) -> String {
        Request { via: relays.via(url).cloned().map(Box::new), ..Request::get(url) }.fetched().into_owned()
    }

    fn head(status: u16, url: &str, headers: &[(&str, &str)]) -> Head {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Head { status, url: url.to_owned(), redirected: false, headers }
    }

    #[test]
    fn path_and_query_follow_the_relays_path() {
        for (url, rest) in [
            ("https://legacy.example.com/mcp?x", "/mcp?x"),
            ("https://legacy.example.com", "/"),
            ("https://legacy.example.com/?", "/?"),
            ("https://LEGACY.example.com:443/a%20b/c?d=%2e%2e/..#e", "/a%20b/c?d=%2e%2e/.."),
            ("https://legacy.example.com//mcp/", "//mcp/"),
            ("https://legacy.example.com/@evil.example/", "/@evil.example/"),
        ] {
            assert_eq!(fetched(&legacy(), url), format!("{PAGE}/relay/legacy{rest}"), "{url}");
        }
    }

    #[test]
    fn only_the_very_origin_is_relayed() {
        for url in [
            "http://legacy.example.com/mcp",
            "https://legacy.example.com:8443/mcp",
            "https://legacy.example.com.evil.example/mcp",
            "https://other.legacy.example.com/mcp",
            "https://legacy.example.com@evil.example/mcp",
            "https://user@legacy.example.com/mcp",
            "https://evil.example/https://legacy.example.com",
            "https://legacy.example.com\\@evil.example/",
            "mailto:legacy.example.com",
            "",
        ] {
            assert_eq!(fetched(&legacy(), url), url);
        }
        let with_port = relays(&[("http://localhost:3001", "/relay/local/")]);
        assert_eq!(fetched(&with_port, "http://localhost:3001/mcp"), format!("{PAGE}/relay/local/mcp"));
        assert_eq!(fetched(&with_port, "http://localhost:3002/mcp"), "http://localhost:3002/mcp");
    }

    #[test]
    fn no_path_leads_out_of_the_relay() {
        for path in ["/../x", "/%2e%2e/x", "/..%2fx", "/a%2F..%2f..%2Fx", "/.%2E%5c..%5Cx", "/a/%2e/b", "/..%5cx"] {
            let url = format!("https://legacy.example.com{path}");
            assert_eq!(fetched(&legacy(), &url), url);
        }
        for path in ["/a%2fb", "/...", "/a..b", "/..a"] {
            let url = format!("https://legacy.example.com{path}");
            assert_eq!(fetched(&legacy(), &url), format!("{PAGE}/relay/legacy{path}"));
        }
    }

    #[test]
    fn a_relay_of_another_origin_is_told_from_one_of_the_page() {
        let all = relays(&[("https://a.example", "https://relay.example.com/a/"), ("https://b.example", "/b")]);
        assert_eq!(fetched(&all, "https://a.example/mcp"), "https://relay.example.com/a/mcp");
        assert_eq!(all.elsewhere("https://a.example").map(Via::origin).as_deref(), Some("https://relay.example.com"));
        assert_eq!((all.elsewhere("https://b.example"), all.elsewhere("https://c.example")), (None, None));
        assert_eq!(relays(&[("https://a.example", "/../a"), ("https://a.example", "https://u@b/")]), Relays::default());
    }

    #[test]
    fn a_response_has_its_real_url() {
        let sent = "https://legacy.example.com/mcp";
        let request = Request { via: legacy().via(sent).cloned().map(Box::new), ..Request::get(sent) };
        let url = |fetched: &str| request.responded(head(200, fetched, &[])).url;
        assert_eq!(url("https://inspector.example.com/relay/legacy/mcp/?a"), "https://legacy.example.com/mcp/?a");
        for outside in ["https://inspector.example.com/relay/legacy2/mcp", "https://login.example.com/"] {
            assert_eq!(url(outside), outside);
        }
    }

    #[test]
    fn what_the_host_says_itself_is_told_from_what_it_relays() {
        let via = legacy().via("https://legacy.example.com/").cloned().expect("a relay");
        let sandbox = ("content-security-policy", "default-src 'none'; sandbox");
        let html = ("content-type", "text/html; charset=utf-8");
        for (method, status, headers, missing) in [
            (Method::Post, 405, vec![], true),
            (Method::Post, 404, vec![html], true),
            (Method::Get, 200, vec![html], true),
            (Method::Get, 404, vec![html], false),
            (Method::Post, 401, vec![], false),
            (Method::Post, 404, vec![sandbox], false),
            (Method::Get, 200, vec![html, sandbox], false),
        ] {
            assert_eq!(via.is_missing(method, &head(status, "", &headers)), missing, "{method:?} {status}");
        }
        let away = Via { own: false, ..via.clone() };
        assert!(!away.is_missing(Method::Post, &head(405, "", &[])), "its headers cannot be read");
        let errors = [502, 503, 504, 404].map(|status| via.gateway_error(&head(status, "", &[sandbox])));
        assert_eq!(errors, [Some(502), None, Some(504), None]);
    }
}
