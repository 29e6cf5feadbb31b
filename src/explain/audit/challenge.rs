//! S-11 to S-23: what a request without a token, or with a bad one, gets.

use super::line::{Finding, Level, Line, Party, Phase, SINCE_R3, SINCE_R4, Severity};
use super::pasted::{Output, command};
use super::seen::{Access, Seen, header, is_success, is_unread, outcome, status};
use super::with_token::{self, EXPIRY};
use crate::base::revision::Revision;
use crate::base::text::{Text, fact};
use crate::explain::fixes::Need;
use crate::http::{Method, Request, is_token};
use crate::oauth::{challenge, discovery};
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;
use crate::trace::check::Clause;

pub static LINES: [Line; 13] = [
    Line::new("S-11", "401 without a token", Level::Must, Party::Server, Severity::Security)
        .says(
            Clause::McpErrors,
            "A request without a token gets 401.",
            "Authenticate before the handler, and respond 401.",
        )
        .judged(unauthorized),
    Line::new("S-12", "The 401 has a challenge", Level::Must, Party::Server, Severity::Interoperability)
        .says(Clause::HttpStatus, "A 401 carries `WWW-Authenticate`.", "Add `WWW-Authenticate` to the 401.")
        .needs(Need::ResourceMetadata)
        .judged(challenged)
        .pasted(challenged_output),
    Line::new("S-13", "The challenge is well-formed", Level::Must, Party::Server, Severity::Interoperability)
        .says(
            Clause::ChallengeSyntax,
            "The challenge is `Bearer` with at least one parameter, each once, with quoted strings.",
            "Send `Bearer` with quoted parameters, each once.",
        )
        .needs(Need::ResourceMetadata)
        .judged(well_formed),
    Line::new("S-14", "The challenge names the metadata", Level::Must, Party::Server, Severity::Interoperability)
        .says(
            Clause::ResourceChallenge,
            "`resource_metadata` in the challenge is the absolute https URL of the protected resource metadata.",
            "Build `resource_metadata` from a configured public URL.",
        )
        .since(SINCE_R3)
        .needs(Need::ResourceMetadata)
        .judged(names_metadata),
    Line::new("S-15", "The challenge names the scope", Level::Should, Party::Server, Severity::Interoperability)
        .says(
            Clause::McpScope,
            "The challenge names the `scope` that is needed. Without it, clients ask for all that the metadata lists.",
            "Name the least scope in the challenge.",
        )
        .since(SINCE_R4)
        .judged(names_scope),
    Line::new("S-16", "No error code without a token", Level::Should, Party::Server, Severity::Polish)
        .says(
            Clause::BearerRefused,
            "The challenge has no `error` where no token was sent.",
            "Omit `error` where no token was sent.",
        )
        .judged(no_error),
    Line::new("S-17", "An unknown token gets 401", Level::Must, Party::Server, Severity::Security)
        .says(
            Clause::BearerRefused,
            "A token that was never issued gets 401, with `error=\"invalid_token\"`. Otherwise clients never refresh.",
            "Map a failed verification of the token to 401 with `error=\"invalid_token\"`.",
        )
        .judged(unknown_token),
    Line::new("S-18", "GET and DELETE are guarded", Level::Must, Party::Server, Severity::Security)
        .says(
            Clause::McpErrors,
            "GET and DELETE of the MCP URL are guarded as POST is.",
            "Require a token for GET and DELETE of the MCP URL, as for POST.",
        )
        .judged(methods),
    Line::new("S-19", "Malformed credentials get 400 or 401", Level::Field, Party::Server, Severity::Interoperability)
        .says(
            Clause::BearerRefused,
            "`Authorization: Bearer` without a token gets 400 or 401.",
            "Map errors of parsing the header to 401.",
        )
        .judged(malformed),
    Line::new("S-20", "The scheme is case-insensitive", Level::Must, Party::Server, Severity::Interoperability)
        .says(Clause::BearerHeader, "`bearer` is read as `Bearer` is.", "Compare the scheme in lower case.")
        .by_login(with_token::scheme),
    Line::new("S-21", "Too few scopes get 403", Level::Should, Party::Server, Severity::Interoperability)
        .says(
            Clause::McpScope,
            "Too few scopes get 403 with `insufficient_scope`, `scope` and `resource_metadata`.",
            "Respond 403 with `error=\"insufficient_scope\"` and the scopes that are needed.",
        )
        .since(SINCE_R4)
        .by_login(with_token::scopes),
    Line::new("S-22", "One challenge names all scopes", Level::Should, Party::Server, Severity::Interoperability)
        .says(
            Clause::McpScope,
            "One challenge names all scopes of an operation.",
            "Collect the scopes of an operation before the first 403.",
        )
        .since(&[Revision::R5])
        .takes(Phase::More, "a login with the smallest scope"),
    Line::new("S-23", "An expired token gets 401", Level::Must, Party::Server, Severity::Interoperability)
        .says(
            Clause::McpErrors,
            "An expired token gets 401, not 403, 500 or a tool result.",
            "Check the expiry before the scope, and pass on an upstream 401 as 401.",
        )
        .staged(Phase::More, EXPIRY, with_token::expired),
];

