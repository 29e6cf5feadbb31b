//! What a server tells while it works: how far it is, and what it logs.

use crate::format;
use crate::inspector::{Inspector, Logged, Progress};
use crate::mcp::connection::Target;
use crate::text::prefix;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock;
use crate::wire::words;

/// How many of the newest lines are drawn.
const SHOWN: usize = 50;
/// The longest line that is drawn, in bytes.
const LONGEST: usize = 2 << 10;

/// The progress of a use and the lines that came with it.
#[component]
pub fn Live(target: Signal<Option<Target>>) -> impl IntoView {
    let session = session();
    let progress = memo(move || {
        let target = target.get()?;
        session.read(|it| it.outcome(&target).filter(|it| it.ended.is_none()).and_then(|it| it.progress.clone()))
    });
    let lines = memo(move || {
        let Some(target) = target.get() else { return Vec::new() };
        session.read(|it| it.outcome(&target).map(|it| newest(&it.logs)).unwrap_or_default())
    });
    view! {
        {move || progress.get().map(|progress| view! { <Bar progress/> })}
        <Show when=move || !lines.read().is_empty()>
            <details class="raw" open>
                <summary>"Log messages of the server"</summary>
                <Lines lines/>
            </details>
        </Show>
    }
}

#[component]
fn Bar(progress: Progress) -> impl IntoView {
    let Progress { done, total, message } = progress;
    let words = match total {
        Some(total) => format!("{done} of {total}"),
        None => format!("{done} so far"),
    };
    view! {
        <div class="row nowrap progress" data-testid="progress" role="status">
            <progress value=total.map(|_| done.to_string()) max=total.map(|it| it.to_string()) aria-label="Progress"></progress>
            <span class="small muted number">{words}</span>
            <span class="small">{message}</span>
        </div>
    }
}

/// All that the server logged on this connection.
#[component]
pub fn ServerLog() -> impl IntoView {
    let session = session();
    let lines = session.memo(|it: &Inspector| newest(it.logs()));
    view! {
        <Show when=move || lines.read().is_empty()>
            <p class="muted small">"Nothing so far."</p>
        </Show>
        <Lines lines/>
    }
}

#[component]
fn Lines(lines: Memo<Vec<Logged>>) -> impl IntoView {
    let rows = move || lines.get().into_iter().map(|line| view! { <Line line/> }).collect_view();
    view! { <ul class="log" data-testid="log">{rows}</ul> }
}

#[component]
fn Line(line: Logged) -> impl IntoView {
    let tone = match line.level.as_str() {
        "debug" | "info" | "notice" => "",
        "warning" => "warn",
        _ => "bad",
    };
    view! {
        <li data-level=line.level.clone()>
            <time>{words::clock(line.at, clock::offset(line.at))}</time>
            <span class="chip" data-tone=tone>{line.level.clone()}</span>
            <span class="grow">{line.logger.map(|it| view! { <b>{it}</b>" " })}{prefix(&line.data, LONGEST).to_owned()}</span>
        </li>
    }
}

/// The newest lines, the newest first.
fn newest(logs: &[Logged]) -> Vec<Logged> {
    logs.iter().rev().take(SHOWN).cloned().collect()
}

/// How long an answer may be kept, in words (2026-07-28, caching).
pub fn cache_words(cache: crate::mcp::model::Cache) -> String {
    let whom = if cache.private { "by you alone" } else { "by everybody" };
    match cache.fresh {
        0 => "Not to be kept, says the server.".to_owned(),
        fresh => {
            format!("May be kept for {} {whom}; here it is always asked anew.", format::milliseconds(fresh as f64))
        }
    }
}
