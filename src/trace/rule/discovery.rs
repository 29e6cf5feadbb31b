//! What the challenge and the metadata documents say (steps 2 to 2b).

use crate::trace::check::Clause;
use serde::{Deserialize, Serialize};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Discovery {
    /// The browser hides `WWW-Authenticate` from the page.
    ChallengeHidden,
    /// The challenges are of these schemes, or there is none.
    NoBearerChallenge {
        schemes: Vec<String>,
    },
    ChallengeNamesMetadata,
    ChallengeLacksMetadata,
    /// The metadata has no `resource`.
    NoResource,
    ResourceIsServer,
    /// `resource` is a URL above the server's.
    ResourceCoversServer {
        resource: String,
    },
    AuthorizationServers {
        named: Vec<String>,
        count: usize,
        used: String,
    },
    /// The URL of the challenge responded 404.
    NotWhereNamed {
        url: String,
    },
    /// `set`: the issuer that the user set.
    NoResourceMetadata {
        set: Option<String>,
    },
    /// The client's secret goes to the MCP server's own origin.
    CredentialsUnbound {
        origin: String,
    },
    EndpointsByHand,
    /// No metadata at all: the paths of 2025-03-26.
    DefaultEndpoints,
    IssuerIdentical,
    /// The issuer was asked for with a slash behind its origin.
    IssuerSlash {
        found: String,
        asked: String,
    },
    /// The issuer that the user set is none of those that are named.
    IssuerSet {
        set: String,
        named: Vec<String>,
    },
    /// Metadata on one origin claims all of another.
    ForeignMetadata {
        metadata: String,
        resource: String,
    },
    PkceAdvertised,
    /// On the same origin.
    MetadataRedirected {
        from: String,
        to: String,
    },
    ResourceMetadataNotObject {
        url: String,
    },
    ServerMetadataNotObject {
        url: String,
    },
}

impl Discovery {
    /// Its id, and its clause.
    pub(super) const fn row(&self) -> (&'static str, Clause) {
        match self {
            Self::ChallengeHidden => ("challenge-hidden", Clause::Exposed),
            Self::NoBearerChallenge { .. } => ("no-bearer-challenge", Clause::BearerChallenge),
            Self::ChallengeNamesMetadata => ("challenge-names-metadata", Clause::ResourceChallenge),
            Self::ChallengeLacksMetadata => ("challenge-lacks-metadata", Clause::ResourceChallenge),
            Self::NoResource => ("no-resource", Clause::ResourceIdentical),
            Self::ResourceIsServer => ("resource-is-server", Clause::ResourceIdentical),
            Self::ResourceCoversServer { .. } => ("resource-covers-server", Clause::ResourceIdentical),
            Self::AuthorizationServers { .. } => ("authorization-servers", Clause::ResourceMetadata),
            Self::NotWhereNamed { .. } => ("not-where-named", Clause::ResourceAnswer),
            Self::NoResourceMetadata { .. } => ("no-resource-metadata", Clause::McpFallback),
            Self::CredentialsUnbound { .. } => ("credentials-unbound", Clause::McpRegistration),
            Self::EndpointsByHand => ("endpoints-by-hand", Clause::MetadataPlaces),
            Self::DefaultEndpoints => ("default-endpoints", Clause::McpFallback),
            Self::IssuerIdentical => ("issuer-identical", Clause::IssuerIdentical),
            Self::IssuerSlash { .. } => ("issuer-slash", Clause::IssuerIdentical),
            Self::IssuerSet { .. } => ("issuer-set", Clause::ResourceMetadata),
            Self::ForeignMetadata { .. } => ("foreign-metadata", Clause::ResourceIdentical),
            Self::PkceAdvertised => ("pkce-advertised", Clause::PkceAdvertised),
            Self::MetadataRedirected { .. } => ("metadata-redirected", Clause::MetadataPlaces),
            Self::ResourceMetadataNotObject { .. } => ("resource-metadata-not-object", Clause::ResourceMetadata),
            Self::ServerMetadataNotObject { .. } => ("server-metadata-not-object", Clause::MetadataPlaces),
        }
    }
}