fn unauthorized(seen: &Seen<'_>) -> Option<Finding> {
    let request = seen.request()?;
    let lists = [AuditProbe::Tools, AuditProbe::Resources, AuditProbe::Prompts];
    let public: Vec<&Exchange> =
        lists.into_iter().filter_map(|it| seen.probe(it)).filter(|it| is_success(it)).collect();
    Some(match status(request) {
        401 if !public.is_empty() => Finding::warn("Lists are public.").by(request).by_all(public),
        401 => Finding::pass(outcome(request)).by(request),
        0 => Finding::not_tested("The response could not be read.").by(request),
        200..300 if seen.revision.is_some() => {
            Finding::warn("The handshake is public, although there is protected resource metadata.").by(request)
        }
        _ if seen.access == Access::Unknown => {
            Finding::not_tested(format!("{}. Nothing shows that this is an MCP server.", outcome(request))).by(request)
        }
        _ => Finding::fail(outcome(request)).by(request),
    })
}

/// A page cannot tell a header that is hidden from one that is absent.
fn challenged(seen: &Seen<'_>) -> Option<Finding> {
    let refused = seen.refused()?;
    Some(match header(refused, "www-authenticate") {
        Some(value) => Finding::pass(fact(value)).by(refused),
        None if seen.is_own() => Finding::fail(NO_CHALLENGE).by(refused),
        None => {
            let asked = Request::new(Method::Post, seen.server.href())
                .header("Content-Type", Text::plain("application/json"))
                .header("Accept", Text::plain("application/json, text/event-stream"))
                .body(Text::plain("{}"));
            Finding::unseen(command(&asked)).by(refused)
        }
    })
}

const NO_CHALLENGE: &str = "The 401 has no `WWW-Authenticate`.";

fn challenged_output(output: &Output<'_>) -> Finding {
    match (output.response.status, output.response.all("www-authenticate").first()) {
        (401, Some(value)) => Finding::pass(fact(value)),
        (401, None) => Finding::fail(NO_CHALLENGE),
        _ => output.shows_nothing(),
    }
}

fn no_challenge() -> Finding {
    Finding::not_tested("No challenge could be read: it is hidden or absent.")
}

fn well_formed(seen: &Seen<'_>) -> Option<Finding> {
    seen.refused()?;
    let Some((refused, value)) = seen.challenge() else { return Some(no_challenge()) };
    let fault = match challenge::bearer(&challenge::parse(value)) {
        None => Some("There is no `Bearer` challenge"),
        Some(it) if it.params.is_empty() => Some("`Bearer` has no parameter"),
        Some(it) if repeats(&it.params) => Some("A parameter is there twice"),
        Some(_) => syntax(value),
    };
    Some(match fault {
        Some(fault) => Finding::fail(format!("{fault}: {}", fact(value))).by(refused),
        None => Finding::pass(fact(value)).by(refused),
    })
}

fn repeats(params: &[(String, String)]) -> bool {
    let name = |at: usize| params.get(at).map(|(name, _)| name.to_ascii_lowercase());
    (0..params.len()).any(|at| (0..at).any(|before| name(before) == name(at)))
}

/// RFC 9110 §11.2: a value is a token or a quoted string.
fn syntax(value: &str) -> Option<&'static str> {
    let (mut outside, mut quoted, mut chars) = (String::new(), false, value.chars());
    while let Some(char) = chars.next() {
        match char {
            '"' => quoted = !quoted,
            '\\' if quoted => drop(chars.next()),
            _ if quoted => {}
            _ => outside.push(char),
        }
    }
    match outside.split([',', ' ']).any(is_bad_value) {
        _ if quoted => Some("A quote is not closed"),
        true => Some("A value has to be quoted"),
        false => None,
    }
}

/// `name=value` with a value that is no token; `token68` may end with `=`.
fn is_bad_value(word: &str) -> bool {
    let value = word.split_once('=').map(|(_, value)| value.trim_matches('=')).unwrap_or_default();
    !value.bytes().all(is_token)
}

