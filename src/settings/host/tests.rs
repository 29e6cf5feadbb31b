use super::*;

/// The example of the documentation.
const WHOLE: &str = include_str!("../../../tests/data/clients/inspector.json");

fn faults(text: &str) -> Vec<(String, Wrong)> {
    Host::read(text).faults.into_iter().map(|it| (it.part, it.wrong)).collect()
}

fn fault(part: &str, wrong: Wrong) -> Vec<(String, Wrong)> {
    vec![(part.to_owned(), wrong)]
}

#[test]
fn a_whole_file_has_no_fault() {
    let host = Host::read(WHOLE);
    assert_eq!(host.faults, []);
    assert_eq!((host.title.as_deref(), host.only_listed), (Some("Acme's MCP servers"), true));
    let [orders, stock] = host.presets.as_slice() else { panic!("{:?}", host.presets) };
    let draft = orders.draft();
    assert_eq!(
        (draft.server.as_str(), draft.registration.as_str()),
        ("https://orders.example.com/mcp", "pre-registered")
    );
    assert_eq!((draft.client_id.as_str(), draft.scope.as_str()), ("flowglass", "orders:read"));
    assert_eq!((draft.extra.as_str(), draft.headers), ("audience=orders", vec![("x-team".to_owned(), "a".to_owned())]));
    assert!(stock.asks() && stock.headers.iter().any(|it| it.name == "X-Api-Key" && it.value.is_none()));
    assert_eq!(stock.draft().transport, "sse");
    let relays: Vec<_> = host.relays.iter().map(|it| (it.origin.as_str(), it.to.as_str())).collect();
    assert_eq!(
        relays,
        [
            ("https://legacy.example.com", "/relay/legacy"),
            ("https://old.example.com:8443", "https://relay.example.com/old"),
        ]
    );
    let listed = ["https://orders.example.com/mcp", "https://stock.example.com/sse"].map(str::to_owned);
    assert_eq!(host.listed().as_deref(), Some(listed.as_slice()));
}

