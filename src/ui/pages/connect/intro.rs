//! The four roles of OAuth, for a first visit; closed, it is gone for good.

use crate::ui::prefs;
use crate::ui::prelude::*;
use crate::web::window;

/// The party, its name, its role, and what it does.
const ROLES: [[&str; 4]; 4] = [
    ["you", "You", "resource owner", "Decide what the client may do."],
    ["client", "This client", "client: Flowglass", "Asks for access, never sees your password."],
    ["server", "MCP server", "resource server", "Has the tools and checks every token."],
    ["issuer", "Authorization server", "may be the same host", "Logs you in and issues tokens."],
];

#[component]
pub fn Intro() -> impl IntoView {
    let (open, set_open) = signal(prefs::has_intro());
    let close = move |_| {
        prefs::close_intro();
        set_open.set(false);
        window::focus("[data-testid=server-url]");
    };
    let role = |[party, name, role, does]: [&'static str; 4]| {
        view! { <li data-party=party><b class="party">{name}</b><small class="muted">{role}</small>{does}</li> }
    };
    view! {
        <Show when=move || open.get()>
            <section class="roles" data-testid="intro" aria-label="Four roles of OAuth">
                <div class="row">
                    <h2 class="grow">"Four roles of OAuth"</h2>
                    <button type="button" class="quiet" data-testid="intro-close" on:click=close>"Got it"</button>
                </div>
                <ol>{ROLES.map(role).into_iter().collect_view()}</ol>
            </section>
        </Show>
    }
}
