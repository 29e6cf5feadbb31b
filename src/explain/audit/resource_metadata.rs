//! S-24 to S-36: protected resource metadata (RFC 9728).

use super::line::{Finding, Level, Line, Party, SINCE_R3, Severity};
use super::seen::{Seen, array, header, is_hidden, is_success, is_unread, outcome, status};
use crate::base::address::Address;
use crate::base::revision::Revision;
use crate::base::text::fact;
use crate::explain::fixes::Need;
use crate::explain::why::evidence::{Document, is_html};
use crate::oauth::{discovery, rules};
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;
use crate::trace::check::{self, Clause};
use crate::trace::rule::Rule;
use crate::trace::rule::discovery::Discovery;

pub static LINES: [Line; 13] = [
    Line::new("S-24", "The metadata exists", Level::Must, Party::Server, Severity::Interoperability)
        .says(
            Clause::ResourceMetadata,
            "A server that wants a token publishes protected resource metadata.",
            "Serve the metadata at its well-known URL.",
        )
        .since(SINCE_R3)
        .needs(Need::ResourceMetadata)
        .judged(exists),
    Line::new("S-25", "It is where clients look", Level::Must, Party::Server, Severity::Interoperability)
        .says(
            Clause::ResourcePlaces,
            "The metadata is at the well-known URL with the path of the MCP URL, and all forms agree.",
            "Route the well-known URL with the path, and the one of the root.",
        )
        .since(SINCE_R3)
        .needs(Need::ResourceMetadata)
        .judged(placed),
    Line::new("S-26", "It is JSON", Level::Must, Party::Server, Severity::Interoperability)
        .says(
            Clause::ResourceAnswer,
            "The metadata is a 200 with `application/json` and one object.",
            "Exempt `/.well-known/` from authentication and from the fallback page.",
        )
        .since(SINCE_R3)
        .judged(is_json),
    Line::new("S-27", "A page can read it", Level::Field, Party::Server, Severity::Browser)
        .says(
            Clause::Cors,
            "The metadata is readable from other origins.",
            "Send `Access-Control-Allow-Origin: *` with the protected resource metadata.",
        )
        .since(SINCE_R3)
        .needs(Need::Cors)
        .judged(readable),
    Line::new("S-28", "resource is the MCP URL", Level::Must, Party::Server, Severity::Security)
        .says(
            Clause::ResourceIdentical,
            "`resource` is the MCP URL, character by character.",
            "Set `resource` to the public MCP URL; trust proxy headers only from the proxy.",
        )
        .since(SINCE_R3)
        .needs(Need::ResourceMetadata)
        .judged(identical),
    Line::new("S-29", "resource is an https URL", Level::Must, Party::Server, Severity::Security)
        .says(
            Clause::ResourceIdentifier,
            "`resource` is an https URL without a fragment, and without a query.",
            "Set `resource` to an https URL without fragment and query.",
        )
        .since(SINCE_R3)
        .judged(identifier),
    Line::new("S-30", "It names authorization servers", Level::Must, Party::Server, Severity::Interoperability)
        .says(
            Clause::ResourceMembers,
            "`authorization_servers` has at least one absolute https URL without query and fragment.",
            "List the public URL of the issuer in `authorization_servers`.",
        )
        .since(SINCE_R3)
        .needs(Need::ResourceMetadata)
        .judged(names_servers),
    Line::new("S-31", "Each named server has metadata", Level::Field, Party::Server, Severity::Interoperability)
        .says(
            Clause::ResourceMembers,
            "Each entry of `authorization_servers` has metadata that can be used.",
            "Drop entries without metadata from `authorization_servers`.",
        )
        .since(SINCE_R3)
        .judged(servers_live),
    Line::new("S-32", "Its scopes are minimal", Level::Should, Party::Server, Severity::Interoperability)
        .says(
            Clause::ResourceMembers,
            "`scopes_supported` is there, without `offline_access`, `*` and `all`.",
            "List the baseline scopes in `scopes_supported`, and nothing else.",
        )
        .since(SINCE_R3)
        .judged(scopes),
    Line::new("S-33", "Tokens travel in the header", Level::Must, Party::Server, Severity::Security)
        .says(
            Clause::ResourceMembers,
            "`bearer_methods_supported`, if given, has `header` and not `query`.",
            "Remove `query` from `bearer_methods_supported`, and do not read tokens from the URL.",
        )
        .since(SINCE_R3)
        .judged(bearer_methods),
    Line::new("S-34", "Unknown paths have no metadata", Level::Field, Party::Server, Severity::Interoperability)
        .says(
            Clause::ResourcePlaces,
            "A well-known URL for a path that is no resource gets 404.",
            "Respond 404 to well-known URLs of unknown paths, before the fallback page.",
        )
        .since(SINCE_R3)
        .judged(unknown_path),
    Line::new("S-35", "It is complete", Level::Must, Party::Server, Severity::Polish)
        .says(
            Clause::ResourceAnswer,
            "Empty arrays are left out, `resource_name` is there, and it is cached for at most a day.",
            "Leave out empty arrays, add `resource_name`, and cache for at most a day.",
        )
        .since(SINCE_R3)
        .judged(complete),
    Line::new("S-36", "Tokens are bound to a sender", Level::Field, Party::Server, Severity::Polish)
        .says(
            Clause::ResourceMembers,
            "Sender-constrained tokens shut out clients that cannot prove a key; no page can use mutual TLS.",
            "Document which clients can log in.",
        )
        .since(SINCE_R3)
        .judged(bound),
];