#[test]
fn what_is_wrong_is_named_and_left_out() {
    let not_json = faults("{");
    assert!(matches!(not_json.as_slice(), [(_, Wrong::NotJson { line: 1, .. })]), "{not_json:?}");
    for text in ["[]", "\"x\"", "null"] {
        assert_eq!(faults(text), fault("", Wrong::Type("an object")), "{text}");
    }
    assert_eq!(faults(&" ".repeat(LONGEST + 1)), fault("", Wrong::TooLong));
    assert_eq!(faults("{}"), []);
    for (text, part, wrong) in [
        (r#"{"theme": 1}"#, "theme", Wrong::Unknown),
        (r#"{"title": 1}"#, "title", Wrong::Type("a string")),
        (r#"{"onlyListed": "yes"}"#, "onlyListed", Wrong::Type("true or false")),
        (r#"{"offline": 0}"#, "offline", Wrong::Type("true or false")),
        (r#"{"servers": {}}"#, "servers", Wrong::Type("an array")),
        (r#"{"servers": [1]}"#, "servers[0]", Wrong::Type("an object")),
        (r#"{"servers": [{"name": "a"}]}"#, "servers[0].url", Wrong::Missing),
        (r#"{"servers": [{"url": "ftp://a"}]}"#, "servers[0].url", Wrong::Url(AddressError::Scheme("ftp".into()))),
        (r#"{"servers": [{"url": "https://a", "colour": "red"}]}"#, "servers[0].colour", Wrong::Unknown),
        (r#"{"servers": [{"url": "https://a"}, {"url": "https://a/"}]}"#, "servers[1].url", Wrong::Twice),
        (
            r#"{"servers": [{"url": "https://a", "headers": {"Authorization": "Bearer geheim"}}]}"#,
            "servers[0].headers.Authorization",
            Wrong::Secret,
        ),
        (r#"{"servers": [{"url": "https://a", "headers": []}]}"#, "servers[0].headers", Wrong::Type("an object")),
        (
            r#"{"servers": [{"url": "https://a", "auth": {"clientSecret": "geheim"}}]}"#,
            "servers[0].auth.clientSecret",
            Wrong::Unknown,
        ),
        (
            r#"{"servers": [{"url": "https://a", "auth": {"extraParams": {"api_key": "geheim"}}}]}"#,
            "servers[0].auth.extraParams.api_key",
            Wrong::Secret,
        ),
        (r#"{"defaults": {"url": "https://a"}}"#, "defaults.url", Wrong::Unknown),
        (r#"{"relays": []}"#, "relays", Wrong::Type("an object")),
        (r#"{"relays": {"https://a/mcp": "/x"}}"#, "relays.https://a/mcp", Wrong::NoOrigin),
    ] {
        assert_eq!(faults(text), fault(part, wrong), "{text}");
        assert!(!format!("{:?}", Host::read(text)).contains("geheim"), "{text}");
    }
    let versions = faults(r#"{"servers": [{"url": "https://a", "version": "1"}]}"#);
    assert!(
        matches!(versions.as_slice(), [(part, Wrong::Value(all))] if part == "servers[0].version" && all.len() == 6)
    );
}

#[test]
fn a_relay_is_a_path_of_this_origin_or_an_https_url() {
    for to in ["//other", "/\\other", "http://relay", "relay", "", "/a?b", "javascript:1", "ftp://a", "https://me@a/"] {
        let text = serde_json::json!({ "relays": { "https://a": to } }).to_string();
        assert_eq!(faults(&text), fault("relays.https://a", Wrong::NoRelay), "{to}");
        assert_eq!(Host::read(&text).relays, []);
    }
}

/// What cannot be read changes nothing of what a browser keeps.
#[test]
fn use_without_a_network_is_on_unless_the_host_says_otherwise() {
    for (text, offline) in [
        ("{}", Some(true)),
        (r#"{"offline": true}"#, Some(true)),
        (r#"{"offline": false}"#, Some(false)),
        (r#"{"offline": "no"}"#, None),
        ("{", None),
    ] {
        assert_eq!(Host::read(text).offline, offline, "{text}");
    }
    assert_eq!(Host::failed(500).offline, None);
}

#[test]
fn a_broken_part_leaves_the_others() {
    let host = Host::read(r#"{"title": 1, "servers": [{}, {"name": "A", "url": "https://a/mcp"}], "onlyListed": 1}"#);
    assert_eq!((host.title, host.presets.len(), host.faults.len()), (None, 1, 3));
    assert_eq!(host.presets[0].name, "A");
}

#[test]
fn defaults_fill_what_nobody_has_changed() {
    let host = Host::read(
        r#"{"defaults": {"version": "2025-06-18", "auth": {"scope": "a"}, "headers": {"x-team": "b"}}, "servers": [{"url": "https://a", "auth": {"scope": "c"}}]}"#,
    );
    let mut draft = Draft { scope: "typed".to_owned(), ..Draft::default() };
    host.fill(&mut draft);
    assert_eq!((draft.revision.as_str(), draft.scope.as_str(), draft.headers.len()), ("2025-06-18", "typed", 1));
    let preset = host.presets[0].draft();
    assert_eq!((preset.revision.as_str(), preset.scope.as_str(), preset.headers.len()), ("2025-06-18", "c", 1));
}

/// The schema for editors knows what the reader knows.
#[test]
fn the_schema_has_every_member_and_every_value() {
    let schema: Value = serde_json::from_str(include_str!("../../../assets/inspector.schema.json")).expect("JSON");
    let names = |at: &str| -> Vec<String> {
        let members = schema.pointer(at).and_then(Value::as_object).unwrap_or_else(|| panic!("{at}"));
        members.keys().cloned().collect()
    };
    let known = |text: Value| Host::read(&text.to_string()).faults.iter().all(|it| it.wrong != Wrong::Unknown);
    for name in names("/properties") {
        assert!(known(serde_json::json!({ &name: 1 })), "{name}");
    }
    for name in names("/properties/servers/items/properties") {
        assert!(known(serde_json::json!({ "servers": [{ "url": "https://a", &name: 1 }] })), "{name}");
    }
    for name in names("/properties/defaults/properties") {
        assert!(known(serde_json::json!({ "defaults": { &name: 1 } })), "{name}");
    }
    for name in names("/$defs/auth/properties") {
        assert!(known(serde_json::json!({ "defaults": { "auth": { &name: 1 } } })), "{name}");
    }
    for (at, place) in [("transport", "/$defs/transport"), ("version", "/$defs/version")] {
        let allowed = &schema.pointer(place).expect("a definition")["enum"];
        let wrong = faults(&serde_json::json!({ "defaults": { at: "?" } }).to_string());
        let [(_, Wrong::Value(values))] = wrong.as_slice() else { panic!("{wrong:?}") };
        assert_eq!(serde_json::json!(values), *allowed);
    }
}
