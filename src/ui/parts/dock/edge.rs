//! The edge of the dock, which is dragged, or moved with the arrow keys, to give it more or less room.

use super::Docking;
use crate::settings::dock::{Dock, Side};
use crate::ui::prefs;
use crate::ui::prelude::*;
use crate::web::window;
use leptos::ev::{KeyboardEvent, PointerEvent};
use web_sys::Element;

/// How far a press of a key moves it, in pixels.
const STEP: u32 = 20;

#[component]
pub fn Edge(docking: Docking, side: Memo<Side>) -> impl IntoView {
    let dragged = RwSignal::new(false);
    let size = move || docking.dock.read().size(side.get());
    let limits = move || Dock::limits(side.get());
    let grab = move |event: PointerEvent| {
        let edge: Element = event_target(&event);
        dragged.set(edge.set_pointer_capture(event.pointer_id()).is_ok());
        event.prevent_default();
    };
    let drag = move |event: PointerEvent| {
        if dragged.get_untracked() {
            let (side, size) = (side.get_untracked(), beyond(side.get_untracked(), &event));
            docking.dock.update(|it| it.resized(side, size));
        }
    };
    let release = move |_: PointerEvent| {
        dragged.set(false);
        prefs::set_dock(&docking.dock.read_untracked());
    };
    let press = move |event: KeyboardEvent| {
        let size = docking.dock.read_untracked().size(side.get_untracked());
        let size = match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => size.saturating_add(STEP),
            "ArrowRight" | "ArrowDown" => size.saturating_sub(STEP),
            _ => return,
        };
        event.prevent_default();
        docking.change(|it| it.resized(side.get_untracked(), size));
    };
    let lies = move || if side.get() == Side::Beside { "vertical" } else { "horizontal" };
    view! {
        <div
            class="dock-edge" role="separator" tabindex="0" data-testid="dock-edge" aria-label="Dock size" aria-orientation=lies
            aria-valuenow=size aria-valuemin=move || limits().0 aria-valuemax=move || limits().1
            on:pointerdown=grab on:pointermove=drag on:pointerup=release on:pointercancel=release on:keydown=press
        ></div>
    }
}

/// How much of the window lies beyond the pointer, in pixels.
fn beyond(side: Side, event: &PointerEvent) -> u32 {
    let left = match side {
        Side::Beside => window::width() - f64::from(event.client_x()),
        Side::Below => window::height() - f64::from(event.client_y()),
    };
    left.max(0.0).round() as u32
}