fn not_reached() -> Finding {
    Finding::not_tested("There is no protected resource metadata to judge.")
}

/// Judges the document that a client would use.
fn of_document(seen: &Seen<'_>, judge: impl Fn(&Document<'_>) -> Finding) -> Option<Finding> {
    Some(seen.resource().map_or_else(not_reached, |it| judge(it).by(it.from)))
}

fn exists(seen: &Seen<'_>) -> Option<Finding> {
    let asked = || seen.resource_requests();
    let found = seen.resource();
    Some(match found {
        Some(it) => Finding::pass(fact(it.url())).by(it.from),
        None if asked().any(is_unread) => Finding::not_tested("Its URLs could not be read.").by_all(asked()),
        None if seen.refused().is_some() && asked().next().is_some() => {
            Finding::fail("The server wants a token, and there is no metadata at any of its URLs.").by_all(asked())
        }
        None => Finding::not_tested("It was not requested."),
    })
}

fn placed(seen: &Seen<'_>) -> Option<Finding> {
    let place = seen.metadata_url();
    let Some(used) = seen.resource() else { return Some(not_reached()) };
    if is_of_root(seen, used) {
        return Some(Finding::pass(fact(used.url())).by(used.from));
    }
    let Some(own) = seen.resources.iter().find(|it| it.url() == place) else {
        let asked = seen.resource_requests().find(|it| it.request.url == place);
        let finding = Finding::warn(format!("It is at {}, and not at {}.", fact(used.url()), fact(&place)));
        return Some(finding.differ(used.url(), &place).by(used.from).by_all(asked));
    };
    let differs =
        |it: &&Document<'_>| ["resource", "authorization_servers"].iter().any(|name| it.get(name) != own.get(name));
    Some(match seen.resources.iter().find(differs) {
        Some(other) => {
            Finding::warn(format!("{} has another document.", fact(other.url()))).by(own.from).by(other.from)
        }
        None => Finding::pass(fact(&place)).by(own.from),
    })
}

/// RFC 9728 §3.1: where `resource` is the origin, its metadata is at the root.
fn is_of_root(seen: &Seen<'_>, document: &Document<'_>) -> bool {
    let names_origin = document.text("resource").map(|it| it.trim_end_matches('/')) == Some(&seen.server.origin());
    names_origin && seen.places().last().is_some_and(|it| it == document.url())
}

fn is_json(seen: &Seen<'_>) -> Option<Finding> {
    let read: Vec<&Exchange> = seen.resource_requests().filter(|it| status(it) != 0).collect();
    let place = seen.metadata_url();
    let is_wrong = |it: &&Exchange| match status(it) {
        401 | 403 | 500.. => true,
        200..300 => Document::of(it).is_none(),
        _ => false,
    };
    let media = |it: &Exchange| it.head.as_ref().map(|(head, _)| head.media_type()).unwrap_or_default();
    let wrong = read.iter().copied().find(is_wrong);
    let other = read.iter().copied().find(|it| is_success(it) && media(it) != "application/json");
    Some(match (wrong, other) {
        // A fallback page beside a good document harms nobody.
        (Some(it), _) if seen.resource().is_some() && it.request.url != place => Finding::warn(kind(it)).by(it),
        (Some(it), _) => Finding::fail(kind(it)).by(it),
        (None, Some(it)) => Finding::warn(format!("The media type is {}.", fact(&media(it)))).by(it),
        (None, None) if read.is_empty() => Finding::not_tested("No response could be read."),
        (None, None) if !read.iter().any(|it| is_success(it)) => not_reached().by_all(read),
        (None, None) => Finding::pass("`application/json`, one object.").by_all(read.last().copied()),
    })
}

