//! The tasks of the server: those that calls of this tab became, and those that the server lists.

use crate::base::format;
use crate::explain::wire::words::clock;
use crate::explain::words::live;
use crate::inspector::{Input, PollingEnd, TaskRow};
use crate::mcp::jsonrpc::RpcError;
use crate::mcp::task::TaskStatus;
use crate::trace::Millis;
use crate::ui::parts::docked::Docked;
use crate::ui::parts::json::Lines;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::clock::offset;
use std::sync::Arc;

/// How many of the newest tasks are drawn at first, and how many more with each press of the button.
const SHOWN: usize = 50;
const MORE: usize = 200;
/// The longest result that is in the page as a whole, in bytes.
const WHOLE: usize = 32 << 10;

#[component]
pub fn TasksPage() -> impl IntoView {
    styled(include_str!("../../../style/tasks.css"));
    let session = session();
    let lists = session.memo(|it| it.lists_tasks());
    // The list is the server's: it is asked for when the page is opened, and when the connection stands.
    Effect::new(move |_| {
        if lists.get() {
            request_animation_frame(move || session.dispatch(Input::ListTasks));
        }
    });
    view! {
        <main class="page tasks">
            <div class="row">
                <h1>"Tasks"</h1>
                <span class="grow"></span>
                <Show when=move || lists.get()><Refresh/></Show>
            </div>
            <Rows/>
        </main>
        <Docked/>
    }
}

#[component]
fn Refresh() -> impl IntoView {
    let session = session();
    let busy = session.memo(|it| it.tasks().is_listing());
    view! {
        <button
            type="button" data-testid="tasks-refresh" aria-disabled=move || busy.get().then_some("true")
            on:click=move |_| session.dispatch(Input::ListTasks)
        >
            "Refresh list"
        </button>
    }
}

#[component]
fn Rows() -> impl IntoView {
    let session = session();
    let shown = RwSignal::new(SHOWN);
    let total = session.memo(|it| it.tasks_here().len());
    let ids = session.memo(move |it| {
        let newest = it.tasks_here().into_iter().take(shown.get());
        newest.map(|it| it.task.id.clone()).collect::<Vec<String>>()
    });
    let dropped = session.memo(|it| it.tasks().dropped());
    let more = move || total.get().saturating_sub(shown.get());
    view! {
        <Show when=move || total.get() != 0 fallback=Nothing>
            <ol class="task-rows" data-testid="task-list" data-total=total aria-label="Tasks, newest first">
                <Keyed keys=ids draw=move |id: String| view! { <Row id/> }/>
            </ol>
        </Show>
        <Show when=move || more() != 0>
            <p><button class="quiet" type="button" on:click=move |_| shown.update(|it| *it += MORE)>
                "Show older ("{more}")"
            </button></p>
        </Show>
        <Show when=move || dropped.get() != 0>
            <p class="hint" role="status">{move || live::tasks_dropped(dropped.get())}</p>
        </Show>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let knows = session().memo(|it| it.knows_tasks());
    let told = move || match knows.get() {
        true => ("Call a tool as a task to see it here.", Route::Tools(None), "Choose a tool"),
        false => ("Connect to a server that supports tasks.", Route::Connect, "Connect to a server"),
    };
    move || {
        let (words, route, label) = told();
        view! {
            <div class="empty">
                <h2>"No tasks"</h2>
                <p>{words}</p>
                <a class="button" href=href(&route) on:click=follow(route)>{label}</a>
            </div>
        }
    }
}

/// What is drawn of a task besides its result.
#[derive(Clone, PartialEq)]
struct Facts {
    status: TaskStatus,
    message: Option<String>,
    tool: Option<String>,
    began: Millis,
    polled: Option<u32>,
    end: Option<PollingEnd>,
    refusal: Option<RpcError>,
    cancels: bool,
}

impl Facts {
    fn of(row: &TaskRow, cancels: bool) -> Self {
        let task = &row.task;
        Self {
            status: task.status,
            message: task.message.clone(),
            tool: row.ask.as_ref().map(|it| it.target.key.clone()),
            began: row.began,
            polled: row.is_polled().then(|| row.interval()),
            end: row.end.clone(),
            refusal: row.refusal.clone(),
            cancels: cancels && !task.status.is_terminal() && row.end.is_none(),
        }
    }
}

#[component]
fn Row(id: String) -> impl IntoView {
    let session = session();
    let id = StoredValue::new(id);
    let facts = session.memo(move |it| {
        let row = id.with_value(|id| it.task(id))?;
        Some(Facts::of(row, it.cancels_tasks()))
    });
    let status = Memo::new(move |_| facts.read().as_ref().map(|it| it.status));
    let cancels = Memo::new(move |_| facts.read().as_ref().is_some_and(|it| it.cancels));
    let ended = move || matches!(status.get(), Some(TaskStatus::Completed | TaskStatus::Failed));
    let cancel = move |_| session.dispatch(Input::CancelTask(id.get_value()));
    let label = format!("Cancel task {}", id.get_value());
    view! {
        <li data-testid="task-item" data-id=id.get_value() data-status=move || status.get().map(TaskStatus::name)>
            <p class="row">
                <span class="chip" role="status" data-tone=move || status.get().map(tone)>{move || status.get().map(TaskStatus::name)}</span>
                {move || facts.get().map(|facts| view! { <Tool facts/> })}
                <code class="cut grow">{foreign(id.get_value())}</code>
            </p>
            {move || facts.get().map(|facts| view! { <Stands facts/> })}
            <Show when=move || cancels.get()>
                <div class="row">
                    <button type="button" data-testid="task-cancel" aria-label=label.clone() on:click=cancel>"Cancel task"</button>
                </div>
            </Show>
            <Show when=ended><Outcome id/></Show>
        </li>
    }
}

const fn tone(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Completed => "good",
        TaskStatus::InputRequired => "warn",
        TaskStatus::Failed => "bad",
        TaskStatus::Working | TaskStatus::Cancelled => "",
    }
}

