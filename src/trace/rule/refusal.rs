//! What a server did with a request that it should refuse.

use crate::http::HttpError;
use crate::trace::problem::Problem;
use serde::{Deserialize, Serialize};

/// See the module. The clause is that of the test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    NotMade {
        why: NotMade,
    },
    /// Answered with a redirect, which was not followed.
    TestRedirected,
    /// The browser hid the answer.
    TestHidden,
    TestUnanswered {
        error: HttpError,
    },
    /// A call, with 401.
    CallRefused,
    /// A call, with a JSON-RPC error in a response that is a success.
    CallRefusedInMessage {
        status: u16,
    },
    CallAnswered {
        status: u16,
    },
    CallBroke {
        status: u16,
    },
    CallRefusedOtherwise {
        status: u16,
    },
    GrantBroke {
        status: u16,
    },
    GrantRefused {
        status: u16,
        error: String,
    },
    /// The client itself was refused, before what is tested.
    GrantClientRefused {
        error: String,
    },
    GrantRefusedOtherwise {
        status: u16,
        error: String,
    },
    GrantRefusedUnsaid {
        status: u16,
    },
    /// Answered 200, and there is no token in it.
    NothingGranted,
    /// For another redirect URI, which OAuth 2.1 allows.
    GrantedForOtherRedirect,
    Granted,
    /// For the resource of nobody's.
    GrantedForForeign,
    /// For something else than the resource that was asked for.
    GrantedFor {
        aud: Vec<String>,
    },
    /// What for cannot be seen.
    GrantedOpaque,
    /// The login came back with an error.
    LoginRefused {
        error: String,
    },
    LoginRefusedOtherwise {
        error: String,
    },
    /// The login came back with a code, which was not redeemed.
    CodeIssued,
    /// The same, for a scope that does not exist: it may be ignored.
    ScopeIgnored,
    /// The login came back at a redirect URI that was not registered.
    Redirected,
    /// It did not, as far as the user saw, who ended it.
    NotRedirected,
}

/// Why a test was not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotMade {
    CallbackRefused { problem: Box<Problem> },
    LoginWithoutCode,
    LoginGivenUp,
}

impl Refusal {
    pub(super) const fn id(&self) -> &'static str {
        match self {
            Self::NotMade { .. } => "not-made",
            Self::TestRedirected => "test-redirected",
            Self::TestHidden => "test-hidden",
            Self::TestUnanswered { .. } => "test-unanswered",
            Self::CallRefused => "call-refused",
            Self::CallRefusedInMessage { .. } => "call-refused-in-message",
            Self::CallAnswered { .. } => "call-answered",
            Self::CallBroke { .. } => "call-broke",
            Self::CallRefusedOtherwise { .. } => "call-refused-otherwise",
            Self::GrantBroke { .. } => "grant-broke",
            Self::GrantRefused { .. } => "grant-refused",
            Self::GrantClientRefused { .. } => "grant-client-refused",
            Self::GrantRefusedOtherwise { .. } => "grant-refused-otherwise",
            Self::GrantRefusedUnsaid { .. } => "grant-refused-unsaid",
            Self::NothingGranted => "nothing-granted",
            Self::GrantedForOtherRedirect => "granted-for-other-redirect",
            Self::Granted => "granted",
            Self::GrantedForForeign => "granted-for-foreign",
            Self::GrantedFor { .. } => "granted-for",
            Self::GrantedOpaque => "granted-opaque",
            Self::LoginRefused { .. } => "login-refused",
            Self::LoginRefusedOtherwise { .. } => "login-refused-otherwise",
            Self::CodeIssued => "code-issued",
            Self::ScopeIgnored => "scope-ignored",
            Self::Redirected => "redirected",
            Self::NotRedirected => "not-redirected",
        }
    }
}
