//! The word that stands wherever the demo world shows.

use crate::demo;
use crate::ui::prelude::*;
use crate::ui::session::session;

/// That the server of this connection is a part of this page; nothing where it is not.
#[component]
pub fn Simulated() -> impl IntoView {
    let session = session();
    let simulated = session.memo(|it| it.settings().is_some_and(|it| demo::is_ours(&it.server.href())));
    move || simulated.get().then(|| view! { <SimulatedChip/> })
}

#[component]
pub fn SimulatedChip() -> impl IntoView {
    view! { <span class="chip" data-tone="warn" title="Both servers are a part of this page; nothing leaves it">"simulated"</span> }
}
