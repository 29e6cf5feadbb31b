//! The authorization request, the time away, and the callback (RFC 6749 §4.1, RFC 9207).

use super::Rule;
use super::compare::{Difference, difference, is_local, mentions};
use super::evidence::Evidence;
use super::registration::refusal;
use crate::address::Address;
use crate::checks::{Clause, Verdict};
use crate::problem::{Code, Owner};
use crate::step::Step;

const CALLBACK: &[Step] = &[Step::Callback];
const REFUSED: &[Step] = &[Step::Callback, Step::TokenRequest];

pub const RULES: &[Rule] = &[
    Rule {
        name: "resource-refused",
        at: REFUSED,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::ResourceIndicator,
        cause: "The authorization server issues no token for that resource. Likely the server is not registered there, or under another spelling.",
        fix: "Register the resource at the authorization server exactly as the resource metadata writes it.",
        look: |it, step| {
            let (error, said) = it.error(step)?;
            let resource = it.parameter("resource")?;
            (error == "invalid_target")
                .then(|| format!("For the resource {resource} it said {}", refusal(&error, &said)))
        },
    },
    Rule {
        name: "resource-not-understood",
        at: REFUSED,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::ResourceIndicator,
        cause: "Likely the authorization server does not know the parameter resource (RFC 8707) and refuses what it does not know.",
        fix: "Let it ignore parameters that it does not know, or support resource indicators.",
        look: |it, step| {
            let (error, said) = it.error(step)?;
            let told = error != "invalid_target" && mentions(&said, &["resource", "aadsts901002", "aadsts9010010"]);
            (told && it.parameter("resource").is_some()).then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "client-unknown",
        at: REFUSED,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::McpRegistration,
        cause: "The client was registered by an earlier attempt of this tab, and the authorization server does not take it any more. Likely its store was emptied or the client has expired.",
        fix: "Connect again: the client is registered anew. Keep registered clients over restarts of the authorization server.",
        look: |it, step| {
            let (error, said) = it.error(step).filter(|(error, _)| is_about_client(error))?;
            it.has_old_client().then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "client-not-allowed",
        at: REFUSED,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::ErrorResponse,
        cause: "The authorization server knows no such client, wants it to prove itself, or does not let it use the authorization code grant.",
        fix: "Compare client id, token_endpoint_auth_method and grant types with what is registered there.",
        look: |it, step| {
            let (error, said) = it.error(step).filter(|(error, _)| is_about_client(error))?;
            (!it.has_old_client() && !it.asserts(step)).then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "scope-refused",
        at: REFUSED,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpScope,
        cause: "The authorization server does not know, or does not give this client, one of the scopes that the server's metadata or challenge asks for.",
        fix: "Bring the scopes of both servers together; until then, type a scope under Authorization settings.",
        look: |it, step| {
            let (error, said) = it.error(step).filter(|(error, _)| error == "invalid_scope")?;
            let asked = it.parameter("scope").unwrap_or("no scope").to_owned();
            let offered = it.issuer.as_ref().and_then(|it| it.list("scopes_supported"));
            let unknown = |list: &Vec<&str>| {
                asked.split_whitespace().filter(|it| !list.contains(it)).collect::<Vec<_>>().join(" ")
            };
            let unknown = offered.as_ref().map(unknown).filter(|it| !it.is_empty());
            let more = unknown.map(|it| format!(" Not in its scopes_supported: {it}.")).unwrap_or_default();
            Some(format!("{asked} was asked for: {}{more}", refusal(&error, &said)))
        },
    },
    Rule {
        name: "prompt-none",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::PromptNone,
        cause: "The authorization server would have had to show a page, and the request forbade it.",
        fix: "Take prompt=none out of the extra parameters, or log in at the authorization server first.",
        look: |it, step| {
            let (error, said) = it.error(step)?;
            let silent = ["login_required", "consent_required", "interaction_required", "account_selection_required"];
            silent.contains(&error.as_str()).then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "denied-by-rule",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::ErrorResponse,
        cause: "Likely not you said no but a rule of the authorization server: an administrator has to assign you or consent first.",
        fix: "Let an administrator assign your account to this client, or grant consent for all.",
        look: |it, step| {
            let (error, said) = it.error(step).filter(|(error, _)| error == "access_denied")?;
            let rule = ["admin", "assign", "policy", "not allowed", "aadsts", "permission"];
            mentions(&said, &rule).then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "login-failed-inside",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::ErrorResponse,
        cause: "The authorization server failed by itself after it had taken the request. Candidates are a parameter that it does not expect (resource, scope) and a third party's login.",
        fix: "Look into the authorization server's log for this login.",
        look: |it, step| {
            let (error, said) = it.error(step)?;
            ["server_error", "temporarily_unavailable"].contains(&error.as_str()).then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "login-without-return",
        at: &[Step::Consent],
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::RedirectExact,
        cause: "An authorization server that does not trust the redirect URI or the client shows an error page and sends nobody back. Likely that was it, if you saw such a page.",
        fix: "Register the redirect URI that was seen, character by character, for this client.",
        look: |it, step| {
            let problem = it.row(step)?.problem.as_ref()?;
            let uri = it.parameter("redirect_uri")?;
            (problem.code == Code::AccessDenied)
                .then(|| format!("The login ended without a callback; redirect_uri was {uri}."))
        },
    },
    Rule {
        name: "login-with-old-client",
        at: &[Step::Consent],
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::McpRegistration,
        cause: "The client id is from an earlier registration of this tab. Likely the authorization server has forgotten it, if it showed an error page.",
        fix: "Open this inspector in a new tab and connect: the client is then registered anew.",
        look: |it, step| {
            let given_up = it.row(step)?.problem.as_ref()?.code == Code::AccessDenied;
            (given_up && it.has_old_client())
                .then(|| "The login ended without a callback, with a stored client.".to_owned())
        },
    },
    Rule {
        name: "redirect-uri-by-name",
        at: &[Step::Consent],
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::LoopbackRedirect,
        cause: "Likely the redirect URI is registered with the other spelling of this machine: localhost and 127.0.0.1 are not the same text.",
        fix: "Register the spelling that this page is open at, or open the page at the one that is registered.",
        look: |it, step| {
            it.row(step)?.problem.as_ref().filter(|it| it.code == Code::AccessDenied)?;
            let uri = it.parameter("redirect_uri")?;
            let local = Address::typed(uri).is_ok_and(|it| is_local(&it));
            local.then(|| format!("The login ended without a callback; redirect_uri was {uri}."))
        },
    },
    Rule {
        name: "iss-slash",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerParameter,
        cause: "iss and the issuer of the metadata differ in their last slash only. They are compared as strings.",
        fix: "Send as iss what the metadata calls issuer.",
        look: |it, step| iss(it, step, |it| it == Difference::Slash),
    },
    Rule {
        name: "iss-other-spelling",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerParameter,
        cause: "iss names the same host as the issuer, and in another way. Likely a proxy, a tenant, or a realm is missing in one of the two.",
        fix: "Send as iss what the metadata calls issuer.",
        look: |it, step| iss(it, step, |it| !matches!(it, Difference::Slash | Difference::Host)),
    },
    Rule {
        name: "iss-foreign",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerParameter,
        cause: "iss names another host. That is what a mix-up attack looks like; a wrong setting of the authorization server can look the same.",
        fix: "If both hosts are yours, set one issuer for both; otherwise do not log in there.",
        look: |it, step| iss(it, step, |it| it == Difference::Host),
    },
    Rule {
        name: "iss-promised",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerParameter,
        cause: "The metadata promises iss in every answer. Likely it is sent with codes and left out of errors, or lost by a proxy or page between.",
        fix: "Send iss with codes and with errors, or stop promising it.",
        look: |it, step| {
            let problem = it.row(step)?.problem.as_ref()?;
            (problem.code == Code::IssMissing).then(|| {
                "authorization_response_iss_parameter_supported is true, and the callback has no iss.".to_owned()
            })
        },
    },
    Rule {
        name: "state-altered",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::State,
        cause: "What came back is the state that was sent, cut off or written in another way. Likely the authorization server shortens or encodes it again.",
        fix: "Return state as it came, byte for byte.",
        look: |it, step| {
            let (sent, back) = (it.parameter("state")?, it.fact(step, "state")?);
            let altered =
                back != sent && back.len() > 8 && (sent.starts_with(&back) || back.eq_ignore_ascii_case(sent));
            altered.then(|| format!("Sent with {} characters, and back with {}.", sent.len(), back.len()))
        },
    },
];

fn is_about_client(error: &str) -> bool {
    matches!(error, "invalid_client" | "unauthorized_client")
}

fn iss(evidence: &Evidence<'_>, step: Step, counts: impl Fn(Difference) -> bool) -> Option<String> {
    let (found, issuer) = (evidence.fact(step, "iss")?, evidence.issuer.as_ref()?.text("issuer")?);
    let differs = difference(&found, issuer).is_some_and(counts);
    differs.then(|| format!("iss is {found}, and the metadata's issuer is {issuer}."))
}

#[cfg(test)]
mod tests;
