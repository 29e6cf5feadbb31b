//! The stages of an audit in their order, and what each of them sends.

use super::{Asked, Auditing, Site, consented, ending, requests, with_token};
use crate::inspector::context::Context;

/// A stage begins when all requests of the one before have an answer, because that says what is left to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Whether anything responds.
    Reach,
    /// CORS, the challenge, what is processed without a token.
    Server,
    ResourceMetadata,
    ServerMetadata,
    /// Endpoints of the authorization server.
    Endpoints,
    /// A client registration, those that must be refused, and the end of those that were not.
    Register,
    Refusals,
    Unregister,
    /// What is readable with cookies.
    Cookies,
    /// With the token of a login: the token itself, variants of it, sessions, refresh.
    Token,
    Variants,
    SecondSession,
    SessionEnd,
    EndedSession,
    Refresh,
    WiderScope,
    /// What waits until the token has expired.
    Expiry,
    /// What may end a login: a token for others, two refreshes at once, an old refresh token, revocation, the code.
    ForeignToken,
    TwinRefreshes,
    AfterTwins,
    OldRefresh,
    Family,
    Revocation,
    Revoked,
    CodeTwice,
}

impl Stage {
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Reach => Some(Self::Server),
            Self::Server => Some(Self::ResourceMetadata),
            Self::ResourceMetadata => Some(Self::ServerMetadata),
            Self::ServerMetadata => Some(Self::Endpoints),
            Self::Register => Some(Self::Refusals),
            Self::Refusals => Some(Self::Unregister),
            Self::Token => Some(Self::Variants),
            Self::Variants => Some(Self::SecondSession),
            Self::SecondSession => Some(Self::SessionEnd),
            Self::SessionEnd => Some(Self::EndedSession),
            Self::EndedSession => Some(Self::Refresh),
            Self::Refresh => Some(Self::WiderScope),
            Self::Expiry => Some(Self::ForeignToken),
            Self::ForeignToken => Some(Self::TwinRefreshes),
            Self::TwinRefreshes => Some(Self::AfterTwins),
            Self::AfterTwins => Some(Self::OldRefresh),
            Self::OldRefresh => Some(Self::Family),
            Self::Family => Some(Self::Revocation),
            Self::Revocation => Some(Self::Revoked),
            Self::Revoked => Some(Self::CodeTwice),
            Self::Endpoints | Self::Unregister | Self::Cookies | Self::WiderScope | Self::CodeTwice => None,
        }
    }

    /// Whether its requests go out two at a time; those of a stage with consent go out one by one, but for two refreshes
    /// that race.
    pub const fn is_parallel(self) -> bool {
        self.is_open() || matches!(self, Self::TwinRefreshes)
    }

    const fn is_open(self) -> bool {
        matches!(self, Self::Reach | Self::Server | Self::ResourceMetadata | Self::ServerMetadata | Self::Endpoints)
    }
}

impl Auditing {
    pub fn requests(&self, cx: &Context<'_>) -> Vec<Asked> {
        let site = &Site::of(cx);
        let open = |all: Vec<_>| all.into_iter().map(|(probe, request)| Asked::Probe(probe, request)).collect();
        match self.stage {
            Stage::Reach => open(requests::reach(site.server)),
            Stage::Server => open(requests::server(site)),
            Stage::ResourceMetadata => open(requests::resource_metadata(site)),
            Stage::ServerMetadata => open(requests::server_metadata(site)),
            Stage::Endpoints => open(requests::endpoints(site)),
            Stage::Register => open(consented::register(cx, site)),
            Stage::Refusals => open(consented::refusals(cx, site)),
            Stage::Unregister => open(consented::unregister(site)),
            Stage::Cookies => open(consented::cookies(site)),
            stage => self.with_token(stage, cx),
        }
    }

    fn with_token(&self, stage: Stage, cx: &Context<'_>) -> Vec<Asked> {
        let (Some(connection), Some(grant)) = (&self.connection, cx.grant()) else { return Vec::new() };
        let tested = with_token::Tested { connection, grant, second: self.second.as_ref(), trace: cx.trace };
        match stage {
            Stage::Token => tested.token(),
            Stage::Variants => tested.variants(),
            Stage::SecondSession => tested.second_session(),
            Stage::SessionEnd => tested.session_end(),
            Stage::EndedSession => tested.ended_session(),
            Stage::Refresh => tested.refresh(),
            Stage::WiderScope => tested.wider_scope(&Site::of(cx)),
            Stage::Expiry => ending::expired_token(&tested),
            Stage::ForeignToken => ending::foreign_token(&tested),
            Stage::TwinRefreshes => ending::twin_refreshes(&tested),
            Stage::AfterTwins => ending::after_twins(&tested),
            Stage::OldRefresh => ending::old_refresh(cx),
            Stage::Family => ending::family(&tested, cx),
            Stage::Revocation => ending::revocation(&tested),
            Stage::Revoked => ending::revoked(&tested),
            Stage::CodeTwice => ending::code_twice(cx),
            _ => Vec::new(),
        }
    }
}
