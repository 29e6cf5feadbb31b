//! What an app would ask the browser for: each is allowed by the user, or not granted.

use super::App;
use crate::ui::prelude::*;

/// A choice for each permission that the app asks for. None is made beforehand.
#[component]
pub fn Permissions(app: App, asked: Vec<&'static str>) -> impl IntoView {
    let choice = move |name: &'static str| {
        let choose = move |on: bool| {
            app.granted.update(|all| match on {
                true => all.push(name),
                false => all.retain(|it| *it != name),
            });
        };
        view! {
            <label class="check">
                <input
                    type="checkbox" data-testid="app-permission" data-name=name
                    prop:checked=move || app.granted.read().contains(&name)
                    on:change:target=move |event| choose(event.target().checked())
                />
                {format!("Allow {}", words(name))}
            </label>
        }
    };
    (!asked.is_empty()).then(|| {
        view! {
            <fieldset class="stack">
                <legend>"Browser permissions"</legend>
                {asked.into_iter().map(choice).collect_view()}
                <p class="hint">"The browser may ask again, or refuse."</p>
            </fieldset>
        }
    })
}

fn words(name: &str) -> &'static str {
    match name {
        "camera" => "camera",
        "microphone" => "microphone",
        "geolocation" => "location",
        _ => "writing to the clipboard",
    }
}
