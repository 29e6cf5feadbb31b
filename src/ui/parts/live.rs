//! What a server tells while it works: how far it is, and what it logs.

use crate::base::format;
use crate::base::text::prefix;
use crate::explain::logs::tone;
use crate::explain::wire::words;
use crate::explain::words::live;
use crate::inspector::{Inspector, Logged, Logs, Outcome, Progress, Reports};
use crate::mcp::connection::Target;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock;
use std::sync::Arc;

/// How many of the newest messages are drawn at first, and how many more with each press of the button.
const SHOWN: usize = 50;
const MORE: usize = 500;
/// The longest line that is drawn, in bytes.
const LONGEST: usize = 2 << 10;

/// The progress of a use and the lines that came with it.
#[component]
pub fn Live(target: Signal<Option<Target>>) -> impl IntoView {
    let session = session();
    let progress = Memo::new(move |_| {
        let target = target.get()?;
        let newest = |it: &Outcome| it.ended.is_none().then(|| it.reports.newest().cloned()).flatten();
        session.read(|it| it.outcome(&target).and_then(newest))
    });
    let some = session.memo(move |it| logs(target, it).is_some_and(|it| !it.is_empty()));
    view! {
        {move || progress.get().map(|progress| view! { <Bar progress/> })}
        <ProgressMessages target/>
        <Show when=move || some.get()>
            <details class="raw" open>
                <summary>"Server log"</summary>
                <Log target/>
            </details>
        </Show>
    }
}

#[component]
fn Bar(progress: Progress) -> impl IntoView {
    let Progress { done, total, message, .. } = progress;
    let words = match total {
        Some(total) => format!("{done} of {total}"),
        None => format!("{done} so far"),
    };
    view! {
        <div class="row nowrap progress" data-testid="progress" role="status">
            <progress
                data-testid="call-progress" value=total.map(|_| done.to_string()) max=total.map(|it| it.to_string())
                aria-label="Progress"
            ></progress>
            <span class="small muted number">{words}</span>
            <span class="small">{message.map(foreign)}</span>
        </div>
    }
}

/// What the server said of its progress, the newest first; it stays with the result.
#[component]
fn ProgressMessages(target: Signal<Option<Target>>) -> impl IntoView {
    let session = session();
    let keys = session.memo(move |it| {
        let all = reports(target, it).into_iter().flat_map(Reports::messages);
        all.map(|(number, it)| (number, it.at.to_bits())).collect::<Vec<_>>()
    });
    let dropped = session.memo(move |it| reports(target, it).map_or(0, Reports::dropped));
    let row = move |(number, _): (usize, u64)| {
        let report =
            session.peek(|it| reports(target, it)?.messages().find(|it| it.0 == number).map(|it| it.1.clone()));
        report.map(|it| view! {
            <li><time>{words::clock(it.at, clock::offset(it.at))}</time><span class="grow">{it.message.map(foreign)}</span></li>
        })
    };
    let bound = move || (dropped.get() > 0).then(|| live::progress_dropped(dropped.get()));
    view! {
        <Show when=move || !keys.read().is_empty()>
            <details class="raw">
                <summary>"Progress messages"</summary>
                <ul class="log" data-testid="progress-messages"><Keyed keys draw=row/></ul>
                {move || bound().map(|it| view! { <p class="hint">{it}</p> })}
            </details>
        </Show>
    }
}

fn reports(target: Signal<Option<Target>>, inspector: &Inspector) -> Option<&Reports> {
    target.get().and_then(|it| inspector.outcome(&it)).map(|it| &it.reports)
}

fn logs(target: Signal<Option<Target>>, inspector: &Inspector) -> Option<&Logs> {
    target.get().and_then(|it| inspector.outcome(&it)).map(|it| &it.logs)
}

/// The messages of a log, the newest first, as many as are wanted.
#[component]
fn Log(target: Signal<Option<Target>>) -> impl IntoView {
    let session = session();
    let shown = RwSignal::new(SHOWN);
    let counts = session.memo(move |it| logs(target, it).map(|it| (it.len(), it.dropped())).unwrap_or_default());
    let newest = session.memo(move |it| {
        let newest = logs(target, it).into_iter().flat_map(Logs::newest).take(shown.get());
        // A message is known by its number, and by its time where another log has begun.
        newest.map(|(number, it)| (number, it.at.to_bits())).collect::<Vec<_>>()
    });
    let row = move |(number, _)| {
        let logged = session.peek(|it| logs(target, it).and_then(|it| it.numbered(number)).cloned());
        logged.map(|logged| view! { <Line logged/> })
    };
    let more = move || counts.get().0.saturating_sub(shown.get());
    view! {
        <ul class="log" data-testid="log"><Keyed keys=newest draw=row/></ul>
        <Show when=move || more() != 0>
            <p><button class="quiet" type="button" on:click=move |_| shown.update(|it| *it += MORE)>
                "Show older ("{more}")"
            </button></p>
        </Show>
        <Show when=move || counts.get().1 != 0>
            <p class="hint" role="status" data-testid="log-bound">{move || live::logs_dropped(counts.get().1)}</p>
        </Show>
    }
}

#[component]
fn Line(logged: Arc<Logged>) -> impl IntoView {
    let tone = tone(&logged.level);
    view! {
        <li data-testid="log-item" data-level=logged.level.clone() data-logger=logged.logger.clone()>
            <time>{words::clock(logged.at, clock::offset(logged.at))}</time>
            <span class="chip" data-tone=tone>{foreign(logged.level.clone())}</span>
            <span class="grow">
                {logged.logger.clone().map(|it| view! { <b>{foreign(it)}</b>" " })}
                {foreign(prefix(&logged.data, LONGEST).to_owned())}
            </span>
        </li>
    }
}

/// How long an answer may be kept, in words (2026-07-28, caching).
pub fn cache_words(cache: crate::mcp::model::Cache) -> String {
    let whom = if cache.private { "private" } else { "public" };
    match cache.fresh {
        0 => "Not cacheable.".to_owned(),
        fresh => {
            format!("Cacheable for {} ({whom}).", format::milliseconds(fresh as f64))
        }
    }
}
