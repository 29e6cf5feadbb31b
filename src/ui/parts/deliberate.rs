//! Consent that was meant: a press that was under way when its button came is none.

use crate::ui::prelude::*;
use crate::web::clock::Timer;

/// Longer than a double click, in milliseconds.
const WAIT: u32 = 500;

/// Whether what has just come may be agreed to. An app chooses when its question comes and can tell where it will be: the
/// second half of a double click would agree.
pub fn deliberate() -> ReadSignal<bool> {
    let (ready, set) = signal(false);
    StoredValue::new_local(Timer::after(WAIT, move || {
        set.try_set(true);
    }));
    ready
}
