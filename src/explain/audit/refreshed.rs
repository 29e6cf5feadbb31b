//! What refreshes and revocations have shown.

use super::line::{Finding, Verdict};
use super::logged_in::{forgotten, is_masked};
use super::seen::{Seen, is_hidden, is_success, outcome, status};
use super::with_token::warned;
use crate::base::text::fact;
use crate::explain::why::evidence::{Document, sent_form};
use crate::oauth::negative::Negative;
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;

fn field(exchange: &Exchange, name: &str) -> Option<String> {
    sent_form(exchange).into_iter().find(|(it, _)| it == name).map(|(_, value)| value)
}

fn error(exchange: &Exchange) -> String {
    Document::of(exchange).and_then(|it| it.text("error").map(str::to_owned)).unwrap_or_default()
}

/// No refresh token came with the login.
fn none(seen: &Seen<'_>) -> Option<Finding> {
    let tokens = seen.tokens()?;
    let absent = tokens.text("refresh_token").is_none();
    absent.then(|| Finding::not_tested("No refresh token was issued.").by(tokens.from))
}

pub fn rotates(seen: &Seen<'_>) -> Option<Finding> {
    let Some(asked) = seen.responded(AuditProbe::Refresh) else { return none(seen) };
    let Some(document) = Document::of(asked).filter(|_| is_success(asked)) else {
        return Some(Finding::not_tested(outcome(asked)).by(asked));
    };
    if asked.request.body.as_ref().is_some_and(is_masked) {
        return Some(forgotten().by(asked));
    }
    let is_public = field(asked, "client_secret").is_none() && field(asked, "client_id").is_some();
    let old = field(asked, "refresh_token");
    let replaced = document.text("refresh_token").is_some_and(|it| old.as_deref() != Some(it));
    Some(
        match (replaced, is_public) {
            (true, _) => Finding::pass("It was replaced."),
            (false, true) => Finding::fail("The same refresh token stays good."),
            (false, false) => Finding::not_tested("It was not replaced, and the client authenticates."),
        }
        .by(asked),
    )
}

pub fn works(seen: &Seen<'_>) -> Option<Finding> {
    let asked = match seen.probe(AuditProbe::Refresh) {
        Some(asked) => asked,
        None => {
            let grants = seen.issuer().and_then(|it| it.list("grant_types_supported")).unwrap_or_default();
            let promised = grants.contains(&"refresh_token");
            return none(seen).map(|it| match promised {
                true => Finding { verdict: Verdict::Warn, ..it },
                false => it,
            });
        }
    };
    let dead = [AuditProbe::Family, AuditProbe::RevokedRefresh].into_iter().filter_map(|it| seen.responded(it));
    let odd = dead.filter(|it| !is_success(it)).find(|it| status(it) != 400 || error(it) != "invalid_grant");
    Some(match (status(asked), odd) {
        (0, _) if is_hidden(asked) => Finding::warn("The browser blocked the response.").by(asked),
        (0, _) => Finding::not_tested(outcome(asked)).by(asked),
        (200..300, Some(it)) => Finding::warn(format!("{} with `{}`", outcome(it), fact(&error(it)))).by(it),
        (200..300, None) => Finding::pass(outcome(asked)).by(asked),
        _ => Finding::warn(format!("{} with `{}`", outcome(asked), fact(&error(asked)))).by(asked),
    })
}

