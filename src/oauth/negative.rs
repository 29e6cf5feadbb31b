//! Negative tests: what a good server must refuse, each a request that differs from a good one in one thing.
//!
//! This is the table and the verdicts. The requests are sent, and the good connection kept, elsewhere.

use super::jwt::{self, Token};
use super::token;
use crate::base::text::{fact, facts};
use crate::http::{HttpError, Response};
use crate::mcp::jsonrpc::{self, Message};
use crate::trace::check::{Check, Verdict};
pub use crate::trace::negative::{Negative, Tested};
use crate::trace::rule::Rule;
pub use crate::trace::rule::refusal::NotMade;
use crate::trace::rule::refusal::Refusal;
use crate::trace::step::Step;

/// The resource that a test asks a token for: a host that nobody owns (RFC 2606).
pub const FOREIGN_RESOURCE: &str = "https://other.example/mcp";

impl Negative {
    /// What the button says.
    pub const fn title(self) -> &'static str {
        match self {
            Self::NoToken => "No token",
            Self::DamagedToken => "Damaged token",
            Self::OldRefresh => "Old refresh token",
            Self::CodeTwice => "Code used twice",
            Self::WrongVerifier => "Wrong code_verifier",
            Self::OtherRedirect => "Wrong redirect_uri",
            Self::WrongResource => "Another resource",
            Self::NoChallenge => "No code_challenge",
            Self::PlainChallenge => "Method plain",
            Self::OtherRedirectAtLogin => "Unregistered redirect_uri",
            Self::UnknownScope => "Unknown scope",
        }
    }

    /// What a good server does.
    pub const fn should(self) -> &'static str {
        match self {
            Self::NoToken => "401 with a Bearer challenge.",
            Self::DamagedToken => "401: the signature is invalid, or the token was never issued.",
            Self::OldRefresh => "400 invalid_grant: a rotated refresh token is invalid, and its reuse indicates theft.",
            Self::CodeTwice => "400 invalid_grant: a code can be redeemed once.",
            Self::WrongVerifier => {
                "400 invalid_grant: the verifier does not match the challenge, so the code may be stolen."
            }
            Self::OtherRedirect => "400 invalid_grant: the redirect URI is not the one that received the code.",
            Self::WrongResource => "400 invalid_target: you granted access to this server only.",
            Self::NoChallenge => "The login returns invalid_request: PKCE is required.",
            Self::PlainChallenge => "The login returns invalid_request: only S256 is declared.",
            Self::OtherRedirectAtLogin => "The login ends in an error page and returns nothing.",
            Self::UnknownScope => "The login returns invalid_scope, or ignores the scope.",
        }
    }

    /// What may happen beside it: said before the test is made.
    pub const fn warning(self) -> Option<&'static str> {
        match self {
            Self::OldRefresh => Some(
                "The authorization server may revoke every token of this login, which is the correct reaction to a stolen refresh token. You would have to log in again.",
            ),
            Self::CodeTwice => Some(
                "The authorization server should revoke the tokens issued for this code. You may have to log in again.",
            ),
            Self::OtherRedirectAtLogin => Some(
                "The login page of a correct server shows an error and stays open. Go back to Flowglass and cancel the login there.",
            ),
            _ => None,
        }
    }

    /// How many logins it takes: a code that was never redeemed can only be had by one.
    pub const fn logins(self) -> u32 {
        match self {
            Self::NoToken | Self::DamagedToken | Self::OldRefresh | Self::CodeTwice => 0,
            Self::WrongVerifier | Self::OtherRedirect | Self::WrongResource => 1,
            Self::NoChallenge | Self::PlainChallenge | Self::OtherRedirectAtLogin | Self::UnknownScope => 1,
        }
    }

    /// Whether the authorization request is what is wrong. The others spoil a token request, or a request to the server.
    pub const fn is_login(self) -> bool {
        matches!(self, Self::NoChallenge | Self::PlainChallenge | Self::OtherRedirectAtLogin | Self::UnknownScope)
    }

    /// The step that it abuses.
    pub const fn step(self) -> Step {
        match self {
            Self::NoToken | Self::DamagedToken => Step::McpRequestWithToken,
            Self::OldRefresh => Step::Refresh,
            Self::CodeTwice | Self::WrongVerifier | Self::OtherRedirect | Self::WrongResource => Step::TokenRequest,
            Self::NoChallenge | Self::PlainChallenge | Self::OtherRedirectAtLogin | Self::UnknownScope => {
                Step::Authorize
            }
        }
    }

    const fn is_call(self) -> bool {
        matches!(self, Self::NoToken | Self::DamagedToken)
    }

    fn found(self, verdict: Verdict, found: Refusal) -> Check {
        Check { step: self.step(), rule: Rule::Refusal { test: self, found }, verdict }
    }

    /// The test could not be made.
    pub fn not_made(self, why: NotMade) -> Check {
        self.found(Verdict::Warn, Refusal::NotMade { why })
    }

    /// What the server did, against what it should have done.
    pub fn judge(self, answer: &Result<Response, HttpError>) -> Check {
        match answer {
            Ok(answer) if self.is_call() => self.judge_call(answer),
            Ok(answer) if answer.head.ok() => self.judge_tokens(&answer.body),
            Ok(answer) => self.judge_refusal(answer),
            Err(HttpError::Redirected) => self.found(Verdict::Warn, Refusal::TestRedirected),
            Err(HttpError::Blocked { .. }) => self.found(Verdict::Warn, Refusal::TestHidden),
            Err(error) => self.found(Verdict::Warn, Refusal::TestUnanswered { error: error.clone() }),
        }
    }

    /// What came back of a login, by the parameters of its callback.
    pub fn judge_callback(self, code: Option<&str>, error: Option<&str>) -> Check {
        let said = error.map(fact);
        match (self, code, error.zip(said)) {
            (Self::OtherRedirectAtLogin, ..) => self.found(Verdict::Fail, Refusal::Redirected),
            (Self::UnknownScope, Some(_), _) => self.found(Verdict::Pass, Refusal::ScopeIgnored),
            (_, Some(_), _) => self.found(Verdict::Fail, Refusal::CodeIssued),
            (_, None, None) => self.not_made(NotMade::LoginWithoutCode),
            (_, None, Some((it, error))) if it == self.error() => {
                self.found(Verdict::Pass, Refusal::LoginRefused { error })
            }
            // The user declined: nothing was said about what was tested, but that errors return.
            (Self::UnknownScope, None, Some(("access_denied", error))) => {
                self.found(Verdict::Pass, Refusal::LoginRefused { error })
            }
            (_, None, Some(("access_denied" | "login_required" | "interaction_required", _))) => {
                self.not_made(NotMade::LoginWithoutCode)
            }
            (_, None, Some((_, error))) => self.found(Verdict::Warn, Refusal::LoginRefusedOtherwise { error }),
        }
    }

    /// The user ended the login: of a redirect URI that is not registered that is what should be left to do.
    pub fn judge_given_up(self) -> Check {
        match self {
            Self::OtherRedirectAtLogin => self.found(Verdict::Pass, Refusal::NotRedirected),
            _ => self.not_made(NotMade::LoginGivenUp),
        }
    }

    fn judge_call(self, answer: &Response) -> Check {
        let status = answer.head.status;
        match status {
            401 => self.found(Verdict::Pass, Refusal::CallRefused),
            200..300 if is_error(&answer.body) => self.found(Verdict::Warn, Refusal::CallRefusedInMessage { status }),
            200..300 => self.found(Verdict::Fail, Refusal::CallAnswered { status }),
            500.. => self.found(Verdict::Warn, Refusal::CallBroke { status }),
            _ => self.found(Verdict::Warn, Refusal::CallRefusedOtherwise { status }),
        }
    }

    fn judge_refusal(self, answer: &Response) -> Check {
        let status = answer.head.status;
        let error = token::refusal(&answer.body).error;
        let said = error.as_deref().map(fact);
        match (said, error.as_deref()) {
            _ if status >= 500 => self.found(Verdict::Warn, Refusal::GrantBroke { status }),
            (Some(error), Some(it)) if it == self.error() => {
                self.found(Verdict::Pass, Refusal::GrantRefused { status, error })
            }
            // The client itself was refused: nothing was said about what was tested.
            (Some(error), Some("invalid_client" | "unauthorized_client")) => {
                self.found(Verdict::Warn, Refusal::GrantClientRefused { error })
            }
            (Some(error), _) => self.found(Verdict::Warn, Refusal::GrantRefusedOtherwise { status, error }),
            (None, _) => self.found(Verdict::Warn, Refusal::GrantRefusedUnsaid { status }),
        }
    }

    /// A token came where none should. None of these is kept.
    fn judge_tokens(self, body: &str) -> Check {
        let Some(answer) = token::answer(body) else {
            return self.found(Verdict::Warn, Refusal::NothingGranted);
        };
        match self {
            // OAuth 2.1 §4.1.3 leaves the parameter out, as PKCE does its work.
            Self::OtherRedirect => self.found(Verdict::Warn, Refusal::GrantedForOtherRedirect),
            Self::WrongResource => self.judge_audience(answer.access_token.expose()),
            _ => self.found(Verdict::Fail, Refusal::Granted),
        }
    }

    fn judge_audience(self, token: &str) -> Check {
        let read = Token::read(token);
        let audience = read.jwt().and_then(|it| jwt::list(&it.claims, "aud"));
        match audience {
            Some(list) if list.iter().any(|it| it == FOREIGN_RESOURCE) => {
                self.found(Verdict::Fail, Refusal::GrantedForForeign)
            }
            Some(list) => self.found(Verdict::Warn, Refusal::GrantedFor { aud: facts(&list) }),
            None => self.found(Verdict::Fail, Refusal::GrantedOpaque),
        }
    }
}

