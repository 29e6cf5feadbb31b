//! Rules: evidence in, verdict out, with the clause that the rule comes from.

use crate::trace::rule::Rule;
use crate::trace::step::Step;
use serde::{Deserialize, Serialize};

/// The outcome of a rule. The order is that of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    Pass,
    Warn,
    Fail,
}

impl Verdict {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// Where a rule is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clause {
    AuthorizationEndpoint,
    AuthorizationRequest,
    AuthorizationResponse,
    AuthorizationUrlSafe,
    BearerChallenge,
    BearerHeader,
    BearerRefused,
    CodeBound,
    CodeOnce,
    Cors,
    ErrorResponse,
    Exposed,
    Introspection,
    IssuerIdentical,
    IssuerParameter,
    JsonWebKeys,
    JwtClaims,
    JwtProfile,
    JwtSignature,
    ChallengeSyntax,
    ClientAssertion,
    CodeUse,
    HttpDate,
    HttpStatus,
    LocalNetwork,
    LoopbackRedirect,
    McpAudience,
    McpDiscovery,
    McpElicitation,
    McpErrors,
    McpFallback,
    McpHeaders,
    McpLifecycle,
    McpMessages,
    McpOrigin,
    McpRegistration,
    McpRounds,
    McpSampling,
    McpScope,
    McpSession,
    McpSse,
    McpStateless,
    McpStreams,
    McpSubscriptions,
    McpTools,
    McpTransport,
    McpVersion,
    MetadataAnswer,
    MetadataPlaces,
    MixUp,
    MixedContent,
    OAuthCors,
    OAuthTls,
    OfflineAccess,
    OpenIdDiscovery,
    PasswordGrant,
    PkceAdvertised,
    PkceChallenge,
    PkceVerified,
    RefreshReplay,
    PromptNone,
    ProtectedResources,
    PublicClient,
    RedirectExact,
    RegistrationError,
    RegistrationOpen,
    RegistrationResponse,
    ResourceAnswer,
    ResourceChallenge,
    ResourceIdentifier,
    ResourceIdentical,
    ResourceIndicator,
    ResourceMembers,
    ResourceMetadata,
    ResourcePlaces,
    Revocation,
    ServerMembers,
    State,
    TokenAudience,
    TokenCache,
    TokenError,
    TokenExpiry,
    TokenIssuedAt,
    TokenNotBefore,
    TokenRefresh,
    TokenRequest,
    TokenResponse,
    TokenScope,
    TokenValidation,
}

