//! What an app may reach: the origins that its server declares in `_meta.ui.csp`, each checked, and the
//! Content-Security-Policy of its page that is made of them. Nothing that a server writes becomes a part of the policy
//! but the origin of a checked address.

use crate::base::address::{Address, AddressError};
use crate::base::text::fact;
use crate::json::members::Members;

/// How many origins of a list are used.
const MOST: usize = 50;

/// The origins of an app, by what they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// `connectDomains`: fetch, WebSocket.
    pub connect: Vec<String>,
    /// `resourceDomains`: scripts, styles, images, fonts, media.
    pub resources: Vec<String>,
    /// `frameDomains`: pages within the app.
    pub frames: Vec<String>,
    /// `baseUriDomains`: what relative URLs of the page may be relative to.
    pub bases: Vec<String>,
    /// Declared, and not allowed.
    pub refused: Vec<Refused>,
}

/// A declared origin that is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// As it was declared, in short.
    pub given: String,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No scheme and host alone: a path, a wildcard for every host, a scheme that loads nothing.
    NotAnOrigin,
    /// Plain http to a host that is not this machine.
    NotEncrypted,
    /// This machine or a private network, named by a server elsewhere.
    Local,
    /// The list is too long.
    TooMany,
}

impl Reach {
    /// Of the members of `_meta.ui.csp`, as the server at that address declares them.
    pub fn read(csp: &Members<'_>, server: &Address) -> Self {
        let mut this = Self::default();
        this.connect = this.list(csp, "connectDomains", server);
        this.resources = this.list(csp, "resourceDomains", server);
        this.frames = this.list(csp, "frameDomains", server);
        this.bases = this.list(csp, "baseUriDomains", server);
        this
    }

    fn list(&mut self, csp: &Members<'_>, name: &str, server: &Address) -> Vec<String> {
        let mut allowed = Vec::new();
        for (index, given) in csp.strings(name).unwrap_or_default().iter().enumerate() {
            let judged = if index < MOST { source(given, server) } else { Err(Why::TooMany) };
            match judged {
                Ok(source) if allowed.contains(&source) => {}
                Ok(source) => allowed.push(source),
                Err(why) if self.refused.len() < MOST => self.refused.push(Refused { given: fact(given), why }),
                Err(_) => {}
            }
        }
        allowed
    }

    /// Whether the app stays by itself.
    pub fn is_empty(&self) -> bool {
        [&self.connect, &self.resources, &self.frames, &self.bases].iter().all(|it| it.is_empty())
    }

    /// The policy of the app's page (apps specification, "Sandbox proxy" and "Restrictive Default"). Without `'self'`: the
    /// page has no origin of its own, and that of its URL is Flowglass's. `data:` and `blob:` hold what the page has already.
    pub fn policy(&self) -> String {
        let Self { connect, resources, frames, bases, .. } = self;
        let directives: [(&str, &str, &[String]); 12] = [
            ("default-src", "", &[]),
            ("script-src", "'unsafe-inline'", resources),
            ("style-src", "'unsafe-inline'", resources),
            ("img-src", "data: blob:", resources),
            ("font-src", "data:", resources),
            ("media-src", "data: blob:", resources),
            ("connect-src", "", connect),
            ("frame-src", "", frames),
            ("worker-src", "blob:", &[]),
            ("object-src", "", &[]),
            ("base-uri", "", bases),
            ("form-action", "", &[]),
        ];
        directives.map(|(name, fixed, origins)| directive(name, fixed, origins)).join("; ")
    }
}

fn directive(name: &str, fixed: &str, origins: &[String]) -> String {
    let sources = [fixed].into_iter().chain(origins.iter().map(String::as_str)).filter(|it| !it.is_empty());
    match sources.collect::<Vec<_>>().join(" ") {
        none if none.is_empty() => format!("{name} 'none'"),
        sources => format!("{name} {sources}"),
    }
}

