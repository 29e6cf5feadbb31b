//! What came of the use of an item: how it ended, what it holds, and the raw text.

mod held;

use super::copy::Copy;
use super::elapsed::Elapsed;
use super::json::Lines;
use super::live::Live;
use super::problem::Facts;
use crate::content;
use crate::format;
use crate::inspector::{Outcome, Status};
use crate::mcp::connection::Target;
use crate::mcp::model::Kind;
use crate::text::prefix;
use crate::trace::Millis;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};
use crate::web::window;
use held::Held;
use std::sync::Arc;

/// The longest raw text that is in the page as a whole.
const WHOLE: usize = 32 << 10;

/// All by which one result differs from the next, without a look into its text.
#[derive(Clone, Copy, PartialEq)]
struct Facet {
    status: Status,
    began: Millis,
    ended: Option<Millis>,
    bytes: Option<usize>,
}

impl Facet {
    fn of(outcome: &Outcome) -> Self {
        let Outcome { status, began, ended, .. } = *outcome;
        Self { status, began, ended, bytes: raw(outcome).map(|it| it.len()) }
    }

    fn took(self) -> Option<u64> {
        self.ended.map(|ended| (ended - self.began).max(0.0).round() as u64)
    }
}

/// The raw JSON that was answered.
fn raw(outcome: &Outcome) -> Option<Arc<str>> {
    match &outcome.error {
        Some(error) => Some(content::error_text(error)),
        None => outcome.result.clone(),
    }
}

/// The newest result of a target; nothing before its first use.
#[component]
pub fn UseResult(#[prop(into)] target: Signal<Option<Target>>, id: &'static str) -> impl IntoView {
    let session = session();
    let facet = memo(move || {
        let target = target.get()?;
        session.read(|it| it.outcome(&target).map(Facet::of))
    });
    let there = memo(move || facet.get().is_some());
    let status = move || facet.get().map(|it| it.status.name());
    let body = move || {
        facet.get()?;
        let target = target.get()?;
        let outcome = session.peek(|it| it.outcome(&target).cloned())?;
        Some(view! { <Body outcome/> })
    };
    view! {
        <Show when=move || there.get()>
            <section
                class="result" data-testid=id aria-label="Result" data-status=status
                data-bytes=move || facet.get().and_then(|it| it.bytes)
                data-ms=move || facet.get().and_then(Facet::took)
            >
                <Head facet target/>
                <Live target/>
                {body}
            </section>
        </Show>
    }
}

#[component]
fn Head(facet: Memo<Option<Facet>>, target: Signal<Option<Target>>) -> impl IntoView {
    let status = memo(move || facet.get().map(|it| it.status));
    let pending = memo(move || facet.get().filter(|it| it.ended.is_none()).map(|it| it.began));
    let numbers = move || {
        let facet = facet.get()?;
        let took = format::milliseconds(facet.took()? as f64);
        Some(match facet.bytes {
            Some(bytes) => format!("{took} · {}", format::bytes(bytes)),
            None => format!("after {took}"),
        })
    };
    let has_text = memo(move || facet.get().is_some_and(|it| it.bytes.is_some()));
    view! {
        <div class="row">
            <h3>"Result"</h3>
            <span class="chip" role="status" data-tone=move || status.get().map(tone)>{move || status.get().map(words)}</span>
            <span class="small muted number">
                {numbers}
                {move || pending.get().map(|since| view! { <Elapsed since/> })}
            </span>
            <span class="grow"></span>
            <Show when=move || has_text.get()><Taking target/></Show>
        </div>
    }
}

const fn tone(status: Status) -> &'static str {
    match status {
        Status::Ok => "good",
        Status::NeedsInput => "warn",
        Status::Pending | Status::Cancelled => "",
        _ => "bad",
    }
}

const fn words(status: Status) -> &'static str {
    match status {
        Status::Pending => "… waiting",
        Status::NeedsInput => "? asks you",
        Status::Ok => "✓ ok",
        Status::ToolError => "✗ tool error",
        Status::RpcError => "✗ JSON-RPC error",
        Status::HttpError => "✗ HTTP error",
        Status::Cancelled => "– cancelled",
        Status::Refused => "✗ refused",
    }
}

