//! The header lines that let a page read an answer, ready to paste.

use crate::http::Request;
use crate::problem::Owner;
use serde::{Deserialize, Serialize};

/// What has to be allowed, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The origin of this page.
    pub origin: String,
    pub methods: Vec<String>,
    /// Request headers, lower case.
    pub allow: Vec<String>,
    /// Answer headers that this client needs to read.
    pub expose: Vec<String>,
}

/// The ways in which the fix is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    Headers,
    Workers,
    Express,
    FastMcp,
    Axum,
}

impl Framework {
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Headers, "Headers"),
        (Self::Workers, "Cloudflare Workers"),
        (Self::Express, "Express"),
        (Self::FastMcp, "FastMCP"),
        (Self::Axum, "axum"),
    ];
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

    /// The fix as lines for that framework.
    pub fn written(&self, framework: Framework) -> String {
        match framework {
            Framework::Headers => self.headers(),
            Framework::Workers => self.workers(),
            Framework::Express => self.express(),
            Framework::FastMcp => self.fast_mcp(),
            Framework::Axum => self.axum(),
        }
    }

    fn headers(&self) -> String {
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

    fn workers(&self) -> String {
        let lines: Vec<String> = self
            .headers()
            .lines()
            .filter_map(|line| {
                let (name, value) = line.split_once(": ")?;
                Some(format!("  \"{name}\": \"{value}\","))
            })
            .collect();
        format!(
            "const cors = {{\n{}\n}};\n\nexport default {{\n  async fetch(request, env, ctx) {{\n    if (request.method === \"OPTIONS\") return new Response(null, {{ status: 204, headers: cors }});\n    const answer = await handle(request, env, ctx); // your handler\n    const headers = new Headers(answer.headers);\n    for (const [name, value] of Object.entries(cors)) headers.set(name, value);\n    return new Response(answer.body, {{ status: answer.status, headers }});\n  }},\n}};",
            lines.join("\n")
        )
    }

    fn express(&self) -> String {
        format!(
            "import cors from \"cors\";\n\n// Before every route, the check of the token included.\napp.use(cors({{\n  origin: \"{}\",\n  methods: {},\n  allowedHeaders: {},\n  exposedHeaders: {},\n}}));",
            self.origin,
            list(&self.methods),
            list(&self.allow),
            list(&self.expose)
        )
    }

    fn fast_mcp(&self) -> String {
        format!(
            "from starlette.middleware import Middleware\nfrom starlette.middleware.cors import CORSMiddleware\n\napp = mcp.http_app(middleware=[Middleware(\n    CORSMiddleware,\n    allow_origins=[\"{}\"],\n    allow_methods={},\n    allow_headers={},\n    expose_headers={},\n)])",
            self.origin,
            list(&self.methods),
            list(&self.allow),
            list(&self.expose)
        )
    }

    fn axum(&self) -> String {
        let names = |all: &[String]| {
            let names: Vec<String> = all.iter().map(|it| format!("HeaderName::from_static(\"{it}\")")).collect();
            format!("[{}]", names.join(", "))
        };
        let methods: Vec<String> = self.methods.iter().map(|it| format!("Method::{it}")).collect();
        format!(
            "use axum::http::{{HeaderName, HeaderValue, Method}};\nuse tower_http::cors::CorsLayer;\n\n// The outermost layer, outside the check of the token.\nlet app = app.layer(\n    CorsLayer::new()\n        .allow_origin(HeaderValue::from_static(\"{}\"))\n        .allow_methods([{}])\n        .allow_headers({})\n        .expose_headers({}),\n);",
            self.origin,
            methods.join(", "),
            names(&self.allow),
            names(&self.expose)
        )
    }
}

fn list(all: &[String]) -> String {
    let quoted: Vec<String> = all.iter().map(|it| format!("\"{it}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn every_framework_names_the_origin_and_every_header() {
        let blocked = Request::get("https://a/").header("X-Key", Text::plain("1"));
        let fix = Fix::new("http://localhost:3000", Owner::Server, &blocked);
        for (framework, name) in Framework::ALL {
            let text = fix.written(framework);
            assert!(text.contains("http://localhost:3000") && text.contains("x-key"), "{name}");
            assert!(text.contains("www-authenticate") && text.contains("mcp-session-id"), "{name}");
        }
    }
}
