//! JSON-RPC 2.0 as MCP uses it: messages, ids, errors, and the batch rule.
//!
//! Payloads stay the text that came: a result of 10 MB is checked once and never turned into a tree.

use crate::json::members::Members;
pub use crate::trace::problem::mcp::RpcError;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;
use std::sync::Arc;

/// A request id: a string or an integer, never null in MCP.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Id {
    Number(i64),
    Text(String),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(id) => write!(f, "{id}"),
            Self::Text(id) => write!(f, "\"{id}\""),
        }
    }
}

impl RpcError {
    /// Whether the code says that the request was refused before anything was done for it: the message or its headers
    /// cannot be used, or the method, the capability or the revision is not there. -32602 may come from a tool, too.
    pub const fn is_refusal(&self) -> bool {
        matches!(self.code, -32700 | -32600 | -32601 | -32022..=-32020)
    }
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

/// One message that came in. Payloads are raw JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Request {
        id: Id,
        method: String,
        params: Option<Arc<str>>,
    },
    Notification {
        method: String,
        params: Option<Arc<str>>,
    },
    Result {
        id: Id,
        result: Arc<str>,
    },
    /// Some servers leave the id out, or null, when they could not read the request.
    Error {
        id: Option<Id>,
        error: RpcError,
    },
}

/// Why a text is not a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAMessage {
    /// The parser's words.
    NotJson(String),
    /// JSON that ends too early.
    Truncated(String),
    /// JSON, but no JSON-RPC message.
    NotRpc,
}

impl fmt::Display for NotAMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(said) => write!(f, "not JSON: {said}"),
            Self::Truncated(said) => write!(f, "truncated JSON: {said}"),
            Self::NotRpc => f.write_str("JSON, but not a JSON-RPC message"),
        }
    }
}

/// A message that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    pub message: Message,
    /// It says that it is JSON-RPC 2.0, as it must (JSON-RPC 2.0 §4).
    pub marked: bool,
}

/// All messages of a body: one, or those of a batch (2025-03-26). An item that is none does not hide the others.
pub fn parse(text: &str) -> Result<Vec<Result<Came, NotAMessage>>, NotAMessage> {
    if text.trim_start().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|it| not_json(&it))?;
        return Ok(items.into_iter().map(|item| came(item.get())).collect());
    }
    came(text).map(|one| vec![Ok(one)])
}

/// One message.
pub fn message(text: &str) -> Result<Message, NotAMessage> {
    came(text).map(|it| it.message)
}

fn came(text: &str) -> Result<Came, NotAMessage> {
    let all = Members::parse(text).map_err(|it| not_json(&it))?;
    let marked = all.get("jsonrpc") == Some(r#""2.0""#);
    told(&all).map(|message| Came { message, marked })
}

/// Which of the four kinds it is.
fn told(all: &Members<'_>) -> Result<Message, NotAMessage> {
    let (id, params) = (all.read::<Id>("id"), all.value("params").map(|it| it.get().into()));
    let method = all.value("method").map(|_| all.read::<String>("method").ok_or(NotAMessage::NotRpc)).transpose()?;
    let error = all.value("error").map(|it| RpcError::read(it.get()).ok_or(NotAMessage::NotRpc)).transpose()?;
    match (method, all.get("result"), error, id) {
        (Some(method), None, None, Some(id)) => Ok(Message::Request { id, method, params }),
        (Some(method), None, None, None) => Ok(Message::Notification { method, params }),
        (None, Some(result), None, Some(id)) => Ok(Message::Result { id, result: result.into() }),
        (None, None, Some(error), id) => Ok(Message::Error { id, error }),
        _ => Err(NotAMessage::NotRpc),
    }
}

impl RpcError {
    /// An error is one whatever is in it: words that are no string are told as they stand.
    pub(super) fn read(object: &str) -> Option<Self> {
        let all = Members::of(object)?;
        let fraction = || all.read::<f64>("code").filter(|it| it.fract() == 0.0).map(|it| it as i64);
        Some(Self {
            code: all.read("code").or_else(fraction).unwrap_or_default(),
            message: all.words("message").unwrap_or_default(),
            data: all.value("data").map(|it| it.get().into()),
        })
    }
}

fn not_json(error: &serde_json::Error) -> NotAMessage {
    match error.classify() {
        serde_json::error::Category::Eof => NotAMessage::Truncated(error.to_string()),
        serde_json::error::Category::Data => NotAMessage::NotRpc,
        _ => NotAMessage::NotJson(error.to_string()),
    }
}

/// The text of a request. `params` is raw JSON and goes out as it stands.
pub fn request(id: &Id, method: &str, params: Option<&RawValue>) -> String {
    write(&Outgoing { jsonrpc: "2.0", id: Some(id), method: Some(method), params, result: None, error: None })
}

/// The text of a notification.
pub fn notification(method: &str, params: Option<&RawValue>) -> String {
    write(&Outgoing { jsonrpc: "2.0", id: None, method: Some(method), params, result: None, error: None })
}

/// The text of an answer to a request of the server's.
pub fn result(id: &Id, result: &RawValue) -> String {
    write(&Outgoing { jsonrpc: "2.0", id: Some(id), method: None, params: None, result: Some(result), error: None })
}

/// The text of a refusal of a request of the server's.
pub fn error(id: &Id, code: i64, message: &str) -> String {
    let error = Some(OutgoingError { code, message });
    write(&Outgoing { jsonrpc: "2.0", id: Some(id), method: None, params: None, result: None, error })
}

#[derive(Serialize)]
struct Outgoing<'a> {
    jsonrpc: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<OutgoingError<'a>>,
}

