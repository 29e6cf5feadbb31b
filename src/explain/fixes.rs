//! Fixes as they are written with the framework of the server: which framework it is, and what to paste there.
//!
//! Every snippet was tried with the framework, or is documented by it. A framework without one for a problem is not
//! offered for it.

mod authorization;
mod cors;
mod recognise;
mod server;

pub use recognise::{issuer, server};

use crate::base::address::Address;
use crate::oauth::discovery;
use crate::trace::fix::Fix;
use crate::trace::problem::Owner;

/// What a server or an authorization server is built with, in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    /// None: the HTTP headers, or the members of a document.
    Http,
    FastMcp,
    PythonSdk,
    Express,
    TypeScriptV2,
    Hono,
    Workers,
    NpmFastMcp,
    BetterAuth,
    Axum,
    Go,
    Spring,
    AspNet,
    Nginx,
    Caddy,
    Keycloak,
    Auth0,
    Entra,
    Okta,
    Cognito,
    Google,
    OidcProvider,
    Django,
    Hydra,
    Authentik,
}

impl Framework {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::FastMcp => "FastMCP (Python)",
            Self::PythonSdk => "MCP Python SDK",
            Self::Express => "Express (TypeScript SDK)",
            Self::TypeScriptV2 => "TypeScript SDK 2",
            Self::Hono => "Hono",
            Self::Workers => "Cloudflare Workers",
            Self::NpmFastMcp => "fastmcp (npm)",
            Self::BetterAuth => "better-auth",
            Self::Axum => "axum (rmcp)",
            Self::Go => "Go",
            Self::Spring => "Spring",
            Self::AspNet => "ASP.NET Core",
            Self::Nginx => "nginx",
            Self::Caddy => "Caddy",
            Self::Keycloak => "Keycloak",
            Self::Auth0 => "Auth0",
            Self::Entra => "Microsoft Entra ID",
            Self::Okta => "Okta",
            Self::Cognito => "Amazon Cognito",
            Self::Google => "Google",
            Self::OidcProvider => "oidc-provider",
            Self::Django => "django-oauth-toolkit",
            Self::Hydra => "Ory Hydra",
            Self::Authentik => "authentik",
        }
    }
}

/// What a server lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// CORS of the MCP endpoint, with the exposed challenge.
    Cors,
    /// CORS of the authorization server.
    IssuerCors,
    /// The challenge of a 401, and the resource metadata that it names.
    ResourceMetadata,
    /// The checks of `Origin` and `Host`.
    Origin,
    /// The issuer, the same string everywhere.
    Issuer,
    S256,
    Registration,
    RedirectUri,
    Audience,
}

impl Need {
    /// Who has to change it.
    pub const fn owner(self) -> Owner {
        match self {
            Self::Cors | Self::ResourceMetadata | Self::Origin => Owner::Server,
            _ => Owner::Issuer,
        }
    }

    const fn table(self) -> &'static [(Framework, &'static str)] {
        match self {
            Self::Cors => cors::SERVER,
            Self::IssuerCors => cors::ISSUER,
            Self::ResourceMetadata => server::METADATA,
            Self::Origin => server::ORIGIN,
            Self::Issuer => authorization::ISSUER,
            Self::S256 => authorization::S256,
            Self::Registration => authorization::REGISTRATION,
            Self::RedirectUri => authorization::REDIRECT_URI,
            Self::Audience => authorization::AUDIENCE,
        }
    }
}

/// A fix to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    pub framework: Framework,
    pub text: String,
}

/// The values of the attempt that a snippet is filled with.
#[derive(Clone, Debug, Default)]
pub struct Fill {
    /// The origin of Flowglass.
    pub page: String,
    /// The URL of the MCP server.
    pub server: String,
    pub issuer: String,
    pub redirect_uri: String,
    /// What CORS has to allow; absent where it is not about CORS.
    pub headers: Option<Fix>,
}

/// The snippets for a need, that of the recognised framework first.
pub fn snippets(need: Need, recognised: Option<Framework>, fill: &Fill) -> Vec<Snippet> {
    let mut all: Vec<Snippet> = need
        .table()
        .iter()
        .map(|(framework, text)| Snippet { framework: *framework, text: fill.written(text) })
        .collect();
    if let Some(at) = all.iter().position(|it| Some(it.framework) == recognised) {
        all.get_mut(..=at).unwrap_or_default().rotate_right(1);
    }
    all
}

