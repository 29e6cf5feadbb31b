//! Getting a client id (RFC 7591, client id metadata documents).

use super::Rule;
use super::compare::{Difference, difference, is_local, mentions};
use super::evidence::{Evidence, sent_json};
use crate::address::Address;
use crate::checks::{Clause, Verdict};
use crate::problem::{Code, Owner};
use crate::step::Step;
use crate::text::prefix;

const AT: &[Step] = &[Step::Registration];

pub const RULES: &[Rule] = &[
    Rule {
        name: "no-way-to-register",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::You,
        clause: Clause::McpRegistration,
        cause: "The authorization server takes neither dynamic registrations nor metadata documents, as it may. So somebody has to tell it of this client first.",
        fix: "Register this page there by hand, and type its client id under Authorization settings; or let its owner allow one of the two.",
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
        cause: "The authorization server takes the address of a metadata document as client id, and none was given.",
        fix: "Type the https address of this client's metadata document under Authorization settings.",
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
        cause: "Likely the authorization server takes no redirect URI on this machine, or takes 127.0.0.1 and not the name localhost.",
        fix: "Allow loopback redirect URIs for native clients; or open this page as 127.0.0.1, or from an https address that is allowed.",
        look: |it, step| refused_redirect(it, step).filter(|(_, local)| *local).map(|(seen, _)| seen),
    },
    Rule {
        name: "redirect-uri-not-allowed",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::RegistrationError,
        cause: "The authorization server keeps a list of hosts that clients may be sent back to, and this page's is not in it.",
        fix: "Add this page's origin to the hosts that dynamic registration allows.",
        look: |it, step| refused_redirect(it, step).filter(|(_, local)| !*local).map(|(seen, _)| seen),
    },
    Rule {
        name: "registration-needs-token",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::RegistrationOpen,
        cause: "Registration is there and not open: it wants an initial access token, or the administrator has closed it.",
        fix: "Open dynamic registration for public clients, or register this page by hand and type its client id.",
        look: |it, step| {
            let (answer, head) = it.last(step).filter(|(_, head)| matches!(head.status, 401 | 403))?;
            Some(format!("{} answered {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "public-client-refused",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::PublicClient,
        cause: "Likely the authorization server registers no clients without a secret.",
        fix: "Allow token_endpoint_auth_method none; PKCE takes the place of the secret.",
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
        cause: "A member of the client's metadata is not to the authorization server's liking. Candidates are application_type, grant_types (refresh_token), and client_name.",
        fix: "Ignore members that are not needed, as RFC 7591 asks, or say in error_description which one is wrong.",
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
        cause: "The authorization server wrote the redirect URI down in another spelling. It compares the two character by character later on, and refuses.",
        fix: "Store redirect URIs as they come: no slash added or taken, no localhost turned into 127.0.0.1, no port dropped.",
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
        cause: "The client was registered for other grants than the one that follows.",
        fix: "Register clients with authorization_code when they ask for it.",
        look: |it, _| lacks_grant(it, "authorization_code"),
    },
    Rule {
        name: "registered-without-refresh",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::RegistrationResponse,
        cause: "The client asked for refresh tokens and was registered without them: when the token expires, you log in again.",
        fix: "Allow refresh_token for public clients, with rotation.",
        look: |it, _| lacks_grant(it, "refresh_token"),
    },
    Rule {
        name: "client-secret-expired",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::RegistrationResponse,
        cause: "The secret was over before it was issued, by this computer's clock. Likely one of the two clocks is wrong, or the member holds a length of time.",
        fix: "client_secret_expires_at is a moment in seconds since 1970, or 0 for never.",
        look: |it, _| {
            let client = it.client.as_ref()?;
            let end = client.number("client_secret_expires_at").filter(|it| *it > 0.0)?;
            let now = Evidence::answered_at(client.from)? / 1000.0;
            (end <= now).then(|| format!("client_secret_expires_at is {end}, and the answer came at {now:.0}."))
        },
    },
    Rule {
        name: "nobody-at-fixed-endpoints",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpFallback,
        cause: "No metadata was found, so the fixed address of 2025-03-26 was tried, and nothing is there. Likely the server is newer, and its metadata is not where clients look for it.",
        fix: "Serve the resource metadata at the well-known address and name it in the challenge; it says where to register.",
        look: |it, step| {
            let (answer, head) = it.last(step).filter(|(_, head)| matches!(head.status, 404 | 405 | 410))?;
            let guessed = it.resource.is_none() && it.issuer.is_none();
            guessed.then(|| format!("{} answered {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "registration-limited",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::HttpStatus,
        cause: "Too many clients were registered from here in a short time.",
        fix: "Wait and try again, or type the client id of an earlier registration under Authorization settings.",
        look: |it, step| {
            let (answer, _) = it.last(step).filter(|(_, head)| head.status == 429)?;
            Some(format!("{} answered 429.", answer.request.url))
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
    let local = Address::typed(&uri).is_ok_and(|it| is_local(&it));
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
