//! What a server asks of the person, as a dialog: who asks, what for, and three ways to answer.

mod form;
mod page;
mod sampling;
mod scopes;

use crate::inspector::{Input, Inspector};
use crate::question::{Kind, Question, Reply};
use crate::ui::prelude::*;
use crate::ui::session::session;
use form::FormBody;
use page::PageBody;
use sampling::SamplingBody;
use scopes::ScopesBody;
use web_sys::{Event, HtmlDialogElement};

/// What the present question is answered with when it is accepted; `None` where it cannot be as it stands.
pub type Accepting = StoredValue<Option<Callback<(), Option<String>>>>;

/// The oldest question; the others wait behind it.
pub fn draw() -> AnyView {
    view! { <RequestDialog/> }.into_any()
}

#[component]
fn RequestDialog() -> impl IntoView {
    let session = session();
    let first = session.memo(|it| it.questions().first().cloned());
    move || first.get().map(|question| view! { <Ask question/> })
}

#[component]
fn Ask(question: Question) -> impl IntoView {
    let session = session();
    let (number, kind) = (question.number, question.kind);
    let queue = session.memo(|it| it.questions().len());
    let dialog = NodeRef::<HtmlDialogElement>::new();
    let accepting = Accepting::default();
    let reply = move |reply: Reply| {
        // Closed by itself first: that gives the focus back to where it was.
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        session.dispatch(Input::Reply(number, reply));
    };
    let accept = move |_| {
        let content = accepting.get_value().map_or_else(|| Some(String::new()), |it| it.run(()));
        if let Some(content) = content {
            reply(Reply::Accept(content));
        }
    };
    request_animation_frame(move || {
        if let Some(dialog) = dialog.get_untracked().filter(|it| it.is_connected() && !it.open()) {
            let _ = dialog.show_modal();
            // Where there is nothing to fill in, no button has the focus: an Enter under way would agree.
            crate::web::window::focus("#request-title");
            crate::web::window::focus("dialog.request .request-body :is(input, select, textarea)");
        }
    });
    // Escape closes a dialog by itself: that is a cancellation, and said as one.
    let escape = move |event: Event| {
        event.prevent_default();
        reply(Reply::Cancel);
    };
    let words = Words::of(kind);
    let body = match kind {
        Kind::Form => view! { <FormBody question accepting/> }.into_any(),
        Kind::Url => view! { <PageBody question accepting/> }.into_any(),
        Kind::Sampling => view! { <SamplingBody question accepting/> }.into_any(),
        Kind::StepUp => view! { <ScopesBody question/> }.into_any(),
    };
    view! {
        <dialog
            node_ref=dialog class="request" data-testid="request-dialog" data-kind=kind.name()
            data-queue=move || queue.get().to_string() aria-labelledby="request-title" on:cancel=escape
        >
            <header class="detail-head">
                <h2 id="request-title" tabindex="-1">{words.title}</h2>
                <p class="small muted">"Asked by "<Asker/>{move || waiting(queue.get())}</p>
            </header>
            <div class="request-body stack">{body}</div>
            <div class="row">
                <button type="button" class="main" data-testid="request-accept" on:click=accept>{words.accept}</button>
                <button type="button" data-testid="request-decline" on:click=move |_| reply(Reply::Decline)>{words.decline}</button>
                <span class="grow"></span>
                <button type="button" class="quiet" data-testid="request-cancel" on:click=move |_| reply(Reply::Cancel)>"Cancel"</button>
            </div>
        </dialog>
    }
}

/// The words of a dialog.
struct Words {
    title: &'static str,
    accept: &'static str,
    decline: &'static str,
}

impl Words {
    const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Form => Self { title: "The server asks for input", accept: "Send", decline: "Decline" },
            Kind::Url => {
                Self { title: "The server asks you to visit a page", accept: "Open the page", decline: "Decline" }
            }
            Kind::StepUp => {
                Self { title: "The server wants more scopes", accept: "Ask for them", decline: "Keep what there is" }
            }
            Kind::Sampling => {
                Self { title: "The server asks for a model's answer", accept: "Send the answer", decline: "Decline" }
            }
        }
    }
}

fn waiting(queue: usize) -> Option<String> {
    match queue {
        0 | 1 => None,
        2 => Some(". One more question waits.".to_owned()),
        more => Some(format!(". {} more questions wait.", more - 1)),
    }
}

/// The server's own name, and the address that cannot be made up.
#[component]
fn Asker() -> impl IntoView {
    let asker = session().peek(|it: &Inspector| {
        let connection = it.connection()?;
        let name = connection.info.as_ref().map(|it| it.display_name().to_owned()).unwrap_or_default();
        Some((name, connection.server.host()))
    });
    asker.map(|(name, host)| {
        view! { {(!name.is_empty()).then(|| view! { <b>{name}</b>" at " })}<span class="mono">{host}</span> }
    })
}

/// A refused field, or the first box of choices that are refused: a group takes no focus.
const REFUSED: &str = "dialog.request [aria-invalid]:not(fieldset), dialog.request fieldset[aria-invalid] input";

/// Moves the focus to the first field that is refused.
pub fn focus_refused() {
    request_animation_frame(|| crate::web::window::focus(REFUSED));
}
