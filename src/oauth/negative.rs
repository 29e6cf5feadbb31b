//! Negative tests: what a good server must refuse, each a request that differs from a good one in one thing.
//!
//! This is the table and the verdicts. The requests are sent, and the good connection kept, elsewhere.

use super::jwt::{self, Token};
use super::token;
use crate::checks::{Check, Clause, Verdict};
use crate::http::{HttpError, Response};
use crate::jsonrpc::{self, Message};
use crate::step::Step;
use serde::{Deserialize, Serialize};

/// The resource that a test asks a token for: no server of anybody's (RFC 2606).
pub const FOREIGN_RESOURCE: &str = "https://other.example/mcp";

/// What is done wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Negative {
    NoToken,
    DamagedToken,
    OldRefresh,
    CodeTwice,
    WrongVerifier,
    OtherRedirect,
    WrongResource,
}

/// A test that was made, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    pub kind: Negative,
    /// `None` where nothing could be sent.
    pub exchange: Option<u32>,
    pub check: Check,
}

impl Negative {
    pub const ALL: [Self; 7] = [
        Self::NoToken,
        Self::DamagedToken,
        Self::OldRefresh,
        Self::CodeTwice,
        Self::WrongVerifier,
        Self::OtherRedirect,
        Self::WrongResource,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::NoToken => "no-token",
            Self::DamagedToken => "damaged-token",
            Self::OldRefresh => "old-refresh-token",
            Self::CodeTwice => "code-twice",
            Self::WrongVerifier => "wrong-verifier",
            Self::OtherRedirect => "other-redirect-uri",
            Self::WrongResource => "wrong-resource",
        }
    }

    /// What the button says.
    pub const fn title(self) -> &'static str {
        match self {
            Self::NoToken => "Call without a token",
            Self::DamagedToken => "Call with a damaged token",
            Self::OldRefresh => "Use the old refresh token again",
            Self::CodeTwice => "Use the code again",
            Self::WrongVerifier => "Redeem a code with a wrong verifier",
            Self::OtherRedirect => "Redeem a code with another redirect URI",
            Self::WrongResource => "Redeem a code for another resource",
        }
    }

    /// What a good server does.
    pub const fn should(self) -> &'static str {
        match self {
            Self::NoToken => "401 with a Bearer challenge: whoever has no token gets nothing.",
            Self::DamagedToken => {
                "401: a token whose signature does not hold, or that nobody issued, is as good as none."
            }
            Self::OldRefresh => {
                "400 invalid_grant: a refresh token that was replaced is void, and its use is a sign of theft."
            }
            Self::CodeTwice => "400 invalid_grant: a code is good for one token request.",
            Self::WrongVerifier => {
                "400 invalid_grant: the verifier is not the one behind the challenge, so somebody else may hold the code."
            }
            Self::OtherRedirect => "400 invalid_grant: the redirect URI is not the one that the code was sent to.",
            Self::WrongResource => "400 invalid_target: the person gave leave for this server, not for another.",
        }
    }

    /// What may happen beside it: said before the test is made.
    pub const fn warning(self) -> Option<&'static str> {
        match self {
            Self::OldRefresh => Some(
                "The authorization server may revoke every token of this login. That would be the right reaction to a stolen refresh token; you would have to log in again.",
            ),
            Self::CodeTwice => Some(
                "The authorization server should revoke the tokens that it gave for this code; you may have to log in again.",
            ),
            _ => None,
        }
    }

    /// How many logins it takes: a code that was never redeemed can only be had by one.
    pub const fn logins(self) -> u32 {
        match self {
            Self::NoToken | Self::DamagedToken | Self::OldRefresh | Self::CodeTwice => 0,
            Self::WrongVerifier | Self::OtherRedirect | Self::WrongResource => 1,
        }
    }

    /// The step that it abuses.
    pub const fn step(self) -> Step {
        match self {
            Self::NoToken | Self::DamagedToken => Step::McpRequestWithToken,
            Self::OldRefresh => Step::Refresh,
            Self::CodeTwice | Self::WrongVerifier | Self::OtherRedirect | Self::WrongResource => Step::TokenRequest,
        }
    }

    pub const fn clause(self) -> Clause {
        match self {
            Self::NoToken => Clause::BearerChallenge,
            Self::DamagedToken => Clause::BearerRefused,
            Self::OldRefresh => Clause::RefreshReplay,
            Self::CodeTwice => Clause::CodeOnce,
            Self::WrongVerifier => Clause::PkceVerified,
            Self::OtherRedirect => Clause::CodeBound,
            Self::WrongResource => Clause::ResourceIndicator,
        }
    }

    const fn is_call(self) -> bool {
        matches!(self, Self::NoToken | Self::DamagedToken)
    }

    /// The error codes that name what is wrong; the first is the one that the clause asks for.
    const fn errors(self) -> &'static [&'static str] {
        match self {
            Self::WrongResource => &["invalid_target"],
            _ => &["invalid_grant"],
        }
    }

    fn verdict(self, verdict: Verdict, words: impl Into<String>) -> Check {
        Check { step: self.step(), verdict, words: words.into(), clause: self.clause() }
    }

    /// The test could not be made.
    pub fn not_made(self, why: &str) -> Check {
        self.verdict(Verdict::Warn, format!("The test was not made: {why}"))
    }

    /// What the server did, against what it should have done.
    pub fn judge(self, answer: &Result<Response, HttpError>) -> Check {
        match answer {
            Ok(answer) if self.is_call() => self.judge_call(answer),
            Ok(answer) if answer.head.ok() => self.judge_tokens(&answer.body),
            Ok(answer) => self.judge_refusal(answer),
            Err(HttpError::Redirected) => {
                self.verdict(Verdict::Warn, "Answered with a redirect, which was not followed")
            }
            Err(HttpError::Blocked { .. }) => {
                let words = "The browser showed no answer. Perhaps it was refused without the CORS headers that let a page read that";
                self.verdict(Verdict::Warn, words)
            }
            Err(error) => self.verdict(Verdict::Warn, format!("No answer to judge: {error}")),
        }
    }

    fn judge_call(self, answer: &Response) -> Check {
        let status = answer.head.status;
        match status {
            401 => self.verdict(Verdict::Pass, "Should be refused, and was: 401"),
            200..300 if is_error(&answer.body) => {
                let words = format!("Refused in the message, with {status} around it; 401 is what a client can act on");
                self.verdict(Verdict::Warn, words)
            }
            200..300 => self.verdict(Verdict::Fail, format!("Should be refused, and was answered: {status}")),
            500.. => self.verdict(
                Verdict::Warn,
                format!("Not answered, but with {status}: the server stumbled where it should refuse with 401"),
            ),
            _ => self.verdict(Verdict::Warn, format!("Refused, but with {status}; 401 is what a client can act on")),
        }
    }

    fn judge_refusal(self, answer: &Response) -> Check {
        let status = answer.head.status;
        let error = token::refusal(&answer.body).error;
        let right = self.errors().first().copied().unwrap_or_default();
        match error.as_deref() {
            _ if status >= 500 => self.verdict(
                Verdict::Warn,
                format!("No token, but {status}: the server stumbled where it should refuse with {right}"),
            ),
            Some(it) if self.errors().contains(&it) => {
                self.verdict(Verdict::Pass, format!("Should be refused, and was: {status} {it}"))
            }
            // The client itself was refused: nothing was said about what was tested.
            Some(it @ ("invalid_client" | "unauthorized_client")) => {
                self.verdict(Verdict::Warn, format!("Refused with {it}: the client was refused, before what is tested"))
            }
            Some(it) => {
                self.verdict(Verdict::Warn, format!("Refused, but with {status} {it}; {right} is the error for this"))
            }
            None => self.verdict(
                Verdict::Warn,
                format!("Refused, but with {status} and no error code; {right} is the one for this"),
            ),
        }
    }

    /// A token came where none should. None of these is kept.
    fn judge_tokens(self, body: &str) -> Check {
        let Some(answer) = token::answer(body) else {
            return self.verdict(Verdict::Warn, "Answered 200, and there is no token in the answer");
        };
        match self {
            // OAuth 2.1 §4.1.3 leaves the parameter out, as PKCE does its work.
            Self::OtherRedirect => {
                let words = "A token was given: the redirect URI is not compared. OAuth 2.1 allows that, as PKCE protects the code; RFC 6749 does not";
                self.verdict(Verdict::Warn, words)
            }
            Self::WrongResource => self.judge_audience(answer.access_token.expose()),
            _ => self.verdict(Verdict::Fail, "Should be refused, and a token was given. It was not kept"),
        }
    }

    fn judge_audience(self, token: &str) -> Check {
        let read = Token::read(token);
        let audience = read.jwt().and_then(|it| jwt::list(&it.claims, "aud"));
        match audience {
            Some(list) if list.iter().any(|it| it == FOREIGN_RESOURCE) => self.verdict(
                Verdict::Fail,
                format!("Should be refused, and a token for {FOREIGN_RESOURCE} was given. It was not kept"),
            ),
            Some(list) => {
                let words = format!(
                    "A token was given, for {}: the resource of the request was ignored, not refused",
                    list.join(", ")
                );
                self.verdict(Verdict::Warn, words)
            }
            None => self.verdict(
                Verdict::Fail,
                "Should be refused, and a token was given; what it is for cannot be seen. It was not kept",
            ),
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
        for kind in Negative::ALL.into_iter().filter(|it| !it.is_call()) {
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
        assert_eq!(logins, 3);
        assert!(Negative::ALL.into_iter().all(|it| it.should().starts_with("40")));
    }
}
