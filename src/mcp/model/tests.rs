use super::*;

#[test]
fn what_a_server_says_of_itself_is_read_as_far_as_it_can_be() {
    let result = r#"{"protocolVersion":"2025-11-25","instructions":"cut \ud83d","capabilities":{"tools":{}},
        "serverInfo":{"name":"a"},"x":1e999}"#;
    let (_, info) = ServerInfo::parse(result);
    let info = info.expect("a server");
    assert_eq!((info.name.as_str(), info.instructions.as_deref()), ("a", Some("cut \u{fffd}")));
    assert!(info.offers(ItemKind::Tools));
}

#[test]
fn one_bad_tool_does_not_hide_the_others() {
    let result =
        r#"{"tools":[{"name":"a","inputSchema":{ "type":"object" }},{"name":3},{"name":"b"}],"nextCursor":""}"#;
    let page = page(ItemKind::Tools, result).expect("a page");
    assert_eq!((page.items.len(), page.bad.len(), page.next.as_deref()), (1, 2, Some("")));
    assert_eq!(page.items[0].input_schema.as_deref(), Some(r#"{ "type":"object" }"#));
}

#[test]
fn a_list_is_what_its_own_member_holds() {
    for other in [r#"{"items":[]}"#, r#"{"resources":[]}"#, r#"{"tools":{}}"#, "[]"] {
        assert!(page(ItemKind::Tools, other).is_none(), "{other}");
    }
}

#[test]
fn a_cursor_that_is_no_string_is_told() {
    let page = page(ItemKind::Tools, r#"{"tools":[],"nextCursor":7}"#).expect("a page");
    assert_eq!((page.next, page.bad_cursor), (None, true));
}

#[test]
fn a_schema_may_be_nested_deeply() {
    let deep = format!("{}{}", "{\"a\":".repeat(1000), "1".to_owned() + &"}".repeat(1000));
    let page = page(ItemKind::Tools, &format!(r#"{{"tools":[{{"name":"a","inputSchema":{deep}}}]}}"#)).expect("a page");
    assert_eq!((page.items.len(), page.bad.len()), (1, 0));
}

#[test]
fn a_null_cursor_ends_the_list() {
    assert_eq!(page(ItemKind::Prompts, r#"{"prompts":[],"nextCursor":null}"#).expect("a page").next, None);
    assert!(page(ItemKind::Prompts, "{}").is_none());
}

#[test]
fn an_unknown_version_is_told_with_its_name() {
    let (answered, info) = ServerInfo::parse(r#"{"protocolVersion":"1999-01-01","capabilities":{}}"#);
    assert_eq!((answered.as_deref(), info), (Some("1999-01-01"), None));
}

#[test]
fn the_filter_looks_at_title_and_description_too() {
    let item = item(ItemKind::Prompts, r#"{"name":"x","title":"Große Frage","description":"about y"}"#).expect("valid");
    assert!(item.matches("große") && item.matches("about") && item.matches("x") && !item.matches("z"));
}

#[test]
fn a_failed_tool_says_so() {
    assert!(Marks::read(r#"{"content":[],"isError":true}"#).is_error);
    assert!(!Marks::read(r#"{"content":[]}"#).is_error);
}

#[test]
fn e_08_structured_content_counts_as_there_whatever_it_is() {
    for value in ["null", "0", "false", r#""""#, "[]", "{}"] {
        assert!(Marks::read(&format!(r#"{{"structuredContent":{value}}}"#)).structured, "{value}");
    }
    assert!(!Marks::read("{}").structured);
    assert!(!Marks::read("[]").is_object);
}

#[test]
fn e_44_cache_hints_are_read_and_a_negative_time_is_none() {
    let cache = |text: &str| page(ItemKind::Tools, text).expect("a page").cache;
    assert_eq!(cache(r#"{"tools":[],"ttlMs":300,"cacheScope":"public"}"#), Some(Cache { fresh: 300, private: false }));
    assert_eq!(cache(r#"{"tools":[],"ttlMs":-1}"#), Some(Cache { fresh: 0, private: true }));
    assert_eq!(cache(r#"{"tools":[]}"#), None);
}

#[test]
fn a_30_a_modern_server_names_itself_in_meta() {
    let info = ServerInfo::discovered(
        r#"{"supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true}},"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"x"}}}"#,
    );
    assert_eq!((info.name.as_str(), info.revision), ("x", Revision::R5));
    assert!(info.has("tools", "listChanged") && !info.has("tools", "subscribe") && !info.logs());
}

#[test]
fn a_revision_without_a_handshake_is_no_answer_to_initialize() {
    assert_eq!(ServerInfo::parse(r#"{"protocolVersion":"2026-07-28"}"#).1, None);
}
