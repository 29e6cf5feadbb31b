//! The tools: one for each thing that a tool can do.

use super::Demo;
use super::answer::{Answer, End, Part, put};
use super::server::Call;
use crate::base::revision::Revision;
use crate::mcp::era::INVALID_PARAMS;
use crate::oauth::flow::Moment;
use serde_json::{Value, json};

/// A pause between two numbers of the slow tool, in milliseconds.
const BEAT: u32 = 400;
const DIARY_SCOPE: &str = "diary:read";

/// What a tool needs beyond what the server itself needs.
pub(super) fn scope(tool: &str) -> Option<&'static str> {
    (tool == "read_diary").then_some(DIARY_SCOPE)
}

/// The list. Output schemas came with 2025-06-18.
pub(super) fn list(revision: Revision) -> Vec<Value> {
    let mut all = vec![
        tool("echo", "Echo", "Echoes a message.", text_argument("message", "Message", "Ahoy")),
        tool("add", "Add", "Adds two numbers.", two_numbers()),
        tool("divide", "Divide", "Divides two numbers; division by zero is a tool error (isError).", two_numbers()),
        tool(
            "count_slowly",
            "Count slowly",
            "Counts and sends progress notifications.",
            json!({
                "type": "object",
                "properties": { "to": { "type": "integer", "title": "Count to", "minimum": 1, "maximum": 10, "default": 5 } },
            }),
        ),
        tool(
            "weather",
            "Weather at the harbour",
            "Returns structured content.",
            json!({
                "type": "object",
                "properties": { "day": { "type": "string", "title": "Day", "enum": ["today", "tomorrow"], "default": "today" } },
            }),
        ),
        tool(
            "book_table",
            "Book a table",
            "Requests input from you (elicitation).",
            json!({ "type": "object", "properties": {} }),
        ),
        tool(
            "read_diary",
            "Read the diary",
            "Needs the scope diary:read, which the first call requests (step-up).",
            json!({ "type": "object", "properties": {} }),
        ),
    ];
    if revision >= Revision::R3 {
        for tool in all.iter_mut().filter(|it| it["name"] == "weather") {
            let schema = json!({
                "type": "object",
                "properties": {
                    "day": { "type": "string" },
                    "celsius": { "type": "number" },
                    "wind": { "type": "string" },
                },
                "required": ["day", "celsius", "wind"],
            });
            put(tool, "outputSchema", schema);
        }
    }
    all
}

fn tool(name: &str, title: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "title": title, "description": description, "inputSchema": schema })
}

fn text_argument(name: &str, title: &str, example: &str) -> Value {
    json!({
        "type": "object",
        "properties": { name: { "type": "string", "title": title, "default": example } },
        "required": [name],
    })
}

fn two_numbers() -> Value {
    json!({
        "type": "object",
        "properties": { "a": { "type": "number", "default": 6 }, "b": { "type": "number", "default": 3 } },
        "required": ["a", "b"],
    })
}

impl Demo {
    /// A call of a tool, by somebody who may. The answer is a stream, whatever comes on it.
    pub(super) fn tool(&mut self, moment: &Moment, call: &Call, person: &str) -> Answer {
        let number = |name: &str| call.argument(name).and_then(Value::as_f64);
        let result = match (call.param("name"), number("a"), number("b")) {
            ("echo", ..) => match call.argument("message").and_then(Value::as_str) {
                Some(message) => said(message),
                None => return lacks(call, "message"),
            },
            ("add" | "divide", None, _) => return lacks(call, "a"),
            ("add" | "divide", _, None) => return lacks(call, "b"),
            ("add", Some(a), Some(b)) => said(&(a + b).to_string()),
            ("divide", _, Some(0.0)) => {
                json!({ "content": [text("Division by zero.")], "isError": true })
            }
            ("divide", Some(a), Some(b)) => said(&(a / b).to_string()),
            ("count_slowly", ..) => return count(call),
            ("weather", ..) => weather(call),
            ("book_table", ..) => return self.book(moment, call),
            ("read_diary", ..) => said(&diary(person)),
            _ => return Answer::json(200, &call.error(INVALID_PARAMS, "Unknown tool")),
        };
        Answer::stream(vec![Part::now(call.result(result))], End::Well)
    }