#[derive(Serialize)]
struct OutgoingError<'a> {
    code: i64,
    message: &'a str,
}

fn write(message: &Outgoing<'_>) -> String {
    serde_json::to_string(message).unwrap_or_default()
}

/// A text that is JSON, as raw JSON; `null` where it is none.
pub fn known(json: &str) -> Box<RawValue> {
    serde_json::from_str::<&RawValue>(json).map(ToOwned::to_owned).unwrap_or_default()
}

/// Raw JSON of a value that this client made.
pub fn raw(value: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_codes_say_that_nothing_was_done_for_a_request() {
        let refused = |code| RpcError { code, message: String::new(), data: None }.is_refusal();
        for code in [-32700, -32600, -32601, -32020, -32021, -32022] {
            assert!(refused(code), "{code}");
        }
        for code in [-32602, -32603, -32000, -32042, 0, 1] {
            assert!(!refused(code), "{code}");
        }
    }

    #[test]
    fn an_error_whose_message_was_cut_in_a_face_is_an_error() {
        let cut = message(r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no \ud83d"}}"#);
        assert!(matches!(cut, Ok(Message::Error { error, .. }) if error.message == "no \u{fffd}"));
        let odd = message(r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":{"a":1}}}"#);
        assert!(matches!(odd, Ok(Message::Error { error, .. }) if error.message == r#"{"a":1}"#));
    }

    #[test]
    fn the_four_kinds_are_told_apart() {
        assert!(matches!(message(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#), Ok(Message::Request { .. })));
        assert!(matches!(message(r#"{"method":"x","params":{"a":1}}"#), Ok(Message::Notification { .. })));
        assert!(matches!(message(r#"{"id":"a","result":{}}"#), Ok(Message::Result { .. })));
        assert!(matches!(
            message(r#"{"id":null,"error":{"code":-1,"message":"no"}}"#),
            Ok(Message::Error { id: None, .. })
        ));
    }

    #[test]
    fn a_message_says_that_it_is_json_rpc_2_and_never_has_result_and_error() {
        let marked = |text: &str| parse(text).expect("a message").remove(0).expect("one").marked;
        assert!(marked(r#"{"jsonrpc":"2.0","id":1,"result":1}"#));
        assert!(!marked(r#"{"id":1,"result":1}"#) && !marked(r#"{"jsonrpc":2.0,"id":1,"result":1}"#));
        assert_eq!(message(r#"{"id":1,"result":1,"error":{"code":1}}"#), Err(NotAMessage::NotRpc));
    }

    #[test]
    fn a_null_result_is_a_result() {
        let Ok(Message::Result { result, .. }) = message(r#"{"id":1,"result":null}"#) else { panic!("no result") };
        assert_eq!(&*result, "null");
    }

    #[test]
    fn a_result_keeps_every_byte() {
        let Ok(Message::Result { result, .. }) = message(r#"{"id":1,"result":{ "a" : 1.0e2 }}"#) else { panic!() };
        assert_eq!(&*result, r#"{ "a" : 1.0e2 }"#);
    }

    #[test]
    fn a_bad_item_of_a_batch_hides_no_other() {
        let items = parse(r#"[{"id":1,"result":1},7,{"method":"x"}]"#).expect("a batch");
        assert_eq!(items.iter().filter(|it| it.is_ok()).count(), 2);
        assert_eq!(items.get(1), Some(&Err(NotAMessage::NotRpc)));
    }

    #[test]
    fn what_is_cut_is_told_from_what_is_wrong() {
        assert!(matches!(parse(r#"{"id":1,"resu"#), Err(NotAMessage::Truncated(_))));
        assert!(matches!(parse("<html>"), Err(NotAMessage::NotJson(_))));
        assert!(matches!(parse("{}"), Err(NotAMessage::NotRpc)));
        assert!(matches!(parse("3"), Err(NotAMessage::NotRpc)));
    }

    #[test]
    fn arguments_go_out_as_they_stand() {
        let params = RawValue::from_string(r#"{"n":1.0}"#.to_owned()).expect("JSON");
        let text = request(&Id::Number(3), "tools/call", Some(&params));
        assert_eq!(text, r#"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"n":1.0}}"#);
    }
}
