//! The way into the demo world: one button, and what is to be wrong there.

use crate::demo::{self, Fault};
use crate::settings::Draft;
use crate::ui::prefs;
use crate::ui::prelude::*;
use crate::ui::session::session;

/// Of what is typed, the demo takes what says how to connect; what is meant for another server stays out of it.
fn draft(typed: &Draft) -> Draft {
    Draft {
        server: demo::SERVER.to_owned(),
        revision: typed.revision.clone(),
        transport: typed.transport.clone(),
        timeout: typed.timeout.clone(),
        roots: typed.roots.clone(),
        redirect_mode: typed.redirect_mode.clone(),
        step_mode: typed.step_mode,
        ..Draft::default()
    }
}

#[component]
pub fn DemoWorld() -> impl IntoView {
    let session = session();
    let open = move |_| {
        let draft = draft(&session.draft.read_untracked());
        session.draft.update(|it| it.server.clone_from(&draft.server));
        if let Ok(settings) = draft.settings() {
            session.demo(settings);
        }
    };
    view! {
        <section class="demo" aria-labelledby="demo-title">
            <div>
                <h2 id="demo-title">"No server at hand?"</h2>
                <p class="small muted">"Try the demo: both servers and the login are a part of this page. It needs no network."</p>
            </div>
            <div class="demo-row">
                <FaultChoice/>
                <button type="button" data-testid="demo" on:click=open>"Connect to the demo"</button>
            </div>
        </section>
    }
}

#[component]
fn FaultChoice() -> impl IntoView {
    let fault = session().fault;
    let write = move |name: String| {
        fault.set(Fault::parse(&name));
        prefs::set_fault(fault.get_untracked());
    };
    let options = Fault::ALL.into_iter().map(|(it, name, words)| {
        view! { <option value=name prop:selected=move || fault.get() == Some(it)>{words}</option> }
    });
    view! {
        <div class="field grow">
            <label for="demo-fault">"What is wrong there"</label>
            <select id="demo-fault" data-testid="demo-fault" on:change:target=move |event| write(event.target().value())>
                <option value="none">"Nothing"</option>
                {options.collect_view()}
            </select>
        </div>
    }
}
