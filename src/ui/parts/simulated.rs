//! The word that stands wherever the demo world shows.

use crate::demo;
use crate::explain::walkthrough::Walkthrough;
use crate::inspector::Inspector;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};

pub fn is_simulated(it: &Inspector) -> bool {
    it.settings().is_some_and(|it| demo::is_ours(&it.server.href()))
}

/// Whether the demo has a fault that nothing may name, because the user has yet to find it.
pub fn is_riddle(session: Session) -> bool {
    session.trial.get().is_hidden() && session.read(is_simulated)
}

/// An attempt as it is shown: while its fault is to be found, without what was found out about it.
pub fn shown(session: Session, attempt: Walkthrough) -> Walkthrough {
    match is_riddle(session) && !session.is_replaying() {
        true => attempt.concealed(),
        false => attempt,
    }
}

/// What names a fault or its cause: drawn once that was found.
pub fn once_found(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let session = session();
    let hidden = Memo::new(move |_| is_riddle(session));
    (move || match hidden.get() {
        true => view! { <p class="small muted">"Hidden until you answer."</p> }.into_any(),
        false => draw(),
    })
    .into_any()
}

/// That the server of this connection is a part of this page; nothing where it is not.
#[component]
pub fn Simulated() -> impl IntoView {
    let session = session();
    let simulated = session.memo(is_simulated);
    move || simulated.get().then(|| view! { <SimulatedChip/> })
}

#[component]
pub fn SimulatedChip() -> impl IntoView {
    view! { <span class="chip" data-tone="warn" title="Both servers are part of this page">"simulated"</span> }
}
