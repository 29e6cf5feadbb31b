//! A request and what came back for it, gathered from the entries of a trace.

use super::audit::AuditProbe;
use super::event::{Body, Event, Mark, RpcKind, Way};
use super::step::Step;
use super::{ExchangeId, Millis};
use crate::base::address::Address;
use crate::http::{Head, HttpError, Request};
use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::sync::Arc;

/// A request and what came back for it.
#[derive(Clone, PartialEq)]
pub struct Exchange {
    pub id: ExchangeId,
    /// The number of the entry of its request.
    pub number: u32,
    pub step: Option<Step>,
    /// Of an audit.
    pub probe: Option<AuditProbe>,
    pub request: Request,
    pub sent: Millis,
    /// The JSON-RPC message that the request carries, where it carries one.
    pub message: Option<Asked>,
    pub head: Option<(Head, Millis)>,
    pub body: Option<Body>,
    /// How many stream events came, and the length of their data in bytes.
    pub events: u32,
    pub streamed: usize,
    /// The JSON-RPC response to its message, on whichever exchange it came.
    pub answer: Option<Answered>,
    pub ended: Option<Millis>,
    pub error: Option<HttpError>,
    /// The navigation that leaves for a login: it has no status.
    pub navigation: bool,
}

/// A JSON-RPC message that a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub method: Arc<str>,
    /// As the wire wrote it; none of a notification.
    pub id: Option<Arc<str>>,
    /// The name of the tool or prompt, or the URI of the resource, that it is about.
    pub name: Option<Arc<str>>,
    /// Whether the trace has it as a message of its own, and its response too. Those of probes and tests are none.
    pub recorded: bool,
}

/// The response to a JSON-RPC request.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The number of its entry.
    pub number: u32,
    /// The exchange that it came on: another one with HTTP+SSE, or where a stream was taken up again.
    pub exchange: ExchangeId,
    pub at: Millis,
    pub kind: RpcKind,
    pub mark: Option<Mark>,
    /// Of the message.
    pub bytes: usize,
}

impl Exchange {
    /// One that was just sent, by the entry of that number.
    pub(super) fn sent(number: u32, at: Millis, id: ExchangeId, step: Option<Step>, request: &Request) -> Self {
        Self {
            id,
            number,
            step,
            probe: None,
            request: request.clone(),
            sent: at,
            message: request.body.as_ref().and_then(|it| Asked::read(&it.expose())),
            head: None,
            body: None,
            events: 0,
            streamed: 0,
            answer: None,
            ended: None,
            error: None,
            navigation: step == Some(Step::Authorize),
        }
    }

    /// Whether no redirect led to another origin.
    pub fn stayed(&self) -> bool {
        let origin = |url: &str| Address::typed(url).map(|it| it.origin());
        self.head.as_ref().is_none_or(|(head, _)| !head.redirected || origin(&self.request.url) == origin(&head.url))
    }

    /// Takes what happened on it.
    pub(super) fn take(&mut self, at: Millis, event: &Event) {
        match event {
            Event::Probed { probe, .. } => self.probe = Some(*probe),
            Event::Answered { head, .. } => self.head = Some((head.clone(), at)),
            Event::Body { body, .. } => self.body = Some(body.clone()),
            Event::Streamed { event, .. } => {
                self.events += 1;
                self.streamed += event.bytes;
            }
            Event::Rpc { rpc, .. } if rpc.way == Way::Out => {
                self.message.iter_mut().for_each(|it| it.recorded = true);
            }
            Event::Ended { .. } => self.ended = Some(at),
            Event::Failed { error, .. } => {
                self.error = Some(error.clone());
                self.ended = Some(at);
            }
            _ => {}
        }
    }

    /// The id of its JSON-RPC request.
    pub fn rpc_id(&self) -> Option<&str> {
        self.message.as_ref()?.id.as_deref()
    }

    /// What `data-http-status` says: absent while pending, `blocked` where the browser hid the answer.
    pub fn status(&self) -> Option<String> {
        match (&self.head, &self.error) {
            // An opaque answer came, and the browser hides all of it.
            (Some((head, _)), _) if head.status == 0 => Some("blocked".to_owned()),
            (Some((head, _)), _) => Some(head.status.to_string()),
            (None, Some(error)) if error.is_hidden() => Some("blocked".to_owned()),
            (None, _) => None,
        }
    }

    /// From the request to the end of the answer, in milliseconds.
    pub fn took(&self) -> Option<Millis> {
        self.ended.map(|end| (end - self.sent).max(0.0))
    }
}

impl Asked {
    /// The request or notification that a body holds. Of one that was cut it is read as far as the text goes.
    fn read(body: &str) -> Option<Self> {
        let mut read = Read::default();
        let _ = serde_json::Deserializer::from_str(body).deserialize_map(Message(&mut read));
        let Read { is_rpc: true, method: Some(method), id, name } = read else { return None };
        Some(Self { method: method.into(), id: id.map(Arc::from), name: name.map(Arc::from), recorded: false })
    }
}

#[derive(Default)]
struct Read {
    is_rpc: bool,
    method: Option<String>,
    id: Option<String>,
    name: Option<String>,
}

struct Message<'a>(&'a mut Read);

impl<'de> Visitor<'de> for Message<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "jsonrpc" => self.0.is_rpc = map.next_value::<IgnoredAny>().is_ok(),
                "method" => self.0.method = Some(map.next_value()?),
                "id" => self.0.id = Some(map.next_value::<Box<RawValue>>()?.get().to_owned()),
                "params" => map.next_value_seed(Params(&mut self.0.name))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// The `name` or `uri` in them.
struct Params<'a>(&'a mut Option<String>);

impl<'de> DeserializeSeed<'de> for Params<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Params<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("params")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "name" | "uri" => *self.0 = Some(map.next_value()?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(body: &str) -> Option<String> {
        Asked::read(body)?.name.map(|it| it.to_string())
    }

    #[test]
    fn what_a_message_is_about_is_read_of_its_params_even_where_it_was_cut() {
        let whole = r#"{"jsonrpc":"2.0","id":"a-1","method":"tools/call","params":{"_meta":{"name":"no"},"name":"echo","arguments":{"uri":"no"}}}"#;
        for end in [whole.len(), whole.find("arguments").expect("there") + 5] {
            let asked = whole.get(..end).and_then(Asked::read).expect("a message");
            assert_eq!((&*asked.method, asked.id.as_deref()), ("tools/call", Some("\"a-1\"")), "{end}");
            assert_eq!(asked.name.as_deref(), Some("echo"), "{end}");
        }
        let with = |params: &str| name(&format!(r#"{{"jsonrpc":"2.0","method":"x","params":{params}}}"#));
        assert_eq!(with(r#"{"uri":"a://b"}"#).as_deref(), Some("a://b"));
        for other in [r#"[{"name":"x"}]"#, r#"{"name":1}"#, "null", r#"{"a":{"name":"x"}}"#] {
            assert_eq!(with(other), None, "{other}");
        }
        for other in ["", "[]", r#"{"client_name":"x","method":"y"}"#, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#] {
            assert_eq!(Asked::read(other), None, "{other}");
        }
    }
}
