use super::*;
use crate::base::text::Text;
use crate::http::{Head, HttpError, Method, Request, sse};
use crate::trace::{Body, Rpc, Way};

const SERVER: &str = "https://mcp.example/mcp";

fn sent(trace: &mut Trace, exchange: ExchangeId, method: &str, name: &str) {
    let text = format!(r#"{{"jsonrpc":"2.0","id":{exchange},"method":"{method}","params":{{"name":"{name}"}}}}"#);
    let request = Request::new(Method::Post, SERVER).body(Text::plain(text.as_str()));
    trace.push(f64::from(exchange), Event::Sent { exchange, step: None, request });
    trace.push(f64::from(exchange), message(exchange, (Way::Out, RpcKind::Request), method, exchange, None));
}

fn message(on: ExchangeId, (way, kind): (Way, RpcKind), method: &str, id: u32, mark: Option<Mark>) -> Event {
    let (method, id, text) = (method.to_owned(), Some(id.to_string()), "{}".into());
    Event::Rpc { exchange: on, rpc: Rpc { way, method, kind, id, text, bytes: 2, cut: false, mark } }
}

fn answered(trace: &mut Trace, exchange: ExchangeId, status: u16, headers: &[(&str, &str)]) {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let head = Head { status, url: SERVER.to_owned(), redirected: false, headers };
    trace.push(100.0, Event::Answered { exchange, head });
}

fn streamed(trace: &mut Trace, exchange: ExchangeId, data: &str) {
    let event = sse::Event { event: "message".to_owned(), data: data.to_owned(), id: None, retry: None };
    trace.push(150.0, Event::Streamed { exchange, event: StreamEvent::from(&event) });
}

fn row(trace: &Trace, id: ExchangeId) -> ExchangeRow {
    ExchangeRow::of(trace, id).expect("a row")
}

#[test]
fn a_row_is_a_request_with_its_response() {
    let mut trace = Trace::default();
    sent(&mut trace, 1, "tools/call", "echo");
    let first = row(&trace, 1);
    assert_eq!((first.method.as_str(), first.name.as_deref()), ("tools/call", Some("echo")));
    assert_eq!((first.status, first.http_status, first.took, first.bytes), (Status::Pending, None, None, None));
    answered(&mut trace, 1, 200, &[]);
    trace.push(200.0, Event::Body { exchange: 1, body: Body::new(Text::plain("{} ")) });
    trace.push(200.0, Event::Ended { exchange: 1 });
    trace.push(201.0, message(1, (Way::In, RpcKind::Result), "tools/call", 1, Some(Mark::ToolError)));
    let last = row(&trace, 1);
    assert_eq!((last.status, last.http_status.as_deref()), (Status::ToolError, Some("200")));
    assert_eq!((last.took, last.bytes), (Some(200.0), Some(3)));
}

#[test]
fn a_status_is_that_of_the_message_else_that_of_the_response() {
    let mut trace = Trace::default();
    for exchange in 1..=7 {
        sent(&mut trace, exchange, "ping", "");
    }
    for (exchange, status) in [(1, 200), (2, 400), (3, 404), (4, 202), (5, 200)] {
        answered(&mut trace, exchange, status, &[]);
        trace.push(200.0, Event::Ended { exchange });
    }
    trace.push(200.0, message(1, (Way::In, RpcKind::Result), "ping", 1, None));
    trace.push(200.0, message(2, (Way::In, RpcKind::Error), "ping", 2, None));
    trace.push(200.0, Event::Failed { exchange: 6, error: HttpError::Aborted });
    trace.push(200.0, Event::Failed { exchange: 7, error: HttpError::Redirected });
    let statuses: Vec<Status> = (1..=7).map(|id| row(&trace, id).status).collect();
    let expected = [
        Status::Ok,
        Status::RpcError,
        Status::HttpError,
        Status::Pending,
        Status::HttpError,
        Status::Cancelled,
        Status::HttpError,
    ];
    assert_eq!(statuses, expected);
    let shown = |shown| listed(&trace, &Filter { method: None, shown }, None, &BTreeSet::new());
    assert_eq!(shown(Shown::Failed), [7, 5, 3, 2]);
    assert_eq!(shown(Shown::Only(Status::Cancelled)), [6]);
    assert_eq!(shown(Shown::parse("ok")), [1]);
    assert_eq!(shown(Shown::parse("?")).len(), 7);
}

#[test]
fn the_newest_is_first_and_what_is_pinned_before_it() {
    let mut trace = Trace::default();
    for (exchange, method) in [(1, "a"), (2, "b"), (3, "a"), (4, "c")] {
        sent(&mut trace, exchange, method, "");
    }
    let (none, pinned) = (BTreeSet::new(), BTreeSet::from([1, 2]));
    let of = |method: &str| Filter { method: Some(method.to_owned()), ..Filter::default() };
    assert_eq!(listed(&trace, &Filter::default(), None, &none), [4, 3, 2, 1]);
    assert_eq!(listed(&trace, &Filter::default(), None, &pinned), [2, 1, 4, 3]);
    assert_eq!(listed(&trace, &of("a"), None, &pinned), [1, 3]);
    assert_eq!(listed(&trace, &of("a"), Some(&BTreeSet::from([2, 3])), &none), [3]);
    let methods = Methods::default().grown(&trace);
    assert_eq!(methods.all.iter().map(String::as_str).collect::<Vec<_>>(), ["a", "b", "c"]);
    trace.clear();
    sent(&mut trace, 5, "d", "");
    // A response to what was sent before is not listed by itself.
    assert_eq!(listed(&trace, &Filter::default(), None, &pinned), [5]);
    assert_eq!(methods.grown(&trace).all.len(), 4);
}

#[test]
fn events_of_a_stream_are_in_their_exchange_and_a_response_that_came_elsewhere_is_too() {
    let mut trace = Trace::default();
    trace.push(0.0, Event::Sent { exchange: 1, step: None, request: Request::get(SERVER) });
    sent(&mut trace, 2, "ping", "");
    answered(&mut trace, 2, 202, &[]);
    trace.push(120.0, Event::Ended { exchange: 2 });
    for data in ["one", "two", "three"] {
        streamed(&mut trace, 1, data);
    }
    trace.push(150.0, message(1, (Way::In, RpcKind::Result), "ping", 2, None));
    streamed(&mut trace, 1, "four");
    let (stream, ping) = (trace.exchange(1).expect("there"), trace.exchange(2).expect("there"));
    let data = |most| events(&trace, stream, most).into_iter().map(|(_, it)| it.data.to_string()).collect::<Vec<_>>();
    assert_eq!((data(2), data(9).len()), (vec!["three".to_owned(), "four".to_owned()], 4));
    assert_eq!(answer_elsewhere(&trace, ping).map(|(_, it)| it.data.to_string()).as_deref(), Some("three"));
    assert_eq!(answer_elsewhere(&trace, stream), None);
    assert_eq!((status(ping), took(ping), bytes(ping)), (Status::Ok, Some(148.0), Some(2)));
    assert_eq!((status(stream), bytes(stream)), (Status::Pending, Some(15)));
}

#[test]
fn headers_that_the_browser_may_hide_are_told() {
    let mut trace = Trace::default();
    trace.push(0.0, Event::Opened { page: "https://mcp.example".to_owned() });
    sent(&mut trace, 1, "ping", "");
    trace.push(0.0, Event::Opened { page: "https://page.example".to_owned() });
    for exchange in 2..=4 {
        sent(&mut trace, exchange, if exchange == 4 { "initialize" } else { "ping" }, "");
    }
    for (exchange, status, headers) in
        [(1, 401, &[][..]), (2, 401, &[]), (3, 401, &[("www-authenticate", "Bearer")]), (4, 200, &[])]
    {
        answered(&mut trace, exchange, status, headers);
    }
    let hidden: Vec<Hidden> = (1..=4).filter_map(|id| Some(Hidden::of(&trace, trace.exchange(id)?))).collect();
    let some = |wanted| Hidden::Some { wanted };
    assert_eq!(hidden, [Hidden::Nothing, some(Some("www-authenticate")), some(None), some(Some("mcp-session-id"))]);
}

#[test]
fn what_is_listed_goes_on_with_what_is_sent_and_is_found_anew_where_something_decides() {
    let (mut trace, none) = (Trace::default(), BTreeSet::new());
    let mut list = Listed::default();
    let mut update = |trace: &Trace, filter: &Filter, pinned: &BTreeSet<ExchangeId>| {
        let (now, changed) = std::mem::take(&mut list).updated(trace, filter, None, pinned);
        assert_eq!(now.ids, listed(trace, filter, None, pinned));
        list = now;
        (list.ids.clone(), changed)
    };
    let (all, failed) = (Filter::default(), Filter { shown: Shown::Failed, ..Filter::default() });
    sent(&mut trace, 1, "ping", "");
    assert_eq!(update(&trace, &all, &none), (vec![1], true));
    answered(&mut trace, 1, 500, &[]);
    assert_eq!(update(&trace, &all, &none), (vec![1], false));
    sent(&mut trace, 2, "ping", "");
    sent(&mut trace, 3, "ping", "");
    assert_eq!(update(&trace, &all, &none), (vec![3, 2, 1], true));
    assert_eq!(update(&trace, &failed, &none), (vec![1], true));
    answered(&mut trace, 3, 404, &[]);
    assert_eq!(update(&trace, &failed, &none), (vec![3, 1], true));
    assert_eq!(update(&trace, &all, &BTreeSet::from([2])), (vec![2, 3, 1], true));
    assert_eq!(update(&trace, &all, &none), (vec![3, 2, 1], true));
    trace.clear();
    assert_eq!(update(&trace, &all, &none), (vec![], true));
    // An exchange of before that is open still is none of the new list.
    streamed(&mut trace, 2, "{}");
    assert_eq!(update(&trace, &all, &none), (vec![], false));
    sent(&mut trace, 4, "ping", "");
    assert_eq!(update(&trace, &all, &none), (vec![4], true));
}
