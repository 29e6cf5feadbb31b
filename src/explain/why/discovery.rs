//! The challenge and the resource metadata (RFC 6750, RFC 9728).

mod resource;

use super::Rule;
use super::evidence::{Document, body, is_html};
use crate::base::address::Address;
use crate::oauth::challenge;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::Owner;
use crate::trace::step::Step;
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
        title: "`WWW-Authenticate` is missing or not exposed",
        fix: "Send `WWW-Authenticate` with every 401, and `Access-Control-Expose-Headers: WWW-Authenticate`.",
        reason: "Flowglass cannot read the challenge of the 401. A browser cannot tell a missing header from one that is not exposed.",
        look: |it, _| {
            let (answer, head) = it.with_status(Step::McpRequest, 401)?;
            let hidden = head.header("www-authenticate").is_none();
            hidden.then(|| format!("{} responded 401, and no WWW-Authenticate can be read.", answer.request.url))
        },
    },
    Rule {
        name: "challenge-basic-only",
        at: &[Step::Unauthorized],
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::BearerChallenge,
        title: "The challenge is not Bearer",
        fix: "Send `WWW-Authenticate: Bearer resource_metadata=\"…\"` with {metadata}, and remove other authentication from the MCP endpoint.",
        reason: "The server, or a proxy in front of it, asks for other credentials than a bearer token.",
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
        title: "The challenge is malformed",
        fix: "Write it as `Bearer resource_metadata=\"https://…\", scope=\"…\"`.",
        reason: "`WWW-Authenticate` does not follow the grammar: a scheme, then `name=\"value\"` pairs separated by commas.",
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
        title: "The challenge names metadata at another origin",
        fix: "Configure the server's public URL, so that `resource_metadata` is {metadata}.",
        reason: "`resource_metadata` is not at the server's own origin. Likely cause: behind a proxy, the server does not know its public URL.",
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
        title: "The well-known path is appended to the server's path",
        fix: "Serve the resource metadata at {metadata}, and name that URL in `resource_metadata`.",
        reason: "`/.well-known/oauth-protected-resource` belongs between host and path (RFC 9728 §3.1). Clients that cannot read the challenge look there.",
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
        title: "The resource metadata is at the root only",
        fix: "Serve it at {metadata} as well.",
        reason: "The server's URL has a path, but its metadata is at the root. Clients that follow RFC 9728 §3.1 look at {metadata} and get 404.",
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
        title: "No metadata at the URL in the challenge",
        fix: "Serve the metadata at the URL in `resource_metadata`, or change that URL to {metadata}.",
        reason: "The URL in `resource_metadata` returns no document. Without it a client has to guess the authorization server, so later errors are likely a consequence.",
        look: |it, step| {
            let (_, list) = it.challenges()?;
            challenge::bearer(&list)?.param("resource_metadata")?;
            let (answer, head) = it.answers(step).next().filter(|(_, head)| matches!(head.status, 404 | 405 | 410))?;
            it.resource.is_none().then(|| format!("{} responded {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "metadata-elsewhere-than-named",
        at: &[Step::ResourceMetadata],
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::ResourceAnswer,
        title: "The challenge names the wrong metadata URL",
        fix: "Set `resource_metadata` in `WWW-Authenticate` to {metadata}.",
        reason: "The URL in `resource_metadata` is 404, and the document is at the well-known URL. Clients that use the challenge find nothing.",
        look: |it, step| {
            let (_, list) = it.challenges()?;
            challenge::bearer(&list)?.param("resource_metadata")?;
            let (answer, _) = it.answers(step).next().filter(|(_, head)| head.status == 404)?;
            let found = it.resource.as_ref()?;
            Some(format!("{} responded 404, and {} has the document.", answer.request.url, found.url()))
        },
    },
    Rule {
        name: "metadata-is-a-page",
        at: DOCUMENTS,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::MetadataAnswer,
        title: "The metadata URL returns an HTML page",
        fix: "Exclude `/.well-known/` from the fallback route: return the document, or 404.",
        reason: "Likely cause: a single-page application responds to every unknown path with its page and 200.",
        look: |it, step| {
            let (answer, head) = it.answers(step).find(|(answer, head)| head.ok() && is_html(answer, head))?;
            Some(format!("{} responded {} with a web page.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "metadata-not-json",
        at: DOCUMENTS,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::MetadataAnswer,
        title: "The metadata is not a JSON object",
        fix: "Return the JSON object, with `Content-Type: application/json`.",
        reason: "The body could not be parsed as a JSON object.",
        look: |it, step| {
            let odd = |(answer, head): &(&_, &crate::http::Head)| {
                head.ok() && !is_html(answer, head) && Document::of(answer).is_none() && !body(answer).is_empty()
            };
            let (answer, head) = it.answers(step).find(odd)?;
            Some(format!("{} responded {} as {}.", answer.request.url, head.status, media(head)))
        },
    },
    Rule {
        name: "metadata-media-type",
        at: DOCUMENTS,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::MetadataAnswer,
        title: "The metadata has the wrong Content-Type",
        fix: "Send `Content-Type: application/json`.",
        reason: "The body is JSON, but its media type is not. Stricter clients refuse it.",
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
        title: "The metadata URL redirects",
        fix: "Serve the document at the well-known URL itself.",
        reason: "Some clients do not follow redirects for metadata, and a redirect to another origin is not trusted.",
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
        title: "The metadata requires a token",
        fix: "Exempt `/.well-known/` from authentication.",
        reason: "A client reads the metadata before it has a token. Likely cause: the token check covers every path.",
        look: |it, step| {
            let (answer, head) = it.answers(step).find(|(_, head)| matches!(head.status, 401 | 403))?;
            Some(format!("{} responded {}.", answer.request.url, head.status))
        },
    },
    Rule {
        name: "authorization-servers-missing",
        at: &[Step::ResourceMetadata],
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::ResourceMetadata,
        title: "`authorization_servers` is missing",
        fix: "Add `\"authorization_servers\": [\"https://…\"]` with the issuer of your authorization server.",
        reason: "MCP requires this member; RFC 9728 alone does not.",
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
        title: "`authorization_servers` is empty",
        fix: "Add the issuer of the authorization server to `authorization_servers`.",
        reason: "Likely cause: the setting for the issuer is empty in this deployment.",
        look: |it, _| {
            let found = it.resource.as_ref()?;
            let empty = found.get("authorization_servers")?.as_array()?.iter().all(|it| it.as_str() == Some(""));
            empty.then(|| "authorization_servers is an empty list.".to_owned())
        },
    },
    Rule {
        name: "authorization-servers-no-list",
        at: &[Step::ResourceMetadata],
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::ResourceMetadata,
        title: "`authorization_servers` is not an array of strings",
        fix: "Write `[\"https://issuer.example\"]`: an array of strings, also for one.",
        reason: "Clients expect an array of strings.",
        look: |it, _| {
            let value = it.resource.as_ref()?.get("authorization_servers")?;
            let odd = match value {
                Value::Array(items) => items.iter().any(|it| !it.is_string()),
                other => !other.is_null(),
            };
            odd.then(|| format!("authorization_servers is {}.", crate::base::text::prefix(&value.to_string(), 200)))
        },
    },
    Rule {
        name: "several-authorization-servers",
        at: &[Step::ResourceMetadata],
        verdict: Verdict::Warn,
        owner: Owner::You,
        clause: Clause::ResourceMetadata,
        title: "Several authorization servers",
        fix: "If your account is at another one, choose it before the login, or list it first in the metadata.",
        reason: "The server trusts several authorization servers, and the client chooses. Flowglass took the first.",
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
