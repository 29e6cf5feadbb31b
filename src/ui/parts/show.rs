//! What is there only while a condition holds.

use crate::ui::prelude::*;

#[component]
pub fn Show<W: Fn() -> bool + Send + Sync + 'static>(when: W, children: ChildrenFn) -> impl IntoView {
    let shown = memo(when);
    move || shown.get().then(&children)
}