pub fn keeps_scope(seen: &Seen<'_>) -> Option<Finding> {
    let Some(asked) = seen.responded(AuditProbe::WiderScope) else {
        let refreshed = seen.probe(AuditProbe::Refresh);
        return none(seen)
            .or_else(|| refreshed.map(|it| Finding::not_tested("All scopes that are listed were granted.").by(it)));
    };
    let wanted = field(asked, "scope").unwrap_or_default();
    let more = wanted.split_whitespace().last().unwrap_or_default().to_owned();
    let document = Document::of(asked);
    let claims = document.as_ref().and_then(Document::claims);
    let granted = document.as_ref().and_then(|it| it.text("scope")).or_else(|| claims.as_ref()?.text("scope"));
    let has = |granted: &str| granted.split_whitespace().any(|it| it == more);
    Some(
        match (is_success(asked), granted) {
            (true, Some(granted)) if has(granted) => Finding::fail(format!("`{}` was granted.", fact(&more))),
            (true, Some(_)) => Finding::pass(format!("`{}` was left out.", fact(&more))),
            (true, None) => Finding::not_tested("The response does not name its scope."),
            (false, _) if error(asked) == "invalid_scope" => {
                Finding::pass(format!("{} with `invalid_scope`", outcome(asked)))
            }
            (false, _) => Finding::not_tested(format!("{} with `{}`", outcome(asked), fact(&error(asked)))),
        }
        .by(asked),
    )
}

/// Some servers take an old one for a short time, so that a lost response does no harm: it is no failure at once.
pub fn old_refused(seen: &Seen<'_>) -> Option<Finding> {
    let Some(found) = seen.tested(Negative::OldRefresh) else {
        return seen
            .probe(AuditProbe::Revocation)
            .map(|it| Finding::not_tested("No refresh token was replaced.").by(it));
    };
    let goes_on = seen.responded(AuditProbe::Family).filter(|it| is_success(it));
    Some(match (found.verdict, goes_on) {
        (Verdict::Pass, Some(it)) => Finding::warn("The old one was refused, and the current one still works.").by(it),
        _ => Finding { verdict: warned(found.verdict), ..found },
    })
}

pub fn endpoint(seen: &Seen<'_>) -> Option<Finding> {
    let tokens = seen.tokens()?;
    if seen.issuer()?.text("revocation_endpoint").is_none() {
        return Some(Finding::warn("The metadata names no revocation endpoint.").by(tokens.from));
    }
    let asked = seen.probe(AuditProbe::Revocation)?;
    Some(
        match status(asked) {
            0 if is_hidden(asked) => Finding::warn("The browser blocked the response."),
            0 => Finding::not_tested(outcome(asked)),
            200 => Finding::pass(outcome(asked)),
            _ => Finding::warn(outcome(asked)),
        }
        .by(asked),
    )
}

/// An access token that is a JWT lives until it expires: an hour is tolerable.
pub fn revoked(seen: &Seen<'_>) -> Option<Finding> {
    let asked = seen.probe(AuditProbe::Revocation)?;
    let refresh = seen.responded(AuditProbe::RevokedRefresh);
    let access = seen.responded(AuditProbe::RevokedToken);
    let seconds = seen.tokens().and_then(|it| it.number("expires_in"));
    Some(match (refresh, access) {
        _ if !is_success(asked) => Finding::not_tested(outcome(asked)).by(asked),
        (Some(it), _) if is_success(it) => Finding::fail("The revoked refresh token still works.").by(it),
        (_, Some(it)) if is_success(it) && seconds.is_none_or(|it| it > 3600.0) => {
            Finding::warn("The revoked access token still works.").by(it)
        }
        (Some(it), _) => Finding::pass(outcome(it)).by(it),
        (None, Some(it)) if !is_success(it) => Finding::pass(outcome(it)).by(it),
        _ => Finding::not_tested("No refresh token was revoked.").by(asked),
    })
}

/// One of the two may be refused; the login has to go on with what the other brought.
pub fn survives_two(seen: &Seen<'_>) -> Option<Finding> {
    let twins: Vec<&Exchange> = seen.probes(AuditProbe::TwinRefresh).collect();
    let first = *twins.first()?;
    let after = seen.responded(AuditProbe::AfterTwins);
    Some(
        match after {
            _ if twins.iter().any(|it| status(it) == 0) => Finding::not_tested(outcome(first)),
            _ if !twins.iter().any(|it| is_success(it)) => Finding::warn("Both refreshes were refused."),
            Some(it) if is_success(it) => Finding::pass("The login continues.").by(it),
            Some(it) => Finding::warn(format!("Then the newest refresh token was refused. {}", outcome(it))).by(it),
            None => Finding::not_tested("The newest refresh token was not used."),
        }
        .by_all(twins),
    )
}
