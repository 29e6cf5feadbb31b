//! The notice that what the tab had stored could not be used.

use crate::ui::prelude::*;
use crate::ui::session::session;

#[component]
pub fn Dropped() -> impl IntoView {
    let dropped = session().dropped;
    move || {
        dropped.get().map(|why| {
            view! {
                <section class="waiting" role="alert">
                    <p>{why.to_string()}"."</p>
                    <button type="button" on:click=move |_| dropped.set(None)>"Close"</button>
                </section>
            }
        })
    }
}
