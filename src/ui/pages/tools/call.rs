//! The arguments of a tool as a form or as JSON, and the buttons that call it.

use super::drafts::{Draft, Drafts, Sheet};
use super::form::ArgumentsForm;
use crate::arguments;
use crate::inspector::Input;
use crate::mcp::connection::{Ask, Target};
use crate::mcp::model::{Item, Kind};
use crate::ui::parts::browse::{Lists, Open};
use crate::ui::parts::result::is_pending;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;
use std::sync::Arc;
use web_sys::{HtmlSelectElement, KeyboardEvent, SubmitEvent};

#[component]
pub fn CallForm(item: Arc<Item>, drafts: Drafts, open: Open) -> impl IntoView {
    let session = session();
    let target = Target { kind: Kind::Tools, key: item.key.clone() };
    let sheet = Sheet::of(&item, &target, drafts);
    let asked = StoredValue::new(target);
    let call = move || {
        if let Some(arguments) = sheet.arguments() {
            session.dispatch(Input::Ask(Ask { target: asked.get_value(), arguments }));
            // Below a long form, the result would begin out of sight.
            request_animation_frame(|| window::bring_up("form.call > .row"));
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
    let is_form = memo(move || sheet.draft.with(Draft::is_form));
    let body = move || match is_form.get() {
        true => view! { <ArgumentsForm sheet/> }.into_any(),
        false => view! { <ArgumentsJson item=Arc::clone(&item) sheet/> }.into_any(),
    };
    view! {
        <form class="call stack" novalidate on:submit=submit on:keydown=key>
            <Mode sheet is_form/>
            {body}
            <Buttons target=asked open/>
        </form>
    }
}

/// How arguments are typed.
#[component]
fn Mode(sheet: Sheet, is_form: Memo<bool>) -> impl IntoView {
    let select = NodeRef::<HtmlSelectElement>::new();
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
                    <option value="form" prop:selected=is_form>"as a form"</option>
                    <option value="json" prop:selected=move || !is_form.get()>"as JSON"</option>
                </select>
            </div>
            <div id="args-mode-note" aria-live="polite">
                {move || sheet.stays.get().map(|it| view! { <p class="warning">{it}</p> })}
            </div>
        </div>
    }
}

#[component]
fn ArgumentsJson(item: Arc<Item>, sheet: Sheet) -> impl IntoView {
    let text = memo(move || sheet.draft.with(|it| it.json().to_owned()));
    let invalid = move || sheet.unreadable.read().is_some().then_some("true");
    view! {
        <div class="field">
            <textarea
                id="args-json" data-testid="args-json" rows="5" spellcheck="false" autocomplete="off" autocapitalize="off"
                aria-label="Arguments as JSON" aria-invalid=invalid aria-describedby="args-json-hint"
                prop:value=text on:input:target=move |event| sheet.write_json(event.target().value())
            ></textarea>
            <Notes item text sheet/>
        </div>
    }
}

/// What is wrong with the arguments, or might be.
#[component]
fn Notes(item: Arc<Item>, text: Memo<String>, sheet: Sheet) -> impl IntoView {
    let warnings = memo(move || arguments::warnings(item.input_schema.as_deref(), &text.read()));
    let lines = move || warnings.get().into_iter().map(|it| view! { <p class="warning">{it}</p> }).collect_view();
    view! {
        <div id="args-json-hint" aria-live="polite">
            {move || sheet.unreadable.get().map(|it| view! { <p class="error">{it}</p> })}
            {lines}
        </div>
    }
}

#[component]
fn Buttons(target: StoredValue<Target>, open: Open) -> impl IntoView {
    let session = session();
    let pending = memo(move || target.with_value(|it| is_pending(session, it)));
    let off = move || (pending.get() || !open.lists.with(Lists::is_connected)).then_some("true");
    let cancel = move |_| session.dispatch(Input::Cancel(target.get_value()));
    view! {
        <div class="row">
            <button class="main" data-testid="call-tool" aria-disabled=off>"Call"</button>
            <Show when=move || pending.get()>
                <button type="button" data-testid="cancel-call" on:click=cancel>"Cancel"</button>
            </Show>
            <span class="grow"></span>
            <span class="small muted"><kbd>"Ctrl Enter"</kbd>" calls"</span>
        </div>
    }
}
