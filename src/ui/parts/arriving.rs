//! Views of a part of the page that may still be on its way.

use crate::trace::problem::Code;
use crate::ui::later::NotLoaded;
use crate::ui::prelude::*;
use std::pin::Pin;

/// Draws a view of a part.
pub type Drawing = Pin<Box<dyn Future<Output = Result<AnyView, NotLoaded>> + Send>>;

/// The view of a part, and until it has come that it is on its way. Where it does not come, `assets/boot.js` says so.
pub fn arriving(drawing: impl Future<Output = Result<AnyView, NotLoaded>> + Send + 'static) -> AnyView {
    draw(Box::pin(drawing), || view! { <Coming/> }.into_any())
}

/// The same for the failure card: whoever waits for a failure finds its code from the moment on that the page says so.
pub fn arriving_problem(
    code: Code,
    drawing: impl Future<Output = Result<AnyView, NotLoaded>> + Send + 'static,
) -> AnyView {
    draw(Box::pin(drawing), move || {
        view! { <section class="problem" role="alert" data-testid="problem" data-code=code.as_str()><Coming/></section> }
            .into_any()
    })
}

/// The same for a page of its own.
pub fn arriving_page(drawing: impl Future<Output = Result<AnyView, NotLoaded>> + Send + 'static) -> AnyView {
    draw(Box::pin(drawing), || view! { <main class="page"><Coming/></main> }.into_any())
}

/// The same for the open item beside a list.
pub fn arriving_detail(drawing: impl Future<Output = Result<AnyView, NotLoaded>> + Send + 'static) -> AnyView {
    draw(Box::pin(drawing), || {
        view! { <section class="pane detail" aria-label="Details"><div class="empty"><Coming/></div></section> }
            .into_any()
    })
}

fn draw(drawing: Drawing, waiting: impl Fn() -> AnyView + Copy + Send + 'static) -> AnyView {
    let waits = RwSignal::new(true);
    let drawn = Suspend::new(async move {
        let drawn = drawing.await;
        waits.set(false);
        drawn.ok()
    });
    // In this order: of a part that is there, nothing is said.
    anew(view! { {drawn}{move || waits.get().then(waiting)} }).into_any()
}

/// That a part is on its way.
#[component]
pub fn Coming() -> impl IntoView {
    view! { <p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>"Loading"</p> }
}
