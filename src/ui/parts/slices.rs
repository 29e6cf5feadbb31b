//! Long work in slices, with pauses for the user.

use crate::ui::prelude::*;
use crate::web::clock;
use leptos::task::spawn_local;

/// How long the page works without a pause, in milliseconds.
const SLICE: f64 = 12.0;

/// Works until there is no more to do. `busy` says so meanwhile; a second call then starts nothing.
///
/// `slice` works until the given time, and says whether there is more to do; nothing where the view that wanted it is gone.
pub fn in_slices(busy: RwSignal<bool>, slice: impl Fn(f64) -> Option<bool> + 'static) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        while slice(clock::now() + SLICE) == Some(true) {
            clock::sleep(0).await;
        }
        busy.try_set(false);
    });
}
