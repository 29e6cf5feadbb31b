//! The time since something began, and until it ends, ticking.

use crate::base::format;
use crate::trace::Millis;
use crate::ui::prelude::*;
use crate::web::clock;
use std::time::Duration;

const TICK: Duration = Duration::from_millis(100);

#[component]
pub fn Elapsed(since: Millis) -> impl IntoView {
    let now = every(TICK);
    // Nobody wants to hear every tick.
    view! { <output aria-live="off">{move || format::milliseconds(now.get() - since)}</output> }
}

/// How long something is still good, ticking.
#[component]
pub fn Left(at: Millis) -> impl IntoView {
    let now = every(Duration::from_secs(1));
    let words = move || match at - now.get() {
        left if left <= 0.0 => "expired".to_owned(),
        left => format!("{} left", format::clock(left)),
    };
    view! { <output class="number" aria-live="off">{words}</output> }
}

/// The time, as often as that.
fn every(tick: Duration) -> ReadSignal<Millis> {
    let (now, set_now) = signal(clock::now());
    let ticking = set_interval_with_handle(move || set_now.set(clock::now()), tick).ok();
    on_cleanup(move || {
        if let Some(ticking) = ticking {
            ticking.clear();
        }
    });
    now
}
