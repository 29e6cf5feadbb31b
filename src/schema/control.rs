//! Values in controls: what a control shows of a value, and the value of what is typed into it.

use super::format::is_date;
use super::value::{Value, is_number};
use super::{Choice, Field, Format, ValueKind, pretty, same};

impl Field {
    /// Whether null can be sent beside what else stands in it. A choice that is null is one of the choices.
    pub fn can_be_null(&self) -> bool {
        self.nullable && !matches!(&self.kind, ValueKind::One(choices) if choices.iter().any(|it| it.value == "null"))
    }

    /// The same value, typed as JSON.
    pub fn as_json(&self) -> Self {
        Self { kind: ValueKind::Json, ..self.clone() }
    }
}

impl ValueKind {
    /// Whether it is a choice of true or false.
    pub fn is_truth(&self) -> bool {
        matches!(self, Self::One(choices) if choices.iter().map(|it| it.value.as_str()).eq(["true", "false"]))
    }

    /// Whether the control shows all of a value, so that it can be edited there and nothing is lost.
    pub fn shows(&self, value: &Value) -> bool {
        match self {
            Self::Text(text) => {
                value.as_text().is_some_and(|it| text.format != Format::Date || it.is_empty() || is_date(&it))
            }
            // What was typed and is no number is sent as a text; a number that is a text looks like none.
            Self::Number(_) => match value {
                Value::Raw(raw) if is_number(raw) => true,
                value => value.as_text().is_some_and(|it| !is_number(it.trim())),
            },
            Self::Flag => value.is_of("boolean"),
            Self::One(choices) => offered(choices, value).is_some() || value.as_text().as_deref() == Some(""),
            Self::Many { choices, .. } => match value {
                Value::List(items) => {
                    let known: Option<Vec<_>> = items.iter().map(|it| offered(choices, it)).collect();
                    known.is_some_and(|it| {
                        it.iter().enumerate().all(|(at, one)| !it.iter().take(at).any(|it| it == one))
                    })
                }
                _ => false,
            },
            Self::List(_) => matches!(value, Value::List(_)),
            Self::Group(_) => matches!(value, Value::Object(_)),
            Self::Variant(_) | Self::Json => true,
        }
    }

    /// What stands in the control.
    pub fn text(&self, value: &Value) -> String {
        match (self, value) {
            (Self::One(choices), value) => offered(choices, value).unwrap_or_default(),
            (Self::Text(_), value) => value.as_text().unwrap_or_default(),
            (Self::Number(_), Value::Raw(raw)) if is_number(raw) => raw.clone(),
            (Self::Number(_), value) => value.as_text().unwrap_or_default(),
            (_, Value::Raw(text) | Value::Unreadable(text)) => text.clone(),
            (_, value) => pretty(&value.json()),
        }
    }

    /// The choices that are made.
    pub fn chosen(&self, value: &Value) -> Vec<String> {
        match (self, value) {
            (Self::Many { choices, .. }, Value::List(items)) => {
                items.iter().filter_map(|it| offered(choices, it)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The value of what was typed or chosen; none where nothing was. What is no number goes out as the text that it is.
    pub fn typed(&self, text: &str, required: bool) -> Option<Value> {
        match self {
            Self::Text(it) if text.is_empty() => (required && it.may_be_empty()).then(|| Value::text("")),
            Self::Text(_) => Some(Value::text(text)),
            _ if text.trim().is_empty() => None,
            Self::Number(_) if !is_number(text.trim()) => Some(Value::text(text)),
            _ => Some(Value::typed(text.trim())),
        }
    }
}

/// The choice that a value is.
fn offered(choices: &[Choice], value: &Value) -> Option<String> {
    let json = value.json();
    choices.iter().find(|it| same(&it.value, &json)).map(|it| it.value.clone())
}
