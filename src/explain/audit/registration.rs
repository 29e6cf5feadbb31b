//! S-55 to S-63: how a client gets an id.

use super::line::{Finding, Level, Line, Party, Phase, SINCE_R4, Severity};
use super::registered;
use super::seen::Seen;
use super::server_metadata::of_document;
use super::with_token;
use crate::base::text::fact;
use crate::explain::fixes::Need;
use crate::trace::check::Clause;
use serde_json::Value;

/// What each test of a registration takes.
const CONSENT: &str = "consent to register a client, which stays behind";

pub static LINES: [Line; 9] = [
    Line::new("S-55", "Unknown clients have a way in", Level::Should, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::McpRegistration,
            "A client without a relationship can use a client ID metadata document, or register dynamically.",
            "Support client ID metadata documents, or document how to get a client ID.",
        )
        .needs(Need::Registration)
        .judged(has_way),
    Line::new("S-56", "Client ID metadata documents work", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::McpRegistration,
            "A client ID metadata document is read where it is advertised.",
            "Fetch and validate the document, or drop the flag.",
        )
        .since(SINCE_R4)
        .by_login(document),
    Line::new("S-57", "Documents bind redirect URIs", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::RedirectExact,
            "A redirect URI outside of the client's document is refused; a loopback IP is taken with any port.",
            "Compare redirect URIs exactly, but for the port on loopback.",
        )
        .staged(Phase::More, "one login with another redirect URI", with_token::document_redirect),
    Line::new("S-58", "Documents are fetched safely", Level::Should, Party::Issuer, Severity::Security)
        .says(
            Clause::McpRegistration,
            "Fetching a client's document reaches no private host, follows no redirect, and reads at most 5 KB.",
            "Restrict the egress of the authorization server.",
        )
        .unseen(|_| "A test would be an attack on other hosts, so there is none.".to_owned()),
    Line::new("S-59", "A page can register", Level::Field, Party::Issuer, Severity::Browser)
        .says(
            Clause::RegistrationOpen,
            "The registration endpoint is readable from other origins, and needs no initial access token.",
            "Allow the origin and `content-type` at the registration endpoint.",
        )
        .needs(Need::Registration)
        .staged(Phase::Registration, CONSENT, registered::readable),
    Line::new("S-60", "Registrations return what is stored", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::RegistrationResponse,
            "A registration gets 201 with `client_id` and all metadata as stored.",
            "Return what was stored.",
        )
        .staged(Phase::Registration, CONSENT, registered::complete),
    Line::new("S-61", "Bad redirect URIs are refused", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::RedirectExact,
            "http off loopback, a fragment, `javascript:` and wildcards are refused at the registration.",
            "Validate redirect URIs at the registration.",
        )
        .staged(Phase::Registration, CONSENT, registered::bad_redirects),
    Line::new("S-62", "Registrations keep the scope", Level::Field, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::RegistrationResponse,
            "`scope`, `refresh_token` and loopback redirect URIs of native clients are taken.",
            "Keep the requested scope, or the full default.",
        )
        .staged(Phase::Registration, CONSENT, registered::keeps),
    Line::new("S-63", "Registration errors are named", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::RegistrationError,
            "A refused registration gets 400 with `invalid_redirect_uri` or `invalid_client_metadata`.",
            "Respond 400 with a registered error code, as JSON.",
        )
        .staged(Phase::Registration, CONSENT, registered::errors),
];

fn has_way(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| {
        let by_document = it.get("client_id_metadata_document_supported").and_then(Value::as_bool) == Some(true);
        match (by_document, it.text("registration_endpoint")) {
            (true, _) => Finding::pass("Client ID metadata documents are supported."),
            (false, Some(_)) => Finding::pass("Dynamic client registration is supported; no client was registered."),
            (false, None) => Finding::warn("Only pre-registered clients can log in."),
        }
    })
}

/// The login was made with the URL of a document as the client's id.
fn document(seen: &Seen<'_>) -> Option<Finding> {
    let login = seen.login?;
    let id = login.parameter("client_id")?;
    let is_document = id.starts_with("https://");
    let code = login.fact(crate::trace::step::Step::Callback, "error").is_none() && seen.tokens().is_some();
    Some(match (is_document, code) {
        (false, _) => Finding::not_tested("The client was registered in another way."),
        (true, true) => Finding::pass(format!("The client ID was {}.", fact(id))),
        (true, false) => Finding::not_tested(format!("The login with {} brought no token.", fact(id))),
    })
}