/// A declared origin as a source of the policy: `https://api.example.com`, `https://*.example.com`, `wss://…`.
fn source(given: &str, server: &Address) -> Result<String, Why> {
    let (scheme, rest) = given.trim().split_once("://").ok_or(Why::NotAnOrigin)?;
    let checked_as = match scheme {
        "https" | "wss" => "https",
        "http" | "ws" => "http",
        _ => return Err(Why::NotAnOrigin),
    };
    let host = rest.strip_suffix('/').unwrap_or(rest);
    let (wildcard, host) = host.strip_prefix("*.").map_or(("", host), |it| ("*.", it));
    // A wildcard for all hosts of a top-level domain names nobody.
    if host.contains(['/', '\\', '?', '#', '*']) || (!wildcard.is_empty() && !host.contains('.')) {
        return Err(Why::NotAnOrigin);
    }
    let address = Address::named(&format!("{checked_as}://{host}"), server).map_err(|error| match error {
        AddressError::Local(_) => Why::Local,
        AddressError::Plain(_) => Why::NotEncrypted,
        _ => Why::NotAnOrigin,
    })?;
    Ok(format!("{scheme}://{wildcard}{}", address.host()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(csp: &str, server: &str) -> Reach {
        Reach::read(&Members::of(csp).expect("an object"), &Address::typed(server).expect("valid"))
    }

    fn judged(given: &str) -> Result<String, Why> {
        source(given, &Address::typed("https://mcp.example.com/mcp").expect("valid"))
    }

    #[test]
    fn e_94_without_a_declaration_nothing_is_reached() {
        let policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; \
            font-src data:; media-src data: blob:; connect-src 'none'; frame-src 'none'; worker-src blob:; \
            object-src 'none'; base-uri 'none'; form-action 'none'";
        for csp in ["{}", r#"{"connectDomains":null}"#, r#"{"connectDomains":"https://a.example"}"#] {
            let reach = read(csp, "https://mcp.example.com/mcp");
            assert_eq!((reach.policy().as_str(), reach.is_empty()), (policy, true), "{csp}");
        }
    }

    #[test]
    fn e_94_each_list_is_in_its_own_directives() {
        let csp = r#"{"connectDomains":["https://api.example.com","wss://live.example.com","https://api.example.com/"],
            "resourceDomains":["https://*.cdn.example.com"],"frameDomains":["https://video.example.com"],
            "baseUriDomains":["https://base.example.com"]}"#;
        let policy = read(csp, "https://mcp.example.com/mcp").policy();
        for part in [
            "script-src 'unsafe-inline' https://*.cdn.example.com;",
            "font-src data: https://*.cdn.example.com;",
            "connect-src https://api.example.com wss://live.example.com;",
            "frame-src https://video.example.com;",
            "base-uri https://base.example.com;",
        ] {
            assert!(policy.contains(part), "{part}: {policy}");
        }
    }

    #[test]
    fn an_origin_is_written_as_it_was_checked() {
        assert_eq!(judged(" https://API.Example.com:443/ ").as_deref(), Ok("https://api.example.com"));
        assert_eq!(judged("wss://a.example:8443").as_deref(), Ok("wss://a.example:8443"));
        assert_eq!(judged("https://*.a.example").as_deref(), Ok("https://*.a.example"));
    }

    #[test]
    fn whatever_else_is_declared_is_refused_with_its_reason() {
        for given in [
            "",
            "*",
            "https:",
            "https://",
            "https://*",
            "https://*.com",
            "https://a.*.example",
            "https://a.example/path",
            "https://a.example; script-src *",
            "https://a.example 'unsafe-eval'",
            "https://a.example,https://b.example",
            "https://a.example\"><script>",
            "https://u:p@a.example",
            "data:",
            "blob:",
            "'self'",
            "javascript://a.example",
            "file://a.example",
        ] {
            assert_eq!(judged(given), Err(Why::NotAnOrigin), "{given}");
        }
        assert_eq!(judged("http://a.example"), Err(Why::NotEncrypted));
        assert_eq!(judged("ws://a.example"), Err(Why::NotEncrypted));
        for given in ["http://localhost:3000", "https://192.168.1.1", "wss://[::1]:8", "https://*.a.localhost"] {
            assert_eq!(judged(given), Err(Why::Local), "{given}");
        }
    }

    #[test]
    fn a_server_on_this_machine_may_name_it() {
        let reach =
            read(r#"{"connectDomains":["http://localhost:3000","http://a.example"]}"#, "http://localhost:1/mcp");
        assert_eq!(reach.connect, ["http://localhost:3000"]);
        assert_eq!(reach.refused, [Refused { given: "http://a.example".to_owned(), why: Why::NotEncrypted }]);
    }

    #[test]
    fn a_list_without_end_is_cut() {
        let many: Vec<String> = (0..1_000).map(|it| format!("https://a{it}.example")).collect();
        let csp = serde_json::json!({ "connectDomains": many, "resourceDomains": many }).to_string();
        let reach = read(&csp, "https://mcp.example.com/mcp");
        assert_eq!((reach.connect.len(), reach.resources.len(), reach.refused.len()), (MOST, MOST, MOST));
        assert!(reach.refused.iter().all(|it| it.why == Why::TooMany));
    }
}
