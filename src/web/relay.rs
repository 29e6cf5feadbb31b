//! A callback that was opened in another window than the one that waits for it: the query is handed over inside the
//! page's own origin, and nothing else of it is.
//!
//! The way back is a `BroadcastChannel`: the popup of a login has no opener. Only where no channel reaches it does it keep
//! one, for a message: inside another site's page, whose channels are kept apart, and where site data is blocked.

use js_sys::{Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent, Window};

const CHANNEL: &str = "flowglass.callback";
/// The members of a message.
const QUERY: &str = "flowglassCallback";
const TAKEN: &str = "flowglassTaken";
const FLOW: &str = "flowglassFlow";

/// Whether a callback was ours: it was taken, and its window may close.
pub type Take = dyn Fn(&str, &Origin) -> bool;

/// Who hands a callback over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The window that this page opened: this page is its opener.
    Popup,
    /// A window of the same origin, and the code challenge of the flow that its copy of the storage waits for: a popup
    /// has a copy of its page's.
    Window { flow: Option<String> },
}

/// Whether a message to its opener is the only way back from a popup of this page.
pub fn needs_opener(framed: bool) -> bool {
    framed || BroadcastChannel::new(CHANNEL).map(|it| it.close()).is_err()
}

/// Takes callbacks from other windows, for as long as this page lives.
pub fn receive(take: impl Fn(&str, &Origin) -> bool + 'static) {
    let take: std::rc::Rc<Take> = std::rc::Rc::new(take);
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        let (back, take) = (channel.clone(), std::rc::Rc::clone(&take));
        on_message(&channel, move |event| {
            let from = Origin::Window { flow: member(&event, FLOW) };
            if let Some(query) = member(&event, QUERY).filter(|query| take(query, &from)) {
                let _ = back.post_message(&message(&[(TAKEN, &query)]));
            }
        });
    }
    let Some(window) = web_sys::window() else { return };
    let own = window.location().origin().unwrap_or_default();
    on_message(&window, move |event| {
        let Some(source) = event.source().filter(|_| event.origin() == own) else { return };
        let query = member(&event, QUERY).unwrap_or_default();
        if !query.is_empty() && take(&query, &Origin::Popup) {
            let source: Window = source.unchecked_into();
            let _ = source.post_message(&message(&[(TAKEN, &query)]), &own);
        }
    });
}

/// Hands a callback over to whoever waits for it, and says when it was taken. `flow` is what this window's storage waits
/// for, by its code challenge.
pub fn hand_over(query: &str, flow: Option<&str>, taken: impl Fn() + 'static) {
    let carried = message(&[(QUERY, query), (FLOW, flow.unwrap_or_default())]);
    let taken = std::rc::Rc::new(taken);
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        let (taken, sent) = (std::rc::Rc::clone(&taken), query.to_owned());
        on_message(&channel, move |event| {
            if member(&event, TAKEN).as_deref() == Some(&sent) {
                taken();
            }
        });
        let _ = channel.post_message(&carried);
    }
    let Some(window) = web_sys::window() else { return };
    let own = window.location().origin().unwrap_or_default();
    let (origin, sent) = (own.clone(), query.to_owned());
    on_message(&window, move |event| {
        if event.origin() == origin && member(&event, TAKEN).as_deref() == Some(&sent) {
            taken();
        }
    });
    let opener: Option<Window> = window.opener().ok().filter(JsValue::is_object).map(JsCast::unchecked_into);
    if let Some(opener) = opener {
        let _ = opener.post_message(&carried, &own);
    }
}

fn on_message(target: &web_sys::EventTarget, call: impl FnMut(MessageEvent) + 'static) {
    let call = Closure::<dyn FnMut(MessageEvent)>::new(call);
    let _ = target.add_event_listener_with_callback("message", call.as_ref().unchecked_ref());
    call.forget();
}

fn message(members: &[(&str, &str)]) -> JsValue {
    let message = Object::new();
    for (name, value) in members {
        let _ = Reflect::set(&message, &(*name).into(), &(*value).into());
    }
    message.into()
}

fn member(event: &MessageEvent, name: &str) -> Option<String> {
    let data = event.data();
    Reflect::get(&data, &name.into()).ok().filter(|_| data.is_object())?.as_string()
}
