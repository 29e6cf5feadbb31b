//! The authorization request, the time away, and the callback (RFC 6749 §4.1, RFC 9207).

use super::Rule;
use super::differ::{Difference, difference, mentions};
use super::evidence::Evidence;
use super::registration::refusal;
use crate::base::address::Address;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::{Code, Owner};
use crate::trace::step::Step;

const CALLBACK: &[Step] = &[Step::Callback];
const REFUSED: &[Step] = &[Step::Callback, Step::TokenRequest];

pub const RULES: &[Rule] = &[
    Rule {
        name: "resource-refused",
        at: REFUSED,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::ResourceIndicator,
        title: "The authorization server refuses the `resource`",
        fix: "Register {resource} as a resource (API, audience) at the authorization server, exactly as the resource metadata writes it.",
        reason: "The authorization server issues no token for {resource}. Likely cause: it is not registered there, or with another spelling.",
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
        title: "The authorization server does not support `resource`",
        fix: "Ignore unknown request parameters (RFC 6749 §3.1), or support resource indicators (RFC 8707).",
        reason: "The authorization request carries `resource`, as MCP requires. Likely cause: the authorization server refuses parameters that it does not know.",
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
        title: "The stored client registration is no longer valid",
        fix: "Keep client registrations across restarts. To continue now, connect again: Flowglass registers a new client.",
        reason: "This client was registered by an earlier attempt of this tab, and the authorization server no longer accepts it. Likely cause: its store was cleared, or the registration expired.",
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
        title: "The authorization server does not accept this client",
        fix: "Compare the client ID, `token_endpoint_auth_method` and `grant_types` of this client with its registration.",
        reason: "The client ID is unknown, needs a secret, or may not use the authorization code grant.",
        look: |it, step| {
            let (error, said) = it.error(step).filter(|(error, _)| is_about_client(error))?;
            (!it.has_old_client() && !it.asserts(step) && !is_users(it, step)).then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "scope-refused",
        // At one step only: what is the MCP server's at the callback is not the authorization server's.
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpScope,
        title: "A requested scope is not allowed",
        fix: "Request only scopes that the authorization server defines, in the challenge and in `scopes_supported`. To continue now, type a scope under Authorization settings.",
        reason: "The authorization server does not define one of the requested scopes, or does not allow it for this client.",
        look: |it, step| refused_scope(it, step).filter(|(_, listed)| !listed).map(|(seen, _)| seen),
    },
    Rule {
        name: "scope-listed-and-refused",
        at: REFUSED,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::McpScope,
        title: "A scope is listed but not allowed for this client",
        fix: "Allow the scopes in `scopes_supported` for registered clients, or remove them from the list.",
        reason: "Each requested scope is in `scopes_supported` of the authorization server, but it does not allow all of them for this client.",
        look: |it, step| refused_scope(it, step).filter(|(_, listed)| *listed).map(|(seen, _)| seen),
    },
    Rule {
        name: "prompt-none",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::PromptNone,
        title: "`prompt=none`, but the login needs you",
        fix: "Remove `prompt=none` from the extra parameters, or log in at the authorization server first.",
        reason: "The authorization server has to show a page, and `prompt=none` forbids it.",
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
        title: "A policy of the authorization server denied access",
        fix: "Assign the user to this client, or grant consent as an administrator.",
        reason: "The description points to a policy, not to a choice on the consent page. Likely cause: the account is not assigned to this client, or an administrator has to consent.",
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
        title: "The authorization server failed during the login",
        fix: "Look for this login in the authorization server's log.",
        reason: "The authorization server accepted the request and then failed. Likely cause: a parameter that it does not expect (`resource`, `scope`), or an error of the identity provider behind it.",
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
        title: "The login did not return to Flowglass",
        fix: "Register {redirect} for this client, character by character.",
        reason: "An authorization server that does not accept the redirect URI or the client shows an error page and does not redirect. If you saw such a page, that is the likely cause.",
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
        title: "The stored client registration may be invalid",
        fix: "Keep client registrations across restarts. To continue now, open Flowglass in a new tab and connect: it registers a new client.",
        reason: "The client ID is from an earlier registration of this tab. If the login showed an error page, the authorization server likely no longer has it.",
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
        title: "`localhost` and `127.0.0.1` are different redirect URIs",
        fix: "Register {redirect}, or open Flowglass at the host name that is registered.",
        reason: "Redirect URIs are compared as strings. Likely cause: the registered one names this machine differently.",
        look: |it, step| {
            it.row(step)?.problem.as_ref().filter(|it| it.code == Code::AccessDenied)?;
            let uri = it.parameter("redirect_uri")?;
            let local = Address::typed(uri).is_ok_and(|it| it.is_local());
            local.then(|| format!("The login ended without a callback; redirect_uri was {uri}."))
        },
    },
    Rule {
        name: "iss-slash",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerParameter,
        title: "`iss` differs from the issuer in its trailing slash",
        fix: "Set `iss` in the authorization response to {issuer}, the `issuer` of the metadata.",
        reason: "`iss` and `issuer` are compared as strings (RFC 9207 §2.4), and a trailing slash makes them different.",
        look: |it, step| iss(it, step, |it| it == Difference::Slash),
    },
    Rule {
        name: "iss-other-spelling",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerParameter,
        title: "`iss` and the issuer name one host differently",
        fix: "Set `iss` in the authorization response to {issuer}, the `issuer` of the metadata.",
        reason: "Both URLs have the same host. Likely cause: a proxy, a tenant or a realm is missing in one of them.",
        look: |it, step| iss(it, step, |it| !matches!(it, Difference::Slash | Difference::Host)),
    },
    Rule {
        name: "iss-foreign",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerParameter,
        title: "`iss` names another authorization server",
        fix: "If both hosts are yours, set one `issuer` for both. Otherwise do not log in there.",
        reason: "The response came from another issuer than the one that the request was sent to. That is the pattern of a mix-up attack; a wrong issuer setting looks the same.",
        look: |it, step| iss(it, step, |it| it == Difference::Host),
    },
    Rule {
        name: "iss-promised",
        at: CALLBACK,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerParameter,
        title: "`iss` is missing in the authorization response",
        fix: "Send `iss` with codes and with errors, or remove `authorization_response_iss_parameter_supported` from the metadata.",
        reason: "The metadata has `authorization_response_iss_parameter_supported: true`. Likely cause: `iss` is sent with codes only, or a proxy drops it.",
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
        title: "The authorization server altered `state`",
        fix: "Return `state` unchanged, byte for byte.",
        reason: "`state` came back truncated or encoded differently. Likely cause: the authorization server limits its length or encodes it twice.",
        look: |it, step| {
            let (sent, back) = (it.parameter("state")?, it.fact(step, "state")?);
            let altered =
                back != sent && back.len() > 8 && (sent.starts_with(&back) || back.eq_ignore_ascii_case(sent));
            altered.then(|| format!("Sent with {} characters, and back with {}.", sent.len(), back.len()))
        },
    },
];

/// What was said of a scope that was refused and that the user did not choose, and whether all of it is listed.
fn refused_scope(evidence: &Evidence<'_>, step: Step) -> Option<(String, bool)> {
    let (error, said) = evidence.error(step).filter(|(error, _)| error == "invalid_scope")?;
    if is_users(evidence, step) {
        return None;
    }
    let asked = evidence.parameter("scope").unwrap_or("no scope").to_owned();
    let listed = evidence.issuer.as_ref().and_then(|it| it.list("scopes_supported"));
    let unknown =
        |list: &Vec<&str>| asked.split_whitespace().filter(|it| !list.contains(it)).collect::<Vec<_>>().join(" ");
    let unknown = listed.as_ref().map(unknown);
    let more = unknown.as_deref().filter(|it| !it.is_empty());
    let more = more.map(|it| format!(" Not in its scopes_supported: {it}.")).unwrap_or_default();
    Some((format!("{asked} was asked for: {}{more}", refusal(&error, &said)), unknown.is_some_and(|it| it.is_empty())))
}

/// Whether what failed at a step is for the user to change: what they typed.
pub fn is_users(evidence: &Evidence<'_>, step: Step) -> bool {
    evidence.row(step).and_then(|it| it.problem.as_ref()).is_some_and(|it| it.owner == Owner::You)
}

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
