//! The place of the dock on a page: it is drawn where the window is wide enough and there is something to show in it.
//!
//! Pages that have a dock name this; what the dock shows comes with its part.

use crate::settings::dock::FROM;
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::resize::Resize;
use crate::web::window;

#[component]
pub fn Docked(
    /// From this width of the window on, in CSS pixels.
    #[prop(default = FROM)]
    from: f64,
) -> impl IntoView {
    let some = session().memo(|it| it.trace().exchange_count() > 0);
    let width = RwSignal::new(window::width());
    let resize = StoredValue::new_local(None::<Resize>);
    if let Some(root) = window::root() {
        resize.set_value(Resize::of(&root, move || {
            width.try_set(window::width());
        }));
    }
    let wide = Memo::new(move |_| width.get() >= from && some.get());
    move || {
        wide.get().then(|| {
            // Nothing stands in its place while it is on its way: it lies over what is drawn.
            let drawn = Suspend::new(async move { later::dock(width).await.ok() });
            anew(view! { {drawn} })
        })
    }
}
