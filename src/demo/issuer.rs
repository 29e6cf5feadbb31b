//! The authorization server's endpoints for clients: metadata, registration, tokens.

use super::answer::Answer;
use super::{Demo, Fault, ISSUER};
use crate::base::text::Text;
use crate::http::{Method, Request};
use crate::oauth::flow::Moment;
use serde_json::{Value, json};

/// What can be asked for. The last one brings a refresh token (OpenID Connect Core §11).
pub(super) const SCOPES: [(&str, &str); 3] = [
    ("mcp:use", "Use the tools, resources and prompts of the demo server"),
    ("diary:read", "Read the harbour master's diary"),
    ("offline_access", "Stay signed in until you revoke it"),
];

impl Demo {
    pub(super) fn issuer(&mut self, moment: &Moment, path: &str, request: &Request) -> Answer {
        match (path, request.method) {
            ("/.well-known/oauth-authorization-server", Method::Get) => Answer::json(200, &self.metadata()),
            ("/register", Method::Post) => self.register(moment, request),
            ("/token", Method::Post) => self.token(moment, &Form::of(request)),
            ("/revoke", Method::Post) => self.revoke(&Form::of(request)),
            ("/introspect", Method::Post) => self.introspect(moment, &Form::of(request)),
            ("/register" | "/token" | "/revoke" | "/introspect", _) => Answer::empty(405),
            _ => Answer::json(404, &json!({ "error": "not_found" })),
        }
    }

    /// RFC 8414 §2, RFC 9207 §3.
    fn metadata(&self) -> Value {
        let mut document = json!({
            "issuer": ISSUER,
            "authorization_endpoint": self.stage.authorize(),
            "token_endpoint": format!("{ISSUER}/token"),
            "registration_endpoint": format!("{ISSUER}/register"),
            "revocation_endpoint": format!("{ISSUER}/revoke"),
            "introspection_endpoint": format!("{ISSUER}/introspect"),
            "scopes_supported": SCOPES.map(|(name, _)| name),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": ["none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
        });
        if let Some(members) = document.as_object_mut() {
            match self.stage.fault {
                Some(Fault::WrongIssuer) => drop(members.insert("issuer".to_owned(), json!(format!("{ISSUER}/")))),
                Some(Fault::UnsafeEndpoint) => {
                    members.insert("authorization_endpoint".to_owned(), json!("javascript:alert(document.domain)"));
                }
                Some(Fault::NoPkce) => drop(members.remove("code_challenge_methods_supported")),
                Some(Fault::NoRegistration) => drop(members.remove("registration_endpoint")),
                _ => {}
            }
        }
        document
    }
}

/// The fields of a form body.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    fn of(request: &Request) -> Self {
        let body = request.body.as_ref().map(Text::expose).unwrap_or_default();
        Self::parse(&body)
    }

    pub fn parse(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// A field that came once; twice is as good as never (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(it, _)| it == name);
        let first = found.next().map(|(_, value)| value.as_str()).filter(|it| !it.is_empty());
        first.filter(|_| found.next().is_none())
    }

    pub fn field(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }
}