/// The call that became the task, and when.
#[component]
fn Tool(facts: Facts) -> impl IntoView {
    let at = clock(facts.began, offset(facts.began));
    let tool = match facts.tool {
        Some(tool) => {
            let route = Route::Tools(Some(tool.clone()));
            view! { <a href=href(&route) on:click=follow(route)>{foreign(tool)}</a> }.into_any()
        }
        None => view! { <span class="muted">"Listed by the server"</span> }.into_any(),
    };
    view! { {tool}<time>{at}</time> }
}

/// What the server says of it, and whether it is asked again.
#[component]
fn Stands(facts: Facts) -> impl IntoView {
    let polled = facts.polled.map(|every| format!("Polled every {}.", format::milliseconds(f64::from(every))));
    view! {
        {facts.message.map(|it| view! { <p class="small">{foreign(it)}</p> })}
        {polled.map(|it| view! { <p class="small muted">{it}</p> })}
        {facts.end.map(|it| view! { <p class="small warning">{foreign(live::polling_end(&it))}</p> })}
        {facts.refusal.map(|it| view! { <p class="small warning">{foreign(live::task_refused(&it))}</p> })}
    }
}

/// What a task came to. What this page does not have is fetched when it is opened.
#[component]
fn Outcome(id: StoredValue<String>) -> impl IntoView {
    let session = session();
    let result = session.memo(move |it| id.with_value(|id| it.task(id).and_then(|it| it.result.clone())));
    let there = Memo::new(move |_| result.read().is_some());
    let opened = RwSignal::new(false);
    let open = move |_| {
        opened.set(true);
        if !there.get_untracked() {
            session.dispatch(Input::ShowTaskResult(id.get_value()));
        }
    };
    let body = move || match result.get() {
        Some(Ok(text)) => view! { <Text text/> }.into_any(),
        Some(Err(error)) => {
            view! { <p><span class="code">{error.code}</span>" "{foreign(error.message)}</p> }.into_any()
        }
        None => opened.get().then(|| view! { <p class="loading">"Waiting for the result."</p> }).into_any(),
    };
    view! {
        <details class="raw" data-testid="task-result" open=there on:toggle=open>
            <summary>"Result"</summary>
            {body}
        </details>
    }
}

/// The raw JSON: a short one as a whole, a long one in lines.
#[component]
fn Text(text: Arc<str>) -> impl IntoView {
    match text.len() <= WHOLE {
        true => {
            view! { <pre class="wire" tabindex="0" aria-label="Result">{foreign(text.to_string())}</pre> }.into_any()
        }
        false => view! { <Lines text label="Result"/> }.into_any(),
    }
}
