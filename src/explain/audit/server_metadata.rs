//! S-37 to S-46: authorization server metadata (RFC 8414), document by document.

use super::line::{Finding, Level, Line, Party, SINCE_R4, Severity};
use super::seen::{Seen, array, is_hidden, is_unread, outcome};
use crate::base::address::Address;
use crate::base::revision::Revision;
use crate::base::text::fact;
use crate::explain::fixes::Need;
use crate::explain::why::evidence::Document;
use crate::oauth::{discovery, rules};
use crate::trace::Exchange;
use crate::trace::check::{self, Clause};
use crate::trace::problem::oauth::NamedBy;

pub static LINES: [Line; 10] = [
    Line::new("S-37", "The metadata exists", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::MetadataPlaces,
            "Authorization server metadata is at one of its well-known URLs, 200, as JSON.",
            "Serve the metadata of RFC 8414 at its well-known URL.",
        )
        .judged(exists),
    Line::new("S-38", "A page can read it", Level::Field, Party::Issuer, Severity::Browser)
        .says(
            Clause::OAuthCors,
            "The metadata is readable from other origins.",
            "Send `Access-Control-Allow-Origin: *` with the authorization server metadata.",
        )
        .needs(Need::IssuerCors)
        .judged(readable),
    Line::new("S-39", "issuer is identical", Level::Must, Party::Both, Severity::Security)
        .says(
            Clause::IssuerIdentical,
            "`issuer` is the URL in `authorization_servers`, character by character: https, without query and fragment.",
            "Set `authorization_servers` in the protected resource metadata to the `issuer` of the authorization server metadata.",
        )
        .needs(Need::Issuer)
        .judged(identical),
    Line::new("S-40", "Endpoints are public https URLs", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::ServerMembers,
            "`authorization_endpoint`, `token_endpoint` and the others are absolute https URLs without a fragment.",
            "Configure the public URL of the authorization server; behind a proxy, tell it the original scheme and host.",
        )
        .judged(endpoints),
    Line::new("S-41", "The code response type is listed", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::ServerMembers,
            "`response_types_supported` is there and has `code`.",
            "Add `response_types_supported: [\"code\"]`.",
        )
        .judged(response_types),
    Line::new("S-42", "PKCE with S256 is advertised", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::PkceAdvertised,
            "`code_challenge_methods_supported` has `S256`. Strict clients stop without it; lenient ones use S256 all the same.",
            "Add `code_challenge_methods_supported: [\"S256\"]`, or put a façade that does in front.",
        )
        .since(SINCE_R4)
        .needs(Need::S256)
        .judged(pkce),
    Line::new("S-43", "The plain method is not listed", Level::Field, Party::Issuer, Severity::Security)
        .says(
            Clause::PkceChallenge,
            "`code_challenge_methods_supported` does not have `plain`.",
            "Remove `plain` from `code_challenge_methods_supported`, and refuse it.",
        )
        .judged(plain),
    Line::new("S-44", "No password grant, no implicit grant", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::PasswordGrant,
            "Neither the password grant nor the implicit grant is listed.",
            "Turn both off, and remove them from the metadata.",
        )
        .judged(grants),
    Line::new("S-45", "Public clients are allowed", Level::Field, Party::Issuer, Severity::Browser)
        .says(
            Clause::PublicClient,
            "`token_endpoint_auth_methods_supported` has `none`; left out, it means `client_secret_basic`.",
            "Add `none` to `token_endpoint_auth_methods_supported`.",
        )
        .judged(public_clients),
    Line::new("S-46", "iss is promised", Level::Should, Party::Issuer, Severity::Security)
        .says(
            Clause::IssuerParameter,
            "`authorization_response_iss_parameter_supported` is true, so that clients can detect mix-up attacks.",
            "Send `iss` in authorization responses, and set `authorization_response_iss_parameter_supported` to `true`.",
        )
        .since(&[Revision::R5])
        .judged(iss),
];

pub fn not_reached() -> Finding {
    Finding::not_tested("There is no authorization server metadata to judge.")
}

/// Judges the document that a client would use.
pub fn of_document(seen: &Seen<'_>, judge: impl Fn(&Document<'_>) -> Finding) -> Option<Finding> {
    Some(seen.issuer().map_or_else(not_reached, |it| judge(it).by(it.from)))
}

fn exists(seen: &Seen<'_>) -> Option<Finding> {
    let asked: Vec<&Exchange> = seen.issuer_requests().collect();
    let Some(found) = seen.issuer() else {
        return Some(match asked.iter().any(|it| is_unread(it)) {
            _ if seen.named().is_empty() => Finding::not_tested("No authorization server is named."),
            _ if asked.is_empty() => Finding::not_tested("It was not requested."),
            true => Finding::not_tested("Its URLs could not be read.").by_all(asked),
            false => Finding::fail("No metadata at any of its URLs.").by_all(asked),
        });
    };
    let last = seen.named().first().and_then(|it| {
        let places = discovery::server_metadata(&discovery::named(it, seen.server).ok()?);
        places.get(2).map(Address::href)
    });
    Some(match last.as_deref() == Some(found.url()) {
        true => Finding::warn(format!("Only at {}.", fact(found.url()))).by(found.from),
        false => Finding::pass(fact(found.url())).by(found.from),
    })
}

