//! The challenge and the resource metadata (RFC 6750, RFC 9728).

mod resource;

use super::Rule;
use super::evidence::{Document, body, is_html};
use crate::address::Address;
use crate::checks::{Clause, Verdict};
use crate::oauth::challenge;
use crate::problem::Owner;
use crate::step::Step;
use serde_json::Value;

pub use resource::RULES as RESOURCE;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";
const DOCUMENTS: &[Step] = &[Step::ResourceMetadata, Step::ServerMetadata];

pub const RULES: &[Rule] = &[
    Rule {
        name: "challenge-hidden",
        at: &[Step::Unauthorized],
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::Exposed,
        cause: "Likely the header is sent and not exposed to pages; or the 401 has none. A page cannot tell the two apart.",
        fix: "Send WWW-Authenticate with every 401, and Access-Control-Expose-Headers: WWW-Authenticate.",
        look: |it, _| {
            let (answer, head) = it.with_status(Step::McpRequest, 401)?;
            let hidden = head.header("www-authenticate").is_none();
            hidden.then(|| format!("{} answered 401, and no WWW-Authenticate can be read.", answer.request.url))
        },
    },
    Rule {
        name: "challenge-basic-only",
        at: &[Step::Unauthorized],
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::BearerChallenge,
        cause: "The server, or a proxy before it, asks for another kind of credentials than MCP's bearer token.",
        fix: "Answer with WWW-Authenticate: Bearer resource_metadata=\"…\"; take other login guards off the MCP endpoint.",
        look: |it, _| {
            let (_, list) = it.challenges()?;
            let schemes: Vec<&str> = list.iter().map(|it| it.scheme.as_str()).filter(|it| !it.is_empty()).collect();
            let other = !schemes.is_empty() && challenge::bearer(&list).is_none();
            other.then(|| format!("The challenge names {}, and no Bearer.", schemes.join(", ")))
        },
    },
    Rule {
        name: "challenge-malformed",
        at: &[Step::Unauthorized],
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::ChallengeSyntax,
        cause: "The header does not follow the grammar: a scheme first, then name=\"value\" pairs with commas between them.",
        fix: "Write it as: Bearer resource_metadata=\"https://…\", scope=\"…\".",
        look: |it, _| {
            let (value, list) = it.challenges()?;
            let broken = list.is_empty() || list.iter().any(|it| it.scheme.is_empty());
            let token = challenge::bearer(&list).is_some_and(|it| it.token68.is_some());
            // Something stands behind the scheme, and no parameter could be read of it.
            let lost = matches!(list.as_slice(), [one] if one.params.is_empty() && value.trim() != one.scheme);
            (broken || token || lost).then(|| format!("WWW-Authenticate is: {value}"))
        },
    },
    Rule {
        name: "challenge-metadata-elsewhere",
        at: &[Step::Unauthorized],
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::ResourcePlaces,
        cause: "Likely the server does not know by what address it is reached, as behind a proxy, or names another server's document.",
        fix: "Give the server its public address, so that resource_metadata is on the server's own origin.",
        look: |it, _| {
            let (_, list) = it.challenges()?;
            let told = challenge::bearer(&list)?.param("resource_metadata")?.to_owned();
            let (server, address) = (it.server.as_ref()?, Address::typed(&told).ok()?);
            let foreign = address.origin() != server.origin();
            foreign.then(|| format!("The server is at {}, and resource_metadata is {told}.", server.origin()))
        },
    },
    Rule {
        name: "challenge-metadata-appended",
        at: &[Step::Unauthorized],
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::ResourcePlaces,
        cause: "The well-known part stands behind the server's path. It belongs between host and path, where clients look for it that cannot read the challenge.",
        fix: "Serve the document at /.well-known/oauth-protected-resource followed by the server's path, and name that address.",
        look: |it, _| {
            let (_, list) = it.challenges()?;
            let told = challenge::bearer(&list)?.param("resource_metadata")?.to_owned();
            let address = Address::typed(&told).ok()?;
            let before = address.path().split(WELL_KNOWN).next().filter(|it| *it != address.path())?;
            (!before.is_empty()).then(|| format!("resource_metadata is {told}."))
        },
    },
    Rule {
        name: "metadata-at-root",
        at: &[Step::ResourceMetadata],
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::ResourcePlaces,
        cause: "The server has a path, and its metadata lies where that of a server without one belongs. Clients that look only at the right place find nothing.",
        fix: "Serve the document also at /.well-known/oauth-protected-resource followed by the server's path.",
        look: |it, _| {
            let (server, found) = (it.server.as_ref()?, it.resource.as_ref()?);
            let at_root = Address::typed(found.url()).is_ok_and(|it| it.path() == WELL_KNOWN);
            (at_root && !server.path().is_empty()).then(|| {
                format!("The server's path is {}, and the document was found at {}.", server.path(), found.url())
            })
        },
    },
    Rule {
        name: "metadata-not-where-named",
        at: &[Step::ResourceMetadata],
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::ResourceAnswer,
        cause: "The challenge names an address, and no document is there. A client that goes on all the same can only guess, as with a server of 2025-03-26; what fails later is likely a consequence.",
        fix: "Serve the document at the address that resource_metadata names, or name the right one.",
        look: |it, step| {
            let (_, list) = it.challenges()?;
            challenge::bearer(&list)?.param("resource_metadata")?;
            let (answer, head) = it.answers(step).last().filter(|(_, head)| matches!(head.status, 404 | 405 | 410))?;
            Some(format!("{} answered {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "metadata-is-a-page",
        at: DOCUMENTS,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::MetadataAnswer,
        cause: "Likely the fallback of a single-page application, which answers every unknown path with its page and 200.",
        fix: "Let paths below /.well-known/ answer with the document, or with 404, before the fallback applies.",
        look: |it, step| {
            let (answer, head) = it.answers(step).find(|(answer, head)| head.ok() && is_html(answer, head))?;
            Some(format!("{} answered {} with a web page.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "metadata-not-json",
        at: DOCUMENTS,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::MetadataAnswer,
        cause: "Metadata is one JSON object. What came is none.",
        fix: "Answer with the JSON object itself, as application/json.",
        look: |it, step| {
            let odd = |(answer, head): &(&_, &crate::http::Head)| {
                head.ok() && !is_html(answer, head) && Document::of(answer).is_none() && !body(answer).is_empty()
            };
            let (answer, head) = it.answers(step).find(odd)?;
            Some(format!("{} answered {} as {}.", answer.request.url, head.status, media(head)))
        },
    },
    Rule {
        name: "metadata-media-type",
        at: DOCUMENTS,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::MetadataAnswer,
        cause: "The document is JSON and is not called so. Stricter clients refuse it.",
        fix: "Send Content-Type: application/json with it.",
        look: |it, step| {
            let wrong = |(answer, head): &(&_, &crate::http::Head)| {
                head.ok() && head.media_type() != "application/json" && Document::of(answer).is_some()
            };
            let (answer, head) = it.answers(step).find(wrong)?;
            Some(format!("{} came as {}.", answer.request.url, media(head)))
        },
    },
    Rule {
        name: "metadata-redirects",
        at: DOCUMENTS,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::MetadataAnswer,
        cause: "Metadata is answered where it is asked for. Clients that follow no redirects find nothing, and a redirect to another origin is not trusted.",
        fix: "Answer at the well-known address itself.",
        look: |it, step| {
            let (answer, head) = it.answers(step).find(|(_, head)| head.redirected)?;
            Some(format!("{} redirected to {}.", answer.request.url, head.url))
        },
    },
    Rule {
        name: "metadata-guarded",
        at: DOCUMENTS,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::ResourceAnswer,
        cause: "Likely the check for a token covers every path. But whoever reads metadata has no token yet.",
        fix: "Exempt the paths below /.well-known/ from authentication.",
        look: |it, step| {
            let (answer, head) = it.answers(step).find(|(_, head)| matches!(head.status, 401 | 403))?;
            Some(format!("{} answered {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "authorization-servers-missing",
        at: &[Step::ResourceMetadata],
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::ResourceMetadata,
        cause: "The member is not there at all. MCP requires it, although RFC 9728 alone does not.",
        fix: "Add \"authorization_servers\": [\"the issuer of your authorization server\"].",
        look: |it, _| {
            let found = it.resource.as_ref()?;
            let missing = found.get("authorization_servers").is_none_or(Value::is_null);
            missing.then(|| format!("{} has no authorization_servers.", found.url()))
        },
    },
    Rule {
        name: "authorization-servers-empty",
        at: &[Step::ResourceMetadata],
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::ResourceMetadata,
        cause: "Likely a setting that names the issuer is empty where the server runs.",
        fix: "Put the issuer of the authorization server into authorization_servers.",
        look: |it, _| {
            let found = it.resource.as_ref()?;
            let empty = found.get("authorization_servers")?.as_array()?.iter().all(|it| it.as_str() == Some(""));
            empty.then(|| "authorization_servers is there, and names nobody.".to_owned())
        },
    },
    Rule {
        name: "authorization-servers-no-list",
        at: &[Step::ResourceMetadata],
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::ResourceMetadata,
        cause: "authorization_servers is a list of texts, even of one.",
        fix: "Write [\"https://issuer.example\"], with the brackets and without objects inside.",
        look: |it, _| {
            let value = it.resource.as_ref()?.get("authorization_servers")?;
            let odd = match value {
                Value::Array(items) => items.iter().any(|it| !it.is_string()),
                other => !other.is_null(),
            };
            odd.then(|| format!("authorization_servers is {}.", crate::text::prefix(&value.to_string(), 200)))
        },
    },
    Rule {
        name: "several-authorization-servers",
        at: &[Step::ResourceMetadata],
        verdict: Verdict::Warn,
        owner: Owner::You,
        clause: Clause::ResourceMetadata,
        cause: "The server trusts several authorization servers and leaves the choice to the client, which took the first.",
        fix: "If your account is with another of them, name that one first in the metadata, or choose it before the login.",
        look: |it, _| {
            let list = it.resource.as_ref()?.list("authorization_servers")?;
            (list.len() > 1).then(|| format!("authorization_servers names {}.", list.join(", ")))
        },
    },
];

fn media(head: &crate::http::Head) -> String {
    Some(head.media_type()).filter(|it| !it.is_empty()).unwrap_or_else(|| "something without a content-type".to_owned())
}

#[cfg(test)]
mod tests;
