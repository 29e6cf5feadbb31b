//! Getting a client id (RFC 7591, client id metadata documents).

use super::Rule;
use super::differ::{Difference, difference, mentions};
use super::evidence::{Evidence, sent_json};
use crate::base::address::Address;
use crate::base::text::prefix;
use crate::oauth::challenge;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::{Code, Owner, Problem};
use crate::trace::step::Step;

const AT: &[Step] = &[Step::Registration];

pub const RULES: &[Rule] = &[
    Rule {
        name: "no-way-to-register",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::McpRegistration,
        title: "The client has to be pre-registered",
        fix: "Register a public client at the authorization server, and type its client ID under Authorization settings.",
        reason: "The authorization server supports neither dynamic client registration nor client ID metadata documents.",
        look: |it, _| {
            let found = unregistrable(it)?;
            (!takes_documents(it)).then(|| {
                format!("{found} has neither registration_endpoint nor client_id_metadata_document_supported: true.")
            })
        },
    },
    Rule {
        name: "metadata-document-not-given",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::McpRegistration,
        title: "A client ID metadata document is needed",
        fix: "Type the https URL of a client ID metadata document under Authorization settings.",
        reason: "The authorization server takes the URL of a metadata document as client ID, and there is no registration endpoint.",
        look: |it, _| {
            let found = unregistrable(it)?;
            takes_documents(it).then(|| {
                format!("{found} has client_id_metadata_document_supported: true, and no registration_endpoint.")
            })
        },
    },
    Rule {
        name: "redirect-uri-loopback",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::LoopbackRedirect,
        title: "The loopback redirect URI is refused",
        fix: "Allow loopback redirect URIs (RFC 8252 §7.3). To continue now, open Flowglass at `127.0.0.1` or at an allowed https URL.",
        reason: "Likely cause: the authorization server allows no redirect URI on this machine, or `127.0.0.1` but not `localhost`.",
        look: |it, step| refused_redirect(it, step).filter(|(_, local)| *local).map(|(seen, _)| seen),
    },
    Rule {
        name: "redirect-uri-not-allowed",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::RegistrationError,
        title: "The redirect URI is not allowed",
        fix: "Allow {redirect} in dynamic client registration.",
        reason: "The authorization server allows only listed redirect URIs or hosts, and this one is not among them.",
        look: |it, step| refused_redirect(it, step).filter(|(_, local)| !*local).map(|(seen, _)| seen),
    },
    Rule {
        name: "registration-needs-token",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::RegistrationOpen,
        title: "Client registration is not open",
        fix: "Allow dynamic registration of public clients without an initial access token. To continue now, register a client manually and type its client ID.",
        reason: "The registration endpoint requires an initial access token, or an administrator has disabled it.",
        look: |it, step| {
            // A server that refuses every request says nothing of registrations at a URL that was guessed.
            if it.row(step)?.problem.as_ref().is_some_and(|Problem { code, .. }| *code == Code::Unauthorized) {
                return None;
            }
            let (answer, head) = it.last(step).filter(|(_, head)| matches!(head.status, 401 | 403))?;
            Some(format!("{} responded {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "public-client-refused",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::PublicClient,
        title: "Public clients cannot be registered",
        fix: "Allow `token_endpoint_auth_method: none`.",
        reason: "Likely cause: the authorization server registers confidential clients only. A web page cannot keep a client secret.",
        look: |it, step| {
            let (error, said) = it.error(step)?;
            let lists = it.issuer.as_ref().and_then(|it| it.list("token_endpoint_auth_methods_supported"));
            let none = lists.is_some_and(|it| !it.contains(&"none"));
            let told = mentions(&said, &["auth_method", "auth method", "public client", "client_secret"]);
            (error == "invalid_client_metadata" && (told || none)).then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "client-metadata-refused",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::RegistrationError,
        title: "The client metadata is refused",
        fix: "Ignore members that are not supported (RFC 7591 §2), or name the wrong one in `error_description`.",
        reason: "A member of the client metadata is not accepted. Candidates are `application_type`, `grant_types` (`refresh_token`) and `client_name`.",
        look: |it, step| {
            let (error, said) = it.error(step)?;
            let other = !mentions(&said, &["auth_method", "auth method", "public client", "client_secret"]);
            (error == "invalid_client_metadata" && other).then(|| refusal(&error, &said))
        },
    },
    Rule {
        name: "registered-redirect-differs",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::RedirectExact,
        title: "The redirect URI was registered differently",
        fix: "Store redirect URIs unchanged: no slash added or removed, no `localhost` replaced, no port dropped.",
        reason: "The registration response has another redirect URI than the request. The authorization request will be refused, because they are compared as strings.",
        look: |it, _| {
            let client = it.client.as_ref()?;
            let stored = client.list("redirect_uris")?;
            let asked = sent_json(client.from)?;
            let asked = asked.get("redirect_uris")?.get(0)?.as_str()?.to_owned();
            let near =
                stored.iter().copied().find(|it| difference(it, &asked).is_some_and(|it| it != Difference::Host))?;
            (!stored.contains(&asked.as_str())).then(|| format!("{asked} was asked for, and {near} registered."))
        },
    },
    Rule {
        name: "registered-without-code-grant",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::RegistrationResponse,
        title: "The client may not use the authorization code grant",
        fix: "Register clients with `authorization_code` when they request it.",
        reason: "The registration response lists other grant types than the requested one.",
        look: |it, _| lacks_grant(it, "authorization_code"),
    },
    Rule {
        name: "registered-without-refresh",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::RegistrationResponse,
        title: "The client may not use refresh tokens",
        fix: "Allow `refresh_token` for public clients, with rotation.",
        reason: "The client requested `refresh_token` and was registered without it. When the token expires, you have to log in again.",
        look: |it, _| lacks_grant(it, "refresh_token"),
    },
    Rule {
        name: "client-secret-expired",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::RegistrationResponse,
        title: "The client secret had expired when it was issued",
        fix: "Set `client_secret_expires_at` to seconds since 1970, or to 0 for never.",
        reason: "By your clock the secret expired before it arrived. Likely cause: a wrong clock, or a duration instead of a time.",
        look: |it, _| {
            let client = it.client.as_ref()?;
            let end = client.number("client_secret_expires_at").filter(|it| *it > 0.0)?;
            let now = Evidence::answered_at(client.from)? / 1000.0;
            (end <= now).then(|| format!("client_secret_expires_at is {end}, and the response came at {now:.0}."))
        },
    },
    Rule {
        name: "nobody-at-fixed-endpoints",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpFallback,
        title: "No resource metadata was found",
        fix: "Serve the resource metadata at {metadata}, and name it in the challenge (`resource_metadata`). If the server takes a fixed token instead of OAuth, enter that token.",
        reason: "Without metadata Flowglass tried the default endpoints of 2025-03-26, and they do not exist. Likely cause: the server is newer, and its metadata is not at the well-known URL.",
        look: |it, step| {
            let (answer, head) = it.last(step).filter(|(_, head)| matches!(head.status, 404 | 405 | 410))?;
            let guessed = it.resource.is_none() && it.issuer.is_none();
            // Without a Bearer challenge nothing shows that it is about OAuth at all.
            let challenged = it.challenges().is_some_and(|(_, list)| challenge::bearer(&list).is_some());
            (guessed && challenged).then(|| format!("{} responded {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "registration-limited",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::HttpStatus,
        title: "Too many client registrations",
        fix: "Wait and connect again, or type the client ID of an earlier registration under Authorization settings.",
        reason: "The authorization server limits registrations (429).",
        look: |it, step| {
            let (answer, _) = it.last(step).filter(|(_, head)| head.status == 429)?;
            Some(format!("{} responded 429.", answer.request.url))
        },
    },
];

/// The document of an authorization server at which the attempt ended for want of a way to register.
fn unregistrable(evidence: &Evidence<'_>) -> Option<String> {
    let problem = evidence.row(Step::Registration)?.problem.as_ref()?;
    let found = evidence.issuer.as_ref()?;
    (problem.code == Code::RegistrationUnavailable).then(|| found.url().to_owned())
}

fn takes_documents(evidence: &Evidence<'_>) -> bool {
    let said = evidence.issuer.as_ref().and_then(|it| it.get("client_id_metadata_document_supported"));
    said.is_some_and(|it| it.as_bool() == Some(true))
}

/// What was said of a redirect URI that was refused, and whether it lies on this machine.
fn refused_redirect(evidence: &Evidence<'_>, step: Step) -> Option<(String, bool)> {
    let (error, said) = evidence.error(step)?;
    let (answer, _) = evidence.last(step)?;
    let asked = sent_json(answer)?;
    let uri = asked.get("redirect_uris")?.get(0)?.as_str()?.to_owned();
    let local = Address::typed(&uri).is_ok_and(|it| it.is_local());
    let about = error == "invalid_redirect_uri" || mentions(&said, &["redirect"]);
    about.then(|| (format!("{uri} was refused with {}", refusal(&error, &said)), local))
}

/// An error and its description, as they came.
pub fn refusal(error: &str, said: &str) -> String {
    let (error, said) = (prefix(error, 60), prefix(said, 200));
    if said.is_empty() { format!("{error}.") } else { format!("{error}: \"{said}\".") }
}

fn lacks_grant(evidence: &Evidence<'_>, grant: &str) -> Option<String> {
    let list = evidence.client.as_ref()?.list("grant_types")?;
    (!list.contains(&grant)).then(|| format!("grant_types of the registered client is [{}].", list.join(", ")))
}

#[cfg(test)]
mod tests;
