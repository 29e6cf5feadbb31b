//! The app that a tool names for its results (MCP Apps): shown with each result where it reaches no host; else once the user
//! has allowed what it may reach.

mod frame;
mod messages;
mod permissions;
mod reach;

use crate::base::format;
use crate::base::text::fact;
use crate::inspector::{AppInput, Input, Inspector};
use crate::mcp::app::bridge::Answer;
use crate::mcp::app::page::{AppPage, NotShown};
use crate::mcp::app::{AppCall, MIME, resource_of};
use crate::mcp::connection::Target;
use crate::mcp::model::{Item, ItemKind};
use crate::mcp::raw::RawMessage;
use crate::ui::parts::deliberate::deliberate;
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};
use frame::AppFrame;
use permissions::Permissions;
use reach::Reached;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// How far the app is.
#[derive(Clone, PartialEq)]
enum Stage {
    Offered,
    /// Its resource is being read, for the frame with this number.
    Reading(u32),
    /// It may reach other hosts, which the user has to allow.
    Asking(Arc<AppPage>),
    Shown(Arc<AppPage>),
    /// In words.
    Failed(String),
}

/// What its pieces share.
#[derive(Clone, Copy)]
struct App {
    session: Session,
    tool: StoredValue<Arc<Item>>,
    target: StoredValue<Target>,
    stage: RwSignal<Stage>,
    /// The user closed it, or allowed it nothing: it comes when it is asked for.
    unwanted: RwSignal<bool>,
    /// What it may ask the browser for, of what it asks for.
    granted: RwSignal<Vec<&'static str>>,
    /// Its input comes in parts first.
    in_parts: RwSignal<bool>,
    /// Who is told what comes of the requests of the frame that is shown.
    hears: StoredValue<Option<UnsyncCallback<(AppCall, Answer)>>, LocalStorage>,
}

/// The number of a request that the frame itself makes: that for its page.
const PAGE: u32 = 0;

