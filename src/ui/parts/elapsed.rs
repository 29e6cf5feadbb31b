//! The time since something began, ticking.

use crate::base::format;
use crate::trace::Millis;
use crate::ui::prelude::*;
use crate::web::clock;
use std::time::Duration;

const TICK: Duration = Duration::from_millis(100);

#[component]
pub fn Elapsed(since: Millis) -> impl IntoView {
    let (now, set_now) = signal(clock::now());
    let ticking = set_interval_with_handle(move || set_now.set(clock::now()), TICK).ok();
    on_cleanup(move || {
        if let Some(ticking) = ticking {
            ticking.clear();
        }
    });
    // Nobody wants to hear every tick.
    view! { <output aria-live="off">{move || format::milliseconds(now.get() - since)}</output> }
}