/// The buttons that take the raw text along.
#[component]
fn Taking(target: Signal<Option<Target>>) -> impl IntoView {
    let session = session();
    let text = move || target.get_untracked().and_then(|it| session.peek(|all| all.outcome(&it).and_then(raw)));
    let save = move |_| {
        if let (Some(text), Some(target)) = (text(), target.get_untracked()) {
            window::download(&file_name(&target.key), "application/json", &text);
        }
    };
    view! {
        <span class="row">
            <Copy text=move |()| text().map(|it| it.to_string()).unwrap_or_default()/>
            <button class="quiet" type="button" data-testid="result-download" on:click=save>"Download"</button>
        </span>
    }
}

/// A name that every file system takes.
fn file_name(key: &str) -> String {
    let safe = |char: char| if char.is_alphanumeric() || "-_.".contains(char) { char } else { '_' };
    let name: String = key.chars().take(80).map(safe).collect();
    format!("{}-result.json", name.trim_start_matches('.'))
}

#[component]
fn Body(outcome: Outcome) -> impl IntoView {
    let kind = outcome.ask.target.kind;
    let raw = raw(&outcome);
    let held = match (outcome.status, &outcome.result) {
        (Status::Ok | Status::ToolError, Some(result)) => {
            Some(view! { <Held kind result=Arc::clone(result)/> }.into_any())
        }
        _ => None,
    };
    view! {
        {said(&outcome)}
        {outcome.error.map(|it| view! { <p><span class="code">{it.code}</span>" "{prefix(&it.message, WHOLE).to_owned()}</p> })}
        {outcome.problem.map(|it| view! { <p>{it.title.clone()}</p><Facts problem=*it/> })}
        {held}
        {raw.map(|text| view! { <Raw text/> })}
    }
}

/// What the status means, where that is not plain.
fn said(outcome: &Outcome) -> Option<AnyView> {
    let kind = outcome.ask.target.kind;
    let method = kind.method();
    let words = match outcome.status {
        Status::Ok | Status::HttpError => return None,
        Status::Pending => {
            return Some(
                view! {
                    <p class="loading">
                        <span class="spinner" aria-hidden="true"></span>
                        <span>"Waiting for the answer to "<code>{method}</code></span>
                    </p>
                }
                .into_any(),
            );
        }
        Status::NeedsInput => "The server asks something before it answers.".into_any(),
        Status::ToolError => {
            view! { "The tool answered that it failed ("<code>"isError"</code>"). The call itself went well." }.into_any()
        }
        Status::RpcError if kind == Kind::Tools => "The server refused the call before the tool ran.".into_any(),
        Status::RpcError => view! { "The server answered "<code>{method}</code>" with an error." }.into_any(),
        Status::Cancelled => view! {
            "You cancelled this: cancelling was requested, and what comes late is ignored. The server may have done part of the work."
        }
        .into_any(),
        Status::Refused => "This was not sent again: the connection it needs did not come about.".into_any(),
    };
    Some(view! { <p class="muted small">{words}</p> }.into_any())
}

/// The raw text: a short one as a whole, a long one in lines.
#[component]
fn Raw(text: Arc<str>) -> impl IntoView {
    let shown = match text.len() <= WHOLE {
        true => {
            view! { <pre class="wire" data-testid="result-raw" tabindex="0" aria-label="Raw">{text.to_string()}</pre> }
                .into_any()
        }
        false => view! { <Lines text label="Raw" attr:data-testid="result-raw"/> }.into_any(),
    };
    view! {
        <details class="raw" open>
            <summary>"Raw"</summary>
            {shown}
        </details>
    }
}

/// Whether the newest use of a target waits for its answer.
pub fn is_pending(session: Session, target: &Target) -> bool {
    session.read(|it| it.outcome(target).is_some_and(|it| it.status.is_open()))
}
