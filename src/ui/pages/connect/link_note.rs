//! What the user has to know of the link that filled the form: what of it was not used, and where it leads the login.

use crate::ui::prelude::*;
use crate::ui::session::{LinkNote, session};

#[component]
pub fn LinkNotice() -> impl IntoView {
    let note = session().link;
    move || note.get().map(|it| view! { <Notice it/> })
}

#[component]
fn Notice(it: LinkNote) -> impl IntoView {
    let note = session().link;
    let LinkNote { unused, leads, binds } = it;
    let not_used = (!unused.is_empty()).then(|| {
        let row = |it: crate::settings::link::Unused| {
            let (name, why) = (it.name.clone(), it.why.to_string());
            view! { <li data-testid="link-unused" data-name=name><code>{foreign(it.name)}</code>": "{foreign(why)}"."</li> }
        };
        view! {
            <p>"These parameters of the link were not used:"</p>
            <ul>{unused.into_iter().map(row).collect_view()}</ul>
        }
    });
    let leads = (!leads.is_empty()).then(|| {
        let row = |url: String| view! { <li><code>{foreign(url)}</code></li> };
        view! {
            <p>"The link sets URLs of the authorization server. Connect only if you know them:"</p>
            <ul data-testid="link-leads">{leads.into_iter().map(row).collect_view()}</ul>
        }
    });
    let binds = (!binds.is_empty()).then(|| {
        let row = |(name, value): (&'static str, String)| view! { <li><code>{name}</code>": "<code>{foreign(value)}</code></li> };
        view! {
            <p>"The link sets the client, or what the token is for. A token for another server could be sent to this one:"</p>
            <ul data-testid="link-binds">{binds.into_iter().map(row).collect_view()}</ul>
        }
    });
    view! {
        <section class="waiting" role="status" data-testid="link-notice">
            <div class="stack">{not_used}{leads}{binds}</div>
            <button type="button" on:click=move |_| note.set(None)>"Close"</button>
        </section>
    }
}
