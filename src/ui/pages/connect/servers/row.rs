//! One server of the list.

use crate::settings::servers::{Removed, Servers, Shift, Source};
use crate::ui::parts::icon::{Drawing, Icon};
use crate::ui::prelude::*;
use crate::ui::session::servers::Row;
use crate::ui::session::session;
use crate::web::window;

#[component]
pub fn ServerRow(row: Row, removed: RwSignal<Option<Removed>>) -> impl IntoView {
    let session = session();
    let (key, title) = (StoredValue::new(row.key.clone()), row.title.clone());
    let named = row.title != row.url;
    let connect = move |_| session.use_server(&key.get_value());
    let actions = (row.key.source != Source::Preset).then(|| view! { <Actions row=row.clone() removed/> });
    view! {
        <li data-testid="server-item" data-name=title.clone() data-url=row.url.clone() data-source=row.key.source.name()>
            <div>
                <b class:mono=!named>{foreign(title.clone())}</b>
                {named.then(|| view! { <small class="mono">{foreign(row.url.clone())}</small> })}
                <small>{foreign(row.about.clone())}</small>
            </div>
            <div class="row">
                <button type="button" data-testid="server-connect" aria-label=format!("Connect to {title}") on:click=connect>"Connect"</button>
                {actions}
            </div>
        </li>
    }
}

#[component]
fn Actions(row: Row, removed: RwSignal<Option<Removed>>) -> impl IntoView {
    let session = session();
    let (key, title) = (StoredValue::new(row.key.clone()), row.title);
    let change = move |change: fn(&mut Servers, &crate::settings::servers::Key)| {
        session.change_servers(|list| change(list, &key.get_value()));
    };
    let remove = move |_| {
        removed.set(session.change_servers(|list| list.remove(&key.get_value())).flatten());
        request_animation_frame(|| window::focus("[data-testid=undo]"));
    };
    let moves = (row.key.source == Source::Saved).then(|| {
        view! {
            <button class="quiet icon" type="button" data-testid="server-up" aria-label=format!("Move {title} up")
                on:click=move |_| change(|list, key| list.shift(key, Shift::Up))>"↑"</button>
            <button class="quiet icon" type="button" data-testid="server-down" aria-label=format!("Move {title} down")
                on:click=move |_| change(|list, key| list.shift(key, Shift::Down))>"↓"</button>
        }
    });
    view! {
        <button class="quiet" type="button" data-testid="server-edit" aria-label=format!("Edit {title}")
            on:click=move |_| session.edit_server(&key.get_value())>"Edit"</button>
        <button class="quiet" type="button" data-testid="server-duplicate" aria-label=format!("Duplicate {title}")
            on:click=move |_| change(|list, key| drop(list.duplicate(key)))>"Duplicate"</button>
        {moves}
        <button class="quiet icon" type="button" data-testid="server-remove" aria-label=format!("Remove {title}") on:click=remove>
            <Drawing icon=Icon::Close/>
        </button>
    }
}
