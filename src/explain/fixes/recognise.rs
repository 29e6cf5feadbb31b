//! Which framework a server is built with, from what a page can read: bodies, challenges, and the authorization server
//! metadata. Headers such as `Server` cannot be read from another origin.

use super::Framework;
use crate::explain::why::evidence::{Evidence, body};
use crate::http::Head;
use crate::trace::Exchange;
use crate::trace::step::Step;

/// Longer bodies are no refusal of a framework.
const LONGEST: usize = 4096;

/// The MCP server, by its refusals; else by the metadata, where the same host is the authorization server.
pub fn server(evidence: &Evidence<'_>) -> Option<Framework> {
    let steps = [Step::McpRequest, Step::McpRequestWithToken, Step::Connected];
    let refusals = steps.into_iter().flat_map(|step| evidence.answers(step)).filter(|(_, head)| head.status >= 400);
    let by_refusal = refusals.into_iter().find_map(|(exchange, head)| refusal(exchange, head));
    by_refusal.or_else(|| issuer(evidence).filter(|it| serves_both(*it)))
}

/// The authorization server, by its metadata, or by its issuer where that cannot be read.
pub fn issuer(evidence: &Evidence<'_>) -> Option<Framework> {
    let named = evidence.resource.as_ref().and_then(|it| it.list("authorization_servers")?.first().copied());
    let text = |name| evidence.issuer.as_ref().and_then(|it| it.text(name)).unwrap_or_default();
    let list = |name| evidence.issuer.as_ref().and_then(|it| it.list(name)).unwrap_or_default();
    let metadata = Metadata {
        issuer: evidence.issuer.as_ref().and_then(|it| it.text("issuer")).or(named).unwrap_or_default(),
        authorize: text("authorization_endpoint"),
        token: text("token_endpoint"),
        register: text("registration_endpoint"),
        methods: list("token_endpoint_auth_methods_supported"),
        challenges: list("code_challenge_methods_supported"),
        names_resources: evidence.issuer.as_ref().is_some_and(|it| it.get("protected_resources").is_some()),
    };
    metadata.provider().or_else(|| metadata.library())
}

/// The libraries that make a server its own authorization server.
const fn serves_both(framework: Framework) -> bool {
    use Framework::{BetterAuth, Express, FastMcp, NpmFastMcp, Workers};
    matches!(framework, BetterAuth | Express | FastMcp | NpmFastMcp | Workers)
}

/// What of the metadata tells.
struct Metadata<'a> {
    issuer: &'a str,
    authorize: &'a str,
    token: &'a str,
    register: &'a str,
    methods: Vec<&'a str>,
    challenges: Vec<&'a str>,
    names_resources: bool,
}

impl Metadata<'_> {
    /// Services and servers that have URLs of their own.
    fn provider(&self) -> Option<Framework> {
        let issuer = self.issuer;
        Some(match () {
            () if issuer.contains("/realms/") => Framework::Keycloak,
            () if issuer.contains(".auth0.com") => Framework::Auth0,
            () if issuer.contains("login.microsoftonline.com") || issuer.contains("sts.windows.net") => {
                Framework::Entra
            }
            () if issuer.contains(".okta.com") || issuer.contains(".oktapreview.com") => Framework::Okta,
            () if issuer.contains("cognito-idp.") => Framework::Cognito,
            () if issuer == "https://accounts.google.com" => Framework::Google,
            () if issuer.contains("/application/o/") => Framework::Authentik,
            () if issuer.ends_with("/api/auth") => Framework::BetterAuth,
            () if self.token.ends_with("/o/token/") => Framework::Django,
            () if self.register.ends_with("/reg") && self.authorize.ends_with("/auth") => Framework::OidcProvider,
            () if self.authorize.ends_with("/oauth2/auth") => Framework::Hydra,
            () => return None,
        })
    }

    /// Libraries, by what their metadata lists.
    fn library(&self) -> Option<Framework> {
        Some(match () {
            () if self.names_resources => Framework::Workers,
            () if self.methods == ["none", "private_key_jwt"] => Framework::FastMcp,
            () if self.methods == ["client_secret_post", "none"] && self.issuer.ends_with('/') => Framework::Express,
            () if self.authorize.ends_with("/oauth/authorize") && self.challenges == ["S256", "plain"] => {
                Framework::NpmFastMcp
            }
            () => return None,
        })
    }
}

