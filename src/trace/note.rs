//! What the machine decided or the user did at a step, as facts. The sentences are in `explain::words`.

use super::negative::Negative;
use serde::{Deserialize, Serialize};

/// See the module. The names in a file are the ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// The user accepted what was asked before something left.
    Accepted,
    /// Whether a code of one authorization server may go to the token endpoint of another.
    AskedForCode {
        from: String,
        to: String,
    },
    /// Whether a relay of another origin than the page may receive what goes to these origins.
    AskedForRelay {
        origins: String,
        to: String,
    },
    /// Whether what was typed for some origins may go to another.
    AskedForSecret {
        what: String,
        typed_for: String,
        to: String,
    },
    /// A check is over.
    CheckEnds,
    /// The client id was typed.
    ClientByHand,
    /// The client id is the URL of its metadata document.
    ClientIsDocument,
    /// The registration of an earlier attempt is used again.
    ClientRegisteredBefore,
    /// The token request is handed over to the user, with its code.
    CodeHeldBack,
    Declined,
    /// The user changed a request before it was sent.
    Edited {
        parts: Vec<Part>,
    },
    /// The user ended the attempt.
    Ended,
    /// The endpoints that are on another origin than the issuer, each with its origin.
    EndpointsElsewhere {
        endpoints: Vec<(String, String)>,
    },
    /// What was known of the server does not hold any more.
    EraForgotten,
    EraRemembered {
        era: Era,
    },
    /// The server is older than 2026-07-28.
    EraOlder {
        why: Older,
    },
    /// The user chose another authorization server.
    IssuerChosen {
        issuer: String,
    },
    /// The resource metadata that the browser hid may name another authorization server.
    MetadataHidden,
    /// The user asked for a new registration.
    NewRegistration,
    /// The login is in a popup because the page is in a frame.
    PopupInFrame,
    /// The login is in a popup because the browser stores nothing for the page.
    PopupWithoutStorage,
    /// The login is in a popup because the user set that.
    PopupChosen,
    /// The user brought a response that the browser hid.
    Pasted,
    /// Requests to an origin go through a relay of the page's host.
    Relayed {
        origin: String,
        relay: String,
    },
    /// The registration of before is not for all of this scope.
    RegistrationTooNarrow {
        scope: String,
    },
    /// The login refused the scope: the client registers again with it.
    ScopeRefused {
        scope: String,
    },
    /// The metadata does not list all of this scope: the client registers without any.
    ScopeUnlisted {
        scope: String,
    },
    /// A call needs more scopes than the token has.
    ScopesWanted {
        required: String,
        held: String,
    },
    /// The members of the metadata that the user replaced.
    SetByHand {
        members: Vec<String>,
    },
    /// The stream ended so often in a row.
    StreamGivenUp {
        times: u32,
    },
    /// The server's `retry` is shorter than the pause; milliseconds.
    StreamPauseLonger {
        asked: u32,
        pause: u32,
    },
    /// The stream ended before the response; milliseconds.
    StreamResumed {
        pause: u32,
    },
    /// Another login, for a test.
    TestLogin {
        test: Negative,
    },
}

/// A part of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    Address,
    Headers,
    Body,
}

/// What is known of a server, and remembered for its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Era {
    /// 2026-07-28 and later: every request speaks for itself.
    Modern,
    /// `initialize` over Streamable HTTP.
    Handshake,
    /// `initialize` over HTTP+SSE.
    Sse,
}

/// What showed that a server is older than 2026-07-28: its answer to `server/discover`, or to the handshake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Older {
    /// Its result has another shape.
    OtherResult,
    /// The versions that it lists.
    Lists { versions: Vec<String> },
    /// The versions of its error -32022.
    Speaks { versions: Vec<String> },
    /// It refused the version without listing any.
    ListsNone,
    /// Error -32601.
    UnknownMethod,
    /// An error that 2026-07-28 does not have.
    OtherError { number: i64 },
    /// A status without an error that 2026-07-28 has.
    Status { status: u16 },
    /// A status without a body.
    Empty { status: u16 },
    /// JSON that does not answer the request.
    NotAnAnswer,
    /// The browser hid the answer, which proves nothing.
    Hidden,
}

impl Note {
    /// A stable name in kebab case: the one that it has in a file.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::AskedForCode { .. } => "asked-for-code",
            Self::AskedForRelay { .. } => "asked-for-relay",
            Self::AskedForSecret { .. } => "asked-for-secret",
            Self::CheckEnds => "check-ends",
            Self::ClientByHand => "client-by-hand",
            Self::ClientIsDocument => "client-is-document",
            Self::ClientRegisteredBefore => "client-registered-before",
            Self::CodeHeldBack => "code-held-back",
            Self::Declined => "declined",
            Self::Edited { .. } => "edited",
            Self::Ended => "ended",
            Self::EndpointsElsewhere { .. } => "endpoints-elsewhere",
            Self::EraForgotten => "era-forgotten",
            Self::EraRemembered { .. } => "era-remembered",
            Self::EraOlder { .. } => "era-older",
            Self::IssuerChosen { .. } => "issuer-chosen",
            Self::MetadataHidden => "metadata-hidden",
            Self::NewRegistration => "new-registration",
            Self::PopupInFrame => "popup-in-frame",
            Self::PopupWithoutStorage => "popup-without-storage",
            Self::PopupChosen => "popup-chosen",
            Self::Pasted => "pasted",
            Self::Relayed { .. } => "relayed",
            Self::RegistrationTooNarrow { .. } => "registration-too-narrow",
            Self::ScopeRefused { .. } => "scope-refused",
            Self::ScopeUnlisted { .. } => "scope-unlisted",
            Self::ScopesWanted { .. } => "scopes-wanted",
            Self::SetByHand { .. } => "set-by-hand",
            Self::StreamGivenUp { .. } => "stream-given-up",
            Self::StreamPauseLonger { .. } => "stream-pause-longer",
            Self::StreamResumed { .. } => "stream-resumed",
            Self::TestLogin { .. } => "test-login",
        }
    }
}
