//! The wire at a glance, for the dock: one row a request, the newest first.

use super::wire::{request_of, words};
use crate::trace::{Exchange, ExchangeId, Millis, Trace};

/// What is read of a request and its response.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    /// The number of its entry in the trace.
    pub number: u32,
    pub at: Millis,
    /// The JSON-RPC method, else the verb.
    pub method: String,
    /// The tool, prompt or URI that is used, else the path.
    pub name: String,
    /// As `data-http-status`.
    pub status: Option<String>,
    pub took: Option<Millis>,
}

pub fn glance(trace: &Trace, id: ExchangeId) -> Option<Glance> {
    let exchange = trace.exchange(id)?;
    let (method, name) = called(exchange);
    let (status, took) = (exchange.status(), exchange.took());
    // The entry may be gone, though the exchange is known.
    Some(Glance { number: request_of(trace, id)?, at: exchange.sent, method, name, status, took })
}

fn called(exchange: &Exchange) -> (String, String) {
    match &exchange.message {
        Some(message) => (message.method.to_string(), message.name.as_deref().unwrap_or_default().to_owned()),
        None => (exchange.request.method.as_str().to_owned(), words::address(&exchange.request.url).1.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Text;
    use crate::http::{Method, Request};
    use crate::trace::Event;

    fn trace(requests: &[Request]) -> Trace {
        let mut trace = Trace::default();
        for (at, request) in (1_u32..).zip(requests) {
            trace.push(f64::from(at), Event::Sent { exchange: at, step: None, request: request.clone() });
        }
        trace
    }

    fn post(body: &str) -> Request {
        Request::new(Method::Post, "https://a/mcp").body(Text::plain(body))
    }

    #[test]
    fn a_request_is_called_by_its_method_and_what_it_uses_else_by_its_path() {
        let call = post(r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}}"#);
        let read = post(r#"{"jsonrpc":"2.0","method":"resources/read","params":{"uri":"a:b"}}"#);
        let trace = trace(&[call, read, post("{}"), Request::get("https://a/b?c=d")]);
        let called = |id| glance(&trace, id).map(|it| (it.number, format!("{} {}", it.method, it.name)));
        let all: Vec<_> = [1, 2, 3, 4].into_iter().filter_map(called).collect();
        let words = ["tools/call echo", "resources/read a:b", "POST /mcp", "GET /b"];
        assert_eq!(all, (1..).zip(words.map(str::to_owned)).collect::<Vec<_>>());
    }

    #[test]
    fn what_was_cleared_away_is_no_row_though_it_is_open() {
        let mut trace = trace(&[Request::get("https://a/")]);
        trace.clear();
        assert_eq!(glance(&trace, 1), None);
        trace.push(9.0, Event::Sent { exchange: 2, step: None, request: Request::get("https://a/") });
        assert_eq!(glance(&trace, 2).map(|it| it.method), Some("GET".to_owned()));
    }
}
