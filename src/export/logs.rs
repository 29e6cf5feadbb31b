//! The log of a server as NDJSON: a JSON object a line, with the time, level, logger and call of each message.

use super::in_name;
use crate::base::format;
use crate::explain::wire::words;
use crate::inspector::{Link, Logged, Origin};
use crate::trace::{ExchangeId, Masks, Millis};
use serde::Serialize;
use serde_json::value::RawValue;

pub const MEDIA_TYPE: &str = "application/x-ndjson";

/// A line.
#[derive(Serialize)]
struct Line {
    time: String,
    level: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    logger: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<Request>,
    data: Box<RawValue>,
}

/// The request that it belongs to.
#[derive(Serialize)]
struct Request {
    method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    exchange: ExchangeId,
    /// How that is known: `response` or `only-open`.
    by: &'static str,
}

impl Request {
    fn of(call: &Origin, masks: &Masks) -> Self {
        let by = match call.link {
            Link::Response => "response",
            Link::OnlyOpen => "only-open",
        };
        let name = call.target.as_ref().map(|it| masks.masked(&it.key));
        Self { method: masks.masked(&call.method), name, exchange: call.exchange, by }
    }
}

/// The messages in the order given, without secrets.
pub fn write<'a>(masks: &Masks, messages: impl IntoIterator<Item = &'a Logged>) -> String {
    let lines = messages.into_iter().filter_map(|it| {
        let line = Line {
            time: format::instant(it.at),
            level: masks.masked(&it.level),
            logger: it.logger.as_deref().map(|it| masks.masked(it)),
            call: it.call.as_ref().map(|it| Request::of(it, masks)),
            data: data(masks, it)?,
        };
        serde_json::to_string(&line).ok()
    });
    lines.map(|line| line + "\n").collect()
}

/// The value as it came, on one line: outside of strings JSON has line breaks between its tokens alone.
fn data(masks: &Masks, logged: &Logged) -> Option<Box<RawValue>> {
    let masked = masks.masked(&logged.data);
    let json = logged.is_json.then(|| RawValue::from_string(masked.replace(['\n', '\r'], " ")).ok()).flatten();
    json.or_else(|| RawValue::from_string(serde_json::to_string(&masked).ok()?).ok())
}

/// `flowglass-mcp.example.com-2026-01-09-logs.ndjson`.
pub fn file_name(server: &str, now: Millis) -> String {
    let host: String = words::host(server).chars().map(in_name).collect();
    let host = if host.is_empty() { host } else { format!("{host}-") };
    format!("flowglass-{host}{}-logs.ndjson", format::date(now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::{MASK, Text};
    use crate::http::Request as Http;
    use crate::mcp::connection::Target;
    use crate::mcp::model::ItemKind;
    use crate::trace::{Event, Trace};
    use serde_json::{Value, json};

    fn logged(data: &str, is_json: bool) -> Logged {
        let target = Target { kind: ItemKind::Tools, key: "echo".to_owned() };
        let call = Origin { method: "tools/call".to_owned(), target: Some(target), exchange: 3, link: Link::Response };
        let (at, level, logger) = (1_767_960_271_102.0, "info".to_owned(), Some("a".to_owned()));
        Logged { at, level, logger, data: data.into(), is_json, call: Some(call) }
    }

    fn written(trace: &Trace, messages: &[Logged]) -> Vec<Value> {
        let text = write(&Masks::of(trace), messages);
        text.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect()
    }

    #[test]
    fn each_message_is_a_line_with_its_time_and_its_call() {
        let lines = written(&Trace::default(), &[logged("two\nlines", false), logged("{\n \"a\":\r\n 1}", true)]);
        let call = json!({ "method": "tools/call", "name": "echo", "exchange": 3, "by": "response" });
        let time = "2026-01-09T12:04:31.102Z";
        assert_eq!(
            lines[0],
            json!({ "time": time, "level": "info", "logger": "a", "call": call, "data": "two\nlines" })
        );
        assert_eq!((lines.len(), &lines[1]["data"]), (2, &json!({ "a": 1 })));
    }

    #[test]
    fn a_text_that_looks_like_json_stays_a_text_and_json_that_is_none_becomes_one() {
        let lines = written(&Trace::default(), &[logged("{}", false), logged("{", true)]);
        assert_eq!((&lines[0]["data"], &lines[1]["data"]), (&json!("{}"), &json!("{")));
    }

    #[test]
    fn d_36_no_secret_of_the_connection_is_in_it() {
        let mut trace = Trace::default();
        let request = Http::get("https://a/").header("authorization", Text::credentials("Bearer", "geheim-1"));
        trace.push(0.0, Event::Sent { exchange: 1, step: None, request });
        let messages = [logged("say geheim-1", false), logged(r#"{"x":"geheim-1","password":"other"}"#, true)];
        let lines = written(&trace, &messages);
        assert_eq!(lines[0]["data"], json!(format!("say {MASK}")));
        assert_eq!(lines[1]["data"], json!({ "x": MASK, "password": MASK }));
    }

    #[test]
    fn the_file_is_named_after_the_server() {
        let name = file_name("https://mcp.example.com:8080/mcp", 1_767_960_271_102.0);
        assert_eq!(name, "flowglass-mcp.example.com-8080-2026-01-09-logs.ndjson");
        assert_eq!(file_name("", 0.0), "flowglass-1970-01-01-logs.ndjson");
    }
}
