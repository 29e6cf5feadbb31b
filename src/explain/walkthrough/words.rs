//! All words of the walkthrough, in one place: for someone who sees OAuth for the first time, and right enough for
//! someone who implements it.

use crate::trace::check::Clause;
use crate::trace::step::Step;

/// Who takes part. The names are those of the lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    You,
    Browser,
    Client,
    Server,
    Issuer,
}

impl Party {
    pub const ALL: [Self; 5] = [Self::You, Self::Browser, Self::Client, Self::Server, Self::Issuer];

    pub const fn name(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Browser => "browser",
            Self::Client => "client",
            Self::Server => "server",
            Self::Issuer => "issuer",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::You => "You",
            Self::Browser => "Browser",
            Self::Client => "This client",
            Self::Server => "MCP server",
            Self::Issuer => "Authorization server",
        }
    }
}

/// What the row draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// A message from one lane to another.
    Message(Party, Party),
    /// Something that a party does by itself.
    Own(Party),
    /// The time away from this page.
    Away,
}

impl Step {
    /// One name wherever the step is named, the specification's.
    pub const fn title(self) -> &'static str {
        match self {
            Self::McpRequest => "Request without token",
            Self::Unauthorized => "401 challenge",
            Self::ResourceMetadata => "Protected resource metadata",
            Self::ServerMetadata => "Authorization server metadata",
            Self::Registration => "Client registration",
            Self::Pkce => "PKCE: verifier and challenge",
            Self::AuthorizationUrl => "Authorization URL",
            Self::Authorize => "Authorization request",
            Self::Consent => "Login and consent",
            Self::Callback => "Authorization response",
            Self::Code => "Code received",
            Self::TokenRequest => "Token request",
            Self::Token => "Token response",
            Self::McpRequestWithToken => "Request with token",
            Self::Connected => "Connected",
            Self::Refresh => "Token refresh",
            Self::StepUp => "Step-up authorization",
            Self::Revoke => "Token revocation",
        }
    }

    /// Whether it is a part of step 2, which has three.
    pub const fn is_part(self) -> bool {
        matches!(self, Self::ResourceMetadata | Self::ServerMetadata | Self::Registration)
    }

    /// Whether what arrives is the matter of the step, and what was sent belongs to another one.
    pub const fn is_response(self) -> bool {
        matches!(self, Self::Unauthorized | Self::Token)
    }

    /// Why step mode has nothing to pause before here; `None` where a request leaves.
    pub const fn without_pause(self) -> Option<&'static str> {
        Some(match self {
            Self::Unauthorized => "Nothing to pause here: this is the response to the request of step 1.",
            Self::Pkce => "Nothing to pause here: the client computes this itself and sends nothing.",
            Self::AuthorizationUrl => {
                "Nothing to pause here: the client only builds the URL. The pause is before step 5."
            }
            Self::Consent => "Nothing to pause here: the login runs at the authorization server.",
            Self::Callback => {
                "Nothing to pause here: the authorization server sends this response through the browser."
            }
            Self::Code => {
                "Nothing to pause here: the code is passed on inside the browser. The pause is before step 9."
            }
            Self::Token => "Nothing to pause here: this is the response to the request of step 9.",
            Self::Connected => "Nothing to pause here: the connection is established, and what follows runs by itself.",
            Self::StepUp => {
                "Nothing to pause here: the server has refused a call, and you are asked whether to log in again."
            }
            _ => return None,
        })
    }

    /// Where the step is written down, whether or not a rule was checked in it.
    pub const fn clauses(self) -> &'static [Clause] {
        match self {
            Self::McpRequest => &[Clause::McpTransport],
            Self::Unauthorized => &[Clause::BearerChallenge],
            Self::ResourceMetadata => &[Clause::ResourceMetadata],
            Self::ServerMetadata => &[Clause::MetadataPlaces],
            Self::Registration => &[Clause::McpRegistration],
            Self::Pkce => &[Clause::PkceChallenge],
            Self::AuthorizationUrl => &[Clause::AuthorizationRequest],
            Self::Authorize => &[Clause::AuthorizationEndpoint, Clause::AuthorizationRequest],
            Self::Consent => &[Clause::AuthorizationEndpoint],
            Self::Callback => &[Clause::AuthorizationResponse, Clause::IssuerParameter],
            Self::Code => &[Clause::CodeUse],
            Self::TokenRequest => &[Clause::TokenRequest],
            Self::Token => &[Clause::TokenResponse],
            Self::McpRequestWithToken => &[Clause::BearerHeader],
            Self::Connected => &[Clause::McpLifecycle],
            Self::Refresh => &[Clause::TokenRefresh],
            Self::StepUp => &[Clause::McpScope],
            Self::Revoke => &[Clause::Revocation],
        }
    }

    /// The first of its clauses.
    pub const fn clause(self) -> Clause {
        match self.clauses() {
            [first, ..] => *first,
            [] => Clause::McpTransport,
        }
    }

    /// Between whom the requests of this step go.
    pub const fn route(self) -> (Party, Party) {
        match self {
            Self::ServerMetadata
            | Self::Registration
            | Self::TokenRequest
            | Self::Token
            | Self::Refresh
            | Self::Revoke => (Party::Client, Party::Issuer),
            Self::Authorize => (Party::Browser, Party::Issuer),
            _ => (Party::Client, Party::Server),
        }
    }

    pub const fn drawing(self) -> Drawing {
        use Party::{Browser, Client, Issuer, Server};
        match self {
            Self::McpRequest | Self::ResourceMetadata | Self::McpRequestWithToken => Drawing::Message(Client, Server),
            Self::Unauthorized | Self::Connected | Self::StepUp => Drawing::Message(Server, Client),
            Self::ServerMetadata | Self::Registration | Self::TokenRequest | Self::Refresh | Self::Revoke => {
                Drawing::Message(Client, Issuer)
            }
            Self::Pkce => Drawing::Own(Client),
            Self::AuthorizationUrl => Drawing::Message(Client, Browser),
            Self::Authorize => Drawing::Message(Browser, Issuer),
            Self::Consent => Drawing::Away,
            Self::Callback => Drawing::Message(Issuer, Browser),
            Self::Code => Drawing::Message(Browser, Client),
            Self::Token => Drawing::Message(Issuer, Client),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_step_has_a_short_name_of_its_own() {
        let steps = Step::ALL.into_iter().chain(Step::LATER);
        let names: BTreeSet<&str> = steps.map(Step::title).collect();
        assert_eq!(names.len(), Step::ALL.len() + Step::LATER.len());
        // What the column of the names has room for.
        assert!(names.iter().all(|it| it.len() <= 29), "{names:?}");
    }

    #[test]
    fn every_step_is_written_down_somewhere() {
        assert!(Step::ALL.into_iter().chain(Step::LATER).all(|it| !it.clauses().is_empty()));
        let cited: Vec<&str> = Step::Callback.clauses().iter().map(|it| it.cite().0).collect();
        assert_eq!(cited, ["RFC 6749 §4.1.2", "RFC 9207 §2.4"]);
    }
}
