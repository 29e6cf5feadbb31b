//! Settings below the URL: parts that are closed until wanted, and in them groups that say when they are needed.

use crate::lens;
use crate::settings::Draft;
use crate::ui::parts::field::{Lens, Look};
use crate::ui::prelude::*;
use crate::ui::session::session;

pub const fn look(id: &'static str, label: &'static str, hint: &'static str) -> Look {
    Look { id, label, hint, kind: "text", placeholder: "" }
}

/// The texts of the connection settings; the headers are beside them.
const CONNECTION: [Lens; 5] = [lens!(revision), lens!(transport), lens!(bearer), lens!(timeout), lens!(roots)];

const AUTHORIZATION: [Lens; 15] = [
    lens!(registration),
    lens!(client_id),
    lens!(client_secret),
    lens!(private_key),
    lens!(client_metadata_url),
    lens!(token_auth),
    lens!(scope),
    lens!(extra),
    lens!(redirect_mode),
    lens!(resource),
    lens!(grant),
    lens!(issuer),
    lens!(authorization_endpoint),
    lens!(token_endpoint),
    lens!(registration_endpoint),
];

fn differ(draft: &Draft, lenses: &[Lens]) -> bool {
    let default = Draft::default();
    lenses.iter().any(|it| (it.get)(draft) != (it.get)(&default))
}

pub fn connection_changed(draft: &Draft) -> bool {
    differ(draft, &CONNECTION) || draft.memory_only || !draft.headers.is_empty()
}

pub fn authorization_changed(draft: &Draft) -> bool {
    differ(draft, &AUTHORIZATION) || draft.step_mode
}

/// The line that opens a part: what it holds, and whether anything in it was changed.
#[component]
pub fn Summary(title: &'static str, changed: fn(&Draft) -> bool) -> impl IntoView {
    let draft = session().draft;
    let changed = Memo::new(move |_| changed(&draft.read()));
    view! {
        <summary>{title}<small class="muted">{move || if changed.get() { "changed" } else { "automatic" }}</small></summary>
    }
}

/// Fields that belong together, and when they are needed.
#[component]
pub fn Group(title: &'static str, when: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="group" role="group" aria-label=title>
            <div>
                <h2>{title}</h2>
                <p class="hint">{when}</p>
            </div>
            <div class="fields">{children()}</div>
        </div>
    }
}
