//! What stands above every page: what is on its way, was dropped, is looked at, waits, failed, or broke a rule.
//!
//! The first page draws nothing of it but a newer build: each comes with the part that knows what it tells of.

use super::arriving::{Coming, arriving_problem};
use super::newer::NewerBuild;
use super::simulated::{is_riddle, is_simulated};
use crate::demo::Trial;
use crate::inspector::{Inspector, Phase};
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::session::session;

#[component]
pub fn Notices() -> impl IntoView {
    let session = session();
    let dropped = Memo::new(move |_| session.dropped.read().is_some());
    let linked = Memo::new(move |_| session.link.read().is_some());
    let replaying = Memo::new(move |_| session.is_replaying() || session.not_opened.read().is_some());
    let waits = session.memo(is_waiting);
    let failed = session.memo(|it| it.problems().first().map(|newest| newest.code));
    let broken = session.memo(|it| !it.violations().is_empty());
    let removed = Memo::new(move |_| session.has_removed());
    let riddle = Memo::new(move |_| is_riddle(session));
    let guessed = Memo::new(move |_| matches!(session.trial.get(), Trial::Riddle { .. }) && session.read(is_judged));
    view! {
        <div class="notices">
            <NewerBuild/>
            {move || session.awaited.get().then(|| view! { <div><Coming/></div> })}
            {move || dropped.get().then(|| arriving(later::dropped()))}
            {move || linked.get().then(|| arriving(later::link_notice()))}
            {move || replaying.get().then(|| arriving(later::replaying()))}
            {move || waits.get().then(|| arriving(later::waiting()))}
            {move || guessed.get().then(|| arriving(later::riddle()))}
            {move || failed.get().filter(|_| !riddle.get()).map(|code| arriving_problem(code, later::problems()))}
            {move || (broken.get() && !riddle.get()).then(|| arriving(later::violations()))}
            {move || removed.get().then(undo_bar)}
        </div>
    }
}

/// Nothing stands in its place while it is on its way: it lies over what is drawn.
fn undo_bar() -> impl IntoView {
    let drawn = Suspend::new(async move { later::undo().await.ok() });
    anew(view! { {drawn} })
}

/// Whether there is something of the demo to be judged.
fn is_judged(it: &Inspector) -> bool {
    is_simulated(it) && !matches!(it.phase(), Phase::Idle | Phase::Connecting)
}

/// Whether something waits for the user: a login, a request that is paused, or an answer to bring.
fn is_waiting(it: &Inspector) -> bool {
    it.phase() == Phase::Authorizing || it.paused().is_some() || it.hand_over().is_some()
}
