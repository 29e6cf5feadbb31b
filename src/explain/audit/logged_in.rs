//! What a login shows: the authorization response, the token response, and the token itself.

use super::line::Finding;
use super::seen::{Seen, header, is_hidden, is_success, outcome, status};
use crate::base::format::milliseconds;
use crate::base::text::{MASK, Text, fact, facts};
use crate::explain::why::evidence::{Document, header as sent_header, sent_form};
use crate::oauth::jwt::{self, Token};
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;
use crate::trace::step::Step;

/// The token request of the login, with its response.
pub fn token_request<'a>(seen: &Seen<'a>) -> Option<&'a Exchange> {
    seen.login?.exchanges(Step::TokenRequest).filter(|it| it.ended.is_some()).last()
}

fn returned(seen: &Seen<'_>, name: &str) -> Option<String> {
    let callback = seen.span.callback()?;
    callback.iter().find(|(it, _)| it == name).map(|(_, value)| value.expose())
}

/// With tokens in memory only, a reload leaves masks of them.
pub fn forgotten() -> Finding {
    Finding::not_tested("Secrets are kept in memory only, and the page was loaded again.")
}

/// Whether a mask stands in the place of a secret.
pub fn is_masked(text: &Text) -> bool {
    text.expose().contains(MASK)
}

/// The value itself is a secret of the login, so neither is shown.
pub fn state(seen: &Seen<'_>) -> Option<Finding> {
    let callback = seen.span.callback()?;
    let sent = seen.login?.parameter("state")?;
    if callback.iter().any(|(_, value)| is_masked(value)) {
        return Some(forgotten());
    }
    Some(match returned(seen, "state") {
        Some(came) if came == sent => Finding::pass("It came back unchanged, with its special characters."),
        Some(_) => Finding::fail("It came back changed."),
        None => Finding::fail("It did not come back."),
    })
}

pub fn iss(seen: &Seen<'_>) -> Option<Finding> {
    seen.span.callback()?;
    let metadata = seen.login?.issuer.as_ref()?;
    let promised = metadata.get("authorization_response_iss_parameter_supported").and_then(|it| it.as_bool());
    let issuer = metadata.text("issuer").unwrap_or_default();
    Some(match (returned(seen, "iss"), promised) {
        (Some(came), _) if came == issuer => Finding::pass("It is the issuer."),
        (Some(came), _) => Finding::fail("It is another one.").differ(&came, issuer),
        (None, Some(true)) => Finding::fail("It was promised and is absent."),
        (None, _) => Finding::warn("It is neither promised nor sent."),
    })
}

pub fn resource(seen: &Seen<'_>) -> Option<Finding> {
    let sent = seen.login?.parameter("resource").map(str::to_owned);
    let error = returned(seen, "error");
    match (sent, seen.tokens(), error) {
        (None, ..) => seen.tokens().map(|_| Finding::not_tested("There was no `resource` to send.")),
        (Some(_), Some(tokens), _) => Some(Finding::pass("The login with `resource` brought a token.").by(tokens.from)),
        (Some(_), None, Some(error)) if error == "invalid_target" => Some(Finding::fail("`invalid_target`")),
        _ => None,
    }
}

/// Whether a page can read the token response of a login decides over what an unknown client saw.
pub fn readable(seen: &Seen<'_>) -> Option<Finding> {
    let asked = token_request(seen)?;
    match status(asked) {
        0 if is_hidden(asked) => Some(Finding::fail("The browser blocked the token response.").by(asked)),
        0 => None,
        _ => Some(Finding::pass(outcome(asked)).by(asked)),
    }
}

pub fn complete(seen: &Seen<'_>) -> Option<Finding> {
    let asked = token_request(seen).filter(|it| is_success(it))?;
    let document = Document::of(asked);
    let has = |name: &str| document.as_ref().is_some_and(|it| it.text(name).is_some());
    let missing: Vec<&str> = ["access_token", "token_type"].into_iter().filter(|it| !has(it)).collect();
    Some(
        match missing.is_empty() {
            true => Finding::pass(outcome(asked)),
            false => Finding::fail(format!("Absent: {}.", missing.join(", "))),
        }
        .by(asked),
    )
}