/// A JSON-RPC error in a body or in the first event of a stream's text.
fn is_error(body: &str) -> bool {
    jsonrpc::message(body).is_ok_and(|it| matches!(it, Message::Error { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Head;

    fn judged(kind: Negative, status: u16, body: &str) -> &'static str {
        let head = Head { status, url: String::new(), redirected: false, headers: Vec::new() };
        kind.judge(&Ok(Response { head, body: body.to_owned() })).verdict.name()
    }

    #[test]
    fn a_call_without_a_good_token_is_answered_401() {
        for kind in [Negative::NoToken, Negative::DamagedToken] {
            assert_eq!(judged(kind, 401, ""), "pass");
            assert_eq!(judged(kind, 403, ""), "warn");
            assert_eq!(judged(kind, 500, ""), "warn");
            assert_eq!(judged(kind, 200, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#), "fail");
            assert_eq!(judged(kind, 200, r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"no"}}"#), "warn");
        }
    }

    #[test]
    fn the_token_endpoint_refuses_with_the_right_error() {
        let refused = |kind, error: &str| judged(kind, 400, &format!(r#"{{"error":"{error}"}}"#));
        for kind in Negative::ALL.into_iter().filter(|it| !it.is_call() && !it.is_login()) {
            let right = if kind == Negative::WrongResource { "invalid_target" } else { "invalid_grant" };
            assert_eq!((refused(kind, right), refused(kind, "invalid_request")), ("pass", "warn"), "{kind:?}");
            assert_eq!((judged(kind, 400, "<html>"), judged(kind, 502, "")), ("warn", "warn"), "{kind:?}");
        }
        assert_eq!(refused(Negative::CodeTwice, "invalid_client"), "warn");
    }

    #[test]
    fn a_token_where_none_should_be_fails() {
        let tokens = r#"{"access_token":"t","token_type":"Bearer"}"#;
        for kind in [Negative::OldRefresh, Negative::CodeTwice, Negative::WrongVerifier, Negative::WrongResource] {
            assert_eq!(judged(kind, 200, tokens), "fail", "{kind:?}");
        }
        assert_eq!(judged(Negative::OtherRedirect, 200, tokens), "warn");
        // {"alg":"none"} . {"aud":"https://a/mcp"}
        let right = r#"{"access_token":"eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL2EvbWNwIn0."}"#;
        assert_eq!(judged(Negative::WrongResource, 200, right), "warn");
    }

    #[test]
    fn what_the_browser_hid_is_no_verdict() {
        let blocked = Err(HttpError::Blocked { said: String::new() });
        assert_eq!(Negative::NoToken.judge(&blocked).verdict, Verdict::Warn);
    }

    #[test]
    fn every_test_says_what_should_happen_and_what_it_costs() {
        let logins: u32 = Negative::ALL.into_iter().map(Negative::logins).sum();
        assert_eq!(logins, 7);
        let expected = |it: Negative| if it.is_login() { "The login " } else { "40" };
        assert!(Negative::ALL.into_iter().all(|it| it.should().starts_with(expected(it))));
    }

    #[test]
    fn a_login_is_judged_by_its_callback() {
        use Negative::{NoChallenge, OtherRedirectAtLogin, PlainChallenge, UnknownScope};
        let found = |kind: Negative, code: Option<&str>, error: Option<&str>| match kind.judge_callback(code, error) {
            Check { rule: Rule::Refusal { found: Refusal::NotMade { .. }, .. }, .. } => "not made",
            check => check.verdict.name(),
        };
        for kind in [NoChallenge, PlainChallenge] {
            assert_eq!(found(kind, None, Some("invalid_request")), "pass");
            assert_eq!(found(kind, None, Some("server_error")), "warn");
            assert_eq!(found(kind, Some("c"), None), "fail");
            assert_eq!((found(kind, None, Some("access_denied")), found(kind, None, None)), ("not made", "not made"));
        }
        assert_eq!(found(OtherRedirectAtLogin, Some("c"), None), "fail");
        assert_eq!(found(OtherRedirectAtLogin, None, Some("invalid_request")), "fail");
        assert_eq!(OtherRedirectAtLogin.judge_given_up().verdict, Verdict::Pass);
        for error in ["invalid_scope", "access_denied"] {
            assert_eq!(found(UnknownScope, None, Some(error)), "pass");
        }
        assert_eq!(found(UnknownScope, Some("c"), None), "pass");
    }
}
