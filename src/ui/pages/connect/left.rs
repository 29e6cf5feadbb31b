//! That the tab was connected to another server when a link filled the form: which one, and the way back.

use crate::ui::prelude::*;
use crate::ui::session::session;

#[component]
pub fn LeftServer() -> impl IntoView {
    let session = session();
    let server = Memo::new(move |_| session.left_server());
    move || {
        server.get().map(|url| {
            view! {
                <section class="waiting" role="status" data-testid="left-server">
                    <p>
                        "This tab was connected to "<code>{foreign(url)}</code>
                        ". Connecting to another server replaces that connection."
                    </p>
                    <button type="button" data-testid="left-reconnect" on:click=move |_| session.return_to_left()>"Reconnect"</button>
                </section>
            }
        })
    }
}
