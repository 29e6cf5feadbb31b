//! The connected server, copied for other clients.

use crate::export::clients::{self, Client};
use crate::ui::parts::copy::Copy;
use crate::ui::prelude::*;
use crate::ui::session::session;

#[component]
pub fn Clients() -> impl IntoView {
    let session = session();
    let button = |(client, label, testid): (Client, &'static str, &'static str)| {
        let text = move |()| {
            let name = session.draft.read_untracked().label.clone();
            session.peek(|it| clients::connected(it, client, &name)).unwrap_or_default()
        };
        view! { <Copy text label attr:data-testid=testid/> }
    };
    view! {
        <div class="row">{Client::ALL.map(button).into_iter().collect_view()}</div>
        <p class="hint">"Secrets are not copied: the client asks for them, or reads variables."</p>
    }
}