    /// Asks first: on the open stream, or, from 2026-07-28 on, with a result that wants input.
    fn book(&mut self, moment: &Moment, call: &Call) -> Answer {
        let answer = call.params.get("inputResponses").and_then(|it| it.get("table"));
        let result = match (call.revision, answer) {
            (revision, _) if !revision.has_elicitation() => {
                said("This protocol version has no elicitation: a table for two at seven is booked.")
            }
            (Revision::R5, Some(answer)) => booked(answer),
            (Revision::R5, None) => json!({
                "resultType": "input_required",
                "inputRequests": { "table": { "method": "elicitation/create", "params": question(call.revision) } },
                "requestState": "table-at-the-quay",
            }),
            _ => return self.wait_for(moment, call, &question(call.revision)),
        };
        Answer::stream(vec![Part::now(call.result(result))], End::Well)
    }
}

fn lacks(call: &Call, name: &str) -> Answer {
    Answer::json(200, &call.error(INVALID_PARAMS, &format!("The argument {name} is missing or has the wrong type")))
}

fn text(words: &str) -> Value {
    json!({ "type": "text", "text": words })
}

fn said(words: &str) -> Value {
    json!({ "content": [text(words)] })
}

fn diary(person: &str) -> String {
    format!(
        "Fog until nine. One ship in, none out. {person} was the first ever to ask for this diary; it needed a scope of its own."
    )
}

fn weather(call: &Call) -> Value {
    let day = call.argument("day").and_then(Value::as_str).unwrap_or("today");
    let (celsius, wind) = if day == "tomorrow" { (9.5, "west, 6 Beaufort") } else { (14.0, "south-west, 3 Beaufort") };
    let mut result = said(&format!("{day}: {celsius} °C, {wind}"));
    if call.revision >= Revision::R3 {
        put(&mut result, "structuredContent", json!({ "day": day, "celsius": celsius, "wind": wind }));
    }
    result
}

/// Progress is told where a token for it was sent.
fn count(call: &Call) -> Answer {
    let to = call.argument("to").and_then(Value::as_i64).unwrap_or(5).clamp(1, 10);
    let token = call.params.get("_meta").and_then(|it| it.get("progressToken"));
    let told = |number: i64| {
        let params = json!({ "progressToken": token, "progress": number, "total": to, "message": format!("counted to {number}") });
        Part { after: BEAT, message: json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": params }) }
    };
    let mut events: Vec<Part> = (1..=to).filter(|_| token.is_some()).map(told).collect();
    events.push(Part { after: BEAT, message: call.result(said(&format!("Counted to {to}."))) });
    Answer::stream(events, End::Well)
}

/// MCP, elicitation: a form with fields of the kinds that there are.
fn question(revision: Revision) -> Value {
    let mut params = json!({
        "message": "For how many, and where would you like to sit?",
        "requestedSchema": {
            "type": "object",
            "properties": {
                "guests": { "type": "integer", "title": "Guests", "minimum": 1, "maximum": 8, "default": 2 },
                "place": { "type": "string", "title": "Place", "enum": ["at the window", "outside", "at the bar"], "default": "at the window" },
                "name": { "type": "string", "title": "Name", "default": "Ada" },
                "dog": { "type": "boolean", "title": "With a dog", "default": false },
            },
            "required": ["guests", "place"],
        },
    });
    if revision.has_url_elicitation() {
        put(&mut params, "mode", json!("form"));
    }
    params
}

/// What follows from what the user said.
pub(super) fn booked(answer: &Value) -> Value {
    let content = answer.get("content");
    let field = |name: &str| content.and_then(|it| it.get(name));
    let words = |name: &str, or: &str| field(name).and_then(Value::as_str).unwrap_or(or).to_owned();
    match answer.get("action").and_then(Value::as_str) {
        Some("accept") => {
            let guests = field("guests").and_then(Value::as_f64).unwrap_or(2.0);
            let dog = if field("dog") == Some(&Value::Bool(true)) { " The dog is welcome." } else { "" };
            let (place, name) = (words("place", "at the window"), words("name", "nobody"));
            said(&format!("A table for {guests} {place} is kept for {name}.{dog}"))
        }
        _ => said("Nothing was booked."),
    }
}
