//! The frame that an app runs in, and its bridge: what the frame says goes to the machine of the bridge, and what that
//! orders is carried out here.

use super::messages::AppMessages;
use super::reach::Reached;
use super::{App, next_frame};
use crate::inspector::{AppInput, Input as Happened, Inspector, Outcome, Status};
use crate::mcp::app::AppCall;
use crate::mcp::app::bridge::{Bridge, Ending, Input, Line, Mode, Order, Subject, Theme};
use crate::mcp::app::page::{AppPage, allowed};
use crate::mcp::jsonrpc;
use crate::mcp::model::ItemKind;
use crate::ui::prelude::*;
use crate::web::clock::{self, Timer};
use crate::web::frame::Frame;
use crate::web::{scheme, window};
use leptos::html::Iframe;
use serde_json::json;
use std::sync::Arc;
use web_sys::{Element, KeyboardEvent};

/// How high a frame is before its app says how high it wants to be, in CSS pixels.
const HEIGHT: u32 = 320;
/// The id of the button that ends fullscreen.
const EXIT: &str = "app-inline";
/// How long an app has for its end, in milliseconds.
const FAREWELL: u32 = 1_000;

/// An app that runs.
#[derive(Clone, Copy)]
struct Running {
    app: App,
    number: u32,
    page: StoredValue<Arc<AppPage>>,
    bridge: StoredValue<Option<Bridge>, LocalStorage>,
    frame: StoredValue<Option<Frame>, LocalStorage>,
    element: NodeRef<Iframe>,
    height: RwSignal<u32>,
    mode: RwSignal<Mode>,
    /// Whether the app can be shown over the whole page.
    expands: RwSignal<bool>,
    messages: RwSignal<Vec<Arc<str>>>,
    farewell: StoredValue<Option<Timer>, LocalStorage>,
}

#[component]
pub fn AppFrame(app: App, page: Arc<AppPage>) -> impl IntoView {
    let running = Running {
        app,
        number: next_frame(),
        page: StoredValue::new(Arc::clone(&page)),
        bridge: StoredValue::new_local(None),
        frame: StoredValue::new_local(None),
        element: NodeRef::new(),
        height: RwSignal::new(HEIGHT),
        mode: RwSignal::new(Mode::Inline),
        expands: RwSignal::new(false),
        messages: RwSignal::new(Vec::new()),
        farewell: StoredValue::new_local(None),
    };
    let element = running.element;
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            running.begin(&element);
        }
    });
    running.follow();
    on_cleanup(move || running.end());
    let name = app.target.with_value(|it| format!("App of the tool {}", it.key));
    let granted = app.granted.get_untracked();
    view! {
        <div class="app-stage" tabindex="-1" data-mode=move || running.mode.get().name() on:keydown=move |event| running.press(&event)>
            <Show when=move || running.mode.get() == Mode::Fullscreen><Bar running/></Show>
            // Without `allow-same-origin`: the app has no origin, so no storage, cookie or page of ours is its own.
            <iframe
                node_ref=element sandbox="allow-scripts" allow=allowed(&granted) referrerpolicy="no-referrer" data-testid="app-frame"
                src=format!("{}app/frame.html", window::base()) title=name data-border=page.border.to_string()
                style:block-size=move || format!("{}px", running.height.get())
            ></iframe>
        </div>
        <Controls running/>
        <AppMessages messages=running.messages/>
        <details><summary>"What it may reach"</summary><Reached page granted=Some(granted)/></details>
    }
}

/// What stands above an app that covers the page.
#[component]
fn Bar(running: Running) -> impl IntoView {
    let name = running.app.target.with_value(|it| it.key.clone());
    view! {
        <div class="row">
            <strong class="cut grow">"App of "{foreign(name)}</strong>
            <button type="button" id=EXIT data-testid="app-inline" on:click=move |_| running.tell(Input::Show(Mode::Inline))>"Exit fullscreen"</button>
        </div>
    }
}

#[component]
fn Controls(running: Running) -> impl IntoView {
    let expand = move |_| running.tell(Input::Show(Mode::Fullscreen));
    let in_parts = running.app.in_parts;
    // It begins anew: an app gets its input once.
    let choose = move |on: bool| {
        in_parts.set(on);
        running.app.stage.update(|_| ());
    };
    view! {
        <div class="row">
            <button type="button" data-testid="app-close" on:click=move |_| running.close()>"Close app"</button>
            <Show when=move || running.expands.get()>
                <button type="button" class="quiet" data-testid="app-fullscreen" on:click=expand>"Fullscreen"</button>
            </Show>
            <label class="check">
                <input
                    type="checkbox" data-testid="app-input-parts" prop:checked=in_parts
                    on:change:target=move |event| choose(event.target().checked())
                />
                "Input in parts"
            </label>
            <small class="muted">"Its messages are in the log."</small>
        </div>
    }
}

impl Running {
    fn begin(self, element: &Element) {
        let server = self.app.session.peek(|it| it.connection().map(|it| it.server.clone()));
        let outcome = self.app.session.peek(|it| self.outcome(it).map(|it| (it.ask.arguments.clone(), ending(it))));
        let (Some(server), Some((arguments, ended))) = (server, outcome) else { return };
        self.bridge.set_value(Some(Bridge::new(Subject {
            tool: self.app.tool.get_value(),
            arguments,
            reach: self.page.with_value(|it| it.reach.clone()),
            server,
            theme: theme(),
            width: element.client_width().unsigned_abs(),
            granted: self.app.granted.get_untracked(),
            in_parts: self.app.in_parts.get_untracked(),
        })));
        let heard = Frame::of(element, move |text| self.tell(Input::Said(text)));
        self.frame.set_value(heard);
        if let Some(ending) = ended {
            self.tell(Input::Ended(ending));
        }
    }

