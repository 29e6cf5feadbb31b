//! The stages of an audit that wait for consent: what each does, what it leaves behind, and how it stands.

use crate::trace::audit::{AuditSpan, AuditStage};

/// What is said of a stage before it is made.
pub struct Plan {
    pub stage: AuditStage,
    pub title: &'static str,
    /// What the button of the consent says.
    pub consent: &'static str,
    /// What goes out.
    pub sends: &'static [&'static str],
    pub leaves: &'static str,
    /// What is done besides if the user wants it.
    pub also: Option<&'static str>,
    /// Requests at most, without those of the login itself.
    pub requests: usize,
}

/// In the order of the page.
pub static PLANS: [Plan; 4] = [
    Plan {
        stage: AuditStage::Registration,
        title: "Registration",
        consent: "Register a client",
        sends: &[
            "1 client registration, as a login sends it",
            "4 registrations with a forbidden redirect URI, marked `flowglass-audit`",
            "DELETE for each of those 4 that was accepted, where the server gives a URL for that",
        ],
        leaves: "One client stays registered. The login uses it.",
        also: None,
        requests: 9,
    },
    Plan {
        stage: AuditStage::Login,
        title: "Login",
        consent: "Log in",
        sends: &[
            "1 login, which replaces the one of this tab",
            "The tool list with the token, with variants of the token, and without a token",
            "The tool list with the ID token, where the login brings one: it may contain your name and e-mail address",
            "A second session and its end, where the server has sessions",
            "2 refreshes, one of them for more scopes",
        ],
        leaves: "A grant stays until its tokens are revoked or expire.",
        also: None,
        requests: 14,
    },
    Plan {
        stage: AuditStage::Cookies,
        title: "Cookies",
        consent: "Send cookies",
        sends: &[
            "The resource metadata and the request without token, with the cookies of their host",
            "The authorization endpoint, with the cookies of its host",
        ],
        leaves: "Nothing stays. The hosts receive the cookies that this browser has for them.",
        also: None,
        requests: 3,
    },
    Plan {
        stage: AuditStage::More,
        title: "More logins",
        consent: "Log in up to 7 times",
        sends: &[
            "3 logins with a wrong verifier, redirect URI or resource at the token endpoint",
            "3 logins with one error in the authorization request: no PKCE, the method plain, or an unknown scope",
            "2 refreshes at once, and one after them",
            "The old refresh token, and the current one after it",
            "1 more login, then revocation, the revoked tokens, and the code again",
        ],
        leaves: "The login of this tab ends.",
        also: Some(
            "1 more login, with a redirect URI that is not registered. A correct server shows an error page: come back and cancel the login",
        ),
        requests: 18,
    },
];

/// How a stage stands. The names are those of `data-status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageStatus {
    Open,
    Running,
    Done,
}

impl StageStatus {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Running => "running",
            Self::Done => "done",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "Not run",
            Self::Running => "Running…",
            Self::Done => "Done",
        }
    }
}

/// How the stages stand, in the order of [`AuditStage::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stages(Vec<(AuditStage, StageStatus)>);

impl Stages {
    pub fn of(span: &AuditSpan<'_>) -> Self {
        let status = |stage| match span.is_over(stage) {
            None => StageStatus::Open,
            Some(false) => StageStatus::Running,
            Some(true) => StageStatus::Done,
        };
        Self(AuditStage::ALL.into_iter().map(|it| (it, status(it))).collect())
    }

    /// Those with these names have ended.
    pub fn done(names: &[String]) -> Self {
        let is_done = |stage: AuditStage| names.iter().any(|it| it == stage.name());
        let status = |stage| if is_done(stage) { StageStatus::Done } else { StageStatus::Open };
        Self(AuditStage::ALL.into_iter().map(|it| (it, status(it))).collect())
    }

    pub fn status(&self, stage: AuditStage) -> StageStatus {
        self.0.iter().find(|(it, _)| *it == stage).map_or(StageStatus::Open, |(_, status)| *status)
    }

    pub fn is_running(&self) -> bool {
        self.0.iter().any(|(_, it)| *it == StageStatus::Running)
    }

    /// Those that ran, with the one that asks for nothing.
    pub fn names(&self) -> Vec<&'static str> {
        let done = self.0.iter().filter(|(_, it)| *it == StageStatus::Done).map(|(stage, _)| stage.name());
        std::iter::once("open").chain(done).collect()
    }
}
