//! The token request and its answer (RFC 6749 §4.1.3 and §5, RFC 7636 §4.6, RFC 7519).

mod answer;
mod claims;

use super::Rule;
use super::authorization::is_users;
use super::differ::mentions;
use super::evidence::{Evidence, sent_form};
use super::registration::refusal;
use crate::trace::Exchange;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::Owner;
use crate::trace::step::Step;

pub use answer::RULES as ANSWER;
pub use claims::{AUDIENCE, RULES as CLAIMS};

const AT: &[Step] = &[Step::TokenRequest];
/// Codes live for ten minutes at most, and often for one (RFC 6749 §4.1.2).
const LATE: f64 = 60_000.0;

pub const RULES: &[Rule] = &[
    Rule {
        name: "pkce-failed",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::PkceVerified,
        title: "PKCE verification failed",
        fix: "Compare `BASE64URL(SHA-256(code_verifier))`, without padding, with the `code_challenge` stored for this code.",
        reason: "The authorization server reports that verifier and challenge do not match, and those of Flowglass do. Likely cause: it stored another challenge, or computes the hash differently.",
        look: |it, step| grant_refused(it, step, &["pkce", "verifier", "challenge"]),
    },
    Rule {
        name: "code-used",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Network,
        clause: Clause::CodeUse,
        title: "The code was already used",
        fix: "Connect again for a new code. If it happens every time, find out in the authorization server's log who redeemed the code.",
        reason: "A code works once, and this tab sent it once. Likely cause: a proxy repeated the request, or a link scanner opened the callback; it may also be theft.",
        look: |it, step| {
            let said = grant_refused(it, step, &["used", "already", "consumed", "redeemed", "replay"])?;
            sent_twice(it, step).is_none().then_some(said)
        },
    },
    Rule {
        name: "code-sent-twice",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::CodeUse,
        title: "The code was sent twice",
        fix: "Connect again, and do not reload before the token has arrived.",
        reason: "A code works once. Likely cause: the callback was loaded twice.",
        look: sent_twice,
    },
    Rule {
        name: "code-expired",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::CodeUse,
        title: "The code has expired",
        fix: "Connect again, and continue without a pause before the token request.",
        reason: "A code is valid for a short time only, and this one was sent too late.",
        look: |it, step| grant_refused(it, step, &["expired", "expir", "too old"]),
    },
    Rule {
        name: "code-late",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::CodeUse,
        title: "The code was sent late",
        fix: "Connect again, and continue without a pause before the token request.",
        reason: "Likely cause: the code expired before the token request.",
        look: |it, step| {
            let (error, _) = it.error(step).filter(|(error, _)| error == "invalid_grant")?;
            let (request, _) = it.last(step)?;
            let waited = request.sent - it.attempt.away.as_ref()?.back?;
            (waited > LATE).then(|| format!("{error}, and the code was {:.0} s old.", waited / 1000.0))
        },
    },
    Rule {
        name: "token-redirect-uri-differs",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::RedirectExact,
        title: "The redirect URI of the token request is refused",
        fix: "Store the redirect URI of the authorization request with the code, and compare with that.",
        reason: "Authorization request and token request have the same redirect URI. Likely cause: the authorization server compares it with another spelling.",
        look: |it, step| {
            let said = grant_refused(it, step, &["redirect"])?;
            Some(format!("{said} It was {}.", it.parameter("redirect_uri")?))
        },
    },
    Rule {
        name: "grant-refused-without-reason",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenError,
        title: "`invalid_grant` without a description",
        fix: "Name the cause in `error_description`, and share the code store between all instances.",
        reason: "The code was new and sent once. Candidates are another client ID or redirect URI stored with it, a different PKCE computation, or another instance.",
        look: |it, step| {
            let (error, said) = it.error(step).filter(|(error, _)| error == "invalid_grant")?;
            let (request, _) = it.last(step)?;
            let fresh = it.attempt.away.as_ref()?.back.is_some_and(|back| request.sent - back <= LATE);
            let silent = !mentions(
                &said,
                &[
                    "pkce",
                    "verifier",
                    "challenge",
                    "used",
                    "already",
                    "consumed",
                    "redeemed",
                    "replay",
                    "expir",
                    "too old",
                    "redirect",
                ],
            );
            (fresh && silent && sent_twice(it, step).is_none()).then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "secret-expected",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::PublicClient,
        title: "The token endpoint expects a client secret",
        fix: "Register this client as public (`token_endpoint_auth_method: none`). To continue now, type its secret under Authorization settings.",
        reason: "Flowglass is a public client and sent no secret.",
        look: |it, step| {
            let (error, said) = it.error(step).filter(|(error, _)| error == "invalid_client")?;
            let (request, _) = it.last(step)?;
            let bare = !is_users(it, step)
                && !it.asserts(step)
                && !sent_form(request).iter().any(|(name, _)| name == "client_secret")
                && super::evidence::header(request, "authorization").is_none();
            bare.then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "assertion-refused",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::ClientAssertion,
        title: "The client assertion is refused",
        fix: "Compare the registered public key and `kid` with the key that signs, and accept the issuer as `aud` (RFC 7523 §3).",
        reason: "The client authenticated with a signed assertion. Likely cause: another public key or `kid` is registered, or the server expects the token endpoint as `aud`.",
        look: |it, step| {
            let (error, said) = it.error(step).filter(|(error, _)| error == "invalid_client")?;
            it.asserts(step).then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "code-grant-refused",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenError,
        title: "The authorization code grant is not allowed",
        fix: "Enable `authorization_code` for this client.",
        reason: "The token endpoint does not support the authorization code grant, or not for this client.",
        look: |it, step| grant_not_taken(it, step, "authorization_code"),
    },
    Rule {
        name: "client-credentials-refused",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenError,
        title: "The client credentials grant is not allowed",
        fix: "Enable `client_credentials` for this client, or choose the authorization code grant under Authorization settings.",
        reason: "The token endpoint does not support the client credentials grant, or not for this client.",
        look: |it, step| grant_not_taken(it, step, "client_credentials"),
    },
    Rule {
        name: "token-form-not-read",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenError,
        title: "The token endpoint does not read forms",
        fix: "Parse `application/x-www-form-urlencoded` at the token endpoint.",
        reason: "The parameters were sent, and the server reports them missing. Likely cause: it expects JSON, which OAuth clients do not send.",
        look: |it, step| {
            let (_, head) = it.last(step)?;
            let said = it.error(step).map(|(_, said)| said).unwrap_or_default();
            let told =
                head.status == 415 || (head.status == 400 && mentions(&said, &["grant_type", "content-type", "json"]));
            told.then(|| {
                format!(
                    "A form got {}{}",
                    head.status,
                    if said.is_empty() { ".".to_owned() } else { format!(": \"{said}\".") }
                )
            })
        },
    },
];

/// That grant was asked for, and the token endpoint does not take it.
fn grant_not_taken(evidence: &Evidence<'_>, step: Step, grant: &str) -> Option<String> {
    let (error, said) = evidence.error(step).filter(|(error, _)| error == "unsupported_grant_type")?;
    let (request, _) = evidence.last(step)?;
    let asked = |(name, value): &(String, String)| name == "grant_type" && value == grant;
    sent_form(request).iter().any(asked).then(|| refusal(&error, &said))
}

/// The code was refused with a description that has one of these words.
fn grant_refused(evidence: &Evidence<'_>, step: Step, words: &[&str]) -> Option<String> {
    let (error, said) = evidence.error(step)?;
    let about = matches!(error.as_str(), "invalid_grant" | "invalid_request") && mentions(&said, words);
    about.then(|| refusal(&error, &said))
}

/// The same code went out in two requests of this trace.
fn sent_twice(evidence: &Evidence<'_>, step: Step) -> Option<String> {
    let code = |it: &Exchange| sent_form(it).into_iter().find(|(name, _)| name == "code").map(|(_, value)| value);
    let (last, _) = evidence.last(step).filter(|(_, head)| !head.ok())?;
    let mine = code(last)?;
    let mut others = evidence.trace.exchanges().filter(|it| it.step == Some(step) && it.id != last.id);
    others.any(|it| code(it).as_ref() == Some(&mine)).then(|| "The same code went out in two requests.".to_owned())
}

#[cfg(test)]
mod tests;
