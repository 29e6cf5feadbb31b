//! What a server asks of the user, or Flowglass before it sends something, as a dialog: who asks, what for, and three
//! ways to reply.

mod app;
mod consent;
mod form;
mod page;
mod sampling;
mod scopes;

use crate::inspector::{Input, Inspector};
use crate::mcp::question::{Question, QuestionKind, Reply};
use crate::ui::parts::deliberate::deliberate;
use crate::ui::prelude::*;
use crate::ui::session::session;
use app::{CallBody, LinkBody};
use consent::{EndpointBody, SecretBody};
use form::FormBody;
use page::PageBody;
use sampling::SamplingBody;
use scopes::ScopesBody;
use web_sys::Event;

/// What is done when the present question is accepted: it is given what sends the content, and calls that once there is one.
pub type Accepting = StoredValue<Option<Callback<Callback<String>>>>;

/// The oldest question; the others wait behind it.
#[component]
pub fn RequestDialog() -> impl IntoView {
    let session = session();
    let first = session.memo(|it| it.questions().first().cloned());
    move || first.get().map(|question| anew(view! { <Ask question/> }))
}

#[component]
fn Ask(question: Question) -> impl IntoView {
    let session = session();
    let (number, kind) = (question.number, question.kind);
    let queue = session.memo(|it| it.questions().len());
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let accepting = Accepting::default();
    let reply = move |reply: Reply| {
        // Closed by itself first: that gives the focus back to where it was.
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        session.dispatch(Input::Reply(number, reply));
    };
    let send = Callback::new(move |content: String| reply(Reply::Accept(content)));
    let accept = move |_| match accepting.get_value() {
        Some(accepted) => accepted.run(send),
        None => send.run(String::new()),
    };
    request_animation_frame(move || {
        // The question may have been withdrawn before the frame.
        if let Some(dialog) = dialog.try_get_untracked().flatten().filter(|it| it.is_connected() && !it.open()) {
            let _ = dialog.show_modal();
            // Where there is nothing to fill in, no button has the focus: an Enter under way would agree.
            crate::web::window::focus("#request-title");
            crate::web::window::focus("dialog.request .request-body :is(input, select, textarea)");
            // The response to sampling is written, and the choice of a tool stands before it.
            crate::web::window::focus("#request-answer");
        }
    });
    // Escape closes a dialog by itself: that is a cancellation, and said as one.
    let escape = move |event: Event| {
        event.prevent_default();
        reply(Reply::Cancel);
    };
    let words = Words::of(kind);
    let ready = is_of_app(kind).then(deliberate);
    let body = match kind {
        QuestionKind::Form => view! { <FormBody question accepting/> }.into_any(),
        QuestionKind::Url => view! { <PageBody question accepting/> }.into_any(),
        QuestionKind::Sampling => view! { <SamplingBody question accepting reply=Callback::new(reply)/> }.into_any(),
        QuestionKind::StepUp => view! { <ScopesBody question/> }.into_any(),
        QuestionKind::Secret => view! { <SecretBody question/> }.into_any(),
        QuestionKind::Endpoint => view! { <EndpointBody question/> }.into_any(),
        QuestionKind::AppCall => view! { <CallBody question/> }.into_any(),
        QuestionKind::AppLink => view! { <LinkBody question/> }.into_any(),
        QuestionKind::AppFullscreen => {
            view! { <p>"The app would cover this page. Escape or Exit fullscreen ends that."</p> }.into_any()
        }
    };
    let asker = match kind {
        QuestionKind::Secret | QuestionKind::Endpoint => view! { "Nothing was sent there yet." }.into_any(),
        _ if is_of_app(kind) => view! { "Requested by an app of "<Asker/> }.into_any(),
        _ => view! { "Requested by "<Asker/> }.into_any(),
    };
    view! {
        <dialog
            node_ref=dialog class="request" data-testid="request-dialog" data-kind=kind.name()
            data-queue=move || queue.get().to_string() aria-labelledby="request-title" on:cancel=escape
        >
            <header class="detail-head">
                <h2 id="request-title" tabindex="-1">{words.title}</h2>
                <p class="small muted">{asker}{move || waiting(queue.get())}</p>
            </header>
            <div class="request-body stack">{body}</div>
            <div class="row">
                <button
                    type="button" class="main" data-testid="request-accept" on:click=accept
                    disabled=move || ready.is_some_and(|it| !it.get())
                >{words.accept}</button>
                <button type="button" data-testid="request-decline" on:click=move |_| reply(Reply::Decline)>{words.decline}</button>
                <span class="grow"></span>
                <button type="button" class="quiet" data-testid="request-cancel" on:click=move |_| reply(Reply::Cancel)>"Cancel"</button>
            </div>
        </dialog>
    }
}

const fn is_of_app(kind: QuestionKind) -> bool {
    matches!(kind, QuestionKind::AppCall | QuestionKind::AppLink | QuestionKind::AppFullscreen)
}

/// The words of a dialog.
struct Words {
    title: &'static str,
    accept: &'static str,
    decline: &'static str,
}

impl Words {
    const fn of(kind: QuestionKind) -> Self {
        match kind {
            QuestionKind::Form => Self { title: "The server requests input", accept: "Send", decline: "Decline" },
            QuestionKind::Url => Self { title: "The server requests a visit", accept: "Open page", decline: "Decline" },
            QuestionKind::StepUp => Self { title: "More scopes required", accept: "Log in again", decline: "Decline" },
            QuestionKind::Secret => Self { title: "Send to another origin?", accept: "Send", decline: "Do not send" },
            QuestionKind::Endpoint => {
                Self { title: "Log in across two origins?", accept: "Log in", decline: "Do not log in" }
            }
            QuestionKind::AppCall => Self { title: "App requests a call", accept: "Call tool", decline: "Decline" },
            QuestionKind::AppLink => Self { title: "App opens a page", accept: "Open page", decline: "Decline" },
            QuestionKind::AppFullscreen => {
                Self { title: "App requests fullscreen", accept: "Show fullscreen", decline: "Decline" }
            }
            QuestionKind::Sampling => {
                Self { title: "The server requests sampling", accept: "Send response", decline: "Decline" }
            }
        }
    }
}

fn waiting(queue: usize) -> Option<String> {
    match queue {
        0 | 1 => None,
        2 => Some(". 1 more request is waiting.".to_owned()),
        more => Some(format!(". {} more requests are waiting.", more - 1)),
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
        view! { {(!name.is_empty()).then(|| view! { <b>{foreign(name)}</b>" at " })}<span class="mono">{foreign(host)}</span> }
    })
}

/// A refused field, or the first box of choices that are refused: a group takes no focus.
const REFUSED: &str = "dialog.request [aria-invalid]:not(fieldset), dialog.request fieldset[aria-invalid] input";

/// Moves the focus to the first field that is refused.
pub fn focus_refused() {
    request_animation_frame(|| crate::web::window::focus(REFUSED));
}
