//! The wire at a glance, for the dock: one row a request, the newest first.

use super::wire::words;
use crate::json::members::Members;
use crate::trace::{Entry, Event, Exchange, ExchangeId, Millis, Trace};

/// The longest request body that is looked into for its method, in bytes.
const BODY: usize = 256 << 10;

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

/// The requests that the trace tells of, the newest first.
pub fn requests(trace: &Trace) -> Vec<ExchangeId> {
    // One that was open when the trace was cleared is known still, but its entry is not.
    let from = trace.entries().first().map_or(f64::INFINITY, |it| it.at);
    let mut all: Vec<ExchangeId> = trace.exchanges().filter(|it| it.sent >= from).map(|it| it.id).collect();
    all.reverse();
    all
}

pub fn glance(trace: &Trace, id: ExchangeId) -> Option<Glance> {
    let exchange = trace.exchange(id)?;
    let (method, name) = called(exchange);
    let (status, took) = (exchange.status(), exchange.took());
    Some(Glance { number: number(trace, exchange)?, at: exchange.sent, method, name, status, took })
}

fn called(exchange: &Exchange) -> (String, String) {
    let request = &exchange.request;
    let body = request.body.as_ref().filter(|it| it.len() <= BODY).map(|it| it.masked()).unwrap_or_default();
    let message = Members::of(&body).unwrap_or_default();
    let params = message.object("params");
    let named = || params.shown("name").or_else(|| params.shown("uri"));
    match message.shown::<String>("method") {
        Some(method) => (method, named().unwrap_or_default()),
        None => (request.method.as_str().to_owned(), words::address(&request.url).1.to_owned()),
    }
}

/// The number of the entry that tells of a request being sent. It is looked for from the time on at which it was sent.
fn number(trace: &Trace, exchange: &Exchange) -> Option<u32> {
    let entries = trace.entries();
    let is_it = |it: &&Entry| matches!(it.event, Event::Sent { exchange: id, .. } if id == exchange.id);
    let near = entries.partition_point(|it| it.at < exchange.sent);
    let found = entries.iter().skip(near).find(is_it).or_else(|| entries.iter().find(is_it));
    found.map(|it| it.number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Text;
    use crate::http::{Method, Request};

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
        let call = post(r#"{"method":"tools/call","params":{"name":"echo"}}"#);
        let read = post(r#"{"method":"resources/read","params":{"uri":"a:b"}}"#);
        let trace = trace(&[call, read, post("{}"), Request::get("https://a/b?c=d")]);
        assert_eq!(requests(&trace), [4, 3, 2, 1]);
        let called = |id| glance(&trace, id).map(|it| (it.number, format!("{} {}", it.method, it.name)));
        let all: Vec<_> = [1, 2, 3, 4].into_iter().filter_map(called).collect();
        let words = ["tools/call echo", "resources/read a:b", "POST /mcp", "GET /b"];
        assert_eq!(all, (1..).zip(words.map(str::to_owned)).collect::<Vec<_>>());
    }

    #[test]
    fn what_was_cleared_away_is_no_row_though_it_is_open() {
        let mut trace = trace(&[Request::get("https://a/")]);
        trace.clear();
        assert_eq!((requests(&trace), glance(&trace, 1)), (vec![], None));
        trace.push(9.0, Event::Sent { exchange: 2, step: None, request: Request::get("https://a/") });
        assert_eq!(requests(&trace), [2]);
    }
}
