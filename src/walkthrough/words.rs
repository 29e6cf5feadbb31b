//! All words of the walkthrough, in one place: for someone who sees OAuth for the first time, and right enough for
//! someone who implements it.

use crate::checks::Clause;
use crate::step::Step;

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
    /// One name wherever the step is named, in the few words that a row has room for.
    pub const fn title(self) -> &'static str {
        match self {
            Self::McpRequest => "First request",
            Self::Unauthorized => "401 challenge",
            Self::ResourceMetadata => "Resource metadata",
            Self::ServerMetadata => "Issuer metadata",
            Self::Registration => "Registration",
            Self::Pkce => "PKCE proof key",
            Self::AuthorizationUrl => "Authorization URL",
            Self::Authorize => "The browser leaves",
            Self::Consent => "Login and consent",
            Self::Callback => "Redirect back",
            Self::Code => "Code handed over",
            Self::TokenRequest => "Token request",
            Self::Token => "Tokens",
            Self::McpRequestWithToken => "Request with token",
            Self::Connected => "Connected",
            Self::Refresh => "Refresh",
            Self::StepUp => "Step-up",
            Self::Revoke => "Revocation",
        }
    }

    /// What happens, and why.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::McpRequest => {
                "The client sends its first message without a token. It does not know yet whether this server wants one: a server that does not will simply answer. Nor does it know which revision of MCP the server speaks, so the first message may be a probe, server/discover, and the older initialize follows. Where a token was refused later on, the request that carried it stands here instead."
            }
            Self::Unauthorized => {
                "The server wants a token. Its 401 carries a challenge, WWW-Authenticate, which says where to read what it expects. A browser shows that header to a page only if the server exposes it; without it the client goes on with well-known addresses."
            }
            Self::ResourceMetadata => {
                "The client reads who this server is and which authorization server it trusts (RFC 9728). The name it reads here, the resource, is the one every token will be bound to, so it has to be this very server."
            }
            Self::ServerMetadata => {
                "The client reads the authorization server's endpoints and abilities (RFC 8414, or OpenID's form of it). The issuer in the document has to be the one that was asked for, and PKCE with S256 has to be on offer."
            }
            Self::Registration => {
                "The authorization server has to know the client before it sends anybody back to it. There are three ways: an id that was given out beforehand, the address of a document in which the client describes itself, or a registration now, by itself. A page can keep no secret, so it asks to be a public client; PKCE takes the place of the secret."
            }
            Self::Pkce => {
                "The client makes up a long random text, the verifier, and computes its SHA-256 hash, the challenge. The challenge goes out with the next request, the verifier only with the last one: whoever steals the code on its way cannot use it, because a hash does not tell what it was made of."
            }
            Self::AuthorizationUrl => {
                "The client puts the authorization request together, which is an address: who asks, where to come back, the challenge, a random state that must come back unchanged, the resource that the token is for, and the scopes. All of it can be seen in the address bar, so nothing in it is secret."
            }
            Self::Authorize => {
                "The browser leaves this page for the authorization server. The page is unloaded meanwhile, so the client first writes down in this tab what it needs to go on: state, verifier, and which issuer it asked."
            }
            Self::Consent => {
                "You log in at the authorization server, perhaps through a third party, and decide whether this client may act for you. This page sees nothing of it, and that is the point: your password stays there."
            }
            Self::Callback => {
                "The authorization server sends the browser back with a code, or with an error. The client checks state first, then who sent it (iss), then whether it is an error, and takes the parameters out of the address."
            }
            Self::Code => {
                "The page hands the code to the client. A code is no token: it can be used once, soon (RFC 6749 asks for ten minutes at most), and only together with the verifier."
            }
            Self::TokenRequest => {
                "The client trades the code for tokens. Anyone may have seen the code on its way through the browser, but only this client knows the verifier whose hash the browser took along in step 5, so only this client can use it."
            }
            Self::Token => {
                "The authorization server has checked code and verifier and issues an access token, and perhaps a refresh token. A client goes by their type, scopes and life, and must not depend on what is inside: that is for the MCP server to read. Flowglass reads it here only to judge it. They stay in this tab."
            }
            Self::McpRequestWithToken => {
                "The client repeats its first message, now with the token in the Authorization header. The server checks who issued the token, whether it is still good, and that it was issued for this very server; a token for another one it must refuse."
            }
            Self::Connected => {
                "Client and server have agreed on a protocol version, and the client asks what there is to use."
            }
            Self::Refresh => {
                "The access token is not good any more. The client trades its refresh token for a new one, without asking you. A public client gets a new refresh token with it, and the old one must not work again."
            }
            Self::StepUp => {
                "The token is good, but not for this: the server answered 403 and named the scopes that it wants. You decide whether this client may ask for more; then an authorization follows, for all scopes together."
            }
            Self::Revoke => {
                "The client tells the authorization server that the tokens are not needed any more (RFC 7009). From then on they should be good for nothing."
            }
        }
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
        assert!(names.iter().all(|it| it.len() <= 18), "{names:?}");
    }

    #[test]
    fn every_step_is_written_down_somewhere() {
        assert!(Step::ALL.into_iter().chain(Step::LATER).all(|it| !it.clauses().is_empty()));
        let cited: Vec<&str> = Step::Callback.clauses().iter().map(|it| it.cite().0).collect();
        assert_eq!(cited, ["RFC 6749 §4.1.2", "RFC 9207 §2.4"]);
    }
}
