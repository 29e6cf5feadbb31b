//! The frame that an app runs in, and its bridge: what the frame says goes to the machine of the bridge, and what that
//! orders is carried out here.

use super::reach::Reached;
use super::{App, next_frame};
use crate::inspector::{AppInput, Input as Happened, Inspector, Outcome, Status};
use crate::mcp::app::AppCall;
use crate::mcp::app::bridge::{Bridge, Ending, Input, Line, Order, Subject, Theme};
use crate::mcp::app::page::AppPage;
use crate::mcp::jsonrpc;
use crate::mcp::model::ItemKind;
use crate::ui::prelude::*;
use crate::web::clock::{self, Timer};
use crate::web::frame::Frame;
use crate::web::{scheme, window};
use serde_json::json;
use std::sync::Arc;
use web_sys::Element;

/// How high a frame is before its app says how high it wants to be, in CSS pixels.
const HEIGHT: u32 = 320;
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
    height: RwSignal<u32>,
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
        height: RwSignal::new(HEIGHT),
        farewell: StoredValue::new_local(None),
    };
    let element = NodeRef::<leptos::html::Iframe>::new();
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            running.begin(&element);
        }
    });
    running.follow();
    on_cleanup(move || running.end());
    let name = app.target.with_value(|it| format!("App of the tool {}", it.key));
    view! {
        // Without `allow-same-origin`: the app has no origin, so no storage, cookie or page of ours is its own.
        <iframe
            node_ref=element sandbox="allow-scripts" allow="" referrerpolicy="no-referrer" data-testid="app-frame"
            src=format!("{}app/frame.html", window::base()) title=name data-border=page.border.to_string()
            style:block-size=move || format!("{}px", running.height.get())
        ></iframe>
        <div class="row">
            <button type="button" data-testid="app-close" on:click=move |_| running.close()>"Close app"</button>
            <small class="muted">"Its messages are in the log."</small>
        </div>
        <details><summary>"What it may reach"</summary><Reached page/></details>
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
            Order::Remove => self.remove(),
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
