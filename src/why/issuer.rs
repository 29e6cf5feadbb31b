//! The authorization server's metadata (RFC 8414, OpenID Connect Discovery).

use super::Rule;
use super::compare::{Difference, difference};
use super::evidence::{Document, Evidence};
use crate::address::Address;
use crate::checks::{Clause, Verdict};
use crate::oauth::challenge;
use crate::problem::Owner;
use crate::step::Step;

const AT: &[Step] = &[Step::ServerMetadata];
const OPENID: &str = "/.well-known/openid-configuration";

pub const RULES: &[Rule] = &[
    Rule {
        name: "issuer-slash",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerIdentical,
        cause: "The two differ in their last slash and in nothing else. Issuers are compared as strings, so that is another issuer.",
        fix: "Let the document name the issuer that it is asked for by. If the slash belongs there, let the MCP server copy it into authorization_servers.",
        look: |it, _| differs(it, &[Difference::Slash]),
    },
    Rule {
        name: "issuer-scheme",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerIdentical,
        cause: "Likely TLS ends at a proxy, and the authorization server builds its issuer from the plain request behind it.",
        fix: "Set the authorization server's public address, or let it trust the proxy's X-Forwarded-Proto.",
        look: |it, _| differs(it, &[Difference::Scheme]),
    },
    Rule {
        name: "issuer-loopback-name",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerIdentical,
        cause: "localhost and 127.0.0.1, or two ports of one machine, are two issuers: they are compared as text.",
        fix: "Use one name and port everywhere: in the issuer, in authorization_servers, and in the address you type.",
        look: |it, _| differs(it, &[Difference::Loopback, Difference::Port]),
    },
    Rule {
        name: "issuer-template",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::IssuerIdentical,
        cause: "The document serves several tenants, and its issuer has a place left to fill in.",
        fix: "Name the issuer of one tenant in authorization_servers, whose own metadata has the whole issuer.",
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
        cause: "Likely authorization_servers names an alias: a custom domain, another tenant or realm, or a version of the path.",
        fix: "Name in authorization_servers what the metadata itself calls its issuer.",
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
        cause: "The authorization server speaks OpenID Connect and does not publish RFC 8414. Clients of 2025-06-18 and before look at the other address only.",
        fix: "Publish the same document at /.well-known/oauth-authorization-server too.",
        look: |it, _| {
            let found = it.issuer.as_ref()?;
            let refused = it.answers(Step::ServerMetadata).any(|(answer, head)| {
                answer.request.url.contains("/.well-known/oauth-authorization-server") && !head.ok()
            });
            let inserted = Address::typed(found.url()).is_ok_and(|it| it.path().starts_with(OPENID));
            (refused && inserted).then(|| format!("Only {} answered.", found.url()))
        },
    },
    Rule {
        name: "metadata-appended",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::MetadataPlaces,
        cause: "The issuer has a path, and its metadata is where OpenID Connect appends it. RFC 8414 puts the well-known part between host and path.",
        fix: "Publish it also at /.well-known/oauth-authorization-server followed by the issuer's path.",
        look: |it, _| {
            let found = it.issuer.as_ref()?;
            let address = Address::typed(found.url()).ok()?;
            let before = address.path().strip_suffix(OPENID)?;
            (!before.is_empty()).then(|| format!("Of the addresses tried, only {} answered.", found.url()))
        },
    },
    Rule {
        name: "endpoint-plain",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::ServerMembers,
        cause: "Likely TLS ends at a proxy, and the authorization server builds its endpoints from the plain request behind it.",
        fix: "Set the authorization server's public https address.",
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
        cause: "The member is missing. Likely PKCE works and is only not announced, as OpenID documents often leave it out; a client may not rely on that.",
        fix: "Add \"code_challenge_methods_supported\": [\"S256\"] to the document.",
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
        cause: "With plain the challenge is the verifier itself, so whoever sees the first request can use the code.",
        fix: "Support S256, and list it.",
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
        cause: "The server wants a scope that the authorization server does not list. Lists may be incomplete; if this one is whole, no token will do.",
        fix: "Define the scope at the authorization server, or correct it in the server's challenge and metadata.",
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
        cause: "A page can keep no secret, and the list of methods does not hold none. Likely the token endpoint will ask for a secret.",
        fix: "Allow public clients with PKCE, and add none to token_endpoint_auth_methods_supported; or give a client id and secret by hand.",
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
        cause: "The authorization server lists what it takes, and the authorization code grant is not in it.",
        fix: "Add authorization_code to grant_types_supported, and code to response_types_supported.",
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

impl Document<'_> {
    /// The authorization server that the client takes.
    pub fn first_issuer(&self) -> Option<&str> {
        self.list("authorization_servers")?.first().copied()
    }
}

#[cfg(test)]
mod tests;
