//! Views that are drawn anew.

use crate::ui::prelude::*;
use leptos::tachys::view::keyed::keyed;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Every drawing is another one.
static DRAWN: AtomicUsize = AtomicUsize::new(0);

/// A view of something else than before: in a closure, Leptos would go on with the elements that are there, with the
/// focus, the scroll position, open `<details>` and choices that they have.
pub fn anew(view: impl IntoView + 'static) -> impl IntoView {
    of_any(view.into_any())
}

/// Once for all types of views.
fn of_any(view: AnyView) -> impl IntoView {
    let number = DRAWN.fetch_add(1, Ordering::Relaxed);
    keyed(Some(view), move |_| number, |_, view| (|_| (), view))
}