impl Clause {
    /// The document and section, as an engineer would cite it, and its address.
    pub const fn cite(self) -> (&'static str, &'static str) {
        match self {
            Self::AuthorizationUrlSafe => (
                "MCP, security best practices",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices",
            ),
            Self::BearerChallenge => ("RFC 6750 §3", "https://www.rfc-editor.org/rfc/rfc6750#section-3"),
            Self::BearerHeader => ("RFC 6750 §2.1", "https://www.rfc-editor.org/rfc/rfc6750#section-2.1"),
            Self::BearerRefused => ("RFC 6750 §3.1", "https://www.rfc-editor.org/rfc/rfc6750#section-3.1"),
            Self::ClientAssertion => ("RFC 7523 §3", "https://www.rfc-editor.org/rfc/rfc7523#section-3"),
            Self::CodeBound => ("RFC 6749 §4.1.3", "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3"),
            Self::CodeOnce => ("RFC 6749 §4.1.2", "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2"),
            Self::Cors => ("Fetch standard, CORS protocol", "https://fetch.spec.whatwg.org/#http-cors-protocol"),
            Self::ErrorResponse => ("RFC 6749 §4.1.2.1", "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1"),
            Self::Exposed => {
                ("Fetch standard, exposed headers", "https://fetch.spec.whatwg.org/#http-access-control-expose-headers")
            }
            Self::Introspection => ("RFC 7662 §2", "https://www.rfc-editor.org/rfc/rfc7662#section-2"),
            Self::IssuerIdentical => ("RFC 8414 §3.3", "https://www.rfc-editor.org/rfc/rfc8414#section-3.3"),
            Self::IssuerParameter => ("RFC 9207 §2.4", "https://www.rfc-editor.org/rfc/rfc9207#section-2.4"),
            Self::JsonWebKeys => ("RFC 7517 §5", "https://www.rfc-editor.org/rfc/rfc7517#section-5"),
            Self::JwtClaims => ("RFC 9068 §2.2", "https://www.rfc-editor.org/rfc/rfc9068#section-2.2"),
            Self::JwtProfile => ("RFC 9068 §2.1", "https://www.rfc-editor.org/rfc/rfc9068#section-2.1"),
            Self::JwtSignature => ("RFC 7515 §5.2", "https://www.rfc-editor.org/rfc/rfc7515#section-5.2"),
            Self::McpDiscovery => (
                "MCP 2026-07-28, server/discover",
                "https://modelcontextprotocol.io/specification/2026-07-28/server/discover",
            ),
            Self::McpElicitation => {
                ("MCP, elicitation", "https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation")
            }
            Self::McpFallback => (
                "MCP 2025-03-26, authorization",
                "https://modelcontextprotocol.io/specification/2025-03-26/basic/authorization",
            ),
            Self::McpHeaders => (
                "MCP 2026-07-28, request headers",
                "https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http",
            ),
            Self::McpLifecycle => {
                ("MCP, lifecycle", "https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle")
            }
            Self::McpMessages => {
                ("MCP, messages", "https://modelcontextprotocol.io/specification/2025-11-25/basic#messages")
            }
            Self::McpRegistration => (
                "MCP, client registration",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#client-registration-approaches",
            ),
            Self::McpRounds => (
                "MCP 2026-07-28, multi round-trip requests",
                "https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr",
            ),
            Self::McpSampling => {
                ("MCP, sampling", "https://modelcontextprotocol.io/specification/2025-11-25/client/sampling")
            }
            Self::McpScope => (
                "MCP, scope selection",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#scope-selection-strategy",
            ),
            Self::McpSession => (
                "MCP, session management",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management",
            ),
            Self::McpSse => (
                "MCP 2024-11-05, HTTP with SSE",
                "https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse",
            ),
            Self::McpStateless => {
                ("MCP 2026-07-28, statelessness", "https://modelcontextprotocol.io/specification/2026-07-28/basic")
            }
            Self::McpStreams => (
                "MCP, resumability",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery",
            ),
            Self::McpSubscriptions => (
                "MCP 2026-07-28, subscriptions",
                "https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions",
            ),
            Self::McpTools => ("MCP, tools", "https://modelcontextprotocol.io/specification/2025-11-25/server/tools"),
            Self::McpTransport => (
                "MCP, Streamable HTTP",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http",
            ),
            Self::McpVersion => (
                "MCP, version negotiation",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation",
            ),
            Self::MetadataPlaces => ("RFC 8414 §3.1", "https://www.rfc-editor.org/rfc/rfc8414#section-3.1"),
            Self::PkceAdvertised => (
                "MCP, authorization code protection",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#authorization-code-protection",
            ),
            Self::PkceChallenge => ("RFC 7636 §4.2", "https://www.rfc-editor.org/rfc/rfc7636#section-4.2"),
            Self::PkceVerified => ("RFC 7636 §4.6", "https://www.rfc-editor.org/rfc/rfc7636#section-4.6"),
            Self::RefreshReplay => ("RFC 9700 §4.14.2", "https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2"),
            Self::RegistrationError => ("RFC 7591 §3.2.2", "https://www.rfc-editor.org/rfc/rfc7591#section-3.2.2"),
            Self::RegistrationResponse => ("RFC 7591 §3.2.1", "https://www.rfc-editor.org/rfc/rfc7591#section-3.2.1"),
            Self::ResourceChallenge => ("RFC 9728 §5.1", "https://www.rfc-editor.org/rfc/rfc9728#section-5.1"),
            Self::ResourceIdentical => ("RFC 9728 §3.3", "https://www.rfc-editor.org/rfc/rfc9728#section-3.3"),
            Self::ResourceIndicator => ("RFC 8707 §2", "https://www.rfc-editor.org/rfc/rfc8707#section-2"),
            Self::ResourceMetadata => ("RFC 9728 §3", "https://www.rfc-editor.org/rfc/rfc9728#section-3"),
            Self::Revocation => ("RFC 7009 §2", "https://www.rfc-editor.org/rfc/rfc7009#section-2"),
            Self::State => ("RFC 6749 §10.12", "https://www.rfc-editor.org/rfc/rfc6749#section-10.12"),
            Self::TokenAudience => ("RFC 9068 §4", "https://www.rfc-editor.org/rfc/rfc9068#section-4"),
            Self::TokenCache => ("RFC 6749 §5.1", "https://www.rfc-editor.org/rfc/rfc6749#section-5.1"),
            Self::TokenError => ("RFC 6749 §5.2", "https://www.rfc-editor.org/rfc/rfc6749#section-5.2"),
            Self::TokenExpiry => ("RFC 7519 §4.1.4", "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4"),
            Self::TokenIssuedAt => ("RFC 7519 §4.1.6", "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.6"),
            Self::TokenNotBefore => ("RFC 7519 §4.1.5", "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5"),
            Self::TokenRefresh => ("RFC 6749 §6", "https://www.rfc-editor.org/rfc/rfc6749#section-6"),
            Self::ChallengeSyntax => ("RFC 9110 §11.6.1", "https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1"),
            Self::CodeUse => ("RFC 6749 §4.1.2", "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2"),
            Self::HttpDate => ("RFC 9110 §6.6.1", "https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1"),
            Self::HttpStatus => ("RFC 9110 §15", "https://www.rfc-editor.org/rfc/rfc9110#section-15"),
            Self::LocalNetwork => ("Local network access", "https://wicg.github.io/local-network-access/"),
            Self::LoopbackRedirect => ("RFC 8252 §7.3", "https://www.rfc-editor.org/rfc/rfc8252#section-7.3"),
            Self::McpAudience => (
                "MCP, token audience binding",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#token-audience-binding-and-validation",
            ),
            Self::McpOrigin => (
                "MCP, transports, security warning",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning",
            ),
            Self::McpErrors => (
                "MCP, error handling",
                "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#error-handling",
            ),
            Self::MixUp => ("RFC 9207 §1", "https://www.rfc-editor.org/rfc/rfc9207#section-1"),
            Self::OAuthCors => ("RFC 9700 §2.6", "https://www.rfc-editor.org/rfc/rfc9700#section-2.6"),
            Self::OAuthTls => (
                "OAuth 2.1 draft-13 §1.5",
                "https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-1.5",
            ),
            Self::OpenIdDiscovery => (
                "OpenID Connect Discovery §3",
                "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata",
            ),
            Self::PasswordGrant => ("RFC 9700 §2.4", "https://www.rfc-editor.org/rfc/rfc9700#section-2.4"),
            Self::ProtectedResources => ("RFC 9728 §4", "https://www.rfc-editor.org/rfc/rfc9728#section-4"),
            Self::ResourceIdentifier => ("RFC 9728 §1.2", "https://www.rfc-editor.org/rfc/rfc9728#section-1.2"),
            Self::ResourceMembers => ("RFC 9728 §2", "https://www.rfc-editor.org/rfc/rfc9728#section-2"),
            Self::MetadataAnswer => ("RFC 8414 §3.2", "https://www.rfc-editor.org/rfc/rfc8414#section-3.2"),
            Self::MixedContent => ("Mixed content", "https://www.w3.org/TR/mixed-content/"),
            Self::OfflineAccess => {
                ("OpenID Connect Core §11", "https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess")
            }
            Self::PromptNone => {
                ("OpenID Connect Core §3.1.2.6", "https://openid.net/specs/openid-connect-core-1_0.html#AuthError")
            }
            Self::PublicClient => ("RFC 7591 §2", "https://www.rfc-editor.org/rfc/rfc7591#section-2"),
            Self::RedirectExact => ("RFC 9700 §2.1", "https://www.rfc-editor.org/rfc/rfc9700#section-2.1"),
            Self::RegistrationOpen => ("RFC 7591 §3", "https://www.rfc-editor.org/rfc/rfc7591#section-3"),
            Self::ResourceAnswer => ("RFC 9728 §3.2", "https://www.rfc-editor.org/rfc/rfc9728#section-3.2"),
            Self::ResourcePlaces => ("RFC 9728 §3.1", "https://www.rfc-editor.org/rfc/rfc9728#section-3.1"),
            Self::ServerMembers => ("RFC 8414 §2", "https://www.rfc-editor.org/rfc/rfc8414#section-2"),
            Self::AuthorizationEndpoint => ("RFC 6749 §3.1", "https://www.rfc-editor.org/rfc/rfc6749#section-3.1"),
            Self::AuthorizationRequest => ("RFC 6749 §4.1.1", "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1"),
            Self::AuthorizationResponse => ("RFC 6749 §4.1.2", "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2"),
            Self::TokenRequest => ("RFC 6749 §4.1.3", "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3"),
            Self::TokenResponse => ("RFC 6749 §5.1", "https://www.rfc-editor.org/rfc/rfc6749#section-5.1"),
            Self::TokenScope => ("RFC 9068 §2.2.3", "https://www.rfc-editor.org/rfc/rfc9068#section-2.2.3"),
            Self::TokenValidation => ("RFC 9068 §4", "https://www.rfc-editor.org/rfc/rfc9068#section-4"),
        }
    }
}

/// A rule that was applied, with what it saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub step: Step,
    pub rule: Rule,
    pub verdict: Verdict,
}

impl Check {
    pub fn pass(step: Step, rule: impl Into<Rule>) -> Self {
        Self { step, rule: rule.into(), verdict: Verdict::Pass }
    }

    pub fn warn(step: Step, rule: impl Into<Rule>) -> Self {
        Self { step, rule: rule.into(), verdict: Verdict::Warn }
    }

    pub fn fail(step: Step, rule: impl Into<Rule>) -> Self {
        Self { step, rule: rule.into(), verdict: Verdict::Fail }
    }
}
