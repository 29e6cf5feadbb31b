//! The login and what came back from it.

use super::super::Words;
use super::{refusals, requester};
use crate::trace::problem::oauth::{Error, NoCode};

pub(super) fn words(error: &Error) -> Words {
    match error {
        Error::StateMismatch { awaited } => state_mismatch(*awaited),
        Error::StateMissing => Words::new("The authorization response has no `state`")
            .fix("Return `state` unchanged, with codes and with errors.")
            .reason("Without `state` the response could be from a cross-site request forgery. Nothing of it was used.")
            .evidence("The authorization request had `state`; the response has none. The waiting login is unchanged."),
        Error::IssMismatch { expected, .. } => Words::new("The authorization response is from another issuer")
            .fix(format!("Set `iss` in the authorization response to `{expected}`."))
            .reason("Either `iss` is wrong, or a code of another authorization server was injected (mix-up attack). The code was not used.")
            .evidence("`iss` and `issuer` are compared as strings (RFC 9207 §2.4). The rest of the response is not shown."),
        Error::IssMissing { expected } => Words::new("`iss` is missing in the authorization response")
            .fix("Send `iss` with every authorization response, or remove `authorization_response_iss_parameter_supported`.")
            .reason("The metadata promises `iss`. An attacker may have removed it, so the code was not used.")
            .evidence(format!("The metadata of `{expected}` has `authorization_response_iss_parameter_supported: true`.")),
        Error::Denied { description } => Words::new("Access was denied at the login")
            .fix("Connect again and allow the access, or ask the administrator of the authorization server for permission.")
            .reason("Consent was declined, or a policy of the authorization server forbids it.")
            .quote(received("access_denied", description.as_deref()))
            .evidence("The authorization response carries an error instead of a code."),
        Error::GivenUp(by) => Words::new("The login was cancelled")
            .fix(requester::login_advice(by))
            .reason("You came back without an authorization response. Either you left the login, or it showed an error page.")
            .evidence("Nothing came back from the authorization request."),
        Error::Refused { error, description, by } => {
            let words = Words::new(format!("The authorization server responded with {error}"))
                .fix(refusals::authorization_advice(error))
                .reason(refusals::authorization_cause(error))
                .quote(received(error, description.as_deref()))
                .evidence("The authorization response carries an error instead of a code.");
            requester::narrow(words, by, error, description.as_deref())
        }
        Error::NoCode(how) => Words::new("The authorization response has no usable code")
            .fix("Redirect back with exactly one `code`, or with `error`.")
            .reason("The authorization server did not complete the response (RFC 6749 §4.1.2).")
            .evidence(match how {
                NoCode::Missing => "`state` is correct, `code` is absent.",
                NoCode::Empty => "`state` is correct, `code` is empty.",
                NoCode::Repeated => "`state` is correct, `code` occurs more than once.",
            }),
        Error::NotKept => Words::new("The browser's storage is full")
            .fix("Allow site data for Flowglass, or open the login in a popup.")
            .reason("`state` and verifier have to survive the redirect, so the login was not started.")
            .evidence("`sessionStorage` refused the data, even after the trace was removed from it."),
        _ => Words::default(),
    }
}

/// `error` and `error_description` of an authorization response.
fn received(error: &str, description: Option<&str>) -> String {
    format!("The response has `error={error}`{}.", super::said(description))
}

fn state_mismatch(awaited: bool) -> Words {
    let (fix, evidence) = match awaited {
        true => (
            "Finish the login in the page where it was started, or connect again.",
            "The `state` of the response is not the one of the waiting request. The waiting login is unchanged.",
        ),
        false => (
            "Connect from this tab, and finish the login in the same tab.",
            "An authorization response arrived, and no login of this tab waits for one.",
        ),
    };
    Words::new("The authorization response belongs to another request")
        .fix(fix)
        .reason("Likely cause: an old link, another tab, or a cross-site request forgery. Nothing of it was used.")
        .evidence(evidence)
}
