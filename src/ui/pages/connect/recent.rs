//! The servers connected to before: a click fills the form, and nothing else.

use crate::recent::Recent;
use crate::ui::parts::icon::{Drawing, Icon};
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;

#[component]
pub fn RecentServers() -> impl IntoView {
    let list = session().recent;
    let rows = move || list.get().into_iter().map(|server| view! { <Row server/> }).collect_view();
    view! {
        <Show when=move || !list.read().is_empty()>
            <section class="recent">
                <h2 class="label">"Recent"</h2>
                <ul class="items">{rows}</ul>
            </section>
        </Show>
    }
}

#[component]
fn Row(server: Recent) -> impl IntoView {
    let session = session();
    let address = server.server.clone();
    let about = [
        server.name.clone(),
        server.negotiated.clone(),
        if server.authorized { "with authorization" } else { "no authorization" }.to_owned(),
    ];
    let about = about.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · ");
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("server", &address).finish();
    let (filled, forgotten) = (server.clone(), address.clone());
    let fill = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        session.draft.set(filled.draft());
        window::focus("[data-testid=connect]");
    };
    view! {
        <li>
            <a href=format!("{}?{query}", window::base()) on:click=fill>
                <b class="mono">{address.clone()}</b>
                <small>{about}</small>
            </a>
            <button class="quiet icon" type="button" aria-label=format!("Forget {address}") on:click=move |_| session.forget(&forgotten)>
                <Drawing icon=Icon::Close/>
            </button>
        </li>
    }
}
