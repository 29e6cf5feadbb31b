//! What came of the use of an item: how it ended, what it holds, and the raw text.

mod block;
mod find;
mod framed;
mod held;
mod judged;
pub mod markdown;
mod media;
mod raw;
mod source;
pub mod table;

use super::copy::Copy;
use super::elapsed::Elapsed;
use super::live::Live;
use super::sought::Sought;
use super::styled::styled;
use crate::base::format;
use crate::base::text::needle::Needle;
use crate::base::text::prefix;
use crate::explain::words::live;
use crate::inspector::{Cancellation, Outcome, Status};
use crate::mcp::connection::Target;
use crate::mcp::content;
use crate::mcp::jsonrpc::RpcError;
use crate::mcp::model::ItemKind;
use crate::trace::Millis;
use crate::ui::later;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};
use crate::web::window;
use find::{FindBar, Finding};
use held::Held;
use judged::Judged;
use raw::Raw;
use std::sync::Arc;

/// As much of a message is shown, in bytes.
const MESSAGE: usize = 32 << 10;

/// All by which one result differs from the next, without a look into its text.
#[derive(Clone, Copy, PartialEq)]
struct Facet {
    status: Status,
    began: Millis,
    ended: Option<Millis>,
    bytes: Option<usize>,
    cancellation: Option<Cancellation>,
}

impl Facet {
    fn of(outcome: &Outcome) -> Self {
        let Outcome { status, began, ended, cancellation, .. } = *outcome;
        Self { status, began, ended, bytes: raw(outcome).map(|it| it.len()), cancellation }
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
pub fn UseResult(
    #[prop(into)] target: Signal<Option<Target>>,
    id: &'static str,
    /// What the structured content has to be.
    #[prop(optional)]
    schema: Signal<Option<Arc<str>>>,
) -> impl IntoView {
    styled(include_str!("../../../style/result.css"));
    let session = session();
    // What is looked for stays when there is another result.
    let words = RwSignal::new(String::new());
    let facet = Memo::new(move |_| {
        let target = target.get()?;
        session.read(|it| it.outcome(&target).map(Facet::of))
    });
    let there = Memo::new(move |_| facet.get().is_some());
    let checked = judged::checked(schema, move || facet.get(), target);
    let status = move || facet.get().map(|it| it.status.name());
    let body = move || {
        facet.get()?;
        let target = target.get()?;
        let outcome = session.peek(|it| it.outcome(&target).cloned())?;
        Some(anew(view! { <Body outcome words/> }))
    };
    view! {
        <Show when=move || there.get()>
            <section
                class="result" data-testid=id aria-label="Result" data-status=status
                data-bytes=move || facet.get().and_then(|it| it.bytes)
                data-ms=move || facet.get().and_then(Facet::took)
                data-schema=move || judged::name(checked)
            >
                <Head facet target/>
                <Live target/>
                <Judged checked/>
                {body}
            </section>
        </Show>
    }
}

#[component]
fn Head(facet: Memo<Option<Facet>>, target: Signal<Option<Target>>) -> impl IntoView {
    let status = Memo::new(move |_| facet.get().map(|it| it.status));
    let pending = Memo::new(move |_| facet.get().filter(|it| it.ended.is_none()).map(|it| it.began));
    let numbers = move || {
        let facet = facet.get()?;
        let took = format::milliseconds(facet.took()? as f64);
        Some(match facet.bytes {
            Some(bytes) => format!("{took} · {}", format::bytes(bytes)),
            None => format!("after {took}"),
        })
    };
    let has_text = Memo::new(move |_| facet.get().is_some_and(|it| it.bytes.is_some()));
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

pub const fn tone(status: Status) -> &'static str {
    match status {
        Status::Ok => "good",
        Status::NeedsInput => "warn",
        Status::Pending | Status::Cancelled => "",
        _ => "bad",
    }
}

pub const fn words(status: Status) -> &'static str {
    match status {
        Status::Pending => "… waiting",
        Status::NeedsInput => "? input required",
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
            let name = format!("{}-result.json", file_stem(&target.key));
            window::download(&name, "application/json", &text);
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
fn file_stem(key: &str) -> String {
    let safe = |char: char| if char.is_alphanumeric() || "-_.".contains(char) { char } else { '_' };
    let name: String = key.chars().take(80).map(safe).collect();
    name.trim_start_matches('.').to_owned()
}

#[component]
fn Body(outcome: Outcome, words: RwSignal<String>) -> impl IntoView {
    let kind = outcome.ask.target.kind;
    let finding = raw(&outcome).map(|text| Finding::new(text, words));
    provide_context(Sought(Memo::new(move |_| Needle::new(&words.read()))));
    let held = match (outcome.status, &outcome.result) {
        (Status::Ok | Status::ToolError, Some(result)) => {
            let name = file_stem(&outcome.ask.target.key);
            Some(view! { <Held kind result=Arc::clone(result) name/> }.into_any())
        }
        _ => None,
    };
    view! {
        {said(&outcome)}
        {outcome.error.map(|it| view! { <p><span class="code">{it.code}</span>" "{foreign(prefix(&it.message, MESSAGE).to_owned())}</p> })}
        {outcome.problem.map(|it| arriving(later::failed(*it)))}
        {outcome.dropped.map(not_kept)}
        {finding.map(|finding| view! { <FindBar finding/> })}
        {held}
        {finding.map(|finding| view! { <Raw finding/> })}
    }
}

/// That the result of an earlier call is gone.
pub fn not_kept(bytes: usize) -> impl IntoView {
    view! { <p class="muted small">{format!("The result ({}) was too long to be kept.", format::bytes(bytes))}</p> }
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
                        <span>"Waiting for the response to "<code>{method}</code></span>
                    </p>
                }
                .into_any(),
            );
        }
        Status::NeedsInput => "The server requested input before it responds.".into_any(),
        Status::ToolError => {
            view! { "The tool reported an error ("<code>"isError"</code>"). The call itself succeeded." }.into_any()
        }
        Status::RpcError if kind == ItemKind::Tools && outcome.error.as_ref().is_some_and(RpcError::is_refusal) => {
            "The server rejected the call before the tool ran.".into_any()
        }
        Status::RpcError => view! { "The server responded to "<code>{method}</code>" with an error." }.into_any(),
        Status::Cancelled if outcome.cancellation == Some(Cancellation::Left) => view! {
            <span data-testid="cancellation" data-obeyed=Cancellation::Left.obeyed()>{live::LEFT}</span>" "
            "The server may have done part of the work."
        }
        .into_any(),
        Status::Cancelled => view! {
            "You cancelled this call. The server may have done part of the work. "
            {outcome.cancellation.map(|it| view! {
                <span role="status" data-testid="cancellation" data-obeyed=it.obeyed()>{live::cancellation(it)}</span>
            })}
        }
        .into_any(),
        Status::Refused => "Not sent again, because the connection failed.".into_any(),
    };
    Some(view! { <p class="muted small">{words}</p> }.into_any())
}

/// Whether the newest use of a target waits for its answer.
pub fn is_pending(session: Session, target: &Target) -> bool {
    session.read(|it| it.outcome(target).is_some_and(|it| it.status.is_open()))
}
