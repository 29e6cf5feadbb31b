//! One server of the list.

use crate::settings::servers::Source;
use crate::ui::parts::icon::{Drawing, Icon};
use crate::ui::prelude::*;
use crate::ui::session::servers::{Deed, ServerRow};
use crate::ui::session::session;

#[component]
pub fn ServerRow(row: ServerRow) -> impl IntoView {
    let session = session();
    let (key, title) = (StoredValue::new(row.key.clone()), row.title.clone());
    let named = row.title != row.url;
    let connect = move |_| session.with_server(&key.get_value(), Deed::Connect);
    let actions = (row.key.source != Source::Preset).then(|| view! { <Actions row=row.clone()/> });
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
fn Actions(row: ServerRow) -> impl IntoView {
    let session = session();
    let (key, title) = (StoredValue::new(row.key.clone()), row.title);
    let does = move |deed: Deed| move |_| session.with_server(&key.get_value(), deed);
    let moves = (row.key.source == Source::Saved).then(|| {
        view! {
            <button class="quiet icon" type="button" data-testid="server-up" aria-label=format!("Move {title} up")
                on:click=does(Deed::Up)>"↑"</button>
            <button class="quiet icon" type="button" data-testid="server-down" aria-label=format!("Move {title} down")
                on:click=does(Deed::Down)>"↓"</button>
        }
    });
    view! {
        <button class="quiet" type="button" data-testid="server-edit" aria-label=format!("Edit {title}")
            on:click=does(Deed::Edit)>"Edit"</button>
        <button class="quiet" type="button" data-testid="server-duplicate" aria-label=format!("Duplicate {title}")
            on:click=does(Deed::Duplicate)>"Duplicate"</button>
        {moves}
        <button class="quiet icon" type="button" data-testid="server-remove" aria-label=format!("Remove {title}") on:click=does(Deed::Remove)>
            <Drawing icon=Icon::Close/>
        </button>
    }
}