pub fn uncached(seen: &Seen<'_>) -> Option<Finding> {
    let asked = token_request(seen).filter(|it| is_success(it))?;
    let refresh = seen.probe(AuditProbe::Refresh).filter(|it| is_success(it));
    let is_cached =
        |it: &&Exchange| !header(it, "cache-control").unwrap_or_default().to_ascii_lowercase().contains("no-store");
    let all: Vec<&Exchange> = std::iter::once(asked).chain(refresh).collect();
    Some(match all.iter().copied().find(is_cached) {
        Some(it) => {
            let value = header(it, "cache-control").unwrap_or("absent");
            Finding::fail(format!("`Cache-Control`: {}", fact(value))).by(it)
        }
        None => Finding::pass("`no-store`").by_all(all),
    })
}

const AN_HOUR: f64 = 3600.0;

pub fn lifetime(seen: &Seen<'_>) -> Option<Finding> {
    let tokens = seen.tokens()?;
    let seconds = tokens.number("expires_in").or_else(|| tokens.text("expires_in")?.parse().ok());
    Some(
        match seconds {
            None => Finding::warn("`expires_in` is absent."),
            Some(it) if it > AN_HOUR => {
                Finding::warn(format!("`expires_in` is {it} s ({}).", milliseconds(it * 1000.0)))
            }
            Some(it) => Finding::pass(format!("`expires_in` is {it} s.")),
        }
        .by(tokens.from),
    )
}

/// Whether a token request is of a client that does not authenticate.
fn is_public(asked: &Exchange) -> bool {
    let fields = sent_form(asked);
    let proves = |name: &str| fields.iter().any(|(it, _)| it == name);
    sent_header(asked, "authorization").is_none() && !proves("client_secret") && !proves("client_assertion")
}

/// The same of the login.
pub fn has_public_client(seen: &Seen<'_>) -> bool {
    token_request(seen).is_none_or(is_public)
}

pub fn needs_no_secret(seen: &Seen<'_>) -> Option<Finding> {
    let asked = token_request(seen).filter(|it| status(it) != 0)?;
    let error = Document::of(asked).and_then(|it| it.text("error").map(str::to_owned));
    Some(
        match (is_public(asked), error.as_deref()) {
            (false, _) => Finding::not_tested("The client authenticates."),
            (true, Some("invalid_client")) => Finding::fail("`invalid_client` for a public client"),
            (true, _) if is_success(asked) => Finding::pass("The code was redeemed without a secret."),
            (true, _) => Finding::not_tested(outcome(asked)),
        }
        .by(asked),
    )
}

/// What the access token of the login is; only a signed JWT can be read.
fn token(seen: &Seen<'_>) -> Option<(String, Token)> {
    let tokens = seen.tokens()?;
    let is_masked = tokens.from.body.as_ref().is_some_and(|it| is_masked(&it.text));
    let text = tokens.text("access_token").filter(|_| !is_masked)?.to_owned();
    let read = Token::read(&text);
    Some((text, read))
}

fn opaque() -> Finding {
    Finding::not_tested("The token is opaque.")
}

pub fn audience(seen: &Seen<'_>) -> Option<Finding> {
    let tokens = seen.tokens()?;
    let (_, token) = token(seen)?;
    let Some(jwt) = token.jwt() else { return Some(opaque().by(tokens.from)) };
    let login = seen.login?;
    let resource = login.parameter("resource").unwrap_or_default().to_owned();
    let audiences = jwt::list(&jwt.claims, "aud").unwrap_or_default();
    let client = login.parameter("client_id").unwrap_or_default();
    let tolerated = |it: &String| *it == seen.server.origin() || it == client || *it == resource;
    let finding = match audiences.as_slice() {
        [] => Finding::fail("`aud` is absent."),
        [one] if *one == resource => Finding::pass("`aud` is the resource."),
        all if all.iter().any(tolerated) => Finding::warn("`aud` is not the resource alone."),
        _ => Finding::fail("`aud` is for another API."),
    };
    let differs = audiences.as_slice() != [resource.clone()] && !audiences.is_empty();
    let finding = if differs { finding.differ(&facts(&audiences).join(" "), &resource) } else { finding };
    Some(finding.by(tokens.from))
}