impl Fill {
    fn written(&self, text: &str) -> String {
        let server = Address::typed(&self.server).ok();
        let origin = server.as_ref().map(Address::origin).unwrap_or_default();
        let metadata = server.as_ref().and_then(|it| discovery::resource_metadata(it, None).first().map(Address::href));
        let path = server.as_ref().map_or("/mcp", Address::path).to_owned();
        let headers = self.headers.as_ref();
        let list = |names: fn(&Fix) -> &Vec<String>| headers.map(|it| names(it).join(", ")).unwrap_or_default();
        let values = [
            ("%PAGEHOST%", host(&self.page)),
            ("%PAGE%", self.page.clone()),
            (
                "%METADATA_PATH%",
                metadata.as_deref().and_then(|it| it.strip_prefix(origin.as_str())).unwrap_or_default().to_owned(),
            ),
            ("%METADATA%", metadata.clone().unwrap_or_default()),
            ("%MCP%", self.server.clone()),
            ("%PATH%", path),
            ("%ORIGIN%", origin.clone()),
            ("%HOST%", host(&origin)),
            ("%AS%", self.issuer.clone()),
            ("%CALLBACK%", self.redirect_uri.clone()),
            ("%METHODS%", list(|it| &it.methods)),
            ("%HEADERS%", list(|it| &it.allow)),
            ("%EXPOSE%", list(|it| &it.expose)),
        ];
        values.into_iter().fold(text.trim().to_owned(), |text, (name, value)| text.replace(name, &value))
    }
}

/// The host name of an origin, without its port.
fn host(origin: &str) -> String {
    let host = Address::typed(origin).map(|it| it.host()).unwrap_or_default();
    match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|it| it.is_ascii_digit()) => name.to_owned(),
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Text;
    use crate::http::Request;

    const NEEDS: [Need; 9] = [
        Need::Cors,
        Need::IssuerCors,
        Need::ResourceMetadata,
        Need::Origin,
        Need::Issuer,
        Need::S256,
        Need::Registration,
        Need::RedirectUri,
        Need::Audience,
    ];

    fn fill() -> Fill {
        let blocked = Request::get("https://mcp.example:8443/mcp").header("X-Key", Text::plain("1"));
        Fill {
            page: "http://localhost:3000".to_owned(),
            server: "https://mcp.example:8443/mcp".to_owned(),
            issuer: "https://as.example".to_owned(),
            redirect_uri: "http://localhost:3000/oauth/callback".to_owned(),
            headers: Some(Fix::new("http://localhost:3000", Owner::Server, &blocked)),
        }
    }

    #[test]
    fn every_snippet_is_filled_and_a_framework_has_one_a_need() {
        for need in NEEDS {
            let all = snippets(need, None, &fill());
            assert!(!all.is_empty());
            for it in &all {
                let rest = it.text.replace("%27", "");
                let open = [
                    "%PAGE",
                    "%MCP",
                    "%METADATA",
                    "%PATH",
                    "%ORIGIN",
                    "%HOST",
                    "%AS%",
                    "%CALLBACK",
                    "%METHODS",
                    "%HEADERS",
                    "%EXPOSE",
                ];
                assert!(open.iter().all(|name| !rest.contains(name)), "{need:?} {}: {}", it.framework.name(), it.text);
                assert_eq!(
                    all.iter().filter(|other| other.framework == it.framework).count(),
                    1,
                    "{need:?} {:?}",
                    it.framework
                );
            }
        }
    }

    #[test]
    fn cors_names_the_origin_in_every_framework() {
        for it in snippets(Need::Cors, None, &fill()) {
            assert!(it.text.contains("http://localhost:3000"), "{}", it.framework.name());
        }
        let all = snippets(Need::Cors, None, &fill());
        assert_eq!(all.first().map(|it| it.framework), Some(Framework::Http));
        assert!(all.first().is_some_and(|it| it.text.contains("x-key") && it.text.contains("www-authenticate")));
        assert!(all.len() >= 14, "{}", all.len());
    }

    #[test]
    fn the_recognised_framework_stands_first_and_the_others_keep_their_order() {
        let all = snippets(Need::Cors, Some(Framework::Express), &fill());
        let first: Vec<Framework> = all.iter().take(3).map(|it| it.framework).collect();
        assert_eq!(first, [Framework::Express, Framework::Http, Framework::FastMcp]);
        let all = snippets(Need::Cors, Some(Framework::Okta), &fill());
        assert_eq!(all.first().map(|it| it.framework), Some(Framework::Http));
    }
}