    /// Tells the app what changes while it runs.
    fn follow(self) {
        let session = self.app.session;
        let hears = UnsyncCallback::new(move |(call, answer): (AppCall, _)| {
            if call.frame == self.number {
                self.tell(Input::Answered(call.number, answer));
            }
        });
        self.app.hears.set_value(Some(hears));
        let open = session.memo(move |it| self.outcome(it).is_some_and(|it| it.status.is_open()));
        Effect::new(move |_| {
            if !open.get()
                && let Some(ending) = session.peek(|it| self.outcome(it).and_then(ending))
            {
                self.tell(Input::Ended(ending));
            }
        });
        let connected = session.memo(Inspector::is_connected);
        Effect::new(move |_| {
            if !connected.get() {
                self.tell(Input::Parted);
            }
        });
        StoredValue::new_local(scheme::Watch::new(move || self.tell(Input::Theme(theme()))));
    }

    fn outcome(self, inspector: &Inspector) -> Option<&Outcome> {
        self.app.target.with_value(|it| inspector.outcome(it))
    }

    fn tell(self, input: Input) {
        let orders = self.app.session.peek(|it| {
            let tools = it.list(ItemKind::Tools).map(|it| Arc::clone(&it.items)).unwrap_or_default();
            let handled = |bridge: &mut Option<Bridge>| Some(bridge.as_mut()?.handle(clock::now(), input, &tools));
            self.bridge.try_update_value(handled).flatten()
        });
        let (lines, orders): (Vec<_>, Vec<_>) = orders.unwrap_or_default().into_iter().partition(is_line);
        let lines: Vec<Line> = lines.into_iter().filter_map(line).collect();
        if !lines.is_empty() {
            self.app.session.dispatch(Happened::App(AppInput::Log(lines)));
        }
        orders.into_iter().for_each(|it| self.perform(it));
    }

    fn perform(self, order: Order) {
        let (session, call) = (self.app.session, |number| AppCall { frame: self.number, number });
        match order {
            Order::Load => self.post(&document(&self.page.get_value())),
            Order::Post(text) => self.post(&text),
            Order::Log(line) => session.dispatch(Happened::App(AppInput::Log(vec![line]))),
            Order::Ask(number, wish) => session.dispatch(Happened::App(AppInput::Ask(call(number), wish))),
            Order::Send(number, raw) => session.dispatch(Happened::App(AppInput::Send(call(number), Box::new(raw)))),
            Order::Open(page) => window::open(&page.href()),
            Order::Resize(height) => self.height.set(height),
            Order::Expandable => self.expands.set(true),
            Order::Show(mode) => self.show(mode),
            Order::Message(said) => self.messages.update(|it| it.push(said.into())),
            Order::Remove => self.remove(),
        }
    }

    /// Takes the mode, and tells the app which size it has then.
    fn show(self, mode: Mode) {
        self.mode.set(mode);
        request_animation_frame(move || {
            if mode == Mode::Fullscreen {
                window::focus(&format!("#{EXIT}"));
            }
            if let Some(element) = self.element.try_get_untracked().flatten() {
                let (width, height) = (element.client_width().unsigned_abs(), element.client_height().unsigned_abs());
                self.tell(Input::Measured { width, height });
            }
        });
    }

    /// Escape ends fullscreen, and nothing else then.
    fn press(self, event: &KeyboardEvent) {
        if event.key() == "Escape" && self.mode.get_untracked() == Mode::Fullscreen {
            event.prevent_default();
            event.stop_propagation();
            self.tell(Input::Show(Mode::Inline));
        }
    }

    fn post(self, text: &str) {
        let _ = self.frame.try_with_value(|it| {
            if let Some(frame) = it {
                frame.post(text);
            }
        });
    }

    /// The user wants it gone. It may take its leave, for a while.
    fn close(self) {
        self.farewell.set_value(Timer::after(FAREWELL, move || self.remove()));
        self.tell(Input::Close);
    }

    /// Not within a call from what goes with it.
    fn remove(self) {
        clock::soon(move || self.app.put_away());
    }

    /// The frame goes, with the page or for another call: the app is told, and nobody waits for it.
    fn end(self) {
        let (session, number) = (self.app.session, self.number);
        self.tell(Input::Close);
        clock::soon(move || session.dispatch(Happened::App(AppInput::Closed(number))));
    }
}

fn is_line(order: &Order) -> bool {
    matches!(order, Order::Log(_))
}

fn line(order: Order) -> Option<Line> {
    match order {
        Order::Log(line) => Some(line),
        _ => None,
    }
}

fn theme() -> Theme {
    if scheme::is_dark() { Theme::Dark } else { Theme::Light }
}

/// The message with which the frame's own page takes the document.
fn document(page: &AppPage) -> String {
    let params = jsonrpc::raw(&json!({ "html": page.document() }));
    jsonrpc::notification("ui/notifications/sandbox-resource-ready", Some(&params))
}

/// How a call ended; nothing where it has not.
fn ending(outcome: &Outcome) -> Option<Ending> {
    match (outcome.status, &outcome.result) {
        (Status::Pending | Status::NeedsInput, _) => None,
        (Status::Ok | Status::ToolError, Some(result)) => Some(Ending::Result(Arc::clone(result))),
        (Status::Ok | Status::ToolError, None) => Some(Ending::Cancelled("The result was not kept")),
        (Status::Cancelled, _) => Some(Ending::Cancelled("The user cancelled the call")),
        (Status::RpcError | Status::HttpError | Status::Refused, _) => Some(Ending::Cancelled("The call failed")),
    }
}
