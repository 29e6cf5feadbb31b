//! What an exchange of the run is to the script.

use crate::base::text::Text;
use crate::http::{Method, Request};
use crate::trace::Exchange;
use crate::trace::step::Step;
use serde_json::{Map, Value};

pub fn title(it: &Exchange) -> String {
    let step = it.step.map_or_else(|| "Outside the steps".to_owned(), |it| format!("{} {}", it.number(), it.title()));
    let answered = it.status().map(|it| format!(", response {it}")).unwrap_or_default();
    step + &answered
}

pub fn is_registration(it: &Exchange) -> bool {
    it.step == Some(Step::Registration) && it.request.method == Method::Post
}

pub fn has_header(request: &Request, name: &str, part: &str) -> bool {
    request.headers.iter().any(|(it, value)| it.eq_ignore_ascii_case(name) && value.masked().contains(part))
}

pub fn is_form(request: &Request) -> bool {
    has_header(request, "content-type", "application/x-www-form-urlencoded")
}

/// Whether it asks for a stream that stays open.
pub fn is_stream(request: &Request) -> bool {
    request.method == Method::Get && has_header(request, "accept", "text/event-stream")
}

pub fn members(text: Option<&Text>) -> Map<String, Value> {
    text.and_then(|it| serde_json::from_str(&it.masked()).ok()).unwrap_or_default()
}
