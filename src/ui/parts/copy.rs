//! A button that copies a text and says so.

use crate::ui::prelude::*;
use crate::web::clock::Timer;
use crate::web::window;
use leptos::task::spawn_local_scoped;

/// How long "Copied" stays, in milliseconds.
const SHOWN: u32 = 1600;

#[component]
pub fn Copy(
    /// Called on the press, so that long texts are not made before. Nothing is copied where it is empty.
    #[prop(into)]
    text: Callback<(), String>,
    #[prop(default = "Copy")] label: &'static str,
) -> impl IntoView {
    let (said, say) = signal(None::<&'static str>);
    let timer = StoredValue::new_local(None::<Timer>);
    let copy = move |_| {
        let text = text.run(());
        spawn_local_scoped(async move {
            let taken = !text.is_empty() && window::copy(&text).await;
            say.try_set(Some(if taken { "Copied" } else { "Not copied" }));
            timer.try_set_value(Timer::after(SHOWN, move || {
                say.try_set(None);
            }));
        });
    };
    view! {
        <button type="button" class="quiet" on:click=copy>
            <span aria-live="polite">{move || said.get().unwrap_or(label)}</span>
        </button>
    }
}