fn kind(exchange: &Exchange) -> String {
    let page = exchange.head.as_ref().is_some_and(|(head, _)| is_html(exchange, head));
    match page {
        true => format!("{} with a web page", outcome(exchange)),
        false => outcome(exchange),
    }
}

fn readable(seen: &Seen<'_>) -> Option<Finding> {
    let asked: Vec<&Exchange> = seen.resource_requests().collect();
    let hidden: Vec<&Exchange> = asked.iter().copied().filter(|it| is_hidden(it)).collect();
    Some(match seen.resource() {
        Some(it) => Finding::pass(outcome(it.from)).by(it.from),
        None if hidden.is_empty() => not_reached(),
        None if seen.is_alive() => {
            Finding::fail("The host responds, and a page may not read the metadata.").by_all(hidden)
        }
        None => Finding::not_tested("No response could be read."),
    })
}

/// The verdict of connecting, but that a URL above the server's is what strict clients refuse.
fn identical(seen: &Seen<'_>) -> Option<Finding> {
    let server = seen.server.as_given();
    of_document(seen, |it| {
        let resource = it.text("resource");
        let said = resource.unwrap_or("absent");
        match rules::resource(seen.server, resource).map(|it| (it.verdict, it.rule)) {
            Ok((_, Rule::Discovery(Discovery::ResourceIsServer))) => Finding::pass(fact(said)),
            Ok((check::Verdict::Fail, _)) => Finding::fail("`resource` is absent."),
            Ok(_) if is_bare(seen.server) && said == seen.server.origin() => Finding::pass(fact(said)),
            Ok(_) => Finding::warn("`resource` is above the MCP URL: strict clients refuse it.").differ(server, said),
            Err(_) => Finding::fail("`resource` is another URL.").differ(server, said),
        }
    })
}

/// The MCP URL is an origin: with and without the last slash it is the same URL (RFC 3986 §6.2.3).
fn is_bare(server: &Address) -> bool {
    server.href().strip_suffix('/') == Some(server.origin().as_str())
}

fn identifier(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| {
        let Some(resource) = it.text("resource") else { return Finding::not_tested("`resource` is absent.") };
        match Address::given(resource) {
            Err(_) => Finding::fail(format!("{} is no https URL.", fact(resource))),
            Ok(_) if resource.contains('#') => Finding::fail(format!("{} has a fragment.", fact(resource))),
            Ok(_) if resource.contains('?') => Finding::warn(format!("{} has a query.", fact(resource))),
            Ok(_) => Finding::pass(fact(resource)),
        }
    })
}

fn names_servers(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| {
        let listed = match array(it, "authorization_servers") {
            Ok(listed) => listed.unwrap_or_default(),
            Err(words) => return Finding::fail(words),
        };
        let bad = |url: &&&str| discovery::named(url, seen.server).is_err() || url.contains(['?', '#']);
        match listed.iter().find(bad) {
            None if listed.is_empty() => Finding::fail("`authorization_servers` names none."),
            None => Finding::pass(fact(&listed.join(", "))),
            Some(url) => Finding::fail(format!("{} is no URL of an issuer that a client may use.", fact(url))),
        }
    })
}

