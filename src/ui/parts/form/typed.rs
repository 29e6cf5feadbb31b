//! What is typed: one line, or as many as it takes; a date with the browser's own control.

use super::row::At;
use crate::schema::format::{self, Format};
use crate::schema::{Text, ValueKind};
use crate::ui::prelude::*;
use crate::web::clock;

/// How a text is typed.
#[derive(Clone, Copy)]
enum Line {
    /// A line of this type, and with this keyboard.
    One(&'static str, &'static str),
    Several,
}

impl Line {
    const fn of(kind: &ValueKind) -> Self {
        match kind {
            ValueKind::Number(_) => Self::One("text", "decimal"),
            ValueKind::Text(Text { format: Format::Any, .. }) => Self::Several,
            ValueKind::Text(Text { format: Format::Date, .. }) => Self::One("date", "text"),
            ValueKind::Text(Text { format: Format::Email, .. }) => Self::One("text", "email"),
            ValueKind::Text(Text { format: Format::Uri, .. }) => Self::One("text", "url"),
            ValueKind::Text(_) => Self::One("text", "text"),
            _ => Self::Several,
        }
    }
}

#[component]
pub fn Typed(at: At) -> impl IntoView {
    let (value, refused, write) = (at.text(), at.refused(), at.writer());
    let unreadable = {
        let (sheet, pointer) = (at.row.sheet, at.path());
        move || sheet.is_unreadable(&pointer)
    };
    let invalid = move || refused.get().then_some("true");
    match Line::of(&at.field.kind) {
        Line::One(kind, mode) => view! {
            <div class="row">
                <input
                    id=at.id.clone() data-testid=at.testid() data-path=at.path() class="mono grow" type=kind inputmode=mode
                    autocomplete="off" spellcheck="false" autocapitalize="off" aria-describedby=at.note()
                    aria-invalid=invalid aria-label=at.label() prop:value=value on:input:target=move |event| write.run(event.target().value())
                />
                <Picker at write/>
            </div>
        }
        .into_any(),
        Line::Several => view! {
            <textarea
                id=at.id.clone() data-testid=at.testid() data-path=at.path() class="line" rows="1" autocomplete="off"
                spellcheck="false" autocapitalize="off" aria-describedby=at.note() aria-invalid=invalid
                data-unreadable=move || unreadable().then_some("true") aria-label=at.label()
                prop:value=value on:input:target=move |event| write.run(event.target().value())
            ></textarea>
        }
        .into_any(),
    }
}

/// The browser's control for a moment, beside its text: it knows no time zones, so that this computer's is added.
#[component]
fn Picker(at: At, write: Callback<String>) -> impl IntoView {
    let (kind, label) = match &at.field.kind {
        ValueKind::Text(Text { format: Format::DateTime, .. }) => ("datetime-local", "Pick date and time"),
        ValueKind::Text(Text { format: Format::Time, .. }) => ("time", "Pick time"),
        _ => return ().into_any(),
    };
    let pick = move |picked: String| {
        let moment = if kind == "time" { clock::now() } else { clock::local(&picked) };
        if !picked.is_empty() {
            write.run(format::with_zone(&picked, clock::offset(moment)));
        }
    };
    view! {
        <input
            class="picker" type=kind step="1" aria-label=label
            on:change:target=move |event| pick(event.target().value())
        />
    }
    .into_any()
}
