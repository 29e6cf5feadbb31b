//! The audit of a server as the trace has it: its stages, its requests and what each of them differs in, and which part of
//! a trace is the latest audit.

use super::negative::{Negative, Tested};
use super::{Entry, Event, Exchange, Trace};
use serde::{Deserialize, Serialize};

/// A request that the audit of a server sends besides the check. None calls a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditProbe {
    /// A GET of the MCP URL without a header of its own, so without a preflight.
    Simple,
    /// The same in `no-cors`: whether anything responds.
    Alive,
    /// The request without token, with a token that nobody issued.
    UnknownToken,
    /// The same with `Bearer` and no token.
    EmptyToken,
    /// A GET for a stream.
    Stream,
    /// A DELETE of a session that does not exist.
    UnknownSession,
    /// The request without token with one more header that MCP uses.
    MethodHeader,
    NameHeader,
    SessionHeader,
    LastEventHeader,
    /// The same with a protocol version that does not exist.
    UnknownVersion,
    /// The same with `Mcp-Method` over a body with another method.
    OtherMethod,
    Tools,
    Resources,
    Prompts,
    /// The request without token as `text/plain`, which needs no preflight.
    PlainText,
    /// DELETE of a session that a probe opened.
    Farewell,
    ResourceMetadata,
    /// Metadata of a path that is no resource.
    NoResource,
    ServerMetadata,
    Keys,
    AuthorizationEndpoint,
    TokenEndpoint,
    Introspection,
    /// A client registration as a login makes it.
    Register,
    /// The same with one redirect URI that must be refused: http off loopback, with a fragment, a script, a wildcard.
    PlainRedirect,
    FragmentRedirect,
    ScriptRedirect,
    WildcardRedirect,
    /// DELETE of a client that was registered with one of them (RFC 7592 §2.3).
    Unregister,
    /// Requests with the cookies of their host.
    ResourceWithCookies,
    ServerWithCookies,
    AuthorizationWithCookies,
    /// A list with the token of the login.
    WithToken,
    /// The same with `alg: none`, with the ID token, with the scheme in lower case.
    UnsignedToken,
    IdToken,
    LowerCaseScheme,
    /// The same with a protocol version that does not exist, and with `Mcp-Method` of another method.
    VersionWithToken,
    MethodWithToken,
    /// A second `initialize`, the end of its session, and a list in it.
    SecondSession,
    SessionEnd,
    EndedSession,
    /// A refresh, and one for a scope that was not granted.
    Refresh,
    WiderScope,
    /// A list with a token that was issued for another resource.
    ForeignToken,
    /// A list with the token once it has expired.
    ExpiredToken,
    /// One of two refreshes at once, and the newest refresh token after them.
    TwinRefresh,
    AfterTwins,
    /// The current refresh token after an old one was used.
    Family,
    Revocation,
    /// The tokens after their revocation.
    RevokedRefresh,
    RevokedToken,
}

impl AuditProbe {
    /// The registrations that must be refused.
    pub const REFUSED: [Self; 4] =
        [Self::PlainRedirect, Self::FragmentRedirect, Self::ScriptRedirect, Self::WildcardRedirect];

    /// The id of the checklist.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Simple | Self::Alive => "P1",
            Self::Tools | Self::Resources | Self::Prompts => "P3",
            Self::UnknownToken => "P4",
            Self::EmptyToken => "P4b",
            Self::Stream | Self::UnknownSession | Self::Farewell => "P5",
            Self::PlainText => "P6",
            Self::MethodHeader | Self::NameHeader | Self::SessionHeader | Self::LastEventHeader => "P7",
            Self::UnknownVersion | Self::VersionWithToken => "P7b",
            Self::OtherMethod | Self::MethodWithToken => "P7c",
            Self::ResourceMetadata => "P8",
            Self::NoResource => "P8n",
            Self::ServerMetadata | Self::Keys => "P9",
            Self::AuthorizationEndpoint => "P10",
            Self::AuthorizationWithCookies => "P10c",
            Self::TokenEndpoint => "P11",
            Self::Introspection => "P12",
            Self::ResourceWithCookies | Self::ServerWithCookies => "P13",
            Self::Register => "N1",
            Self::PlainRedirect | Self::FragmentRedirect | Self::ScriptRedirect | Self::WildcardRedirect => "N2",
            Self::Unregister => "N2",
            Self::WithToken => "L3",
            Self::UnsignedToken | Self::IdToken | Self::LowerCaseScheme => "L4",
            Self::SecondSession | Self::SessionEnd | Self::EndedSession => "L5",
            Self::Refresh | Self::WiderScope | Self::ForeignToken => "L6",
            Self::ExpiredToken => "M6",
            Self::TwinRefresh | Self::AfterTwins => "M7",
            Self::Family => "L7",
            Self::Revocation | Self::RevokedRefresh | Self::RevokedToken => "L8",
        }
    }

    /// The stage that it is of; `None` is the open one.
    pub fn stage(self) -> Option<AuditStage> {
        match (self, self.id()) {
            (Self::ForeignToken, _) => Some(AuditStage::More),
            (Self::VersionWithToken | Self::MethodWithToken, _) => Some(AuditStage::Login),
            (_, "N1" | "N2") => Some(AuditStage::Registration),
            (_, "P10c" | "P13") => Some(AuditStage::Cookies),
            (_, "L3" | "L4" | "L5" | "L6") => Some(AuditStage::Login),
            (_, "L7" | "L8" | "M6" | "M7") => Some(AuditStage::More),
            _ => None,
        }
    }
}

