//! JSON-RPC messages.

use crate::given::{anything, broken, deep, json, object, string, text, treeless, trees};
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::mcp::jsonrpc::{
    Id, Message, NotAMessage, RpcError, error, message, notification, parse, request, result,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

fn id() -> impl Strategy<Value = Id> {
    prop_oneof![any::<i64>().prop_map(Id::Number), anything().prop_map(Id::Text)]
}

/// Any JSON, as it stands.
fn payload() -> impl Strategy<Value = Box<RawValue>> {
    json().prop_map(|text| RawValue::from_string(text).expect("JSON"))
}

/// JSON-RPC 2.0 §4.2: `params` is an object or an array.
fn params() -> impl Strategy<Value = Option<Box<RawValue>>> {
    option::of(payload().prop_filter("structured", |it| it.get().starts_with(['{', '['])))
}

/// A message of ours, and what it has to be read as.
fn written() -> BoxedStrategy<(String, Message)> {
    let text = |it: &RawValue| it.get().into();
    let requests = (id(), anything(), params()).prop_map(move |(id, method, params)| {
        (request(&id, &method, params.as_deref()), Message::Request { id, method, params: params.as_deref().map(text) })
    });
    let notifications = (anything(), params()).prop_map(move |(method, params)| {
        (
            notification(&method, params.as_deref()),
            Message::Notification { method, params: params.as_deref().map(text) },
        )
    });
    let results =
        (id(), payload()).prop_map(move |(id, raw)| (result(&id, &raw), Message::Result { id, result: text(&raw) }));
    let errors = (id(), any::<i64>(), anything()).prop_map(|(id, code, message)| {
        let text = error(&id, code, &message);
        (text, Message::Error { id: Some(id), error: RpcError { code, message, data: None } })
    });
    prop_oneof![requests, notifications, results, errors].boxed()
}

/// An object with the members of a message, each right or wrong.
fn like_a_message() -> BoxedStrategy<String> {
    let id = select(&["1", "\"a\"", "null", "1.0", "-0", "18446744073709551615", "\"\\u0000\""][..]);
    let error = object(vec![
        ("code", select(vec!["-32600", "0", "1e999"]).prop_map(str::to_owned).boxed()),
        ("message", string().boxed()),
        ("data", json()),
    ]);
    object(vec![
        ("jsonrpc", select(vec!["\"2.0\"", "2.0", "\"1.0\""]).prop_map(str::to_owned).boxed()),
        ("id", id.prop_map(str::to_owned).boxed()),
        ("method", string().boxed()),
        ("params", json()),
        ("result", json()),
        ("error", error),
    ])
}

/// What holds for any text.
fn sound(text: &str) {
    let is_json = serde_json::from_str::<IgnoredAny>(text).is_ok();
    let items: Vec<&str> = match serde_json::from_str::<Vec<&RawValue>>(text) {
        Ok(items) => items.into_iter().map(RawValue::get).collect(),
        Err(_) => vec![text],
    };
    match parse(text) {
        Ok(all) => {
            assert!(is_json, "{text}");
            let alone = items.iter().map(|it| message(it));
            assert!(alone.eq(all.into_iter().map(|it| it.map(|it| it.message))), "{text}");
        }
        Err(NotAMessage::Truncated(_) | NotAMessage::NotJson(_)) => assert!(trees(text).is_none(), "{text}"),
        Err(NotAMessage::NotRpc) => assert_eq!(items, [text]),
    }
    for item in items {
        let Ok(message) = message(item) else { continue };
        let payload = payload_of(message);
        assert!(
            payload.is_none_or(|it| item.contains(&*it) && serde_json::from_str::<IgnoredAny>(&it).is_ok()),
            "{item}"
        );
    }
}

fn payload_of(message: Message) -> Option<std::sync::Arc<str>> {
    match message {
        Message::Request { params, .. } | Message::Notification { params, .. } => params,
        Message::Result { result, .. } => Some(result),
        Message::Error { error, .. } => error.data,
    }
}

#[test]
fn what_is_written_is_read_back_byte_by_byte() {
    holds(written(), |(text, expected)| {
        assert_eq!(message(&text), Ok(expected.clone()));
        let all = parse(&text).expect("a message");
        let [Ok(one)] = all.as_slice() else { panic!("{all:?}") };
        assert!(one.marked && one.message == expected);
    });
}

#[test]
fn a_message_that_is_cut_is_never_a_message() {
    holds((written(), any::<proptest::sample::Index>()), |((text, _), at)| {
        let cut = String::from_utf8_lossy(&text.as_bytes()[..at.index(text.len())]).into_owned();
        for error in [message(&cut).map(|_| ()), parse(&cut).map(|_| ())] {
            assert!(matches!(error, Err(NotAMessage::Truncated(_) | NotAMessage::NotJson(_))), "{cut}");
        }
    });
}

#[test]
fn a_batch_has_as_many_items_as_were_put_into_it() {
    holds(vec(prop_oneof![written().prop_map(|it| it.0), json(), like_a_message()], 0..6), |items| {
        let text = format!(" [{}]", items.join(" ,"));
        assert_eq!(parse(&text).expect("a batch").len(), items.len());
        sound(&text);
    });
}

#[test]
fn any_text_is_a_message_or_is_told_why_not() {
    holds(prop_oneof![text(), like_a_message(), broken(like_a_message())], |text| sound(&text));
}

#[test]
fn an_error_is_an_error_whatever_is_in_it() {
    for hard in treeless().into_iter().chain(["null".to_owned(), "-32600.0".to_owned(), "{}".to_owned()]) {
        for (code, words) in [(hard.as_str(), "\"x\""), ("-32603", hard.as_str())] {
            let text = format!(r#"{{"jsonrpc":"2.0","id":1,"error":{{"code":{code},"message":{words}}}}}"#);
            assert!(matches!(message(&text), Ok(Message::Error { id: Some(Id::Number(1)), .. })), "{text}");
        }
    }
}

#[test]
fn what_is_no_object_is_no_message() {
    // As many as a message has members.
    let members = vec(select(vec!["null", "1", "\"x\"", "{}", "[-1,\"x\",null]"]), 4..8);
    holds(members, |members| {
        let text = format!("[{}]", members.join(","));
        assert_eq!(message(&text), Err(NotAMessage::NotRpc), "{text}");
    });
}

#[test]
fn the_corpus_is_messages_or_is_told_why_not() {
    holds_in_the_texts_of_the_corpus(sound);
    deep().iter().for_each(|text| sound(text));
}