/// A token that looks like one of a third party. A heuristic: it never fails.
pub fn own(seen: &Seen<'_>) -> Option<Finding> {
    let tokens = seen.tokens()?;
    let (text, token) = token(seen)?;
    let known = ["ya29.", "gho_", "ghu_", "xoxp-", "xoxb-"].into_iter().find(|it| text.starts_with(it));
    let claims = token.jwt().map(|it| &it.claims);
    let issuer = seen.login?.issuer.as_ref().and_then(|it| it.text("issuer")).unwrap_or_default().to_owned();
    let foreign = claims.is_some_and(|claims| {
        let iss = claims.get("iss").and_then(|it| it.as_str());
        let aud = jwt::list(claims, "aud").unwrap_or_default();
        let resource = seen.login.and_then(|it| it.parameter("resource")).unwrap_or_default();
        iss.is_some_and(|it| it != issuer) && !aud.iter().any(|it| it == resource)
    });
    Some(
        match (known, foreign) {
            (Some(prefix), _) => Finding::warn(format!("It begins with `{prefix}`, as tokens of a third party do.")),
            (None, true) => Finding::warn("`iss` and `aud` are those of a third party."),
            (None, false) => Finding::pass("It does not look like a token of a third party."),
        }
        .by(tokens.from),
    )
}

const PROFILE: [&str; 7] = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"];

pub fn profile(seen: &Seen<'_>) -> Option<Finding> {
    let tokens = seen.tokens()?;
    let (_, token) = token(seen)?;
    let Some(jwt) = token.jwt() else { return Some(opaque().by(tokens.from)) };
    let typ = jwt.header.get("typ").and_then(|it| it.as_str()).unwrap_or_default().to_ascii_lowercase();
    let missing: Vec<&str> = PROFILE.into_iter().filter(|it| !jwt.claims.contains_key(*it)).collect();
    Some(
        match () {
            () if jwt.algorithm().as_deref() == Some("none") => Finding::fail("`alg` is `none`."),
            () if !["at+jwt", "application/at+jwt"].contains(&typ.as_str()) => {
                Finding::not_tested("The token does not claim the profile.")
            }
            () if !missing.is_empty() => Finding::warn(format!("Absent: {}.", missing.join(", "))),
            () => Finding::pass("No claim is missing. The token bench verifies the signature."),
        }
        .by(tokens.from),
    )
}

/// Header limits of servers begin at 4 KB.
const LARGE: usize = 4096;

pub fn small(seen: &Seen<'_>) -> Option<Finding> {
    let tokens = seen.tokens()?;
    let (text, token) = token(seen)?;
    let has = |name: &&str| token.jwt().is_some_and(|it| it.claims.contains_key(*name));
    let named: Vec<&str> =
        ["email", "name", "given_name", "family_name", "phone_number"].into_iter().filter(has).collect();
    Some(
        match named.is_empty() {
            false => Finding::warn(format!("Claims: {}.", named.join(", "))),
            true if text.len() > LARGE => Finding::warn(format!("The token has {} bytes.", text.len())),
            true => Finding::pass(format!("The token has {} bytes.", text.len())),
        }
        .by(tokens.from),
    )
}

pub fn id_token(seen: &Seen<'_>) -> Option<Finding> {
    let tokens = seen.tokens()?;
    let Some(text) = tokens.text("id_token") else {
        return Some(Finding::not_tested("The login brought no ID token.").by(tokens.from));
    };
    let read = Token::read(text);
    let Some(jwt) = read.jwt() else { return Some(Finding::fail("It is no signed JWT.").by(tokens.from)) };
    let login = seen.login?;
    let issuer = login.issuer.as_ref().and_then(|it| it.text("issuer")).unwrap_or_default();
    let client = login.parameter("client_id").unwrap_or_default();
    let iss = jwt.claims.get("iss").and_then(|it| it.as_str()).unwrap_or_default();
    let aud = jwt::list(&jwt.claims, "aud").unwrap_or_default();
    Some(
        match () {
            () if iss != issuer => Finding::fail("`iss` is another one.").differ(iss, issuer),
            () if !aud.iter().any(|it| it == client) => Finding::fail("`aud` is not the client."),
            () if !jwt.claims.contains_key("exp") => Finding::fail("`exp` is absent."),
            () => Finding::pass("`iss`, `aud` and `exp` are right."),
        }
        .by(tokens.from),
    )
}
