//! S-64 to S-74: the authorization endpoint, which most tests reach only with a login.

use super::line::{Finding, Level, Line, Party, Phase, Severity};
use super::logged_in;
use super::pasted::{Output, command};
use super::seen::{Seen, is_hidden, outcome, status};
use super::with_token;
use crate::base::text::fact;
use crate::http::{HttpError, Request};
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;
use crate::trace::check::Clause;

pub static LINES: [Line; 11] = [
    Line::new("S-64", "The login page has no CORS", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::OAuthCors,
            "The authorization endpoint does not support CORS: browsers navigate there.",
            "Leave the authorization endpoint out of the CORS middleware.",
        )
        .judged(no_cors),
    Line::new("S-65", "Redirect URIs match exactly", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::RedirectExact,
            "A wrong redirect URI, or an unknown client, is never redirected.",
            "Compare redirect URIs as strings.",
        )
        .staged(Phase::More, "a login that ends in an error page", with_token::exact_redirect),
    Line::new("S-66", "PKCE is required", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::PkceChallenge,
            "An authorization request without `code_challenge` is refused.",
            "Require PKCE of public clients.",
        )
        .staged(Phase::More, "a login without PKCE", with_token::needs_challenge),
    Line::new("S-67", "state returns unchanged", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::State,
            "`state` comes back unchanged, whatever characters it has.",
            "Decode `state` once and encode it once.",
        )
        .by_login(logged_in::state),
    Line::new("S-68", "iss is sent as promised", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::IssuerParameter,
            "`iss` is in the authorization response and is the issuer, in errors too.",
            "Send the `issuer` of the metadata as `iss`.",
        )
        .by_login(logged_in::iss),
    Line::new("S-69", "A denial returns", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::ErrorResponse,
            "A denial returns `access_denied` with `state`, an unknown scope `invalid_scope`.",
            "Redirect errors to the client.",
        )
        .staged(Phase::More, "a login for an unknown scope", with_token::returns_errors),
    Line::new("S-70", "resource does no harm", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::ResourceIndicator,
            "`resource` and unknown parameters are honoured or ignored.",
            "Ignore parameters that are unknown.",
        )
        .by_login(logged_in::resource),
    Line::new("S-71", "Each client needs consent", Level::Must, Party::Issuer, Severity::Security).says(
        Clause::AuthorizationUrlSafe,
        "Each dynamically registered client needs consent, which names client, scopes and redirect host.",
        "Show a consent page before a login at a third party.",
    ),
    Line::new("S-72", "The login page allows the redirect", Level::Field, Party::Issuer, Severity::Browser).says(
        Clause::AuthorizationEndpoint,
        "`form-action` of the login page's Content-Security-Policy allows the redirect.",
        "Name the redirect's origin in `form-action`, or drop it.",
    ),
    Line::new("S-73", "The plain method is refused", Level::Field, Party::Issuer, Severity::Security)
        .says(
            Clause::PkceChallenge,
            "`code_challenge_method=plain` is refused if it is not advertised.",
            "Check the method.",
        )
        .staged(Phase::More, "a login with the plain method", with_token::refuses_plain),
    Line::new("S-74", "The login page is not framed", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::AuthorizationEndpoint,
            "The login page forbids frames, and a form there never ends in a 307.",
            "Send `frame-ancestors 'none'`, and redirect with 303.",
        )
        .unseen(|seen| command(&Request::get(seen.endpoint("authorization_endpoint"))))
        .pasted(is_not_framed),
];

/// RFC 9700 §4.16. Without parameters many servers respond with an error page, which need not have the headers.
fn is_not_framed(output: &Output<'_>) -> Finding {
    let response = output.response;
    let policies = response.list("content-security-policy");
    let ancestors = policies.iter().flat_map(|it| it.split(';')).map(str::trim);
    let ancestors = ancestors.filter_map(|it| it.strip_prefix("frame-ancestors")).find(|it| !it.trim().is_empty());
    let options = response.list("x-frame-options");
    let options = options.iter().find(|it| matches!(it.as_str(), "deny" | "sameorigin"));
    match (ancestors, options, response.status) {
        (Some(sources), ..) if sources.split_whitespace().any(|it| it == "*") => {
            Finding::fail("`frame-ancestors` allows any site.")
        }
        (Some(sources), ..) => Finding::pass(format!("`frame-ancestors` is {}.", fact(sources.trim()))),
        (None, Some(value), _) => Finding::pass(format!("`X-Frame-Options` is {value}.")),
        (None, None, 200..300) => Finding::fail("`frame-ancestors` and `X-Frame-Options` are absent."),
        _ => output.shows_nothing(),
    }
}

fn no_cors(seen: &Seen<'_>) -> Option<Finding> {
    let says_nothing = |it: &&Exchange| matches!(status(it), 404 | 405 | 410 | 429 | 500..);
    if let Some(asked) = seen.responded(AuditProbe::AuthorizationWithCookies).filter(|it| !says_nothing(it)) {
        return Some(Finding::fail(format!("A page may read it, with cookies. {}", outcome(asked))).by(asked));
    }
    let Some(asked) = seen.probe(AuditProbe::AuthorizationEndpoint).filter(|it| it.ended.is_some()) else {
        return Some(Finding::not_tested("The authorization endpoint was not requested."));
    };
    Some(
        match &asked.error {
            Some(HttpError::Redirected) => Finding::warn("The redirect carries `Access-Control-Allow-Origin`."),
            _ if is_hidden(asked) => Finding::pass("A page may not read it."),
            _ if matches!(status(asked), 404 | 405 | 410 | 429 | 500..) => {
                Finding::not_tested(format!("{} shows nothing of the login page.", outcome(asked)))
            }
            _ if asked.head.is_some() => Finding::warn(format!("A page may read it. {}", outcome(asked))),
            _ => Finding::not_tested("There was no response."),
        }
        .by(asked),
    )
}
