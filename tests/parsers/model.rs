//! What a server says of itself and offers.

use crate::given::{broken, deep, json, members, object, string, text, treeless, trees};
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::mcp::model::{ItemKind, Marks, ServerInfo, page};
use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

const MARKS: [&str; 7] =
    ["isError", "resultType", "structuredContent", "inputRequests", "requestState", "ttlMs", "cacheScope"];

fn item() -> BoxedStrategy<String> {
    let schema =
        || prop_oneof![3 => select(vec!["{}", r#"{ "type":"object" }"#]).prop_map(str::to_owned), 1 => json()].boxed();
    let argument = object(vec![("name", string().boxed()), ("required", json())]);
    let arguments = vec(argument, 0..3).prop_map(|it| format!("[{}]", it.join(",")));
    object(vec![
        ("name", string().boxed()),
        ("uri", string().boxed()),
        ("uriTemplate", string().boxed()),
        ("title", string().boxed()),
        ("description", string().boxed()),
        ("inputSchema", schema()),
        ("outputSchema", schema()),
        ("annotations", object(vec![("title", string().boxed()), ("readOnlyHint", json())])),
        ("mimeType", string().boxed()),
        ("arguments", arguments.boxed()),
    ])
}

fn result() -> BoxedStrategy<String> {
    let list =
        || vec(prop_oneof![3 => item(), 1 => json()], 0..3).prop_map(|it| format!("[{}]", it.join(" , "))).boxed();
    let mut all: Vec<_> = ItemKind::ALL.map(|kind| (kind.list().1, list())).to_vec();
    all.extend([("nextCursor", string().boxed()), ("ttlMs", json()), ("cacheScope", string().boxed())]);
    object(all)
}

fn info() -> BoxedStrategy<String> {
    let version = select(vec!["\"2025-06-18\"", "\"2026-07-28\"", "\"1999-01-01\"", "\"\""]).prop_map(str::to_owned);
    let named = || object(vec![("name", string().boxed()), ("title", string().boxed()), ("version", string().boxed())]);
    let meta = named().prop_map(|it| format!(r#"{{"io.modelcontextprotocol/serverInfo":{it}}}"#));
    object(vec![
        ("protocolVersion", version.boxed()),
        ("serverInfo", named()),
        ("_meta", meta.boxed()),
        ("capabilities", object(vec![("tools", object(vec![("listChanged", json())])), ("logging", json())])),
        ("instructions", string().boxed()),
    ])
}

fn marks() -> BoxedStrategy<String> {
    object(MARKS.map(|name| (name, prop_oneof![string(), json()].boxed())).to_vec())
}

/// What holds for any text, as a page: every item is there, good or bad, as it came.
fn is_whole(kind: ItemKind, text: &str) {
    let all = members(text);
    let list = all.as_ref().and_then(|it| serde_json::from_str::<Vec<&RawValue>>(it.get(kind.list().1)?.get()).ok());
    let Some(page) = page(kind, text) else { return };
    let Some(list) = list else { return assert!(text.trim_start().starts_with('['), "{text}") };
    let raws = list.iter().map(|it| it.get());
    assert_eq!(page.items.len() + page.bad.len(), list.len(), "{text}");
    let (mut items, mut bad) = (page.items.iter().peekable(), page.bad.iter().peekable());
    for raw in raws {
        let good = items.next_if(|it| &*it.raw == raw).is_some();
        assert!(good || bad.next_if(|it| &*it.raw == raw && !it.reason.is_empty()).is_some(), "{raw}");
    }
    for item in &page.items {
        let Some(own) = members(&item.raw) else { continue };
        let schema = own.get("inputSchema").map(|it| it.get());
        assert_eq!(item.input_schema.as_deref(), schema.filter(|it| *it != "null"));
        assert!(!item.display_name().is_empty() || item.key.is_empty());
    }
}

/// The capability to log.
fn logs<'a>(all: &BTreeMap<String, &'a RawValue>) -> Option<&'a RawValue> {
    members(all.get("capabilities")?.get())?.get("logging").copied()
}

/// What holds for any text.
fn sound(text: &str) {
    ItemKind::ALL.into_iter().for_each(|kind| is_whole(kind, text));
    let tree = trees(text).unwrap_or_default();
    let (answered, info) = ServerInfo::parse(text);
    assert_eq!(answered.as_deref(), tree.get("protocolVersion").and_then(Value::as_str));
    assert_eq!(
        info.as_ref().map(|it| it.revision.as_str()),
        answered.as_deref().filter(|it| info.is_some() || *it == "2025-06-18")
    );
    let discovered = ServerInfo::discovered(text);
    assert_eq!(discovered.logs(), members(text).is_some_and(|it| logs(&it).is_some()));
    are_there(text);
}

/// What holds for any text, as a result: what is said of it is there. A member that is there twice spoils it.
fn are_there(text: &str) {
    let marks = Marks::read(text);
    let all = members(text).filter(|_| MARKS.iter().all(|name| text.matches(name).count() < 2)).unwrap_or_default();
    let is = |name: &str, value: &str| all.get(name).is_some_and(|it| it.get() == value);
    if !all.is_empty() {
        assert!(marks.is_object, "{text}");
        assert_eq!(marks.structured, all.contains_key("structuredContent"), "{text}");
        assert_eq!(marks.is_error, is("isError", "true"), "{text}");
        assert_eq!(marks.result_type.is_none(), is("resultType", "null") || !all.contains_key("resultType"), "{text}");
    }
}

#[test]
fn a_page_has_every_item_as_it_came_good_or_bad() {
    holds(result(), |text| {
        for kind in ItemKind::ALL {
            is_whole(kind, &text);
            let list =
                members(&text).and_then(|it| serde_json::from_str::<Vec<&RawValue>>(it.get(kind.list().1)?.get()).ok());
            assert_eq!(page(kind, &text).is_some(), list.is_some(), "{text}");
        }
    });
}

#[test]
fn any_text_is_what_a_server_says_or_nothing() {
    holds(prop_oneof![text(), info(), marks(), result(), broken(result()), broken(marks())], |text| sound(&text));
}

#[test]
fn a_member_that_is_hard_to_read_hides_no_other() {
    for hard in treeless() {
        let text = format!(r#"{{"protocolVersion":"2025-06-18","serverInfo":{{"name":"a"}},"instructions":{hard}}}"#);
        let (answered, info) = ServerInfo::parse(&text);
        assert_eq!((answered.as_deref(), info.map(|it| it.name).as_deref()), (Some("2025-06-18"), Some("a")), "{text}");
    }
}

#[test]
fn what_is_no_object_says_nothing() {
    // As many as a page, a result or an item has members.
    let value = select(vec!["null", "true", "\"a\"", "{}", "[]", "[{\"name\":\"a\",\"inputSchema\":{}}]", "1"]);
    holds(vec(value, 6..13), |all| {
        let text = format!("[{}]", all.join(","));
        assert_eq!(format!("{:?}", Marks::read(&text)), format!("{:?}", Marks::default()), "{text}");
        for kind in ItemKind::ALL {
            let page = page(kind, &format!(r#"{{"{}":[{text}]}}"#, kind.list().1)).expect("a page");
            assert_eq!((page.items.len(), page.bad.len()), (0, 1), "{text}");
            assert!(flowglass::mcp::model::page(kind, &text).is_none());
        }
    });
}

#[test]
fn the_corpus_is_what_a_server_says_or_nothing() {
    holds_in_the_texts_of_the_corpus(sound);
    deep().iter().for_each(|text| sound(text));
}