fn names_metadata(seen: &Seen<'_>) -> Option<Finding> {
    seen.refused()?;
    let Some((refused, bearer)) = seen.bearer() else { return Some(no_challenge()) };
    let Some(named) = bearer.param("resource_metadata") else {
        return Some(match seen.resource() {
            Some(it) => Finding::warn("`resource_metadata` is absent; the document is at its well-known URL.")
                .by(refused)
                .by(it.from),
            None => Finding::fail("`resource_metadata` is absent, and nothing is at the well-known URL.").by(refused),
        });
    };
    let said = format!("resource_metadata=\"{}\"", fact(named));
    let Ok(url) = discovery::named(named, seen.server) else {
        return Some(Finding::fail(format!("{said} is no absolute https URL that a client may use.")).by(refused));
    };
    let asked = seen.resource_requests().find(|it| it.request.url == url.href());
    Some(match asked {
        Some(it) if !it.stayed() => Finding::fail(format!("{said} redirects to another origin.")).by(refused).by(it),
        Some(it) if is_success(it) && url.origin() != seen.server.origin() => {
            Finding::warn(format!("{said} is on another origin.")).by(refused).by(it)
        }
        Some(it) if is_success(it) => Finding::pass(said).by(refused).by(it),
        Some(it) if is_unread(it) => Finding::not_tested(format!("{said} could not be read.")).by(refused).by(it),
        Some(it) => Finding::fail(format!("{said}: {}", outcome(it))).by(refused).by(it),
        None => Finding::not_tested(format!("{said} was not requested.")).by(refused),
    })
}

fn names_scope(seen: &Seen<'_>) -> Option<Finding> {
    seen.refused()?;
    let Some((refused, bearer)) = seen.bearer() else { return Some(no_challenge()) };
    let listed = seen.resource().and_then(|it| it.list("scopes_supported")).unwrap_or_default();
    Some(match bearer.param("scope") {
        Some(scope) => Finding::pass(format!("scope=\"{}\"", fact(scope))).by(refused),
        None if listed.len() > 1 => {
            let words = format!("No `scope`; the metadata lists {}.", fact(&listed.join(" ")));
            Finding::warn(words).by(refused)
        }
        None => Finding::pass("No scopes are used.").by(refused),
    })
}

fn no_error(seen: &Seen<'_>) -> Option<Finding> {
    seen.refused()?;
    let Some((refused, bearer)) = seen.bearer() else { return Some(no_challenge()) };
    Some(match bearer.param("error") {
        Some(error) => Finding::warn(format!("error=\"{}\" for a request without a token.", fact(error))).by(refused),
        None => Finding::pass("No error code for a request without a token.").by(refused),
    })
}

fn unknown_token(seen: &Seen<'_>) -> Option<Finding> {
    let refused = seen.refused()?;
    let Some(sent) = seen.probe(AuditProbe::UnknownToken).filter(|it| status(it) != 0) else {
        return Some(Finding::not_tested("No response to an unknown token could be read."));
    };
    let value = header(sent, "www-authenticate").map(challenge::parse);
    let error = value.as_deref().and_then(challenge::bearer).and_then(|it| it.param("error"));
    Some(
        match (status(sent), error) {
            (401, Some("invalid_token")) => Finding::pass("401 with `error=\"invalid_token\"`."),
            (401, Some(other)) => Finding::warn(format!("401 with error=\"{}\".", fact(other))),
            (401, None) if value.is_none() => Finding::pass("401; its challenge is hidden or absent."),
            (401, None) => Finding::warn("401 without `error=\"invalid_token\"`."),
            (200..300, _) => Finding::fail("A token that was never issued was accepted.").grave(),
            _ => Finding::fail(outcome(sent)),
        }
        .by(refused)
        .by(sent),
    )
}

fn methods(seen: &Seen<'_>) -> Option<Finding> {
    seen.refused()?;
    let sent = [AuditProbe::Stream, AuditProbe::UnknownSession].into_iter().filter_map(|it| seen.probe(it));
    let read: Vec<&Exchange> = sent.filter(|it| status(it) != 0).collect();
    if read.is_empty() {
        return Some(Finding::not_tested("No response to GET or DELETE could be read."));
    }
    let words = |list: &[&Exchange]| list.iter().map(|it| outcome(it)).collect::<Vec<_>>().join(", ");
    let open: Vec<&Exchange> = read.iter().copied().filter(|it| is_success(it)).collect();
    Some(match open.is_empty() {
        true => Finding::pass(words(&read)).by_all(read),
        false => Finding::fail(words(&open)).by_all(open),
    })
}

fn malformed(seen: &Seen<'_>) -> Option<Finding> {
    seen.refused()?;
    let Some(sent) = seen.probe(AuditProbe::EmptyToken).filter(|it| status(it) != 0) else {
        return Some(Finding::not_tested("No response to an empty token could be read."));
    };
    Some(
        match status(sent) {
            400 | 401 => Finding::pass(outcome(sent)),
            200..300 | 500.. => Finding::fail(outcome(sent)),
            _ => Finding::warn(outcome(sent)),
        }
        .by(sent),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_tokens_or_quoted() {
        for good in [r#"Bearer realm="a, b", scope=x"#, "Negotiate YII==", r#"Bearer a="x\"y", b="z""#, "Bearer"] {
            assert_eq!(syntax(good), None, "{good}");
        }
        for bad in ["Bearer resource_metadata=https://a.example/x", r#"Bearer realm="a"#, r#"Bearer a="x", b=a/b"#] {
            assert!(syntax(bad).is_some(), "{bad}");
        }
    }
}
