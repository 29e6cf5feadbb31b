//! The form of an elicitation: its schema as fields. What breaks the schema is said once; sent a second time as it is, it
//! goes out.

use super::{Accepting, focus_refused};
use crate::json::members::Members;
use crate::mcp::question::Question;
use crate::schema::Spec;
use crate::schema::draft::{Draft, form};
use crate::schema::verdict::Checked;
use crate::ui::parts::form::SchemaForm;
use crate::ui::parts::form::checking::keep_checked;
use crate::ui::parts::form::sheet::{Look, Sheet};
use crate::ui::prelude::*;
use crate::web::{clock, validator, window};
use leptos::task::spawn_local_scoped;
use std::sync::Arc;

/// How long sending waits for the schema check, in milliseconds: that may be on its way, or have much to do.
const PATIENCE: u32 = 3_000;

#[component]
pub fn FormBody(question: Question, accepting: Accepting) -> impl IntoView {
    let schema: Arc<str> = requested(&question).into();
    let root = form(&schema).unwrap_or_else(|| Spec::whole(r#"{"type":"object"}"#));
    let sheet = Sheet::new(Draft::starting(&root), Look::Titles);
    keep_checked(Arc::clone(&schema), move || sheet.text(), sheet);
    let refused = StoredValue::new(None);
    accepting.set_value(Some(Callback::new(sender(schema, sheet, refused))));
    view! {
        <pre class="text">{foreign(question.message())}</pre>
        <SchemaForm root sheet/>
        {move || is_refused(sheet, refused).then(|| view! {
            <p class="hint" role="status">"Select Send again to send it as it is."</p>
        })}
    }
}

/// Sends what stands in the form once it was checked; what was refused once goes out as it is.
fn sender(schema: Arc<str>, sheet: Sheet, refused: StoredValue<Option<String>>) -> impl Fn(Callback<String>) {
    let waiting = Waiting::default();
    move |send| {
        let Some(content) = sheet.json() else { return focus_refused() };
        if refused.get_value().as_ref() == Some(&content) {
            return send.run(content);
        }
        let turn = waiting.begin();
        if let Some(checked) = sheet.verdict_on(&content) {
            return conclude(sheet, refused, send, content, checked);
        }
        let unchecked = content.clone();
        spawn_local_scoped(async move {
            clock::sleep(PATIENCE).await;
            if waiting.ends(turn) {
                send.try_run(unchecked);
            }
        });
        let schema = Arc::clone(&schema);
        spawn_local_scoped(async move {
            let checked = validator::check(&schema, &content).await;
            if waiting.ends(turn) {
                conclude(sheet, refused, send, content, checked);
            }
        });
    }
}

/// What is known to break the schema is refused, where the user sees it; anything else is sent.
fn conclude(
    sheet: Sheet,
    refused: StoredValue<Option<String>>,
    send: Callback<String>,
    content: String,
    checked: Checked,
) {
    if checked.as_ref().is_ok_and(|it| !it.is_valid()) {
        refused.set_value(Some(content.clone()));
        sheet.judge(Some((content, checked)));
        // Who types on meanwhile is not interrupted.
        if !window::is_typing() {
            focus_refused();
        }
    } else {
        send.try_run(content);
    }
}

/// The newest attempt to send, while it waits for its check.
#[derive(Clone, Copy, Default)]
struct Waiting(StoredValue<(u32, bool)>);

impl Waiting {
    /// The number of this turn, which takes the place of an earlier one.
    fn begin(self) -> u32 {
        self.0.update_value(|it| *it = (it.0 + 1, true));
        self.0.get_value().0
    }

    /// Ends a turn; whether it was still waiting, and the dialog is there.
    fn ends(self, turn: u32) -> bool {
        let ended = self.0.try_update_value(|it| {
            let own = *it == (turn, true);
            it.1 &= !own;
            own
        });
        ended == Some(true)
    }
}

/// Whether what stands in the form was refused just so.
fn is_refused(sheet: Sheet, refused: StoredValue<Option<String>>) -> bool {
    sheet.checked.track();
    let text = sheet.text();
    text.is_some() && text == refused.get_value()
}

/// The schema of what is asked (MCP, elicitation, "Requested Schema").
fn requested(question: &Question) -> String {
    let params = Members::of(&question.params).unwrap_or_default();
    params.get("requestedSchema").unwrap_or("{}").to_owned()
}
