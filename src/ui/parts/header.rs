//! The header: what am I connected to, on one line; and the navigation with its counts.

use super::icon::{Drawing, Icon};
use super::link::{follow, href};
use super::simulated::Simulated;
use crate::inspector::{Input, Phase};
use crate::mcp::model::ItemKind;
use crate::settings::Draft;
use crate::ui::prefs::Theme;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::{Overlay, Session, session};
use crate::ui::typed::settled;
use crate::web::window;
use web_sys::SubmitEvent;

#[component]
pub fn Header() -> impl IntoView {
    let overlay = session().overlay;
    view! {
        <header class="top">
            <a class="brand" href=href(&Route::Connect) on:click=follow(Route::Connect)>
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M6 3h12M6 21h12M7.5 3c0 5 3.9 6 3.9 9s-3.9 4-3.9 9M16.5 3c0 5-3.9 6-3.9 9s3.9 4 3.9 9"></path>
                </svg>
                "Flowglass"
            </a>
            <Address/>
            <Status/>
            <div class="end">
                <ThemeButton/>
                <button
                    class="quiet icon help" type="button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts" aria-haspopup="dialog"
                    on:click=move |_| overlay.set(Some(Overlay::Shortcuts))
                >"?"</button>
                <button
                    class="quiet" type="button" aria-label="Commands" aria-haspopup="dialog"
                    on:click=move |_| overlay.set(Some(Overlay::Palette))
                >
                    <Drawing icon=Icon::Commands/>
                    <kbd>"Ctrl K"</kbd>
                </button>
            </div>
        </header>
    }
}

/// The short cut: the address with what can be done about it. The form itself stands on the first page.
#[component]
fn Address() -> impl IntoView {
    let session = session();
    let phase = session.memo(|it| it.phase());
    let server = session.memo(|it| it.settings().map(|it| it.server.as_given().to_owned()).unwrap_or_default());
    let account = session.account();
    let on_first = move || session.route() == Route::Connect;
    move || match phase.get() {
        Phase::Connecting | Phase::Authorizing | Phase::Connected => {
            let end = if phase.get() == Phase::Connected { "Disconnect" } else { "Stop" };
            let stop = move |_| session.dispatch(Input::Disconnect);
            view! {
                <div class="address">
                    <span class="mono cut" title=server>{move || foreign(server.get())}</span>
                    {move || account.with(|it| (!it.is_empty()).then(|| view! {
                        <span class="account cut" data-testid="account" title=it.clone()>{it.clone()}</span>
                    }))}
                    <button class="quiet" type="button" on:click=stop>{end}</button>
                </div>
            }
            .into_any()
        }
        _ if on_first() || window::is_in_foreign_frame() => view! { <div class="grow"></div> }.into_any(),
        _ => view! { <ShortForm/> }.into_any(),
    }
}

/// Connects with the form's settings; what cannot be used is shown where it is typed, on the first page.
#[component]
fn ShortForm() -> impl IntoView {
    let session = session();
    let typed = move || session.draft.read().server.clone();
    let connect = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(settings) = settled(session) {
            session.connect(settings);
        }
    };
    view! {
        <form class="address" novalidate on:submit=connect>
            <input
                class="mono" type="text" inputmode="url" autocapitalize="off" autocomplete="url" spellcheck="false"
                aria-label="Server URL" placeholder="https://mcp.example.com/mcp"
                prop:value=typed
                on:input:target=move |event| session.draft.update(|it: &mut Draft| it.server = event.target().value())
            />
            <button>"Connect"</button>
        </form>
    }
}

fn status_words(session: Session) -> String {
    session.read(|it| {
        let connection = it.connection().filter(|it| it.info.is_some());
        match (it.phase(), connection) {
            (Phase::Connected, Some(it)) => format!("connected · {} · {}", it.revision().as_str(), it.transport.name()),
            (Phase::Idle, _) => "not connected".to_owned(),
            (phase, _) => phase.name().to_owned(),
        }
    })
}

#[component]
fn Status() -> impl IntoView {
    let session = session();
    let phase = session.memo(|it| it.phase().name());
    let words = Memo::new(move |_| status_words(session));
    view! {
        <p class="status" role="status" data-state=phase>
            <span class="dot" aria-hidden="true"></span>
            <span>{words}</span>
            <Simulated/>
        </p>
    }
}

#[component]
fn ThemeButton() -> impl IntoView {
    let theme = session().theme;
    Effect::new(move |_| theme.get().apply());
    let icon = move || match theme.get() {
        Theme::Auto => Icon::Auto,
        Theme::Light => Icon::Light,
        Theme::Dark => Icon::Dark,
    };
    view! {
        <button
            class="quiet icon" type="button"
            aria-label=move || theme.get().words() title=move || theme.get().words()
            on:click=move |_| theme.update(|it| *it = it.next())
        >
            {move || view! { <Drawing icon=icon()/> }}
        </button>
    }
}

/// The pages with their counts.
#[component]
pub fn Navigation() -> impl IntoView {
    let session = session();
    let count = move |kinds: &'static [ItemKind]| {
        let sum = move |_: Option<&usize>| {
            session.read(|it| {
                let lists = kinds.iter().filter_map(|kind| it.list(*kind));
                lists.map(|list| list.items.len() + list.bad.len()).sum::<usize>()
            })
        };
        Memo::new(sum)
    };
    let requests = session.memo(|it| it.trace().exchange_count());
    let logs = session.memo(|it| it.logs().len());
    let knows_tasks = session.memo(|it| it.knows_tasks());
    let tasks = session.memo(|it| it.open_tasks());
    let none = Memo::new(|_| 0);
    let link = move |route: Route, id: &'static str, label: &'static str, count: Memo<usize>| {
        let has_count = count != none;
        let (page, address) = (route.clone(), href(&route));
        let current = move || session.route().same_page(&page).then_some("page");
        let badge = move || (count.get() > 0).then(|| view! { <small>{count}</small> });
        let counted = move || view! { <span class="counted">{badge}</span> };
        view! { <a data-testid=id href=address aria-current=current on:click=follow(route)>{label}" "{has_count.then(counted)}</a> }
    };
    view! {
        <nav class="nav" aria-label="Pages">
            {link(Route::Connect, "nav-connect", "Connect", none)}
            {link(Route::Walkthrough(None), "nav-walkthrough", "Walkthrough", none)}
            {link(Route::Tools(None), "nav-tools", "Tools", count(&[ItemKind::Tools]))}
            {link(Route::Resources(None), "nav-resources", "Resources", count(&[ItemKind::Resources, ItemKind::Templates]))}
            {link(Route::Prompts(None), "nav-prompts", "Prompts", count(&[ItemKind::Prompts]))}
            {link(Route::Wire(None), "nav-wire", "Wire", requests)}
            {link(Route::Logs(None), "nav-logs", "Logs", logs)}
            // The last: it comes with the connection, and moves nothing.
            {move || knows_tasks.get().then(|| link(Route::Tasks, "nav-tasks", "Tasks", tasks))}
        </nav>
    }
}
