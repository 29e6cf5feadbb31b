//! The token endpoint and what hangs on it: codes and refresh tokens traded, tokens given back, looked up.

use super::answer::{Answer, put};
use super::issuer::Form;
use super::jwt;
use super::state::{Access, RefreshToken, keep, random};
use super::{Demo, Fault, SERVER};
use crate::oauth::flow::Moment;
use crate::oauth::pkce;
use serde_json::{Value, json};

/// An error code of RFC 6749 §5.2, and what is said with it.
type Refused = (&'static str, &'static str);

impl Demo {
    pub(super) fn token(&mut self, moment: &Moment, form: &Form) -> Answer {
        match self.stage.fault {
            Some(Fault::TokenAsHtml) => return Answer::page(200, "Welcome back"),
            Some(Fault::TokenRefused) => return Answer::refusal(401, "invalid_client", "Unknown client"),
            Some(Fault::ResourceRefused) => {
                return Answer::refusal(400, "invalid_target", "Unknown resource");
            }
            _ => {}
        }
        if self.state.client(form.field("client_id")).is_none() {
            return Answer::refusal(401, "invalid_client", "Unknown client");
        }
        let access = match form.field("grant_type") {
            "authorization_code" => self.redeem(moment, form),
            "refresh_token" => self.rotate(form),
            _ => Err(("unsupported_grant_type", "Only authorization_code and refresh_token are supported")),
        };
        match access {
            Ok(access) => self.issue(moment, access),
            Err((error, description)) => Answer::refusal(400, error, description),
        }
    }

    /// A code for tokens: it works once, soon, and only for whom it was made (RFC 6749 §4.1.3, RFC 7636 §4.6).
    fn redeem(&mut self, moment: &Moment, form: &Form) -> Result<Access, Refused> {
        let refused = |words| Err(("invalid_grant", words));
        let Some(code) = self.state.codes.iter_mut().find(|it| it.code == form.field("code")) else {
            return refused("Unknown code");
        };
        if std::mem::replace(&mut code.used, true) {
            // RFC 6749 §4.1.2: what came of it is taken back.
            let family = code.access.family.clone();
            keep(&mut self.state.ended, family);
            return refused("The code was already redeemed");
        }
        if code.expires < moment.now {
            return refused("The code has expired");
        }
        if code.client != form.field("client_id") || code.redirect_uri != form.field("redirect_uri") {
            return refused("The code was issued to another client or redirect URI");
        }
        if !pkce::verify(form.field("code_verifier"), &code.challenge) {
            return refused("code_verifier does not match code_challenge");
        }
        match form.get("resource") {
            Some(it) if it != code.access.resource => {
                Err(("invalid_target", "The code was issued for another resource"))
            }
            _ => Ok(code.access.clone()),
        }
    }

    /// A refresh token works once; a second time is theft, and ends all that came of it (OAuth 2.1 §4.3.1).
    fn rotate(&mut self, form: &Form) -> Result<Access, Refused> {
        let known = self.state.refresh_tokens.iter_mut().find(|it| it.token == form.field("refresh_token"));
        let Some(known) = known.filter(|it| it.access.client == form.field("client_id")) else {
            return Err(("invalid_grant", "Unknown refresh token"));
        };
        let access = known.access.clone();
        if std::mem::replace(&mut known.used, true) {
            keep(&mut self.state.ended, access.family);
            return Err(("invalid_grant", "The refresh token was already used; all tokens of this grant are revoked"));
        }
        if self.state.ended.contains(&access.family) {
            return Err(("invalid_grant", "The grant was revoked"));
        }
        Ok(access)
    }

    fn issue(&mut self, moment: &Moment, access: Access) -> Answer {
        let audience = if self.stage.has(Fault::WrongAudience) {
            "https://api.flowglass.invalid"
        } else {
            access.resource.as_str()
        };
        let life = if self.stage.has(Fault::ExpiredToken) { -jwt::LIFE } else { jwt::LIFE };
        let mut answer = json!({
            "access_token": jwt::issue(&self.state, moment, &access, audience, life),
            "token_type": "Bearer",
            "expires_in": jwt::LIFE,
            "scope": access.scope,
        });
        if access.scope.split_whitespace().any(|it| it == "offline_access") {
            let token = random("refresh", moment);
            put(&mut answer, "refresh_token", json!(token));
            keep(&mut self.state.refresh_tokens, RefreshToken { token, access, used: false });
        }
        Answer::json(200, &answer).header("cache-control", "no-store")
    }

    /// RFC 7009: whatever the token was, afterwards it is none.
    pub(super) fn revoke(&mut self, form: &Form) -> Answer {
        let token = form.field("token");
        let family = self.state.refresh_tokens.iter().find(|it| it.token == token).map(|it| it.access.family.clone());
        if let Some(family) = family {
            keep(&mut self.state.ended, family);
        }
        if let Some(claims) = jwt::read(&self.state.key, token) {
            keep(&mut self.state.revoked, claims.text("jti").to_owned());
        }
        Answer::empty(200)
    }

    /// RFC 7662.
    pub(super) fn introspect(&self, moment: &Moment, form: &Form) -> Answer {
        // §2.1: to prevent token scanning, not everybody gets an answer. The clients here have no secret.
        if form.field("client_id").is_empty() {
            return Answer::json(401, &json!({ "error": "invalid_client" }));
        }
        let claims = jwt::read(&self.state.key, form.field("token")).filter(|it| self.fault_of(moment, it).is_none());
        let answer = match claims {
            Some(claims) => {
                let mut answer = claims.all().clone();
                put(&mut answer, "active", Value::Bool(true));
                put(&mut answer, "token_type", json!("Bearer"));
                answer
            }
            None => json!({ "active": false }),
        };
        Answer::json(200, &answer).header("cache-control", "no-store")
    }

    /// Why a token is no good here, where it is none.
    pub(super) fn fault_of(&self, moment: &Moment, claims: &jwt::Claims) -> Option<&'static str> {
        let state = &self.state;
        let ended = state.ended.iter().any(|it| it == claims.text("grant"));
        match claims {
            it if it.text("iss") != super::ISSUER => Some("The token was issued by another issuer"),
            it if it.text("aud") != SERVER => Some("The token has another audience"),
            it if it.expires() <= jwt::seconds(moment) => Some("The token has expired"),
            it if ended || state.revoked.iter().any(|gone| gone == it.text("jti")) => Some("The token was revoked"),
            _ => None,
        }
    }
}
