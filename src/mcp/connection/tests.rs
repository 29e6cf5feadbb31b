use super::*;
use crate::settings::Draft;

fn connection(offered: Revision, token: Option<&str>) -> Connection {
    let draft = Draft { server: "https://a.example/mcp".to_owned(), ..Draft::default() };
    let Ok(settings) = draft.settings() else { panic!("refused") };
    Connection::new(&settings, token.map(Secret::from), offered)
}

fn names(request: &Request) -> Vec<&str> {
    request.headers.iter().map(|(name, _)| name.as_str()).collect()
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.expose())
}

fn body(request: &Request) -> Value {
    serde_json::from_str(&request.body.as_ref().expect("a body").expose()).expect("JSON")
}

fn info(revision: &str) -> ServerInfo {
    ServerInfo::parse(&format!(r#"{{"protocolVersion":"{revision}"}}"#)).1.expect("known")
}

fn ask(kind: ItemKind, key: &str, arguments: &str) -> Ask {
    Ask { target: Target { kind, key: key.to_owned() }, arguments: arguments.to_owned() }
}

#[test]
fn a_stream_is_taken_up_after_an_event_of_any_name() {
    let request = connection(Revision::R4, None).stream(Some("💩-7"));
    let id = header(&request, "last-event-id").expect("the header");
    // A character a byte, as the browser takes a header.
    let bytes: Vec<u8> = id.chars().filter_map(|it| u8::try_from(u32::from(it)).ok()).collect();
    assert_eq!(String::from_utf8(bytes).as_deref(), Ok("💩-7"));
}

#[test]
fn a_60_initialize_has_no_version_header_and_may_follow_a_redirect() {
    let (_, request) = connection(Revision::R4, None).initialize();
    assert_eq!(names(&request), ["accept", "content-type"]);
    assert_eq!(request.redirect, Redirect::Follow);
    assert_eq!(body(&request)["params"]["protocolVersion"], "2025-11-25");
}

#[test]
fn a_65_the_version_header_follows_from_2025_06_18_on() {
    for (revision, has) in [("2024-11-05", false), ("2025-03-26", false), ("2025-06-18", true), ("2025-11-25", true)] {
        let mut it = connection(Revision::R4, None);
        it.initialized(info(revision), None);
        assert_eq!(names(&it.list(ItemKind::Tools, None).1).contains(&"mcp-protocol-version"), has, "{revision}");
    }
}

#[test]
fn what_carries_a_token_or_a_session_follows_no_redirect() {
    assert_eq!(connection(Revision::R4, Some("t")).initialize().1.redirect, Redirect::Stop);
    let mut it = connection(Revision::R4, None);
    it.initialized(info("2025-11-25"), Some("s"));
    assert_eq!(it.list(ItemKind::Tools, None).1.redirect, Redirect::Stop);
    assert_eq!(it.close().map(|it| it.method), Some(Method::Delete));
}

#[test]
fn arguments_go_out_as_they_stand() {
    let ask = ask(ItemKind::Tools, "a", r#"{"n":1.00}"#);
    let (_, request) = connection(Revision::R4, None).ask(&ask, None, Vec::new()).expect("JSON");
    assert!(request.body.expect("a body").expose().contains(r#""arguments":{"n":1.00}"#));
    let broken = Ask { arguments: "{".to_owned(), ..ask };
    assert!(connection(Revision::R4, None).ask(&broken, None, Vec::new()).is_none());
}

#[test]
fn a_01_a_02_a_06_a_07_every_modern_request_speaks_for_itself() {
    let mut it = connection(Revision::R5, None);
    for (request, method) in [(it.discover().1, "server/discover"), (it.list(ItemKind::Tools, None).1, "tools/list")] {
        assert_eq!(header(&request, "mcp-protocol-version").as_deref(), Some("2026-07-28"));
        assert_eq!(header(&request, "mcp-method").as_deref(), Some(method));
        assert_eq!(header(&request, "mcp-name"), None);
        let meta = &body(&request)["params"]["_meta"];
        assert_eq!(meta[VERSION_META], "2026-07-28");
        assert_eq!(meta[CAPABILITIES_META]["elicitation"]["form"], json!({}));
        assert_eq!(meta[CLIENT_META]["name"], "flowglass");
    }
}

#[test]
fn a_05_the_probe_does_not_use_up_the_ids_of_the_handshake() {
    let mut it = connection(Revision::R5, None);
    assert_eq!(it.discover().0, Id::Text("discover-1".to_owned()));
    it.offered = Revision::R4;
    assert_eq!(it.initialize().0, Id::Number(1));
}

#[test]
fn a_08_uses_are_named_in_a_header_too() {
    let mut it = connection(Revision::R5, None);
    for (kind, key) in [(ItemKind::Tools, "echo"), (ItemKind::Prompts, "greet"), (ItemKind::Resources, "file:///a")] {
        let (_, request) = it.ask(&ask(kind, key, "{}"), None, Vec::new()).expect("JSON");
        assert_eq!(header(&request, "mcp-name").as_deref(), Some(key));
    }
    let (_, request) = it.ask(&ask(ItemKind::Tools, "größe", "{}"), None, Vec::new()).expect("JSON");
    assert_eq!(header(&request, "mcp-name").as_deref(), Some("=?base64?Z3LDtsOfZQ==?="));
}

#[test]
fn b_30_modern_requests_have_no_session_and_older_ones_no_modern_headers() {
    let mut it = connection(Revision::R4, None);
    it.initialized(info("2025-11-25"), Some("s"));
    let (_, request) = it.ask(&ask(ItemKind::Tools, "a", "{}"), None, Vec::new()).expect("JSON");
    let expected = ["accept", "content-type", "mcp-protocol-version", "mcp-session-id"];
    assert_eq!(names(&request), expected);
    assert_eq!(body(&request)["params"]["_meta"], json!({ "progressToken": 1 }));
    assert!(it.cancelled(&Id::Number(1), "no").is_some());
    assert!(connection(Revision::R5, None).cancelled(&Id::Number(1), "no").is_none());
}

#[test]
fn a_67_elicitation_is_offered_where_the_revision_has_it() {
    assert_eq!(capabilities(Revision::R2).get("elicitation"), None);
    assert_eq!(capabilities(Revision::R3)["elicitation"], json!({}));
    assert_eq!(capabilities(Revision::R4)["elicitation"], json!({ "form": {}, "url": {} }));
}
