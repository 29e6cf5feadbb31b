//! A token that was issued just now, and that the MCP server refuses with 401: another login would bring the same one,
//! so what the token says of itself and what the server said of it is judged at once.

use super::bench::names_server;
use super::challenge::{self, Challenge};
use super::jwt::{self, Token};
use super::token::{self, Grant};
use crate::json::members::string;
use crate::trace::problem::{Cause, Claims as Said, FreshToken, FreshVerdict, Problem};

type Claims = serde_json::Map<String, serde_json::Value>;

/// What was refused, and how.
pub struct FreshRefusal<'a> {
    pub grant: &'a Grant,
    /// `None` where the browser hides them.
    pub challenges: Option<&'a [Challenge]>,
    pub body: &'a str,
    /// Milliseconds since the epoch.
    pub now: f64,
}

impl FreshRefusal<'_> {
    pub fn problem(&self) -> Problem {
        let token = Token::read(self.grant.access_token.expose());
        let claims = token.jwt().map(|it| &it.claims);
        let bearer = self.challenges.and_then(challenge::bearer);
        let refusal = token::refusal(self.body);
        let said = |name: &str| bearer.and_then(|it| it.param(name)).map(str::to_owned);
        Problem::new(Cause::FreshToken(Box::new(FreshToken {
            verdict: self.verdict(claims),
            error: said("error").or(refusal.error),
            description: said("error_description").or(refusal.description),
            server: self.grant.server.clone(),
            resource: self.grant.resource.clone(),
            granted: self.grant.scope.clone(),
            issuer: self.grant.issuer.clone(),
            claims: claims.map(said_by),
        })))
    }

    fn verdict(&self, claims: Option<&Claims>) -> FreshVerdict {
        let Some(claims) = claims else { return FreshVerdict::NotAccepted };
        match () {
            () if !self.is_for_server(claims) && !claims.contains_key("aud") => FreshVerdict::NoAudience,
            () if !self.is_for_server(claims) => FreshVerdict::OtherAudience,
            () if jwt::time(claims, "exp").is_some_and(|it| it <= self.now) => FreshVerdict::Expired,
            () if string(claims, "iss").is_some_and(|it| it != self.grant.issuer) => FreshVerdict::OtherIssuer,
            () => FreshVerdict::NotAccepted,
        }
    }

    fn is_for_server(&self, claims: &Claims) -> bool {
        let audiences = jwt::list(claims, "aud").unwrap_or_default();
        names_server(&audiences, self.grant.resource.as_deref(), &self.grant.server)
    }
}

/// What a token says of itself.
fn said_by(claims: &Claims) -> Said {
    let claim = |name: &str| jwt::list(claims, name).filter(|it| !it.is_empty()).map(|it| it.join(", "));
    Said { aud: claim("aud"), iss: claim("iss"), scopes: jwt::scopes(claims).map(|it| it.join(" ")) }
}
