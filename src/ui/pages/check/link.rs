//! A report in a link: copied, and opened again to be read. Opening one sends nothing.

use super::fixes::Fixes;
use super::lines::Lines;
use super::{Summary, print};
use crate::base::format;
use crate::explain::audit::Audit;
use crate::explain::audit::json::Earlier;
use crate::explain::audit::link::{self, LINK, LONGEST, Linked};
use crate::explain::audit::pasted::Outputs;
use crate::settings::Draft;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::{compress, window};
use leptos::ev;
use leptos::task::spawn_local_scoped;

/// What the fragment of the page's URL holds.
#[derive(Clone, PartialEq)]
pub enum Fragment {
    /// No report.
    Nothing,
    Reading,
    Report(Box<Linked>),
    /// Why it was not read.
    Failed(String),
}

/// The report in the fragment, also where that changes. A fragment that names a line leaves the report that is open.
pub fn opened() -> RwSignal<Fragment> {
    let opened = RwSignal::new(Fragment::Nothing);
    let open = move || {
        let fragment = window::fragment();
        if let Some(packed) = fragment.strip_prefix(LINK).map(str::to_owned) {
            opened.set(Fragment::Reading);
            spawn_local_scoped(async move {
                drop(opened.try_set(read(&packed).await));
            });
        }
    };
    open();
    let listener = window_event_listener(ev::hashchange, move |_| open());
    on_cleanup(move || listener.remove());
    opened
}

async fn read(packed: &str) -> Fragment {
    if packed.len() > LONGEST {
        return Fragment::Failed(format!("The link is longer than {}.", format::bytes(LONGEST)));
    }
    match compress::unpack(packed).await {
        Ok(text) => link::read(&text)
            .map_or_else(|why| Fragment::Failed(format!("{}.", why.in_link())), |it| Fragment::Report(Box::new(it))),
        Err(why) => Fragment::Failed(format!("{why}.")),
    }
}

/// Copies the link, and says what came of it.
#[component]
pub fn CopyLink(told: Memo<Audit>) -> impl IntoView {
    let (said, say) = signal(None::<String>);
    let copy = move |_: leptos::ev::MouseEvent| {
        let text = link::write(&told.read_untracked());
        spawn_local_scoped(async move {
            drop(say.try_set(Some(copied(&text).await)));
        });
    };
    view! {
        <button type="button" class="quiet" data-testid="check-link" on:click=copy>"Copy link"</button>
        <span class="small muted" role="status" data-testid="check-link-said">{move || said.get()}</span>
    }
}

async fn copied(text: &str) -> String {
    let Some(packed) = compress::pack(text).await else {
        return "This browser cannot compress data, so there is no link.".to_owned();
    };
    if packed.len() > LONGEST {
        let (length, most) = (format::bytes(packed.len()), format::bytes(LONGEST));
        return format!("Too long for a link: {length}, at most {most}. Download the JSON instead.");
    }
    let link = format!("{}{}{}{LINK}{packed}", window::origin(), window::base(), Route::Check.path());
    match window::copy(&link).await {
        true => format!("Copied, {} long: verdicts without evidence.", format::bytes(link.len())),
        false => "The browser refused to copy.".to_owned(),
    }
}

/// In the place of the tab's own audit. Closing it gives that back.
#[component]
pub fn LinkedReport(linked: Linked, opened: RwSignal<Fragment>) -> impl IntoView {
    let Linked { audit, left_out } = linked;
    let verdicts = audit.verdicts.clone();
    let (earlier, outputs) = (RwSignal::new(None::<Earlier>), RwSignal::new(Outputs::new()));
    let (server, page, began) = (audit.server.clone(), audit.page.clone(), format::minute(audit.began));
    let revision = audit.revision.map_or("MCP revision unknown", |it| it.as_str());
    view! {
        <article
            class="report" data-testid="check-report" data-status="done" data-source="link"
            data-any-client=verdicts.any_client.name() data-browser=verdicts.browser.name() data-safe=verdicts.safe.name()
        >
            <header>
                <h1>"Report from a link"</h1>
                <p class="mono">{foreign(server.clone())}</p>
                <p data-testid="check-linked"><strong>{format!("Checked {began}, not by this tab")}</strong></p>
                <p>"Anyone can write such a link. Check the server to verify it."</p>
                <Summary audit=audit.clone()/>
                <p class="small muted">{foreign(format!("Checked from {page}. {revision}. A link holds no evidence."))}</p>
                {(left_out > 0).then(|| view! { <p class="small muted">{format!("{left_out} requirements of another version left out.")}</p> })}
                <Actions server opened/>
            </header>
            <Fixes audit=audit.clone()/>
            <Lines audit earlier outputs/>
        </article>
    }
}

#[component]
fn Actions(server: String, opened: RwSignal<Fragment>) -> impl IntoView {
    let session = session();
    let fill = move |_: leptos::ev::MouseEvent| {
        session.draft.set(Draft { server: server.clone(), ..Draft::default() });
        session.go(Route::Connect);
    };
    view! {
        <div class="row">
            <button type="button" data-testid="check-linked-server" on:click=fill>"Fill connection form"</button>
            <button type="button" class="quiet" data-testid="check-print" on:click=print>"Print"</button>
            <Close opened/>
        </div>
    }
}

#[component]
fn Close(opened: RwSignal<Fragment>) -> impl IntoView {
    let close = move |_: leptos::ev::MouseEvent| {
        window::replace(&Route::Check.path());
        opened.set(Fragment::Nothing);
    };
    view! { <button type="button" class="quiet" data-testid="check-linked-close" on:click=close>"Close report"</button> }
}

/// A link that was not read, and why.
#[component]
pub fn Unreadable(why: String, opened: RwSignal<Fragment>) -> impl IntoView {
    view! {
        <div class="empty" role="alert" data-testid="check-link-failed">
            <h1>"The report was not opened"</h1>
            <p>{why}</p>
            <Close opened/>
        </div>
    }
}
