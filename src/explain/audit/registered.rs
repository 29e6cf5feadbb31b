//! What the registration stage shows: one registration that is right, and four that must be refused.

use super::line::Finding;
use super::seen::{Seen, is_hidden, is_success, outcome, status};
use crate::base::text::fact;
use crate::explain::why::evidence::{Document, sent_json};
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;
use serde_json::Value;

fn registration<'a>(seen: &Seen<'a>) -> Option<&'a Exchange> {
    seen.probe(AuditProbe::Register).filter(|it| it.ended.is_some())
}

/// The response to a registration that was taken.
fn taken(exchange: &Exchange) -> Option<Document<'_>> {
    Document::of(exchange).filter(|it| is_success(exchange) && it.text("client_id").is_some_and(|it| !it.is_empty()))
}

pub fn readable(seen: &Seen<'_>) -> Option<Finding> {
    let asked = registration(seen)?;
    Some(
        match status(asked) {
            0 if is_hidden(asked) => Finding::fail("The browser blocked the response."),
            0 => Finding::not_tested(outcome(asked)),
            401 | 403 => Finding::fail(format!("{}. Registration is not open.", outcome(asked))),
            _ => Finding::pass(outcome(asked)),
        }
        .by(asked),
    )
}

pub fn complete(seen: &Seen<'_>) -> Option<Finding> {
    let asked = registration(seen)?;
    if !is_success(asked) {
        return Some(Finding::not_tested(format!("{}. No client was registered.", outcome(asked))).by(asked));
    }
    let Some(client) = taken(asked) else {
        return Some(Finding::fail(format!("{} without `client_id`", outcome(asked))).by(asked));
    };
    let sent = sent_json(asked).unwrap_or_default();
    let (one, other) = (strings(sent.get("redirect_uris")), strings(client.get("redirect_uris")));
    let missing: Vec<&str> = STORED.into_iter().filter(|it| client.get(it).is_none_or(Value::is_null)).collect();
    let method = client.text("token_endpoint_auth_method").filter(|it| *it != "none");
    Some(
        match () {
            () if client.get("redirect_uris").is_some() && one != other => {
                Finding::fail("Other redirect URIs were registered.").differ(&one.join(" "), &other.join(" "))
            }
            () if status(asked) != 201 => Finding::warn(outcome(asked)),
            () if client.get("client_secret").is_some() && client.get("client_secret_expires_at").is_none() => {
                Finding::warn("`client_secret_expires_at` is absent.")
            }
            () if method.is_some() => Finding::warn("Another authentication method was registered.")
                .differ("none", method.unwrap_or_default()),
            () if !missing.is_empty() => Finding::warn(format!("Absent: {}.", missing.join(", "))),
            () => Finding::pass(outcome(asked)),
        }
        .by(asked),
    )
}

/// What was sent, and belongs into the response (RFC 7591 §3.2.1).
const STORED: [&str; 4] = ["redirect_uris", "grant_types", "response_types", "token_endpoint_auth_method"];

fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

/// A wildcard may be stored as it is and match nothing, so it is no proof.
pub fn bad_redirects(seen: &Seen<'_>) -> Option<Finding> {
    let asked: Vec<&Exchange> = AuditProbe::REFUSED.into_iter().filter_map(|it| seen.responded(it)).collect();
    if asked.is_empty() {
        return registration(seen).map(|it| Finding::not_tested("The registration was not taken.").by(it));
    }
    let accepted: Vec<&Exchange> = asked.iter().copied().filter(|it| taken(it).is_some()).collect();
    let uris: Vec<String> = accepted.iter().map(|it| format!("`{}`", fact(&uri(it)))).collect();
    let only_wildcard = accepted.iter().all(|it| it.probe == Some(AuditProbe::WildcardRedirect));
    let said = format!("Accepted: {}. {}", uris.join(", "), behind(seen, accepted.len()));
    Some(
        match (accepted.is_empty(), only_wildcard) {
            (true, _) if asked.len() < AuditProbe::REFUSED.len() => {
                Finding::not_tested("Some responses were not read.")
            }
            (true, _) => Finding::pass("All four were refused."),
            (false, true) => Finding::warn(said),
            (false, false) => Finding::fail(said),
        }
        .by_all(if accepted.is_empty() { asked } else { accepted }),
    )
}

fn uri(exchange: &Exchange) -> String {
    let sent = sent_json(exchange).unwrap_or_default();
    strings(sent.get("redirect_uris")).pop().unwrap_or_default()
}

/// How many clients stay behind.
fn behind(seen: &Seen<'_>, accepted: usize) -> String {
    let ended = seen.staged.iter().filter(|it| it.probe == Some(AuditProbe::Unregister) && is_success(it)).count();
    match accepted.saturating_sub(ended) {
        0 => "They were deleted again.".to_owned(),
        1 => "1 client stays behind.".to_owned(),
        left => format!("{left} clients stay behind."),
    }
}

/// `scope` and `grant_types` as they were sent. What is absent in the response shows nothing.
pub fn keeps(seen: &Seen<'_>) -> Option<Finding> {
    let asked = registration(seen)?;
    let Some(client) = taken(asked) else {
        return Some(Finding::not_tested(format!("{}. No client was registered.", outcome(asked))).by(asked));
    };
    let sent = sent_json(asked).unwrap_or_default();
    let wanted = sent.get("scope").and_then(Value::as_str).unwrap_or_default();
    let refused = seen.login.and_then(|it| it.fact(crate::trace::step::Step::Callback, "error"));
    let grants = strings(client.get("grant_types"));
    let covers = |kept: &str| wanted.split_whitespace().all(|it| kept.split_whitespace().any(|kept| kept == it));
    Some(
        match client.text("scope") {
            _ if refused.as_deref() == Some("invalid_scope") => {
                Finding::fail("The login with the registered client got `invalid_scope`.")
            }
            Some(kept) if !covers(kept) => {
                Finding::warn("The registration does not have all scopes.").differ(wanted, kept)
            }
            _ if !grants.is_empty() && !grants.iter().any(|it| it == "refresh_token") => {
                Finding::warn("`refresh_token` is not among the registered grant types.")
            }
            _ => Finding::pass("Scope and grant types were taken."),
        }
        .by(asked),
    )
}

pub fn errors(seen: &Seen<'_>) -> Option<Finding> {
    let asked: Vec<&Exchange> = AuditProbe::REFUSED.into_iter().filter_map(|it| seen.responded(it)).collect();
    let refused: Vec<&Exchange> = asked.into_iter().filter(|it| !is_success(it)).collect();
    if refused.is_empty() {
        return registration(seen).map(|it| Finding::not_tested("No registration was refused.").by(it));
    }
    let broken = refused.iter().find(|it| status(it) >= 500 || Document::of(it).is_none());
    let named = |it: &Exchange| Document::of(it).and_then(|it| it.text("error").map(str::to_owned));
    let unnamed = refused.iter().find(|it| {
        let error = named(it).unwrap_or_default();
        status(it) != 400 || !["invalid_redirect_uri", "invalid_client_metadata"].contains(&error.as_str())
    });
    Some(match (broken, unnamed) {
        (Some(it), _) => Finding::fail(format!("{} without `error` in JSON", outcome(it))).by(it),
        (None, Some(it)) => {
            Finding::warn(format!("{} with `{}`", outcome(it), fact(&named(it).unwrap_or_default()))).by(it)
        }
        (None, None) => Finding::pass("400 with a registered error code").by_all(refused),
    })
}
