//! How times of day, addresses and statuses are written.

use super::exchanges::Hidden;
use crate::base::format;
use crate::inspector::Status;
use crate::trace::{Ceiling, Dropped, Millis};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// `12:04:31.102`; `offset` is what has to be added to UTC, in minutes.
pub fn clock(at: Millis, offset: f64) -> String {
    let local = ((at + offset * 60_000.0).floor() as i64).rem_euclid(DAY);
    let (seconds, rest) = (local / 1000, local % 1000);
    format!("{:02}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// An address as origin, path, and query without its question mark.
pub fn address(url: &str) -> (&str, &str, Option<&str>) {
    let (whole, query) = url.split_once('?').map_or((url, None), |(whole, query)| (whole, Some(query)));
    let start = whole.find("://").map_or(0, |at| at + 3);
    let length = whole.get(start..).and_then(|it| it.find('/')).unwrap_or(whole.len() - start);
    let (origin, path) = whole.split_at_checked(start + length).unwrap_or((whole, ""));
    (origin, if path.is_empty() { "/" } else { path }, query)
}

/// The host and its port, as the user names a site.
pub fn host(url: &str) -> &str {
    let (origin, ..) = address(url);
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// The first digit of a status, or `blocked`, or `pending`: one colour each.
pub fn class(status: Option<&str>) -> &'static str {
    match status.and_then(|it| it.chars().next()) {
        Some('1') => "1",
        Some('2') => "2",
        Some('3') => "3",
        Some('4') => "4",
        Some('5') => "5",
        Some(_) => "blocked",
        None => "pending",
    }
}

/// How an exchange stands: its HTTP status, and what that does not tell.
pub fn stands(http: Option<&str>, status: Status, navigation: bool) -> String {
    let told = http.is_some_and(|it| !it.starts_with('2'));
    let more = match status {
        _ if navigation => "navigation",
        Status::Pending if http.is_none() => "…",
        Status::Pending => "open",
        Status::Ok => "",
        Status::NeedsInput => "input required",
        Status::ToolError => "tool error",
        Status::RpcError => "JSON-RPC error",
        Status::HttpError if told => "",
        Status::HttpError => "HTTP error",
        Status::Cancelled => "cancelled",
        Status::Refused => "refused",
    };
    let parts = [http.unwrap_or_default(), more];
    parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Its colour, as [`class`].
pub fn stands_class(http: Option<&str>, status: Status) -> &'static str {
    match status {
        Status::Ok | Status::HttpError => class(http),
        Status::Pending | Status::Cancelled => "pending",
        Status::NeedsInput | Status::ToolError | Status::RpcError | Status::Refused => "4",
    }
}

/// What is said below the headers of a response: which of them the browser may hide.
pub fn hidden(hidden: Hidden) -> Vec<String> {
    let Hidden::Some { wanted } = hidden else { return Vec::new() };
    let wanted = wanted.map(|it| format!("{it} is absent, or hidden by the browser."));
    let others = "Other headers are hidden unless Access-Control-Expose-Headers names them.".to_owned();
    wanted.into_iter().chain([others]).collect()
}

/// What is said below the headers of a request.
pub const ADDED: &str = "The browser adds Origin and other headers.";

/// What the ceiling of the trace took away, if anything.
pub fn dropped(dropped: Dropped) -> Option<String> {
    let (bytes, entries) = (format::bytes(Ceiling::USUAL.bytes), format::count(Ceiling::USUAL.entries));
    let texts = format::counted(dropped.texts, "body, event or message is", "bodies, events and messages are");
    let gone = format::counted(dropped.entries, "older entry was", "older entries were");
    match (dropped.texts, dropped.entries) {
        (0, 0) => None,
        (_, 0) => Some(format!("The trace keeps at most {bytes}: {texts} shown without content, the oldest first.")),
        _ => Some(format!("The trace keeps at most {bytes} and {entries} entries: {gone} dropped.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_that_of_the_place() {
        let noon = 1_767_960_271_102.0;
        assert_eq!(clock(noon, 0.0), "12:04:31.102");
        assert_eq!(clock(noon, 120.0), "14:04:31.102");
        assert_eq!(clock(0.0, -1.0), "23:59:00.000");
    }

    #[test]
    fn what_an_http_status_tells_is_not_said_twice() {
        let stands = |http, status| stands(http, status, false);
        assert_eq!(stands(Some("200"), Status::Ok), "200");
        assert_eq!(stands(Some("200"), Status::ToolError), "200 tool error");
        assert_eq!(stands(Some("401"), Status::HttpError), "401");
        assert_eq!(stands(Some("200"), Status::HttpError), "200 HTTP error");
        assert_eq!(stands(None, Status::Cancelled), "cancelled");
        assert_eq!(
            (stands(None, Status::Pending), stands(Some("200"), Status::Pending)),
            ("…".into(), "200 open".into())
        );
        assert_eq!(
            (stands_class(Some("200"), Status::RpcError), stands_class(Some("404"), Status::HttpError)),
            ("4", "4")
        );
    }

    #[test]
    fn an_address_has_parts() {
        assert_eq!(address("https://a.example:8/b/c?d=/"), ("https://a.example:8", "/b/c", Some("d=/")));
        assert_eq!(address("https://a.example"), ("https://a.example", "/", None));
        assert_eq!(host("http://localhost:3000/x"), "localhost:3000");
        assert_eq!(address(""), ("", "/", None));
    }
}
