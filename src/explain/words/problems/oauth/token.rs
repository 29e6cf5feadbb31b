//! What the token endpoint responded.

use super::super::Words;
use super::{refusals, refused, requester};
use crate::trace::problem::oauth::Error;

pub(super) fn words(error: &Error) -> Words {
    match error {
        Error::TokenRefused { status, refusal, by } => {
            let error = refusal.error.as_deref();
            let words = Words::new("The token endpoint refused the request")
                .fix(refusals::token_advice(*status, error))
                .reason(refusals::cause(*status, error))
                .quote(refused("The token endpoint", *status, refusal))
                .evidence("The response is an OAuth error, without `access_token`.");
            requester::narrow(words, by, error.unwrap_or_default(), refusal.description.as_deref())
        }
        Error::TokenUnreadable { status, media } => token_unreadable(*status, media),
        Error::TokenType { found } => Words::new("The token is not a bearer token")
            .fix("Issue tokens with `token_type: Bearer`.")
            .reason("MCP sends tokens as `Authorization: Bearer`. A token of another type must not be used that way.")
            .evidence(match found {
                Some(found) => format!("`token_type` is `{found}`."),
                None => "`token_type` is absent.".to_owned(),
            }),
        Error::TokenText => Words::new("The token has invalid characters")
            .fix("Issue tokens of printable ASCII characters only (RFC 6750 §2.1).")
            .reason("The token is sent in a header, and such a character would end the header or be refused by the browser.")
            .evidence("The access token contains a character that is not printable ASCII."),
        _ => Words::default(),
    }
}

fn token_unreadable(status: u16, media: &str) -> Words {
    let what = if media.is_empty() { "no media type" } else { media };
    let (fix, reason) = match media {
        "text/html" => (
            "Exempt the token endpoint from login pages and fallback routes, and check `token_endpoint`.",
            "The response is an HTML page. Likely cause: a login page or a wrong route took the request.",
        ),
        _ => (
            "Return `application/json` with `access_token` and `token_type`.",
            "A token response is a JSON object (RFC 6749 §5.1).",
        ),
    };
    Words::new("The token response has no access token")
        .fix(fix)
        .reason(reason)
        .evidence(format!("The token endpoint responded {status} ({what}), and no `access_token` could be read."))
}
