//! The arguments of a tool as JSON, and the buttons that call it.

use crate::arguments;
use crate::inspector::Input;
use crate::map::Map;
use crate::mcp::connection::{Ask, Target};
use crate::mcp::model::{Item, Kind};
use crate::ui::parts::browse::{Lists, Open};
use crate::ui::parts::result::is_pending;
use crate::ui::prelude::*;
use crate::ui::session::session;
use std::sync::Arc;
use web_sys::{KeyboardEvent, SubmitEvent};

/// What was typed for each tool, while the page is open.
#[derive(Clone, Copy, Default)]
pub struct Drafts(StoredValue<Map<String, String>>);

impl Drafts {
    /// What was typed, else what was sent last, else what the schema suggests.
    fn of(self, item: &Item, target: &Target) -> String {
        let typed = self.0.with_value(|it| it.get(&item.key).cloned());
        let sent = || session().peek(|it| it.outcome(target).map(|it| it.ask.arguments.clone()));
        typed.or_else(sent).unwrap_or_else(|| arguments::starting(item.input_schema.as_deref()))
    }

    fn keep(self, name: &str, typed: String) {
        self.0.update_value(|it| {
            it.insert(name.to_owned(), typed);
        });
    }
}

#[component]
pub fn CallForm(item: Arc<Item>, drafts: Drafts, open: Open) -> impl IntoView {
    let session = session();
    let target = Target { kind: Kind::Tools, key: item.key.clone() };
    let (text, set_text) = signal(drafts.of(&item, &target));
    let (refusal, refuse) = signal(None::<String>);
    let name = item.key.clone();
    let typed = move |value: String| {
        drafts.keep(&name, value.clone());
        set_text.set(value);
        refuse.set(None);
    };
    let asked = StoredValue::new(target);
    let call = move || match text.with_untracked(|it| arguments::checked(it)) {
        Ok(arguments) => session.dispatch(Input::Ask(Ask { target: asked.get_value(), arguments })),
        Err(words) => refuse.set(Some(words)),
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
    view! {
        <form class="stack" novalidate on:submit=submit>
            <div class="field">
                <div class="row"><label for="args-json">"Arguments"</label></div>
                <textarea
                    id="args-json" data-testid="args-json" rows="5" spellcheck="false" autocomplete="off" autocapitalize="off"
                    aria-invalid=move || refusal.read().is_some().then_some("true") aria-describedby="args-json-hint"
                    prop:value=text on:input:target=move |event| typed(event.target().value()) on:keydown=key
                ></textarea>
                <Notes item text refusal/>
            </div>
            <Buttons target=asked open/>
        </form>
    }
}

/// What is wrong with the arguments, or might be.
#[component]
fn Notes(item: Arc<Item>, text: ReadSignal<String>, refusal: ReadSignal<Option<String>>) -> impl IntoView {
    let warnings = memo(move || arguments::warnings(item.input_schema.as_deref(), &text.read()));
    let lines = move || warnings.get().into_iter().map(|it| view! { <p class="hint">"! "{it}</p> }).collect_view();
    view! {
        <div id="args-json-hint" aria-live="polite">
            {move || refusal.get().map(|it| view! { <p class="error">{it}</p> })}
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