fn servers_live(seen: &Seen<'_>) -> Option<Finding> {
    let named = seen.named();
    let asked: Vec<Address> = named.iter().filter_map(|it| discovery::named(it, seen.server).ok()).take(2).collect();
    if asked.is_empty() {
        return Some(not_reached());
    }
    let dead: Vec<&Address> = asked.iter().filter(|it| seen.of_issuer(it).is_empty()).collect();
    let list = |all: &[&Address]| all.iter().map(|it| fact(it.as_given())).collect::<Vec<_>>().join(", ");
    let of = |url: &str| dead.iter().any(|it| Address::typed(url).is_ok_and(|url| url.origin() == it.origin()));
    let tried: Vec<&Exchange> = seen.issuer_requests().filter(|it| of(&it.request.url)).collect();
    Some(match dead.first() {
        None => Finding::pass(list(&asked.iter().collect::<Vec<_>>())),
        Some(_) if tried.iter().any(|it| is_unread(it)) || tried.is_empty() => {
            Finding::not_tested(format!("Not readable: {}.", list(&dead)))
        }
        Some(it) if asked.first() == Some(*it) => Finding::fail(format!("No metadata: {}.", list(&dead))).by_all(tried),
        Some(_) => Finding::warn(format!("No metadata: {}.", list(&dead))).by_all(tried),
    })
}

fn scopes(seen: &Seen<'_>) -> Option<Finding> {
    // Of the revisions, the latest one asks that `offline_access` is not here.
    let latest = seen.revision.is_none_or(|it| it == Revision::R5);
    of_document(seen, |it| {
        let Some(listed) = it.list("scopes_supported") else { return Finding::warn("`scopes_supported` is absent.") };
        let broad = |scope: &&&str| matches!(**scope, "*" | "all") || (latest && **scope == rules::OFFLINE_ACCESS);
        match listed.iter().find(broad) {
            Some(scope) => Finding::warn(format!("It lists `{scope}`.")),
            None => Finding::pass(fact(&listed.join(" "))),
        }
    })
}

fn bearer_methods(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| match array(it, "bearer_methods_supported") {
        Err(words) => Finding::fail(words),
        Ok(None) => Finding::pass("`bearer_methods_supported` is left out."),
        Ok(Some(list)) if list.contains(&"query") || !list.contains(&"header") => {
            Finding::fail(format!("bearer_methods_supported: {}", fact(&list.join(", "))))
        }
        Ok(Some(list)) => Finding::pass(format!("bearer_methods_supported: {}", fact(&list.join(", ")))),
    })
}

fn unknown_path(seen: &Seen<'_>) -> Option<Finding> {
    let Some(asked) = seen.probe(AuditProbe::NoResource).filter(|it| status(it) != 0) else {
        return Some(Finding::not_tested("No response could be read."));
    };
    let document = Document::of(asked);
    let echoes = document.as_ref().and_then(|it| it.text("resource")).is_some_and(|it| it.contains("flowglass-audit"));
    Some(
        match (status(asked), document) {
            (200..300, Some(_)) if echoes => Finding::pass("The path is echoed, as servers for many tenants do."),
            (200..300, Some(_)) => Finding::warn("It has the same document."),
            (200..300, None) | (401, _) => Finding::fail(kind(asked)),
            _ => Finding::pass(outcome(asked)),
        }
        .by(asked),
    )
}

/// A day, in seconds.
const DAY: u64 = 86_400;

fn complete(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| {
        let cached = header(it.from, "cache-control").and_then(max_age).is_some_and(|it| it > DAY);
        match empty(it) {
            Some(name) => Finding::warn(format!("`{}` is an empty array.", fact(name))),
            None if it.get("resource_name").is_none() => Finding::warn("`resource_name` is absent."),
            None if cached => Finding::warn("It is cached for more than a day."),
            None => Finding::pass("Nothing is missing."),
        }
    })
}

/// The first member that is an empty array.
pub fn empty<'a>(document: &'a Document<'_>) -> Option<&'a str> {
    let is_empty = |value: &serde_json::Value| value.as_array().is_some_and(Vec::is_empty);
    document.members().find(|(_, value)| is_empty(value)).map(|(name, _)| name)
}

fn max_age(value: &str) -> Option<u64> {
    let age = value.split(',').find_map(|it| it.trim().strip_prefix("max-age="))?;
    age.parse().ok()
}

fn bound(seen: &Seen<'_>) -> Option<Finding> {
    let document = seen.resource()?;
    let names = ["dpop_bound_access_tokens_required", "tls_client_certificate_bound_access_tokens"];
    let is = |name: &&str| document.get(name).and_then(serde_json::Value::as_bool) == Some(true);
    let name = names.into_iter().find(is)?;
    // A fact, and no requirement: it is never a pass.
    let words = format!("`{name}` is true: clients that cannot prove a key cannot use the server.");
    Some(Finding::not_tested(words).by(document.from))
}
