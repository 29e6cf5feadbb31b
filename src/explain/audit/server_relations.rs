//! S-47 to S-54: what of the authorization server's metadata has to agree with something else.

use super::line::{Finding, Level, Line, Party, Severity};
use super::pasted::{Output, command};
use super::resource_metadata::empty;
use super::seen::{Seen, is_success, outcome, status};
use super::server_metadata::{of_document, promises_iss};
use crate::base::address::Address;
use crate::base::revision::Revision;
use crate::base::text::{Text, fact};
use crate::explain::fixes::Need;
use crate::explain::why::evidence::Document;
use crate::http::Request;
use crate::trace::audit::AuditProbe;
use crate::trace::check::Clause;
use serde_json::Value;
use std::collections::BTreeSet;

pub static LINES: [Line; 8] = [
    Line::new("S-47", "Its two documents agree", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::ServerMembers,
            "The documents of RFC 8414 and of OpenID Connect have the same issuer, endpoints and keys.",
            "Build both documents from one source.",
        )
        .judged(agree),
    Line::new("S-48", "Endpoints are on the issuer's site", Level::Field, Party::Issuer, Severity::Security)
        .says(
            Clause::MixUp,
            "Endpoints are on the site of the issuer, or authorization responses carry `iss`.",
            "Promise and send `iss`, or move the endpoints.",
        )
        .judged(same_site),
    Line::new("S-49", "Metadata at the server's origin", Level::Must, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::McpFallback,
            "Without resource metadata, authorization server metadata is at the origin of the MCP URL.",
            "Publish protected resource metadata.",
        )
        .since(&[Revision::R2])
        .needs(Need::ResourceMetadata)
        .judged(fallback),
    Line::new("S-50", "Its scopes cover those asked for", Level::Field, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::McpScope,
            "`scopes_supported`, if given, covers the scopes of the challenge and of the resource metadata.",
            "Add the scopes to the authorization server, or correct the MCP server's lists.",
        )
        .judged(scopes),
    Line::new("S-51", "The resource is listed", Level::Field, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::ProtectedResources,
            "`protected_resources`, if given, has the `resource` of the MCP server.",
            "Add the resource to `protected_resources`.",
        )
        .judged(lists_resource),
    Line::new("S-52", "The keys are public", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::JsonWebKeys,
            "`jwks_uri` is https, readable, and has public keys only.",
            "Publish public keys only. Replace a key that was published at once.",
        )
        .judged(keys),
    Line::new("S-53", "It is complete", Level::Must, Party::Issuer, Severity::Polish)
        .says(
            Clause::MetadataAnswer,
            "Empty arrays are left out, and what depends on another member is there.",
            "Leave out empty arrays, and add the members that are missing.",
        )
        .judged(complete),
    Line::new("S-54", "Metadata ignores forged hosts", Level::Field, Party::Both, Severity::Security)
        .says(
            Clause::ServerMembers,
            "Metadata is not built from a forged `Host` or `X-Forwarded-Host`.",
            "Configure the public URL, or list the hosts that are allowed.",
        )
        .unseen(|seen| command(&Request::get(seen.metadata_url()).header("X-Forwarded-Host", Text::plain(FORGED))))
        .pasted(ignores_forged),
];

/// A host that no metadata may name.
const FORGED: &str = "evil.example";

fn ignores_forged(output: &Output<'_>) -> Finding {
    let response = output.response;
    let named = response.body.contains(FORGED) || response.all("location").iter().any(|it| it.contains(FORGED));
    match response.status {
        _ if named => Finding::warn(format!("The response names `{FORGED}`.")),
        200..300 => Finding::pass(format!("The response does not name `{FORGED}`.")),
        _ => output.shows_nothing(),
    }
}

fn agree(seen: &Seen<'_>) -> Option<Finding> {
    let first = seen.issuer()?;
    let named = seen.named();
    let issuer = named.first().copied().or_else(|| first.text("issuer"))?;
    let all = seen.of_issuer(&Address::typed(issuer).ok()?);
    let [one, other, ..] = all.as_slice() else { return None };
    let differs = |names: &[&'static str]| {
        let present = |name: &&&str| one.get(name).is_some() && other.get(name).is_some();
        names.iter().filter(present).find(|name| one.get(name) != other.get(name)).copied()
    };
    let endpoints = ["authorization_endpoint", "token_endpoint", "registration_endpoint", "jwks_uri"];
    let value = |document: &Document<'_>, name: &str| fact(document.text(name).unwrap_or_default());
    Some(
        match (differs(&["issuer"]), differs(&endpoints)) {
            (Some(name), _) => Finding::fail("`issuer` differs.").differ(&value(one, name), &value(other, name)),
            (None, Some(name)) => {
                Finding::warn(format!("`{name}` differs.")).differ(&value(one, name), &value(other, name))
            }
            (None, None) => Finding::pass("Issuer, endpoints and keys are the same."),
        }
        .by(one.from)
        .by(other.from),
    )
}

/// The last two labels of a host: near enough to a site for a warning.
fn site(url: &Address) -> String {
    let host = url.host();
    let labels: Vec<&str> = host.rsplit('.').take(2).collect();
    labels.into_iter().rev().collect::<Vec<_>>().join(".")
}