/// By status, body and challenge of an error.
fn refusal(exchange: &Exchange, head: &Head) -> Option<Framework> {
    let body: String = body(exchange).chars().take(LONGEST).collect();
    let challenge = head.header("www-authenticate").unwrap_or_default();
    by_challenge(challenge, head.status, body.is_empty()).or_else(|| by_body(head.status, body.trim()))
}

fn by_challenge(challenge: &str, status: u16, empty: bool) -> Option<Framework> {
    let has = |text| challenge.contains(text);
    Some(match () {
        () if has("The provided bearer token is invalid, expired, or no longer recognized") => Framework::FastMcp,
        () if status == 401 && empty && challenge.starts_with("Bearer scope=") && has("resource_metadata=") => {
            Framework::FastMcp
        }
        () if has("error=\"invalid_token\", error_description=\"Authentication required\"") => Framework::PythonSdk,
        () if has("error=\"Unauthorized\"") => Framework::Hono,
        () if has("realm=\"OAuth\"") => Framework::Workers,
        () if has("resource_metadata=") && !has("resource_metadata=\"") => Framework::Spring,
        () => return None,
    })
}

fn by_body(status: u16, body: &str) -> Option<Framework> {
    let has = |text| body.contains(text);
    Some(match status {
        401 if has("Missing Authorization header") => Framework::Express,
        401 if has("missing authorization header") || has("no token payload") => Framework::BetterAuth,
        401 if has("no bearer token") || has("token missing expiration") => Framework::Go,
        401 if has("\"Unauthorized: ") => Framework::NpmFastMcp,
        403 if body == "Forbidden Origin" => Framework::FastMcp,
        403 if body == "Invalid Origin header" => Framework::PythonSdk,
        403 if has("Invalid Origin header: ") => Framework::Express,
        403 if has("Invalid Origin: ") => Framework::TypeScriptV2,
        403 if has("Forbidden: Host header is not allowed") || has("Forbidden: Origin header is not allowed") => {
            Framework::Axum
        }
        403 if has("Forbidden: invalid Host header") => Framework::Go,
        421 if body == "Misdirected Request" => Framework::FastMcp,
        421 if body == "Invalid Host header" => Framework::PythonSdk,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_tell_the_framework() {
        let challenge = |text, empty| by_challenge(text, 401, empty);
        assert_eq!(challenge("Bearer scope=\"a\", resource_metadata=\"https://x\"", true), Some(Framework::FastMcp));
        assert_eq!(challenge("Bearer resource_metadata=https://x", false), Some(Framework::Spring));
        assert_eq!(challenge("Bearer resource_metadata=\"https://x\"", false), None);
        assert_eq!(by_body(421, "Invalid Host header"), Some(Framework::PythonSdk));
        assert_eq!(by_body(403, "{\"message\":\"Invalid Origin header: https://x\"}"), Some(Framework::Express));
        assert_eq!(by_body(500, "Invalid Host header"), None);
    }

    #[test]
    fn metadata_tells_the_authorization_server() {
        let plain = |issuer: &'static str| Metadata {
            issuer,
            authorize: "https://x/authorize",
            token: "https://x/token",
            register: "https://x/register",
            methods: vec!["client_secret_post", "none"],
            challenges: vec!["S256"],
            names_resources: false,
        };
        assert_eq!(plain("https://x/realms/tools").provider(), Some(Framework::Keycloak));
        assert_eq!(plain("https://t.eu.auth0.com/").provider(), Some(Framework::Auth0));
        assert_eq!(plain("https://x/").provider(), None);
        assert_eq!(plain("https://x/").library(), Some(Framework::Express));
        assert_eq!(plain("https://x").library(), None);
    }
}