/// A part of an audit that waits for the user's consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuditStage {
    Registration,
    Login,
    Cookies,
    More,
}

impl AuditStage {
    pub const ALL: [Self; 4] = [Self::Registration, Self::Login, Self::Cookies, Self::More];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Login => "login",
            Self::Cookies => "cookies",
            Self::More => "more",
        }
    }
}

/// The latest audit of a trace: its check, and the stages that followed.
#[derive(Clone, Copy)]
pub struct AuditSpan<'a> {
    all: &'a [Entry],
    /// Where the login begins, in entries from the first one.
    login: Option<usize>,
    /// Where the stage begins that makes further logins, likewise; the end where it was not begun.
    more: usize,
    checked: usize,
}

impl<'a> AuditSpan<'a> {
    /// `None` where the latest attempt is neither an audit nor one of its stages.
    pub fn of(trace: &'a Trace) -> Option<Self> {
        let entries = trace.entries();
        let examining = entries.iter().rposition(|it| matches!(it.event, Event::Examining))?;
        let start = entries.get(..examining)?.iter().rposition(begins)?;
        let all = entries.get(start..)?;
        let (mut login, mut checked, mut inside, mut more) = (None, all.len(), false, all.len());
        for (at, entry) in all.iter().enumerate().skip(1) {
            match entry.event {
                Event::Staging(stage) => {
                    inside = true;
                    more = if stage == AuditStage::More { more.min(at) } else { more };
                }
                Event::Staged(_) => inside = false,
                Event::Began { .. } if !inside => return None,
                Event::Began { .. } => (login, checked) = (Some(at), checked.min(at)),
                _ => {}
            }
        }
        Some(Self { all, login, more, checked })
    }

    /// The attempt that is the check.
    pub fn check(&self) -> &'a [Entry] {
        self.all.get(..self.checked).unwrap_or_default()
    }

    /// The attempt of the login, and what followed it up to further logins, which are bent.
    pub fn login(&self) -> Option<&'a [Entry]> {
        self.all.get(self.login?..self.more)
    }

    /// Whether a stage is over or on its way; `None` where it was not begun.
    pub fn is_over(&self, stage: AuditStage) -> Option<bool> {
        let of = |it: &Entry| matches!(it.event, Event::Staging(it) | Event::Staged(it) if it == stage);
        let last = self.all.iter().rev().find(|it| of(it))?;
        Some(matches!(last.event, Event::Staged(_)))
    }

    /// A negative test that was made in one of the stages.
    pub fn tested(&self, kind: Negative) -> Option<&'a Tested> {
        self.all.iter().rev().find_map(|it| match &it.event {
            Event::Tested(tested) if tested.kind == kind => Some(tested),
            _ => None,
        })
    }

    /// Whether a probe was sent.
    pub fn probed(&self, probe: AuditProbe) -> bool {
        self.all.iter().any(|it| matches!(it.event, Event::Probed { probe: sent, .. } if sent == probe))
    }

    /// The callback of the login, by name.
    pub fn callback(&self) -> Option<&'a [(String, crate::base::text::Text)]> {
        self.login()?.iter().find_map(|it| match &it.event {
            Event::Returned { callback: Some(callback) } => Some(callback.as_slice()),
            _ => None,
        })
    }

    /// Whether an exchange is of what was asked without a login and without consent.
    pub fn is_open(&self, exchange: &Exchange) -> bool {
        let first = self.all.first().map_or(0, |it| it.number);
        let end = self.all.get(self.checked).map_or(u32::MAX, |it| it.number);
        match exchange.probe {
            Some(probe) => exchange.number > first && probe.stage().is_none(),
            None => exchange.number > first && exchange.number < end,
        }
    }

    /// The same for the stages.
    pub fn is_staged(&self, exchange: &Exchange) -> bool {
        let first = self.all.first().map_or(0, |it| it.number);
        exchange.number > first && exchange.probe.is_some_and(|it| it.stage().is_some())
    }
}

fn begins(entry: &Entry) -> bool {
    matches!(entry.event, Event::Began { .. })
}
