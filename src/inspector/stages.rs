//! The stages of an audit that wait for the user's consent: whether one can be made, how it begins and how it ends.

use super::Inspector;
use super::attempt::Attempt;
use super::auditing::{After, Auditing, Site, Stage, ending};
use super::context::Context;
use super::negotiating::Negotiating;
use super::visit::Aim;
use crate::oauth::flow::Moment;
use crate::settings::Settings;
use crate::trace::audit::{AuditSpan, AuditStage};
use crate::trace::{Event, Millis};
use serde::{Deserialize, Serialize};

/// What the user has agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    pub stage: AuditStage,
    /// Also the login that a right server ends in an error page, from which the user has to come back.
    pub error_page: bool,
    /// Also the wait until the access token has expired.
    pub expiry: bool,
}

impl From<AuditStage> for Agreed {
    fn from(stage: AuditStage) -> Self {
        Self { stage, error_page: false, expiry: false }
    }
}

impl Inspector {
    /// Whether a stage can be made now, else why not.
    pub fn may_stage(&self, stage: AuditStage) -> Result<(), &'static str> {
        let (Some(span), Some(visit)) = (AuditSpan::of(&self.trace), &self.visit) else {
            return Err("Check the server first.");
        };
        let settings = &visit.settings;
        let site = Site::new(&self.trace, &settings.server, &self.place.redirect_uri);
        let unloads = settings.memory_only && !self.place.uses_popup(settings);
        match stage {
            _ if !matches!(self.attempt, Attempt::Idle(_) | Attempt::Stopped(_)) => {
                Err("Wait until the check is over.")
            }
            AuditStage::Registration if site.endpoint("registration_endpoint").is_none() => {
                Err("The authorization server names no registration endpoint.")
            }
            AuditStage::Login | AuditStage::More if site.is_open() => Err("The server needs no login."),
            AuditStage::More if span.is_over(AuditStage::Login).is_none() || visit.grant(&self.memory).is_none() => {
                Err("Run the login stage first.")
            }
            AuditStage::More if unloads => Err("The login would unload Flowglass and lose the tokens kept in memory."),
            _ => Ok(()),
        }
    }

    /// How many minutes of a stage the wait for the expiry of the access token would take, where it can be offered.
    pub fn minutes_to_expiry(&self, stage: AuditStage, now: Millis) -> Option<u32> {
        let server = self.settings()?.server.href();
        self.memory.bench.spent_at(&server).filter(|_| stage == AuditStage::More)?;
        let grant = self.grant()?;
        ending::left(grant, now).map(|it| it.div_ceil(60_000))
    }

    /// When the wait for the expiry of the access token is over, while it is waited for.
    pub fn expiry_waited_for(&self) -> Option<Millis> {
        match &self.attempt {
            Attempt::Auditing(it) => it.until,
            _ => None,
        }
    }

    pub(super) fn begin_stage(&mut self, moment: &Moment, consent: Agreed) {
        let stage = consent.stage;
        if self.may_stage(stage).is_err() {
            return;
        }
        self.trace.push(moment.now, Event::Staging(stage));
        self.memory.staging = Some(consent);
        match stage {
            AuditStage::Login => self.log_in_for_audit(moment),
            AuditStage::More => self.tell(moment, |phase, cx| {
                cx.record.clear_failure();
                Negotiating::begin(cx, phase.into_work())
            }),
            AuditStage::Registration => self.tell(moment, |phase, cx| phase.goes_on(cx, Stage::Register)),
            AuditStage::Cookies => self.tell(moment, |phase, cx| phase.goes_on(cx, Stage::Cookies)),
        }
    }

    /// A login of its own: nothing of the one before is used, nor of another server's.
    fn log_in_for_audit(&mut self, moment: &Moment) {
        let Some(settings) = self.settings().map(|it| Settings { bearer: None, ..it.clone() }) else { return };
        self.memory.forget_grant(&settings.server.href());
        self.memory.bench.forget_login();
        self.connect(moment, settings, Aim::Connection);
    }

    /// The page of a stage that was on its way is gone, and no login of it waits.
    pub(super) fn end_lost_stage(&mut self, moment: &Moment) {
        if matches!(self.attempt, Attempt::Idle(_) | Attempt::Stopped(_)) {
            self.tell(moment, |phase, cx| {
                cx.stage_over();
                phase
            });
        }
    }
}

impl Attempt {
    /// A stage of an audit goes on where its check ended.
    fn goes_on(self, cx: &mut Context<'_>, stage: Stage) -> Self {
        let (ended, work) = match self {
            Self::Stopped(it) => (Some((it.ending, it.hand_over)), it.work),
            other => (None, other.into_work()),
        };
        Auditing::of(cx, stage, After::Checked(ended), None, work)
    }
}

impl Context<'_> {
    /// The stage of an audit that is on its way, where one is, has come to its end.
    pub fn stage_over(&mut self) {
        if let Some(Agreed { stage, .. }) = self.memory.staging.take() {
            self.note(Event::Staged(stage));
        }
    }
}
