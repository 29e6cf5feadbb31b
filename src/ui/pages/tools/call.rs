//! The arguments of a tool as a form or as JSON, and the buttons that call it.

use super::as_task::{AsTask, WaitingTask};
use super::copies::Copies;
use super::drafts::{Drafts, Sheet};
use super::history::{CallHistory, Earlier};
use crate::base::format;
use crate::inspector::Input;
use crate::mcp::connection::{Ask, Target};
use crate::mcp::model::{Item, ItemKind};
use crate::ui::parts::browse::{Lists, Open};
use crate::ui::parts::form::checking::keep_checked;
use crate::ui::parts::form::{NotChecked, ProblemRow, SchemaForm};
use crate::ui::parts::result::is_pending;
use crate::ui::prelude::*;
use crate::ui::session::arguments::LONGEST;
use crate::ui::session::session;
use crate::web::window;
use std::sync::Arc;
use web_sys::{KeyboardEvent, SubmitEvent};

#[component]
pub fn CallForm(item: Arc<Item>, drafts: Drafts, open: Open) -> impl IntoView {
    let session = session();
    let target = Target { kind: ItemKind::Tools, key: item.key.clone() };
    let sheet = Sheet::of(&item, &target, drafts);
    if let Some(schema) = item.input_schema.clone() {
        keep_checked(schema, move || sheet.text(), sheet.form);
    }
    let asked = StoredValue::new(target);
    let item = StoredValue::new(item);
    let call = move || {
        if let Some(arguments) = sheet.arguments() {
            session.dispatch(Input::Ask(Ask { target: asked.get_value(), arguments }));
            // Below a long form, the result would begin out of sight.
            request_animation_frame(|| window::bring_up("section.result"));
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        call();
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            call();
        }
    };
    let body = move || match (sheet.is_form.get(), sheet.root.get_value()) {
        (true, Some(root)) => view! { <SchemaForm root sheet=sheet.form/> }.into_any(),
        _ => view! { <ArgumentsJson sheet/> }.into_any(),
    };
    view! {
        <form id="call-form" class="call stack" novalidate on:submit=submit on:keydown=key>
            <Mode sheet/>
            {move || anew(body())}
            <Ends sheet/>
            <AsTask item target=asked/>
        </form>
        <WaitingTask target=asked/>
        <CallHistory sheet target=asked open/>
        <Buttons target=asked open sheet/>
    }
}

/// That what is typed ends with the page.
#[component]
fn Ends(sheet: Sheet) -> impl IntoView {
    let words = move || format!("Arguments over {} are lost on reload.", format::bytes(LONGEST));
    let long = move || sheet.ends.get() && sheet.text().is_some_and(|it| it.len() > LONGEST);
    view! { <div aria-live="polite">{move || long().then(|| view! { <p class="hint">{words}</p> })}</div> }
}

/// How arguments are typed.
#[component]
fn Mode(sheet: Sheet) -> impl IntoView {
    let is_form = sheet.is_form;
    let select = NodeRef::<leptos::html::Select>::new();
    let change = move |value: String| {
        sheet.switch(value == "form");
        // What could not be switched shows so.
        if let Some(select) = select.get_untracked() {
            select.set_value(if is_form.get_untracked() { "form" } else { "json" });
        }
    };
    view! {
        <div class="field">
            <div class="row">
                <label for="args-mode">"Arguments"</label>
                <select
                    id="args-mode" data-testid="args-mode" class="short" node_ref=select aria-describedby="args-mode-note"
                    on:change:target=move |event| change(event.target().value())
                >
                    <option value="form" prop:selected=is_form>"Form"</option>
                    <option value="json" prop:selected=move || !is_form.get()>"JSON"</option>
                </select>
            </div>
            <div id="args-mode-note" aria-live="polite">
                {move || sheet.stays.get().map(|it| view! { <p class="warning">{it}</p> })}
            </div>
        </div>
    }
}

#[component]
fn ArgumentsJson(sheet: Sheet) -> impl IntoView {
    let invalid = move || sheet.unreadable.read().is_some().then_some("true");
    view! {
        <div class="field">
            <textarea
                id="args-json" data-testid="args-json" rows="5" spellcheck="false" autocomplete="off" autocapitalize="off"
                aria-label="Arguments as JSON" aria-invalid=invalid data-unreadable=invalid aria-describedby="args-json-hint"
                prop:value=sheet.json on:input:target=move |event| sheet.write_json(event.target().value())
            ></textarea>
            <Notes sheet/>
        </div>
    }
}

/// What is wrong with the arguments, or might be.
#[component]
fn Notes(sheet: Sheet) -> impl IntoView {
    let problems = Memo::new(move |_| sheet.form.checked.get().and_then(Result::ok).unwrap_or_default());
    let rows = move || {
        let all = problems.get().problems.into_iter();
        all.map(|problem| view! { <ProblemRow problem at=String::new()/> }).collect_view()
    };
    view! {
        <div id="args-json-hint" aria-live="polite">
            {move || sheet.unreadable.get().map(|it| view! { <p class="error">{foreign(it)}</p> })}
            {rows}
            {move || more(problems.get().more)}
            <NotChecked checked=sheet.form.checked/>
        </div>
    }
}

fn more(count: usize) -> Option<impl IntoView> {
    (count > 0).then(|| view! { <p class="muted small">{count}" more problems."</p> })
}

#[component]
fn Buttons(target: StoredValue<Target>, open: Open, sheet: Sheet) -> impl IntoView {
    let session = session();
    let pending = Memo::new(move |_| target.with_value(|it| is_pending(session, it)));
    let off = move || (pending.get() || !open.lists.with(Lists::is_connected)).then_some("true");
    let cancel = move |_| session.dispatch(Input::Cancel(target.get_value()));
    view! {
        <div class="row call-bar">
            <button class="main" form="call-form" data-testid="call-tool" aria-disabled=off>"Call"</button>
            <Show when=move || pending.get()>
                <button type="button" data-testid="cancel-call" on:click=cancel>"Cancel"</button>
            </Show>
            <span class="small muted"><kbd>"Ctrl Enter"</kbd>" to call"</span>
            <Earlier target/>
            <span class="grow"></span>
            <Copies sheet target/>
        </div>
    }
}