fn readable(seen: &Seen<'_>) -> Option<Finding> {
    let hidden: Vec<&Exchange> = seen.issuer_requests().filter(|it| is_hidden(it)).collect();
    let alive = seen.evidence.probes(crate::trace::step::Step::ServerMetadata).and_then(|it| it.alive);
    Some(match seen.issuer() {
        Some(it) => Finding::pass(outcome(it.from)).by(it.from),
        None if hidden.is_empty() => not_reached(),
        None if alive == Some(true) => {
            Finding::fail("The host responds, and a page may not read the metadata.").by_all(hidden)
        }
        None => Finding::not_tested("No response could be read.").by_all(hidden),
    })
}

/// The verdict of connecting, which reads the first server that is named.
fn identical(seen: &Seen<'_>) -> Option<Finding> {
    let named = seen.named();
    let asked = named.first().copied();
    let origin = seen.server.origin();
    of_document(seen, |it| {
        let Some(issuer) = it.text("issuer") else { return Finding::fail("`issuer` is absent.") };
        let by = if asked.is_some() { NamedBy::ResourceMetadata } else { NamedBy::Nobody };
        let finding = match rules::issuer(asked, by, &origin, issuer) {
            Ok(check) if check.verdict == check::Verdict::Pass => plain_issuer(issuer),
            Ok(_) => Finding::warn("The two differ by the last slash.").differ(asked.unwrap_or(&origin), issuer),
            Err(_) => Finding::fail("`issuer` is another URL.").differ(asked.unwrap_or(&origin), issuer),
        };
        finding.by_all(seen.resource().map(|it| it.from))
    })
}

fn plain_issuer(issuer: &str) -> Finding {
    match Address::given(issuer) {
        Ok(_) if !issuer.contains(['?', '#']) => Finding::pass(fact(issuer)),
        _ => Finding::fail(format!("{} is no https URL without query and fragment.", fact(issuer))),
    }
}

const ENDPOINTS: [&str; 6] = [
    "authorization_endpoint",
    "token_endpoint",
    "registration_endpoint",
    "revocation_endpoint",
    "introspection_endpoint",
    "jwks_uri",
];

fn endpoints(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| {
        let by = Address::typed(it.url()).ok();
        let is_public =
            |url: &str| by.as_ref().is_some_and(|by| discovery::named(url, by).is_ok()) && !url.contains('#');
        let required = ["authorization_endpoint", "token_endpoint"];
        if let Some(name) = required.into_iter().find(|name| it.text(name).is_none()) {
            return Finding::fail(format!("`{name}` is absent."));
        }
        let wrong = ENDPOINTS.iter().find_map(|name| Some((name, it.text(name).filter(|url| !is_public(url))?)));
        match wrong {
            Some((name, url)) => Finding::fail(format!("`{name}` is {}.", fact(url))),
            None => Finding::pass("All endpoints are https URLs."),
        }
    })
}

fn response_types(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| match array(it, "response_types_supported") {
        Err(words) => Finding::fail(words),
        Ok(Some(list)) if list.contains(&"code") => Finding::pass(fact(&list.join(", "))),
        Ok(Some(list)) => Finding::fail(format!("It lists {}.", fact(&list.join(", ")))),
        Ok(None) => Finding::fail("`response_types_supported` is absent."),
    })
}

fn pkce(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| {
        let listed = match array(it, "code_challenge_methods_supported") {
            Ok(listed) => listed,
            Err(words) => return Finding::fail(words),
        };
        let owned: Option<Vec<String>> = listed.map(|list| list.into_iter().map(str::to_owned).collect());
        match (rules::pkce(owned.as_deref()), owned) {
            (Ok(_), _) => Finding::pass("`S256` is listed."),
            (Err(_), None) => Finding::fail("`code_challenge_methods_supported` is absent."),
            (Err(_), Some(list)) => Finding::fail(format!("It lists {}.", fact(&list.join(", ")))),
        }
    })
}

fn plain(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| match it.list("code_challenge_methods_supported").unwrap_or_default().contains(&"plain") {
        true => Finding::warn("`plain` is listed."),
        false => Finding::pass("`plain` is not listed."),
    })
}

fn grants(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| {
        let (grants, types) = match (array(it, "grant_types_supported"), array(it, "response_types_supported")) {
            (Ok(grants), Ok(types)) => (grants.unwrap_or_default(), types.unwrap_or_default()),
            (Err(words), _) | (_, Err(words)) => return Finding::warn(words),
        };
        let implicit = types.iter().any(|it| it.split(' ').any(|it| it == "token"));
        match grants.iter().find(|it| matches!(**it, "password" | "implicit")) {
            Some(grant) => Finding::warn(format!("`grant_types_supported` has `{grant}`.")),
            None if implicit => Finding::warn("`response_types_supported` has `token`."),
            None => Finding::pass("Neither is listed."),
        }
    })
}

fn public_clients(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| match array(it, "token_endpoint_auth_methods_supported") {
        Err(words) => Finding::warn(words),
        Ok(Some(list)) if list.contains(&"none") => Finding::pass("`none` is listed."),
        Ok(Some(list)) => Finding::warn(format!("It lists {}.", fact(&list.join(", ")))),
        Ok(None) => Finding::warn("`token_endpoint_auth_methods_supported` is absent."),
    })
}

/// Whether the document promises the parameter `iss`.
pub fn promises_iss(document: &Document<'_>) -> bool {
    let flag = document.get("authorization_response_iss_parameter_supported");
    flag.and_then(serde_json::Value::as_bool) == Some(true)
}

fn iss(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| match promises_iss(it) {
        true => Finding::pass("It is promised."),
        false => Finding::warn("`authorization_response_iss_parameter_supported` is not true."),
    })
}
