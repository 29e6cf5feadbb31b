//! What holds from one "connect" to the next, whatever phase the attempt is in.

use super::memory::Memory;
use crate::base::secret::Secret;
use crate::oauth::error::Error as OAuthError;
use crate::oauth::flow::Moment;
use crate::oauth::request::Callback;
use crate::oauth::token::Grant;
use crate::settings::Settings;
use crate::trace::problem::Problem;
use crate::trace::{Event, Trace, Violation};

/// Where to, and how.
pub(super) struct Visit {
    pub settings: Settings,
    pub aim: Aim,
    /// Authorizations since the last request that succeeded with a token.
    pub in_a_row: u32,
    /// The method of the request whose 401 led to the last login, until one of that method is answered otherwise.
    pub refused_method: Option<String>,
    /// Redirects whose target took the place of the typed URL.
    pub moves: u32,
    /// Step mode is over: the user had enough of it.
    pub automatic: bool,
}

/// What an attempt is for.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Aim {
    #[default]
    Connection,
    /// A look without a login: it ends before that.
    Check,
}

impl Visit {
    pub fn new(settings: Settings, aim: Aim) -> Self {
        Self { settings, aim, in_a_row: 0, refused_method: None, moves: 0, automatic: false }
    }

    pub fn checks(&self) -> bool {
        self.aim == Aim::Check
    }

    /// The server's address.
    pub fn server(&self) -> String {
        self.settings.server.href()
    }

    pub const fn is_pinned(&self) -> bool {
        self.settings.revision.is_some()
    }

    /// The user typed the token.
    pub const fn has_bearer(&self) -> bool {
        self.settings.bearer.is_some()
    }

    /// How long an answer may take, in milliseconds.
    pub const fn limit(&self) -> u32 {
        self.settings.timeout
    }

    /// The token that the server would get; a check uses none.
    pub fn grant<'a>(&self, memory: &'a Memory) -> Option<&'a Grant> {
        memory.grant(&self.server()).filter(|_| !self.checks())
    }

    /// The token that the connection uses: granted, or given by hand.
    pub fn access_token<'a>(&'a self, memory: &'a Memory) -> Option<&'a Secret<String>> {
        self.settings.bearer.as_ref().or_else(|| self.grant(memory).map(|it| &it.access_token))
    }
}

/// What is shown of an attempt besides its phase.
#[derive(Default)]
pub(super) struct Record {
    /// What went wrong, the newest first.
    pub problems: Vec<Problem>,
    /// A callback that was not ours is shown until the next attempt; the flow that waits stays as it is.
    pub foreign_callback: bool,
    /// Rules that the server broke.
    pub violations: Vec<Violation>,
}

impl Record {
    pub fn report(&mut self, trace: &mut Trace, moment: &Moment, problem: Problem) {
        trace.push(moment.now, Event::Stopped(problem.clone()));
        self.problems.insert(0, problem);
    }

    /// What follows goes on in step with what the user did about the failure.
    pub fn clear_failure(&mut self) {
        self.foreign_callback = false;
        self.problems.clear();
    }

    /// The page was opened at the redirect URI, and not by the login that is waited for, if one is: that changes nothing.
    pub fn refuse(&mut self, trace: &mut Trace, moment: &Moment, callback: &Callback, awaited: bool) {
        trace.push(moment.now, Event::Returned { callback: Some(callback.texts()) });
        self.foreign_callback = true;
        let error = match (callback.count("state"), callback.get("state")) {
            (0, _) | (_, Some("")) if awaited => OAuthError::StateMissing,
            _ => OAuthError::StateMismatch { awaited },
        };
        self.report(trace, moment, error.problem());
    }
}
