//! A clause as it is cited for an attempt: a page of MCP in the revision that was negotiated, where that has it.

use crate::base::revision::Revision;
use crate::trace::check::Clause;

const SPECIFICATION: &str = "https://modelcontextprotocol.io/specification";

/// Document and section, and the URL. Without a negotiated revision, or where it has no such page, as the clause cites itself.
pub fn cite(clause: Clause, revision: Option<Revision>) -> (String, String) {
    let page = revision.and_then(|revision| Some((revision.as_str(), page(clause, revision)?)));
    match page {
        Some((revision, (name, path))) => {
            (format!("MCP {revision}, {name}"), format!("{SPECIFICATION}/{revision}/{path}"))
        }
        None => {
            let (title, url) = clause.cite();
            (title.to_owned(), url.to_owned())
        }
    }
}

/// What the section is called, and its path below the revision.
fn page(clause: Clause, revision: Revision) -> Option<(&'static str, &'static str)> {
    let modern = !revision.has_handshake();
    match clause {
        Clause::McpTools => Some(("tools", "server/tools")),
        Clause::McpElicitation => revision.has_elicitation().then_some(("elicitation", "client/elicitation")),
        Clause::McpSampling => (!modern).then_some(("sampling", "client/sampling")),
        Clause::McpLifecycle if modern => Some(("versioning", "basic/versioning")),
        Clause::McpLifecycle => Some(("lifecycle", "basic/lifecycle")),
        Clause::McpVersion if modern => Some(("versioning", "basic/versioning")),
        Clause::McpVersion => Some(("version negotiation", "basic/lifecycle#version-negotiation")),
        Clause::McpTransport | Clause::McpOrigin | Clause::McpSession | Clause::McpStreams => {
            transport(clause, revision)
        }
        Clause::McpRegistration | Clause::McpScope | Clause::McpAudience | Clause::PkceAdvertised => {
            authorization(clause, revision)
        }
        _ => None,
    }
}

fn transport(clause: Clause, revision: Revision) -> Option<(&'static str, &'static str)> {
    let modern = !revision.has_handshake();
    match clause {
        Clause::McpTransport if modern => Some(("Streamable HTTP", "basic/transports/streamable-http")),
        Clause::McpOrigin if modern => Some(("Streamable HTTP, security", "basic/transports/streamable-http")),
        _ if modern => None,
        Clause::McpTransport if !revision.has_streams() => Some(("HTTP with SSE", "basic/transports#http-with-sse")),
        _ if !revision.has_streams() => None,
        Clause::McpTransport => Some(("Streamable HTTP", "basic/transports#streamable-http")),
        Clause::McpOrigin => Some(("transports, security warning", "basic/transports#security-warning")),
        Clause::McpSession => Some(("session management", "basic/transports#session-management")),
        _ => Some(("resumability", "basic/transports#resumability-and-redelivery")),
    }
}

/// The chapter on authorization: none in 2024-11-05, pages of its own since 2026-07-28.
fn authorization(clause: Clause, revision: Revision) -> Option<(&'static str, &'static str)> {
    let (modern, sections) = (!revision.has_handshake(), revision.has_elicitation());
    match clause {
        Clause::McpRegistration if modern => Some(("client registration", "basic/authorization/client-registration")),
        Clause::McpScope if modern => Some(("authorization, scopes", "basic/authorization")),
        _ if modern => Some(("authorization, security considerations", "basic/authorization/security-considerations")),
        // Since 2025-11-25 there are several ways to a client ID, and a strategy for scopes.
        Clause::McpRegistration if revision.has_url_elicitation() => {
            Some(("client registration", "basic/authorization#client-registration-approaches"))
        }
        Clause::McpScope if revision.has_url_elicitation() => {
            Some(("scope selection", "basic/authorization#scope-selection-strategy"))
        }
        Clause::McpRegistration if sections => {
            Some(("dynamic client registration", "basic/authorization#dynamic-client-registration"))
        }
        Clause::McpAudience if sections => {
            Some(("token audience binding", "basic/authorization#token-audience-binding-and-validation"))
        }
        Clause::PkceAdvertised if sections => {
            Some(("authorization code protection", "basic/authorization#authorization-code-protection"))
        }
        _ if revision.has_batches() => Some(("authorization", "basic/authorization")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_mcp_is_that_of_the_negotiated_revision() {
        for revision in Revision::ALL {
            let (title, url) = cite(Clause::McpTransport, Some(revision));
            assert!(title.contains(revision.as_str()) && url.contains(revision.as_str()), "{title}: {url}");
        }
        let (_, url) = cite(Clause::McpRegistration, Revision::parse("2026-07-28"));
        assert!(url.ends_with("/2026-07-28/basic/authorization/client-registration"), "{url}");
        let (title, _) = cite(Clause::McpRegistration, Revision::parse("2025-06-18"));
        assert_eq!(title, "MCP 2025-06-18, dynamic client registration");
    }

    #[test]
    fn what_a_revision_does_not_have_and_what_is_no_page_of_mcp_stays_as_it_is() {
        let own = Clause::McpScope.cite().1;
        assert_eq!(cite(Clause::McpScope, Revision::parse("2025-06-18")).1, own);
        assert_eq!(cite(Clause::PkceChallenge, Some(Revision::LATEST)).1, Clause::PkceChallenge.cite().1);
        assert_eq!(cite(Clause::McpScope, None).1, own);
    }
}
