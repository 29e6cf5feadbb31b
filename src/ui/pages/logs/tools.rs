//! What stands above the log: filters, the level that the server sends, and taking messages along or away.

use super::Shown;
use crate::base::format;
use crate::export::logs::{self, MEDIA_TYPE};
use crate::inspector::{Input, Inspector, LOG_LEVELS};
use crate::trace::Masks;
use crate::ui::prelude::*;
use crate::ui::session::{Session, session};
use crate::web::{clock, window};

#[component]
pub fn Tools(shown: Shown) -> impl IntoView {
    let session = session();
    let clear = move |_| session.clear_logs();
    let none = move || shown.found.read().is_empty().then_some("true");
    let all = session.memo(|it| it.logs().len());
    let count = move || {
        let (found, all) = (shown.found.read().len(), all.get());
        (found != all).then(|| format!("{} of {}", format::count(found), format::count(all)))
    };
    view! {
        <div class="row">
            <Least shown/>
            <input
                class="filter" type="search" data-testid="log-filter" aria-label="Filter" autocomplete="off"
                placeholder="Filter messages, loggers, calls" spellcheck="false" prop:value=move || shown.filter.read().text.clone()
                on:input:target=move |event| shown.filter.update(|it| it.text = event.target().value())
            />
            <span class="small muted number">{count}</span>
            <span class="grow"></span>
            <Level/>
            <button
                class="quiet" type="button" data-testid="log-export" aria-disabled=none
                title="Messages that match the filter, one JSON object a line" on:click=move |_| export(session, shown)
            >"Export NDJSON"</button>
            <button class="quiet" type="button" data-testid="log-clear" on:click=clear>"Clear"</button>
        </div>
    }
}

/// The minimum level that is listed.
#[component]
fn Least(shown: Shown) -> impl IntoView {
    let choose = move |name: String| {
        let least = LOG_LEVELS.iter().position(|it| *it == name).unwrap_or_default();
        shown.filter.update(|it| it.least = least);
    };
    let option = |name: &'static str| view! { <option value=name>{name}" and above"</option> };
    view! {
        <select data-testid="log-level-filter" aria-label="Minimum level" on:change:target=move |event| choose(event.target().value())>
            {LOG_LEVELS.map(option).collect_view()}
        </select>
    }
}

/// What the server is asked to send (`logging/setLevel`; from 2026-07-28 on with each request).
#[component]
fn Level() -> impl IntoView {
    let session = session();
    let level = session.memo(Inspector::log_level);
    let able = session
        .memo(|it| it.is_connected() && it.connection().and_then(|it| it.info.as_ref()).is_some_and(|it| it.logs()));
    let set = move |level: String| session.dispatch(Input::LogLevel(level));
    let options = LOG_LEVELS.map(|it| {
        view! { <option value=it prop:selected=move || level.get() == Some(it)>{it}</option> }
    });
    let why = move || (!able.get()).then_some("Only for a connected server with the logging capability");
    view! {
        <label class="check" title=why>
            "Server sends"
            <select data-testid="log-level" prop:disabled=move || !able.get() on:change:target=move |event| set(event.target().value())>
                <option value="" prop:selected=move || level.get().is_none()>"Server default"</option>
                {options.collect_view()}
            </select>
        </label>
    }
}

/// Gives the messages that are listed to the user, without secrets.
fn export(session: Session, shown: Shown) {
    if shown.found.read_untracked().is_empty() {
        return;
    }
    let (text, server) = session.peek(|it| {
        let masks = Masks::of(it.trace());
        let found = shown.found.read_untracked();
        let messages = found.numbers().filter_map(|number| it.logs().numbered(number)).map(|it| &**it);
        let server = it.settings().map(|it| it.server.href()).unwrap_or_default();
        (logs::write(&masks, messages), server)
    });
    window::download(&logs::file_name(&server, clock::now()), MEDIA_TYPE, &text);
}
