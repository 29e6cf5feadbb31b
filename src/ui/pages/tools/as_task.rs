//! Calling a tool as a task, and the task that its call waits for.

use crate::inspector::Input;
use crate::mcp::connection::Target;
use crate::mcp::model::Item;
use crate::mcp::task::TaskSupport;
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use std::sync::Arc;

/// The choice, where the tool allows tasks; where it requires them, that it does.
#[component]
pub fn AsTask(item: StoredValue<Arc<Item>>, target: StoredValue<Target>) -> impl IntoView {
    let session = session();
    let support = session.memo(move |it| item.with_value(|item| it.task_support(item)));
    let wanted = session.memo(move |it| target.with_value(|target| it.is_called_as_task(target)));
    let required = move || support.get() == TaskSupport::Required;
    let choose = move |wanted: bool| session.dispatch(Input::CallAsTask(target.get_value(), wanted));
    view! {
        <Show when=move || support.get() != TaskSupport::Forbidden>
            <div class="row">
                <label class="check">
                    <input
                        type="checkbox" data-testid="call-as-task" prop:checked=move || required() || wanted.get() disabled=required
                        aria-describedby="call-as-task-note"
                        on:change:target=move |event| choose(event.target().checked())
                    />
                    <span>"Call as task"</span>
                </label>
                <span id="call-as-task-note" class="small muted">
                    {move || if required() { "This tool requires a task." } else { "Flowglass polls, then fetches the result." }}
                </span>
            </div>
        </Show>
    }
}

/// The task that the call waits for, as the server described it last.
#[component]
pub fn WaitingTask(target: StoredValue<Target>) -> impl IntoView {
    let session = session();
    let task = session.memo(move |it| {
        let outcome = target.with_value(|target| it.outcome(target)).filter(|it| it.status.is_open())?;
        it.task(outcome.task.as_deref()?).map(|it| it.task.clone())
    });
    let line = move || {
        let task = task.get()?;
        Some(view! {
            <p class="row small">
                <a href=href(&Route::Tasks) on:click=follow(Route::Tasks)>"Task"</a>
                <code>{task.status.name()}</code>
                {task.message.map(|it| view! { <span>{foreign(it)}</span> })}
            </p>
        })
    };
    view! { <div role="status">{line}</div> }
}
