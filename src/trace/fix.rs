//! The headers that let a page read a response.

use crate::http::Request;
use crate::trace::problem::{Owner, names};
use serde::{Deserialize, Serialize};

/// What has to be allowed, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The origin of Flowglass.
    pub origin: String,
    #[serde(with = "names")]
    pub methods: Vec<String>,
    /// Request headers, lower case.
    #[serde(with = "names")]
    pub allow: Vec<String>,
    /// Response headers that this client needs to read.
    #[serde(with = "names")]
    pub expose: Vec<String>,
}

impl Fix {
    pub fn new(origin: &str, owner: Owner, blocked: &Request) -> Self {
        let text = |names: &[&str]| names.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        let mut allow = match owner {
            Owner::Issuer => text(&["content-type"]),
            _ => text(&[
                "authorization",
                "content-type",
                "last-event-id",
                "mcp-method",
                "mcp-name",
                "mcp-protocol-version",
                "mcp-session-id",
            ]),
        };
        allow.extend(blocked.preflighted());
        allow.sort();
        allow.dedup();
        let (methods, expose) = match owner {
            Owner::Issuer => (text(&["GET", "POST", "OPTIONS"]), Vec::new()),
            _ => (text(&["GET", "POST", "DELETE", "OPTIONS"]), text(&["www-authenticate", "mcp-session-id"])),
        };
        Self { origin: origin.to_owned(), methods, allow, expose }
    }

    /// The headers as they are sent.
    pub fn headers(&self) -> String {
        let mut lines = vec![
            format!("Access-Control-Allow-Origin: {}", self.origin),
            format!("Access-Control-Allow-Methods: {}", self.methods.join(", ")),
            format!("Access-Control-Allow-Headers: {}", self.allow.join(", ")),
        ];
        if !self.expose.is_empty() {
            lines.push(format!("Access-Control-Expose-Headers: {}", self.expose.join(", ")));
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Text;

    #[test]
    fn the_headers_name_the_origin_and_every_header() {
        let blocked = Request::get("https://a/").header("X-Key", Text::plain("1"));
        let text = Fix::new("http://localhost:3000", Owner::Server, &blocked).headers();
        for part in ["http://localhost:3000", "x-key", "www-authenticate", "mcp-session-id"] {
            assert!(text.contains(part), "{part}");
        }
    }
}