fn same_site(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| {
        let url = |name| it.text(name).and_then(|it| Address::typed(it).ok());
        let [Some(issuer), Some(authorization), Some(token)] =
            ["issuer", "authorization_endpoint", "token_endpoint"].map(url)
        else {
            return Finding::not_tested("An endpoint is absent.");
        };
        let foreign = [&authorization, &token].into_iter().find(|it| site(it) != site(&issuer));
        match foreign {
            _ if promises_iss(it) => Finding::pass("`iss` is promised."),
            Some(url) => Finding::warn("An endpoint is on another site, and `iss` is not promised.")
                .differ(&issuer.origin(), &url.origin()),
            None if authorization.origin() != token.origin() => {
                Finding::warn("Authorization and token endpoint differ in origin, and `iss` is not promised.")
                    .differ(&authorization.origin(), &token.origin())
            }
            None => Finding::pass(issuer.origin()),
        }
    })
}

fn fallback(seen: &Seen<'_>) -> Option<Finding> {
    let found = seen.issuers.first().filter(|_| seen.resources.is_empty())?;
    Some(Finding::warn("Only clients of MCP 2025-03-26 find this authorization server.").by(found.from))
}

fn scopes(seen: &Seen<'_>) -> Option<Finding> {
    let document = seen.issuer()?;
    let listed = document.list("scopes_supported")?;
    let bearer = seen.bearer();
    let challenged = bearer.as_ref().and_then(|(_, it)| it.param("scope")).unwrap_or_default();
    let of_resource = seen.resource().and_then(|it| it.list("scopes_supported")).unwrap_or_default();
    let asked = challenged.split_whitespace().chain(of_resource);
    let missing: BTreeSet<&str> = asked.filter(|it| !listed.contains(it)).collect();
    Some(match missing.is_empty() {
        true => Finding::pass(fact(&listed.join(" "))).by(document.from),
        false => Finding::warn(format!("Not listed: {}.", fact(&Vec::from_iter(missing).join(" "))))
            .by(document.from)
            .by_all(seen.resource().map(|it| it.from)),
    })
}

fn lists_resource(seen: &Seen<'_>) -> Option<Finding> {
    let document = seen.issuer()?;
    let listed = document.list("protected_resources")?;
    let resource = seen.resource().and_then(|it| it.text("resource")).unwrap_or_else(|| seen.server.as_given());
    Some(match listed.contains(&resource) {
        true => Finding::pass(fact(resource)).by(document.from),
        false => Finding::fail("`resource` is not listed.").differ(resource, &listed.join(", ")).by(document.from),
    })
}

/// RFC 7518 §6: members that only private and symmetric keys have.
const PRIVATE: [&str; 4] = ["d", "p", "q", "k"];

fn keys(seen: &Seen<'_>) -> Option<Finding> {
    let document = seen.issuer()?;
    let named = document.text("jwks_uri")?;
    if named.starts_with("http:") && !Address::typed(named).is_ok_and(|it| it.is_loopback()) {
        return Some(Finding::fail(format!("`jwks_uri` is {}.", fact(named))).by(document.from));
    }
    let Some(asked) = seen.probe(AuditProbe::Keys).filter(|it| it.ended.is_some()) else {
        return Some(Finding::not_tested("The keys were not requested."));
    };
    let set = Document::of(asked).filter(|_| is_success(asked));
    let keys = set.as_ref().and_then(|it| it.get("keys")).and_then(Value::as_array);
    let has = |key: &Value, name: &str| key.get(name).is_some();
    Some(
        match keys {
            None if status(asked) == 0 => Finding::warn("The keys could not be read."),
            None => Finding::warn(format!("{}, without `keys`", outcome(asked))),
            Some(keys) if keys.iter().any(|key| PRIVATE.iter().any(|it| has(key, it))) => {
                Finding::fail("A private or symmetric key is published.").grave()
            }
            Some(keys) if keys.iter().any(|key| !has(key, "kid")) => Finding::warn("A key has no `kid`."),
            Some(keys) => Finding::pass(format!("{} public keys.", keys.len())),
        }
        .by(asked),
    )
}

fn complete(seen: &Seen<'_>) -> Option<Finding> {
    of_document(seen, |it| {
        let methods = it.list("token_endpoint_auth_methods_supported").unwrap_or_default();
        let signs = methods.iter().any(|it| matches!(*it, "private_key_jwt" | "client_secret_jwt"));
        let by_document = it.get("client_id_metadata_document_supported").and_then(Value::as_bool) == Some(true);
        let registers = by_document || it.get("registration_endpoint").is_some();
        match empty(it) {
            Some(name) => Finding::warn(format!("`{}` is an empty array.", fact(name))),
            None if signs && it.get("token_endpoint_auth_signing_alg_values_supported").is_none() => {
                Finding::warn("`token_endpoint_auth_signing_alg_values_supported` is absent.")
            }
            None if !registers && it.get("service_documentation").is_none() => {
                Finding::warn("No client can register, and `service_documentation` is absent.")
            }
            None => Finding::pass("Nothing is missing."),
        }
    })
}
