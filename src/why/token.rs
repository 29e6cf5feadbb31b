//! The token request and its answer (RFC 6749 §4.1.3 and §5, RFC 7636 §4.6, RFC 7519).

mod answer;
mod claims;

use super::Rule;
use super::compare::mentions;
use super::evidence::{Evidence, sent_form};
use super::registration::refusal;
use crate::checks::{Clause, Verdict};
use crate::problem::Owner;
use crate::step::Step;
use crate::trace::Exchange;

pub use answer::RULES as ANSWER;
pub use claims::RULES as CLAIMS;

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
        cause: "The authorization server says that verifier and challenge do not belong together. This client's do, as the check shows: likely it stored another challenge, or hashes in another way.",
        fix: "Compare BASE64URL(SHA256(verifier)) without padding with the code_challenge that came with this code.",
        look: |it, step| grant_refused(it, step, &["pkce", "verifier", "challenge"]),
    },
    Rule {
        name: "code-used",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Network,
        clause: Clause::CodeUse,
        cause: "The code works once, and was used before. This tab sent it once: likely something on the way repeated the request, or followed the link of the callback first, as a link scanner does. It may also be theft.",
        fix: "Connect again for a fresh code. If it happens each time, look for what stands between, and in the authorization server's log for who redeemed the code.",
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
        cause: "The code works once. Likely the page was loaded twice.",
        fix: "Connect again for a fresh code, and leave the page alone until the token is there.",
        look: sent_twice,
    },
    Rule {
        name: "code-expired",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::CodeUse,
        cause: "The code was not good any more. It lives for a short time only.",
        fix: "Connect again and let the token request follow at once; allow codes a minute at least.",
        look: |it, step| grant_refused(it, step, &["expired", "expir", "too old"]),
    },
    Rule {
        name: "code-late",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::CodeUse,
        cause: "Likely the code had expired by then.",
        fix: "Connect again and do not wait before the token request.",
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
        cause: "The redirect URI of the token request is the one of step 4, character by character. Likely the authorization server compares it with another spelling that it stored.",
        fix: "Keep the redirect URI of the authorization request with the code, and compare with that.",
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
        cause: "One error code stands for six cases. The code came fresh and was sent once, so candidates are: another client id or redirect URI stored with it, PKCE computed otherwise, or codes kept by one of several machines only.",
        fix: "Say in error_description which of them it is, and share the store of codes between all machines.",
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
        cause: "The client sent no secret, as a public client does, and the token endpoint asks for one.",
        fix: "Register the client as public (token_endpoint_auth_method none), or give its secret under Authorization settings.",
        look: |it, step| {
            let (error, said) = it.error(step).filter(|(error, _)| error == "invalid_client")?;
            let (request, _) = it.last(step)?;
            let bare = !it.asserts(step)
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
        cause: "The client proved itself with a signed assertion, and it was not taken. Likely the public key that the authorization server has for this client is not the one of this key, or it names another kid. Others look at aud: it is the issuer here, and some want the token endpoint.",
        fix: "Compare the public key and kid registered for this client with the key that signs, and let the server take its issuer as aud (RFC 7523 §3) and clocks that differ a little.",
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
        cause: "The token endpoint does not take the authorization code grant, or not from this client.",
        fix: "Enable authorization_code for this client.",
        look: |it, step| grant_not_taken(it, step, "authorization_code"),
    },
    Rule {
        name: "client-credentials-refused",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenError,
        cause: "The token endpoint does not take the client credentials grant, or not from this client.",
        fix: "Enable client_credentials for this client, or set a login in place of it under Authorization settings.",
        look: |it, step| grant_not_taken(it, step, "client_credentials"),
    },
    Rule {
        name: "token-form-not-read",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenError,
        cause: "The token endpoint does not read a form. Likely it expects JSON, which no OAuth client sends.",
        fix: "Read application/x-www-form-urlencoded at the token endpoint.",
        look: |it, step| {
            let (_, head) = it.last(step)?;
            let said = it.error(step).map(|(_, said)| said).unwrap_or_default();
            let told =
                head.status == 415 || (head.status == 400 && mentions(&said, &["grant_type", "content-type", "json"]));
            told.then(|| {
                format!(
                    "A form was answered {}{}",
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
