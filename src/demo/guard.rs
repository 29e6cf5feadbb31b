//! Who may pass to the MCP server: a bearer token of the demo's issuer, for this server, still good (RFC 6750).

use super::answer::Answer;
use super::jwt::{self, Claims};
use super::{Demo, Fault, ISSUER, ORIGIN, SERVER, Stage};
use crate::http::Request;
use crate::oauth::flow::Moment;
use serde_json::{Value, json};

/// Where the resource metadata belongs (RFC 9728 §3.1).
pub(super) const METADATA: &str = "/.well-known/oauth-protected-resource/mcp";
/// Where it lies when somebody took the rule for a suffix.
pub(super) const WRONG_METADATA: &str = "/mcp/.well-known/oauth-protected-resource";

/// RFC 9728 §2.
pub(super) fn metadata(stage: &Stage) -> Value {
    let resource = if stage.has(Fault::ForeignResource) { "https://other.flowglass.invalid/mcp" } else { SERVER };
    json!({
        "resource": resource,
        "resource_name": "The harbour office (simulated)",
        "authorization_servers": [ISSUER],
        "scopes_supported": ["mcp:use", "diary:read"],
        "bearer_methods_supported": ["header"],
    })
}

impl Demo {
    /// What the token says, or the answer that asks for a better one.
    pub(super) fn guard(&self, moment: &Moment, request: &Request) -> Result<Claims, Answer> {
        let sent = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let Some(sent) = sent.map(|(_, value)| value.expose()) else {
            // RFC 6750 §3.1: who did not try is told no error.
            return Err(self.challenge(401, None, "mcp:use"));
        };
        let token = sent.strip_prefix("Bearer ").unwrap_or_default();
        let claims = jwt::read(&self.state.key, token);
        let fault =
            claims.as_ref().map_or(Some("The token is damaged or from another issuer"), |it| self.fault_of(moment, it));
        match (claims, fault) {
            (Some(claims), None) if !claims.has_scope("mcp:use") || self.stage.has(Fault::InsufficientScopeLoop) => {
                Err(self.insufficient("mcp:use"))
            }
            (Some(claims), None) => Ok(claims),
            (_, fault) => Err(self.challenge(401, Some(("invalid_token", fault.unwrap_or_default())), "mcp:use")),
        }
    }

    /// RFC 6750 §3.1, and MCP's step-up: more scopes are wanted.
    pub(super) fn insufficient(&self, scope: &str) -> Answer {
        self.challenge(403, Some(("insufficient_scope", "The token lacks the required scope")), scope)
    }

    fn challenge(&self, status: u16, error: Option<(&str, &str)>, scope: &str) -> Answer {
        let named = ![Fault::NoResourceMetadata, Fault::MetadataAtWrongPath].iter().any(|it| self.stage.has(*it));
        let mut parts: Vec<String> = Vec::new();
        if let Some((error, words)) = error {
            parts.push(format!("error=\"{error}\", error_description=\"{words}\""));
        }
        if named {
            parts.push(format!("resource_metadata=\"{ORIGIN}{METADATA}\""));
        }
        parts.push(format!("scope=\"{scope}\""));
        let error = error.map_or("unauthorized", |(error, _)| error);
        Answer::json(status, &json!({ "error": error }))
            .header("www-authenticate", format!("Bearer {}", parts.join(", ")))
    }
}
