//! Checks of several servers, one after the other. The page of the check drives them: each begins when the one before is
//! over and that page is open.

use super::Session;
use crate::explain::audit::Audit;
use crate::inspector::{Input, Inspector, Phase};
use crate::settings::Settings;
use crate::settings::servers::Source;
use crate::trace::{Event, Millis};
use crate::ui::prelude::*;
use crate::ui::typed::normalized;
use crate::web::clock;

/// A server of the list that may be checked.
#[derive(Clone, PartialEq)]
pub struct Candidate {
    pub title: String,
    pub url: String,
    pub source: Source,
    /// `None` where something of it has to be typed first.
    pub settings: Option<Settings>,
}

/// A server of a series.
#[derive(Clone, PartialEq)]
pub struct SeriesRow {
    pub title: String,
    pub settings: Settings,
    pub state: SeriesState,
}

#[derive(Clone, PartialEq)]
pub enum SeriesState {
    Waiting,
    Running {
        since: Millis,
    },
    Done(Box<Audit>),
    Cancelled,
    /// There is no audit: something else was begun, or the host does not allow the server.
    NotChecked,
}

/// The latest attempt, where it is over.
#[derive(Clone, PartialEq)]
pub struct Ended {
    began: Millis,
    server: String,
    phase: Phase,
}

impl Ended {
    pub fn of(inspector: &Inspector) -> Option<Self> {
        let phase = inspector.phase();
        let mut entries = inspector.trace().entries().iter().rev();
        let latest = entries.find_map(|it| match &it.event {
            Event::Began { server, .. } => Some(Self { began: it.at, server: server.clone(), phase }),
            _ => None,
        });
        latest.filter(|_| !is_running(phase))
    }
}

const fn is_running(phase: Phase) -> bool {
    matches!(phase, Phase::Connecting | Phase::Authorizing)
}

impl SeriesState {
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Running { .. })
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running { .. } => "running",
            Self::Done(_) => "done",
            Self::Cancelled => "cancelled",
            Self::NotChecked => "not-checked",
        }
    }
}

impl Session {
    /// The servers of the list.
    pub fn candidates(self) -> Vec<Candidate> {
        let rows = self.server_rows().into_iter();
        let candidate = |row: super::servers::ServerRow| {
            let settings = normalized(&self.server(&row.key)?.draft()).settings().ok();
            Some(Candidate { title: row.title, url: row.url, source: row.key.source, settings })
        };
        rows.filter_map(candidate).collect()
    }

    /// Whether a series may begin: nothing is connected or on its way.
    pub fn may_check(self) -> bool {
        self.read(|it| !is_running(it.phase()) && it.phase() != Phase::Connected)
    }

    pub fn begin_series(self, servers: impl Iterator<Item = (String, Settings)>) {
        let row = |(title, settings)| SeriesRow { title, settings, state: SeriesState::Waiting };
        self.series.set(servers.map(row).collect());
        self.check_next();
    }

    fn check_next(self) {
        if !untrack(|| self.may_check()) {
            return self.cancel_series();
        }
        let mut next = None;
        self.series.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|it| it.state == SeriesState::Waiting) {
                row.state = SeriesState::Running { since: clock::now() };
                next = Some(row.settings.clone());
            }
        });
        if let Some(settings) = next {
            self.dispatch(Input::Check(Box::new(settings)));
        }
    }

    /// An attempt is over: if it is the check that runs, the next one begins.
    pub fn series_ended(self, ended: &Ended) {
        let is_it = |it: &SeriesRow| matches!(it.state, SeriesState::Running { since } if ended.began >= since);
        let Some(row) = self.series.with_untracked(|rows| rows.iter().find(|it| is_it(it)).cloned()) else { return };
        let audit = self.peek(|it| Audit::is_latest(it.trace()).then(|| Audit::of(it.trace())).flatten());
        let state = match audit {
            Some(audit) if audit.is_over => SeriesState::Done(Box::new(audit)),
            Some(_) => return self.cancel_series(),
            // The user went on to something else.
            None if ended.server != row.settings.server.href() || ended.phase == Phase::Connected => {
                return self.cancel_series();
            }
            None => SeriesState::NotChecked,
        };
        self.series.update(|rows| rows.iter_mut().filter(|it| is_it(it)).for_each(|it| it.state = state.clone()));
        self.check_next();
    }

    /// What was not checked yet is not checked.
    pub fn cancel_series(self) {
        let ran =
            self.series.with_untracked(|rows| rows.iter().any(|it| matches!(it.state, SeriesState::Running { .. })));
        self.series.update(|rows| {
            rows.iter_mut().filter(|it| it.state.is_open()).for_each(|it| it.state = SeriesState::Cancelled);
        });
        if ran && self.peek(|it| is_running(it.phase()) && Audit::is_latest(it.trace())) {
            self.dispatch(Input::Disconnect);
        }
    }
}
