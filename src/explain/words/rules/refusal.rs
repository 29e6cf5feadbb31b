//! The results of negative tests.

use crate::explain::words::problems;
use crate::oauth::negative::FOREIGN_RESOURCE;
use crate::trace::negative::Negative;
use crate::trace::rule::refusal::{NotMade, Refusal};
use std::borrow::Cow;

pub fn words(test: Negative, found: &Refusal) -> Cow<'static, str> {
    let right = test.error();
    match found {
        Refusal::NotMade { why } => format!("Not run: {}", not_made(why)).into(),
        Refusal::TestRedirected => "The response is a redirect, which was not followed".into(),
        Refusal::TestHidden => {
            "The browser blocked the response. The request may have been rejected without CORS headers".into()
        }
        Refusal::TestUnanswered { error } => format!("Inconclusive: {error}").into(),
        Refusal::CallRefused => "Rejected with 401, as expected".into(),
        Refusal::CallRefusedInMessage { status } => {
            format!("Rejected in the JSON-RPC message, but the HTTP status is {status}; clients react to 401").into()
        }
        Refusal::CallAnswered { status } => format!("Accepted with {status}, but must be rejected").into(),
        Refusal::CallBroke { status } => {
            format!("Failed with {status}; the request must be rejected with 401").into()
        }
        Refusal::CallRefusedOtherwise { status } => {
            format!("Rejected, but with {status}; clients react to 401").into()
        }
        Refusal::GrantBroke { status } => {
            format!("Failed with {status}; the request must be rejected with {right}").into()
        }
        Refusal::GrantRefused { status, error } => format!("Rejected with {status} {error}, as expected").into(),
        Refusal::GrantClientRefused { error } => {
            format!("Rejected with {error}: the client was rejected before the tested parameter was checked").into()
        }
        Refusal::GrantRefusedOtherwise { status, error } => {
            format!("Rejected, but with {status} {error}; the error must be {right}").into()
        }
        Refusal::GrantRefusedUnsaid { status } => {
            format!("Rejected, but with {status} and no error code; the error must be {right}").into()
        }
        Refusal::NothingGranted => "Response 200 without a token".into(),
        Refusal::GrantedForOtherRedirect => {
            "Token issued: redirect_uri is not compared. OAuth 2.1 allows that because PKCE protects the code; RFC 6749 does not".into()
        }
        Refusal::Granted => "Token issued, but the request must be rejected. The token was discarded".into(),
        Refusal::GrantedForForeign => {
            format!("Token issued for {FOREIGN_RESOURCE}, but the request must be rejected. The token was discarded").into()
        }
        Refusal::GrantedFor { aud } => format!(
            "Token issued for {}: the requested resource was ignored instead of rejected",
            aud.join(", ")
        )
        .into(),
        Refusal::GrantedOpaque => {
            "Token issued, but the request must be rejected. The token was discarded; it is opaque, so its audience is unknown".into()
        }
        Refusal::LoginRefused { error } => format!("The login returned {error}, as expected").into(),
        Refusal::LoginRefusedOtherwise { error } => {
            format!("The login returned {error}; the error must be {right}").into()
        }
        Refusal::CodeIssued => {
            "The login returned a code, but the request must be rejected. The code was not redeemed".into()
        }
        Refusal::ScopeIgnored => "The login returned a code: the unknown scope was ignored".into(),
        Refusal::Redirected => "The login redirected to a URI that is not registered".into(),
        Refusal::NotRedirected => {
            "The login did not redirect to the URI that is not registered; you ended it, as expected".into()
        }
    }
}

fn not_made(why: &NotMade) -> Cow<'static, str> {
    match why {
        NotMade::CallbackRefused { problem } => problems::of(problem).evidence.into(),
        NotMade::LoginWithoutCode => "the login returned no code".into(),
        NotMade::LoginGivenUp => "you cancelled its login".into(),
    }
}
