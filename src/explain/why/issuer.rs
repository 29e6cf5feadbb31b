//! The authorization server's metadata (RFC 8414, OpenID Connect Discovery).

use super::Rule;
use super::differ::{Difference, difference};
use super::evidence::{Document, Evidence};
use crate::base::address::Address;
use crate::oauth::challenge;
use crate::oauth::rules::is_origin_with_slash;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::Owner;
use crate::trace::step::Step;

const AT: &[Step] = &[Step::ServerMetadata];
const OPENID: &str = "/.well-known/openid-configuration";

pub const RULES: &[Rule] = &[
    Rule {
        name: "issuer-slash",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerIdentical,
        title: "The issuer differs in its trailing slash",
        fix: "Set `issuer` in the metadata to {named}. If the slash belongs there, correct `authorization_servers` at the MCP server instead.",
        reason: "Issuers are compared as strings (RFC 8414 §3.3), and a trailing slash makes them different.",
        look: |it, _| if adds_slash(it) { None } else { differs(it, &[Difference::Slash]) },
    },
    Rule {
        name: "issuer-slash-added",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Server,
        clause: Clause::IssuerIdentical,
        title: "The resource metadata adds a slash to the issuer",
        fix: "Set `authorization_servers` to {issuer}, without the trailing slash.",
        reason: "A URL type added the slash (`AnyHttpUrl` of pydantic, `new URL().href`). Flowglass continues with the issuer of the metadata; other clients refuse it.",
        look: |it, _| if adds_slash(it) { differs(it, &[Difference::Slash]) } else { None },
    },
    Rule {
        name: "issuer-scheme",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerIdentical,
        title: "The issuer has the wrong scheme",
        fix: "Set `issuer` to the public URL {named}. Behind a reverse proxy, trust `X-Forwarded-Proto`.",
        reason: "Likely cause: TLS ends at a proxy, and the authorization server builds its issuer from the plain http request.",
        look: |it, _| differs(it, &[Difference::Scheme]),
    },
    Rule {
        name: "issuer-loopback-name",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerIdentical,
        title: "The issuer names this machine differently",
        fix: "Use one host name and port in `issuer`, in `authorization_servers` and in the server URL.",
        reason: "Issuers are compared as strings: `localhost`, `127.0.0.1` and another port are different issuers.",
        look: |it, _| differs(it, &[Difference::Loopback, Difference::Port]),
    },
    Rule {
        name: "issuer-template",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerIdentical,
        title: "`issuer` contains a placeholder",
        fix: "Set `authorization_servers` to the issuer of one tenant, with metadata of its own.",
        reason: "`issuer` contains a placeholder: {issuer}. The document is shared by several tenants.",
        look: |it, _| {
            let issuer = it.issuer.as_ref()?.text("issuer")?;
            issuer.contains('{').then(|| format!("issuer is {issuer}."))
        },
    },
    Rule {
        name: "issuer-other-tenant",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::IssuerIdentical,
        title: "`authorization_servers` is not the issuer",
        fix: "Set `authorization_servers` to the `issuer` of the metadata: {issuer}.",
        reason: "Likely cause: `authorization_servers` names an alias, as a custom domain, another tenant or realm, or a version in the path.",
        look: |it, _| {
            let told = differs(it, &[Difference::Host, Difference::Path, Difference::Case])?;
            (!told.contains('{')).then_some(told)
        },
    },
    Rule {
        name: "metadata-only-openid",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::MetadataPlaces,
        title: "Only OpenID metadata is published",
        fix: "Publish the same document at `/.well-known/oauth-authorization-server`.",
        reason: "The authorization server publishes OpenID Connect Discovery but not RFC 8414. Clients of 2025-06-18 and earlier look at the RFC 8414 URL only.",
        look: |it, _| {
            let found = it.issuer.as_ref()?;
            let refused = it.answers(Step::ServerMetadata).any(|(answer, head)| {
                answer.request.url.contains("/.well-known/oauth-authorization-server") && !head.ok()
            });
            let inserted = Address::typed(found.url()).is_ok_and(|it| it.path().starts_with(OPENID));
            (refused && inserted).then(|| format!("Only {} responded.", found.url()))
        },
    },
    Rule {
        name: "metadata-appended",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::MetadataPlaces,
        title: "The metadata is at the OpenID URL only",
        fix: "Publish it at `/.well-known/oauth-authorization-server` followed by the issuer's path as well.",
        reason: "RFC 8414 §3.1 puts the well-known part between host and path. Only the appended form of OpenID Connect was found.",
        look: |it, _| {
            let found = it.issuer.as_ref()?;
            let address = Address::typed(found.url()).ok()?;
            let before = address.path().strip_suffix(OPENID)?;
            (!before.is_empty()).then(|| format!("Of the URLs tried, only {} responded.", found.url()))
        },
    },
    Rule {
        name: "endpoint-plain",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::ServerMembers,
        title: "An endpoint is plain http",
        fix: "Configure the authorization server's public https URL. Behind a reverse proxy, trust `X-Forwarded-Proto`.",
        reason: "Likely cause: TLS ends at a proxy, and the authorization server builds its endpoints from the plain http request.",
        look: |it, _| {
            let found = it.issuer.as_ref()?;
            let names = ["authorization_endpoint", "token_endpoint", "registration_endpoint"];
            let plain = |name: &&str| {
                let address = found.text(name).and_then(|it| Address::typed(it).ok());
                address.is_some_and(|it| !it.is_encrypted() && !it.is_loopback())
            };
            let plain: Vec<&str> = names.into_iter().filter(plain).collect();
            (!plain.is_empty())
                .then(|| format!("Over plain http, although the host is not this machine: {}.", plain.join(", ")))
        },
    },
    Rule {
        name: "pkce-not-advertised",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::PkceAdvertised,
        title: "The metadata does not advertise S256",
        fix: "Add `\"code_challenge_methods_supported\": [\"S256\"]` to the metadata.",
        reason: "`code_challenge_methods_supported` is missing, and MCP clients must refuse to proceed without it. PKCE may work: OpenID metadata often omits the member.",
        look: |it, _| {
            let found = it.issuer.as_ref()?;
            let missing = found.text("issuer").is_some() && found.get("code_challenge_methods_supported").is_none();
            missing.then(|| format!("{} has no code_challenge_methods_supported.", found.url()))
        },
    },
    Rule {
        name: "pkce-plain-only",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::PkceAdvertised,
        title: "The authorization server does not offer S256",
        fix: "Support S256, and list it in `code_challenge_methods_supported`.",
        reason: "With `plain` the challenge is the verifier, so anyone who sees the authorization request can redeem the code.",
        look: |it, _| {
            let list = it.issuer.as_ref()?.list("code_challenge_methods_supported")?;
            let plain = list.contains(&"plain") && !list.contains(&"S256");
            plain.then(|| format!("code_challenge_methods_supported is [{}].", list.join(", ")))
        },
    },
    Rule {
        name: "scope-not-offered",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::McpScope,
        title: "A required scope is not in `scopes_supported`",
        fix: "Define the scope at the authorization server, or correct it in the MCP server's challenge and metadata.",
        reason: "The MCP server requires a scope that the authorization server does not list. If the list is complete, no token will be accepted.",
        look: |it, _| {
            let offered = it.issuer.as_ref()?.list("scopes_supported")?;
            let challenged =
                it.challenges().and_then(|(_, list)| Some(challenge::bearer(&list)?.param("scope")?.to_owned()));
            let published = || Some(it.resource.as_ref()?.list("scopes_supported")?.join(" "));
            let wanted = challenged.or_else(published)?;
            let missing: Vec<&str> = wanted.split_whitespace().filter(|it| !offered.contains(it)).collect();
            (!missing.is_empty()).then(|| format!("{} is wanted and not in scopes_supported.", missing.join(" ")))
        },
    },
    Rule {
        name: "no-method-for-public-clients",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::PublicClient,
        title: "Public clients may not be supported",
        fix: "Allow public clients with PKCE, and add `none` to `token_endpoint_auth_methods_supported`.",
        reason: "Flowglass is a public client, and `none` is not in the list. The token endpoint will likely ask for a secret.",
        look: |it, _| {
            let list = it.issuer.as_ref()?.list("token_endpoint_auth_methods_supported")?;
            let given = it.fact(Step::Registration, "token_endpoint_auth_method").is_some_and(|it| it != "none");
            let secret = given || it.client.as_ref().is_some_and(|it| it.text("client_secret").is_some());
            // What stopped here never came as far as to need one.
            let stopped = it.row(Step::ServerMetadata).is_some_and(|it| it.problem.is_some());
            (!list.contains(&"none") && !secret && !stopped)
                .then(|| format!("token_endpoint_auth_methods_supported is [{}].", list.join(", ")))
        },
    },
    Rule {
        name: "code-grant-not-offered",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::ServerMembers,
        title: "The authorization code grant is not supported",
        fix: "Add `authorization_code` to `grant_types_supported` and `code` to `response_types_supported`.",
        reason: "The metadata lists grant types and response types, and the authorization code grant is not among them.",
        look: |it, _| {
            let found = it.issuer.as_ref()?;
            let lacks = |name: &str, value: &str| {
                found.list(name).filter(|it| !it.contains(&value)).map(|it| (name.to_owned(), it))
            };
            let (name, list) = lacks("grant_types_supported", "authorization_code")
                .or_else(|| lacks("response_types_supported", "code"))?;
            Some(format!("{name} is [{}].", list.join(", ")))
        },
    },
];

/// The issuer that was asked for is not the one that the document names, and differs in one of these.
fn differs(evidence: &Evidence<'_>, by: &[Difference]) -> Option<String> {
    let found = evidence.issuer.as_ref().and_then(|it| it.text("issuer"))?;
    let asked = evidence.resource.as_ref().and_then(Document::first_issuer)?;
    let differs = difference(asked, found).is_some_and(|it| by.contains(&it));
    differs.then(|| format!("authorization_servers names {asked}, and the metadata's issuer is {found}."))
}

/// The resource metadata names the issuer as an origin with a slash behind it, and the metadata without.
fn adds_slash(evidence: &Evidence<'_>) -> bool {
    let found = evidence.issuer.as_ref().and_then(|it| it.text("issuer"));
    let asked = evidence.resource.as_ref().and_then(Document::first_issuer);
    found.zip(asked).is_some_and(|(found, asked)| is_origin_with_slash(asked, found))
}

impl Document<'_> {
    /// The authorization server that the client takes.
    pub fn first_issuer(&self) -> Option<&str> {
        self.list("authorization_servers")?.first().copied()
    }
}

#[cfg(test)]
mod tests;
