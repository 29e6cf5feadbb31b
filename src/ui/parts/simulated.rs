//! The word that stands wherever the demo world shows.

use crate::demo;
use crate::inspector::Inspector;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};

pub fn is_simulated(it: &Inspector) -> bool {
    it.settings().is_some_and(|it| demo::is_ours(&it.server.href()))
}

/// Whether something is wrong in the demo world, and the person has not yet guessed whose fault it is.
pub fn is_riddle(session: Session) -> bool {
    session.guessed.get().is_none() && session.fault.get().is_some() && session.read(is_simulated)
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
    view! { <span class="chip" data-tone="warn" title="Both servers are a part of this page; nothing leaves it">"simulated"</span> }
}
