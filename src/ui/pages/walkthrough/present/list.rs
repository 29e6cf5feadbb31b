//! The list of the steps of a presentation, to go to one of them.

use super::Presenting;
use crate::ui::prelude::*;
use crate::web::window;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

#[component]
pub fn StepList(presenting: Presenting) -> impl IntoView {
    Effect::new(move |_| {
        if presenting.listed.get() {
            request_animation_frame(|| window::focus(".presenter-steps [aria-current]"));
        }
    });
    move || presenting.listed.get().then(|| view! { <Steps presenting/> })
}

#[component]
fn Steps(presenting: Presenting) -> impl IntoView {
    let item = move |(at, (name, number, title)): (usize, (&'static str, &'static str, &'static str))| {
        let current = move || (presenting.at.get() == at).then_some("step");
        view! {
            <li>
                <button
                    type="button" class="quiet" data-testid="presenter-item" data-step=name aria-current=current
                    on:click=move |_| presenting.to(at)
                ><span class="number">{number}</span>" "{title}</button>
            </li>
        }
    };
    let steps = move || presenting.show.read().slides.iter().map(|it| it.step).collect::<Vec<_>>();
    let items = move || {
        let named = steps().into_iter().map(|it| (it.name(), it.number(), it.title()));
        named.enumerate().map(item).collect_view()
    };
    view! {
        <nav class="presenter-steps" data-testid="presenter-steps" aria-label="Steps of the presentation">
            <ol>{items}</ol>
        </nav>
    }
}

/// Up and down in the list.
pub fn step(event: &KeyboardEvent) {
    event.prevent_default();
    let item = event.target().and_then(|it| it.dyn_into::<HtmlElement>().ok()).and_then(|it| it.parent_element());
    let beside = item.and_then(|it| match event.key() == "ArrowDown" {
        true => it.next_element_sibling(),
        false => it.previous_element_sibling(),
    });
    let button = beside.and_then(|it| it.first_element_child()).and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(button) = button {
        let _ = button.focus();
    }
}