/// A number for a frame, unique while the page is open.
fn next_frame() -> u32 {
    static LAST: AtomicU32 = AtomicU32::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

#[component]
pub fn ToolApp(tool: Arc<Item>) -> impl IntoView {
    styled(include_str!("../../../style/apps.css"));
    let session = session();
    let uri = resource_of(&tool).unwrap_or_default();
    let app = App {
        session,
        target: StoredValue::new(Target { kind: ItemKind::Tools, key: tool.key.clone() }),
        tool: StoredValue::new(tool),
        stage: RwSignal::new(Stage::Offered),
        unwanted: RwSignal::new(false),
        granted: RwSignal::new(Vec::new()),
        in_parts: RwSignal::new(false),
        hears: StoredValue::new_local(None),
    };
    session.hear_apps(UnsyncCallback::new(move |(call, answer)| app.heard(call, answer)));
    // Each call has a frame of its own: an app gets the input of a call once.
    let began = session.memo(move |it| app.target.with_value(|target| it.outcome(target).map(|it| it.began.to_bits())));
    let connected = session.memo(Inspector::is_connected);
    Effect::new(move |_| {
        if began.get().is_some() && connected.get() && !app.unwanted.get_untracked() {
            app.read_once();
        }
    });
    let body = move || {
        let stage = app.stage.get();
        began.get().map(|_| anew(app.body(stage)))
    };
    view! {
        <Show when=move || began.get().is_some()>
            <section class="app" data-testid="tool-app" aria-label="App">
                <div class="row">
                    <h3>"App"</h3>
                    <code class="small muted cut grow">{foreign(uri.clone())}</code>
                    <Buttons app/>
                </div>
                {body}
            </section>
        </Show>
    }
}

#[component]
fn Buttons(app: App) -> impl IntoView {
    let view = move || match app.stage.get() {
        Stage::Offered | Stage::Failed(_) => Some(
            view! { <button type="button" data-testid="app-show" on:click=move |_| app.read()>"Show app"</button> }
                .into_any(),
        ),
        Stage::Asking(page) => {
            let allow = move |_| app.stage.set(Stage::Shown(Arc::clone(&page)));
            let cancel = move |_| app.put_away();
            let ready = deliberate();
            Some(view! {
                <button type="button" class="main" data-testid="app-allow" on:click=allow disabled=move || !ready.get()>"Allow and show"</button>
                <button type="button" class="quiet" on:click=cancel>"Cancel"</button>
            }.into_any())
        }
        Stage::Reading(_) | Stage::Shown(_) => None,
    };
    view! { <div class="row">{move || anew(view())}</div> }
}

impl App {
    fn body(self, stage: Stage) -> AnyView {
        match stage {
            Stage::Offered => view! {
                <p class="small muted">"This tool has an app for its results. It runs code of the server in a sandboxed frame."</p>
            }
            .into_any(),
            Stage::Reading(_) => view! {
                <p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>"Reading the app"</p>
            }
            .into_any(),
            Stage::Asking(page) => view! {
                {(!page.reach.is_empty()).then(|| view! { <p role="status">"The app may reach other hosts. What it knows of the call can be sent there."</p> })}
                {page.reach.is_empty().then(|| view! { <p role="status">"The app asks for permissions of the browser."</p> })}
                <Permissions app=self asked=page.permissions.clone()/>
                <Reached page granted=None/>
            }
            .into_any(),
            Stage::Shown(page) => view! { <AppFrame app=self page/> }.into_any(),
            Stage::Failed(why) => view! { <p class="error" role="status">{foreign(why)}</p> }.into_any(),
        }
    }

    fn put_away(self) {
        let _ = self.unwanted.try_set(true);
        let _ = self.stage.try_set(Stage::Offered);
    }

    fn read_once(self) {
        if self.stage.get_untracked() == Stage::Offered {
            self.read();
        }
    }

    /// Reads its page from the server.
    fn read(self) {
        self.unwanted.set(false);
        let frame = next_frame();
        self.stage.set(Stage::Reading(frame));
        let params = Some(json!({ "uri": self.uri() }).to_string());
        let raw = Box::new(RawMessage { method: "resources/read".to_owned(), params });
        self.session.dispatch(Input::App(AppInput::Send(AppCall { frame, number: PAGE }, raw)));
    }

    fn uri(self) -> String {
        self.tool.with_value(|it| resource_of(it)).unwrap_or_default()
    }

    fn heard(self, call: AppCall, answer: Answer) {
        // The page may be another one by now.
        let Some(stage) = self.stage.try_get_untracked() else { return };
        if stage == Stage::Reading(call.frame) && call.number == PAGE {
            return self.stage.set(self.judged(answer));
        }
        if let Some(hears) = self.hears.try_get_value().flatten() {
            hears.run((call, answer));
        }
    }

    /// A page that reaches nothing and asks for nothing is shown at once.
    fn judged(self, answer: Answer) -> Stage {
        let result = match answer {
            Answer::Result(result) => result,
            Answer::Error(error) => {
                return Stage::Failed(format!("The server did not give the app: {}", fact(&error.message)));
            }
            _ => return Stage::Failed("The server did not respond with the app.".to_owned()),
        };
        let server = self.session.peek(|it| it.connection().map(|it| it.server.clone()));
        let Some(server) = server else { return Stage::Offered };
        self.granted.set(Vec::new());
        match AppPage::read(&result, &self.uri(), &server).map(Arc::new) {
            Ok(page) if page.is_plain() => Stage::Shown(page),
            Ok(page) => Stage::Asking(page),
            Err(why) => Stage::Failed(words(&why)),
        }
    }
}

fn words(why: &NotShown) -> String {
    match why {
        NotShown::Empty => "The result of resources/read has no contents.".to_owned(),
        NotShown::MediaType(given) if given.is_empty() => format!("The resource has no mimeType; an app has {MIME}."),
        NotShown::MediaType(given) => format!("The resource is {given}; an app is {MIME}."),
        NotShown::NoText => "The resource has neither text nor base64 of a text.".to_owned(),
        NotShown::TooLong { limit } => format!("The app is longer than {}.", format::bytes(*limit)),
    }
}
