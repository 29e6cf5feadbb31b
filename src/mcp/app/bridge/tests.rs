use super::*;
use crate::mcp::app::csp::Reach;
use crate::mcp::jsonrpc::RpcError;
use crate::mcp::model::{ItemKind, page};
use serde_json::Value;

const TOOLS: &str = r#"{"tools":[{"name":"clock","inputSchema":{"type":"object"}},
    {"name":"hidden","inputSchema":{},"_meta":{"ui":{"visibility":["model"]}}}]}"#;
const READY: &str = r#"{"jsonrpc":"2.0","method":"ui/notifications/sandbox-proxy-ready","params":{}}"#;
const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"ui/notifications/initialized"}"#;

fn tools() -> Vec<Arc<Item>> {
    page(ItemKind::Tools, TOOLS).expect("a page").items
}

fn bridge() -> Bridge {
    Bridge::new(Subject {
        tool: tools().remove(0),
        arguments: r#"{"zone":1.0}"#.to_owned(),
        reach: Reach { connect: vec!["https://api.example.com".to_owned()], ..Reach::default() },
        server: Address::typed("https://mcp.example.com/mcp").expect("valid"),
        theme: Theme::Dark,
        width: 640,
        granted: Vec::new(),
        in_parts: false,
    })
}

fn request(method: &str, params: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params }).to_string()
}

/// What is ordered besides the log.
fn orders(bridge: &mut Bridge, input: Input) -> Vec<Order> {
    let orders = bridge.handle(1.0, input, &tools());
    orders.into_iter().filter(|it| !matches!(it, Order::Log(_))).collect()
}

fn says(bridge: &mut Bridge, text: &str) -> Vec<Order> {
    orders(bridge, Input::Said(Some(text.to_owned())))
}

fn asks(bridge: &mut Bridge, method: &str, params: &Value) -> Vec<Order> {
    says(bridge, &request(method, params))
}

/// The messages among the orders.
fn posted(orders: &[Order]) -> Vec<Value> {
    let text = |it: &Order| match it {
        Order::Post(text) => Some(serde_json::from_str(text).expect("JSON")),
        _ => None,
    };
    orders.iter().filter_map(text).collect()
}

/// The code of the only message, which is an error.
fn code(orders: &[Order]) -> Option<i64> {
    posted(orders).first()?.get("error")?.get("code")?.as_i64()
}

fn running() -> Bridge {
    let mut bridge = bridge();
    says(&mut bridge, READY);
    asks(&mut bridge, "ui/initialize", &json!({}));
    says(&mut bridge, INITIALIZED);
    bridge
}

#[test]
fn e_95_the_app_is_told_its_host_then_the_input_then_the_result() {
    let mut bridge = bridge();
    assert_eq!(says(&mut bridge, READY), [Order::Load]);
    assert_eq!(orders(&mut bridge, Input::Ended(Ending::Result(r#"{"content":[]}"#.into()))), []);
    let answer = posted(&asks(&mut bridge, "ui/initialize", &json!({ "protocolVersion": "2026-01-26" }))).remove(0);
    let result = &answer["result"];
    assert_eq!((&answer["id"], &result["protocolVersion"]), (&json!(7), &json!("2026-01-26")));
    let context = &result["hostContext"];
    assert_eq!((&context["theme"], &context["toolInfo"]["tool"]["name"]), (&json!("dark"), &json!("clock")));
    assert_eq!(context["containerDimensions"], json!({ "width": 640, "maxHeight": HIGHEST }));
    let connect = &result["hostCapabilities"]["sandbox"]["csp"]["connectDomains"];
    assert_eq!(*connect, json!(["https://api.example.com"]));
    let told = says(&mut bridge, INITIALIZED);
    let input = r#"{"jsonrpc":"2.0","method":"ui/notifications/tool-input","params":{"arguments":{"zone":1.0}}}"#;
    let result = r#"{"jsonrpc":"2.0","method":"ui/notifications/tool-result","params":{"content":[]}}"#;
    assert_eq!(told, [Order::Post(input.to_owned()), Order::Post(result.to_owned())]);
    assert_eq!(orders(&mut bridge, Input::Ended(Ending::Cancelled("late"))), []);
}

#[test]
fn e_95_nothing_is_sent_before_the_app_is_initialized() {
    let mut bridge = bridge();
    assert_eq!(orders(&mut bridge, Input::Theme(Theme::Light)), []);
    says(&mut bridge, READY);
    for method in ["tools/call", "ui/open-link", "resources/read"] {
        assert_eq!(code(&asks(&mut bridge, method, &json!({}))), Some(-32600), "{method}");
    }
    assert_eq!(posted(&asks(&mut bridge, "ping", &json!({})))[0]["result"], json!({}));
    let theme = &posted(&asks(&mut bridge, "ui/initialize", &json!({})))[0]["result"]["hostContext"]["theme"];
    assert_eq!(*theme, json!("light"));
    assert_eq!(orders(&mut bridge, Input::Ended(Ending::Cancelled("cancelled"))), []);
    let told = posted(&says(&mut bridge, INITIALIZED));
    assert_eq!(told[1]["method"], "ui/notifications/tool-cancelled");
    assert_eq!(posted(&orders(&mut bridge, Input::Theme(Theme::Dark)))[0]["params"], json!({ "theme": "dark" }));
}

#[test]
fn the_document_is_given_once_and_the_app_initialized_once() {
    let mut bridge = running();
    assert_eq!(says(&mut bridge, READY), []);
    assert_eq!(code(&asks(&mut bridge, "ui/initialize", &json!({}))), Some(-32600));
    assert_eq!(says(&mut bridge, INITIALIZED), []);
}

#[test]
fn e_91_a_call_waits_for_the_user_and_then_for_the_server() {
    let mut bridge = running();
    let params = json!({ "name": "clock", "arguments": { "zone": 2 }, "_meta": { "x": 1 }, "task": {} });
    let wish = Wish::Call { tool: "clock".to_owned(), arguments: r#"{"zone":2}"#.to_owned() };
    assert_eq!(asks(&mut bridge, "tools/call", &params), [Order::Ask(1, wish)]);
    let sent = Some(r#"{"name":"clock","arguments":{"zone":2}}"#.to_owned());
    let message = RawMessage { method: "tools/call".to_owned(), params: sent };
    assert_eq!(orders(&mut bridge, Input::Answered(1, Answer::Allowed)), [Order::Send(1, message)]);
    let answer = Answer::Result(r#"{"content":[]}"#.into());
    let said = orders(&mut bridge, Input::Answered(1, answer.clone()));
    assert_eq!(said, [Order::Post(r#"{"jsonrpc":"2.0","id":7,"result":{"content":[]}}"#.to_owned())]);
    assert_eq!(orders(&mut bridge, Input::Answered(1, answer)), []);
}

#[test]
fn what_is_declined_or_fails_is_an_error_to_the_app() {
    let mut bridge = running();
    let call = json!({ "name": "clock" });
    for (number, answer, expected) in [
        (1, Answer::Declined, -32000),
        (2, Answer::Unanswered, -32000),
        (3, Answer::Error(RpcError { code: -32603, message: "no".to_owned(), data: None }), -32603),
    ] {
        asks(&mut bridge, "tools/call", &call);
        assert_eq!(code(&orders(&mut bridge, Input::Answered(number, answer))), Some(expected));
    }
    asks(&mut bridge, "tools/call", &call);
    asks(&mut bridge, "resources/read", &json!({ "uri": "ui://a" }));
    let refused = posted(&orders(&mut bridge, Input::Parted));
    assert_eq!(refused.len(), 2);
    assert_eq!(orders(&mut bridge, Input::Answered(4, Answer::Allowed)), []);
}

#[test]
fn e_91_tools_that_are_not_for_apps_are_refused() {
    let mut bridge = running();
    for params in [json!({ "name": "hidden" }), json!({ "name": "other" }), json!({}), json!([])] {
        assert_eq!(code(&asks(&mut bridge, "tools/call", &params)), Some(-32602), "{params}");
    }
}

#[test]
fn a_resource_is_read_without_asking() {
    let mut bridge = running();
    let message = RawMessage { method: "resources/read".to_owned(), params: Some(r#"{"uri":"ui://a"}"#.to_owned()) };
    assert_eq!(asks(&mut bridge, "resources/read", &json!({ "uri": "ui://a" })), [Order::Send(1, message)]);
    assert_eq!(code(&asks(&mut bridge, "resources/read", &json!({ "uri": 7 }))), Some(-32602));
}

#[test]
fn a_link_is_checked_and_waits_for_the_user() {
    let mut bridge = running();
    for url in ["javascript:alert(1)", "data:,x", "http://a.example/", "http://localhost:1/", "/x", ""] {
        assert_eq!(code(&asks(&mut bridge, "ui/open-link", &json!({ "url": url }))), Some(-32602), "{url}");
    }
    let asked = asks(&mut bridge, "ui/open-link", &json!({ "url": "https://docs.example.com/a?b" }));
    let [Order::Ask(1, Wish::Link(page))] = asked.as_slice() else { panic!("{asked:?}") };
    let opened = orders(&mut bridge, Input::Answered(1, Answer::Allowed));
    assert_eq!((&opened[0], posted(&opened)[0]["result"].clone()), (&Order::Open(page.clone()), json!({})));
}

#[test]
fn the_frame_follows_the_app_within_bounds() {
    let mut bridge = running();
    let sized = |bridge: &mut Bridge, height: &str| {
        let params = format!(r#"{{"width":1e9,"height":{height}}}"#);
        says(bridge, &format!(r#"{{"jsonrpc":"2.0","method":"ui/notifications/size-changed","params":{params}}}"#))
    };
    for (height, expected) in [("120.2", 121), ("-5", LOWEST), ("1e300", HIGHEST), ("0", LOWEST)] {
        assert_eq!(sized(&mut bridge, height), [Order::Resize(expected)], "{height}");
    }
    for none in ["null", "\"9\"", "{}", "1e999"] {
        assert_eq!(sized(&mut bridge, none), [], "{none}");
    }
}

#[test]
fn e_95_an_app_that_runs_is_told_before_it_goes() {
    let mut early = bridge();
    assert_eq!(orders(&mut early, Input::Close), [Order::Remove]);
    let mut bridge = running();
    let told = posted(&orders(&mut bridge, Input::Close)).remove(0);
    assert_eq!(told["method"], "ui/resource-teardown");
    assert_eq!(orders(&mut bridge, Input::Close), []);
    assert_eq!(asks(&mut bridge, "tools/call", &json!({ "name": "clock" })), []);
    let response = json!({ "jsonrpc": "2.0", "id": told["id"], "result": {} }).to_string();
    assert_eq!(says(&mut bridge, &response), [Order::Remove]);
}

#[test]
fn what_this_client_does_not_have_is_refused() {
    let mut bridge = running();
    for (method, expected) in [
        ("ui/update-model-context", -32000),
        ("ui/download-file", -32601),
        ("sampling/createMessage", -32601),
        ("initialize", -32601),
    ] {
        assert_eq!(code(&asks(&mut bridge, method, &json!({}))), Some(expected), "{method}");
    }
}

fn shows(bridge: &mut Bridge, mode: &str) -> Vec<Order> {
    asks(bridge, "ui/request-display-mode", &json!({ "mode": mode }))
}

#[test]
fn e_95_fullscreen_waits_for_the_user_and_the_response_names_the_mode_that_is() {
    let mut bridge = running();
    let mode = |orders: &[Order]| posted(orders)[0]["result"]["mode"].clone();
    for none in ["pip", "inline", "x"] {
        assert_eq!(mode(&shows(&mut bridge, none)), json!("inline"), "{none}");
    }
    assert_eq!(shows(&mut bridge, "fullscreen"), [Order::Ask(1, Wish::Fullscreen)]);
    let declined = orders(&mut bridge, Input::Answered(1, Answer::Declined));
    assert_eq!((declined.len(), mode(&declined)), (1, json!("inline")));
    shows(&mut bridge, "fullscreen");
    let allowed = orders(&mut bridge, Input::Answered(2, Answer::Allowed));
    assert_eq!((&allowed[0], mode(&allowed)), (&Order::Show(Mode::Fullscreen), json!("fullscreen")));
    let told = posted(&orders(&mut bridge, Input::Measured { width: 900, height: 700 }));
    let context = json!({ "displayMode": "fullscreen", "containerDimensions": { "width": 900, "height": 700 } });
    assert_eq!((&told[0]["method"], &told[0]["params"]), (&json!("ui/notifications/host-context-changed"), &context));
    assert_eq!(mode(&shows(&mut bridge, "fullscreen")), json!("fullscreen"));
    // The user goes back without being asked, and so does the app.
    assert_eq!(orders(&mut bridge, Input::Show(Mode::Inline)), [Order::Show(Mode::Inline)]);
    assert_eq!(orders(&mut bridge, Input::Show(Mode::Inline)), []);
    assert_eq!(orders(&mut bridge, Input::Show(Mode::Fullscreen)), [Order::Show(Mode::Fullscreen)]);
    assert_eq!(shows(&mut bridge, "inline")[0], Order::Show(Mode::Inline));
}

#[test]
fn e_95_an_app_that_has_no_fullscreen_is_never_shown_so() {
    for (modes, expands) in [(json!(["inline"]), false), (json!([]), false), (json!(["fullscreen"]), true)] {
        let mut bridge = bridge();
        says(&mut bridge, READY);
        let params = json!({ "appCapabilities": { "availableDisplayModes": modes } });
        assert_eq!(asks(&mut bridge, "ui/initialize", &params).contains(&Order::Expandable), expands, "{modes}");
        says(&mut bridge, INITIALIZED);
        assert_eq!(orders(&mut bridge, Input::Show(Mode::Fullscreen)).len(), usize::from(expands));
        let asked = shows(&mut bridge, "fullscreen");
        assert!(!asked.iter().any(|it| matches!(it, Order::Ask(..))));
    }
}

#[test]
fn e_95_a_message_is_shown_as_it_is_and_bounded() {
    let mut bridge = running();
    let says = |bridge: &mut Bridge, params: Value| asks(bridge, "ui/message", &params);
    let content = json!([{ "type": "text", "text": "hi" }]);
    let said = says(&mut bridge, json!({ "role": "user", "content": content }));
    let Order::Message(shown) = &said[0] else { panic!("{said:?}") };
    let expected = json!({ "messages": [{ "role": "user", "content": content }] });
    assert_eq!(serde_json::from_str::<Value>(shown).expect("JSON"), expected);
    assert_eq!(posted(&said)[0]["result"], json!({}));
    for bad in
        [json!({}), json!({ "role": "assistant", "content": content }), json!({ "role": "user", "content": "a" })]
    {
        assert_eq!(code(&says(&mut bridge, bad.clone())), Some(-32602), "{bad}");
    }
    let long = json!([{ "type": "text", "text": "a".repeat(256 << 10) }]);
    assert_eq!(code(&says(&mut bridge, json!({ "role": "user", "content": long }))), Some(-32000));
    let more = (0..60).filter(|at| {
        let params = request("ui/message", &json!({ "role": "user", "content": content }));
        let orders = bridge.handle(f64::from(*at) * 1_000.0, Input::Said(Some(params)), &[]);
        orders.iter().any(|it| matches!(it, Order::Message(_)))
    });
    assert_eq!(more.count(), 49);
}

#[test]
fn e_95_input_comes_in_parts_before_it_is_whole() {
    let arguments = r#"{"zone":"UTC","n":1.0,"list":[1]}"#;
    let parts = [r#"{"zone":"U"}"#, r#"{"zone":"UTC"}"#, r#"{"zone":"UTC","n":1.0}"#];
    assert_eq!(message::parts(arguments), parts);
    assert_eq!(message::parts("{}"), Vec::<String>::new());
    let mut bridge = bridge();
    (bridge.subject.in_parts, bridge.subject.arguments) = (true, arguments.to_owned());
    says(&mut bridge, READY);
    asks(&mut bridge, "ui/initialize", &json!({}));
    let told = posted(&says(&mut bridge, INITIALIZED));
    let methods: Vec<_> = told.iter().filter_map(|it| it["method"].as_str()).collect();
    let partial = "ui/notifications/tool-input-partial";
    assert_eq!(methods, [partial, partial, partial, "ui/notifications/tool-input"]);
    assert_eq!(told[1]["params"], json!({ "arguments": { "zone": "UTC" } }));
}

#[test]
fn e_94_what_was_granted_is_said_to_the_app() {
    let mut bridge = bridge();
    bridge.subject.granted = vec!["camera", "clipboardWrite"];
    says(&mut bridge, READY);
    let answer = posted(&asks(&mut bridge, "ui/initialize", &json!({}))).remove(0);
    let sandbox = &answer["result"]["hostCapabilities"]["sandbox"];
    assert_eq!(sandbox["permissions"], json!({ "camera": {}, "clipboardWrite": {} }));
}

#[test]
fn e_96_every_message_of_both_sides_is_in_the_log() {
    let mut bridge = running();
    let all = bridge.handle(1.0, Input::Said(Some(request("ping", &json!({})))), &[]);
    let lines: Vec<_> = all.iter().filter_map(|it| if let Order::Log(line) = it { Some(line) } else { None }).collect();
    assert_eq!(lines.iter().map(|it| it.by.logger()).collect::<Vec<_>>(), ["app", "host"]);
    assert!(lines.iter().all(|it| it.is_json && it.level == "debug"));
    let logged =
        json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": { "level": "error", "data": 1 } });
    let Some(Order::Log(line)) = bridge.handle(1.0, Input::Said(Some(logged.to_string())), &[]).pop() else {
        panic!("no line")
    };
    assert_eq!((line.level.as_str(), line.text), ("error", logged.to_string()));
    let long = request("x", &json!({ "a": "b".repeat(LOGGED) }));
    let cut = bridge.handle(1.0, Input::Said(Some(long)), &[]);
    assert!(matches!(&cut[0], Order::Log(line) if line.text.len() <= LOGGED && !line.is_json));
}

#[test]
fn a_flood_ends_at_a_bound_that_is_said_once() {
    let mut bridge = running();
    let mut said = Vec::new();
    for _ in 0..10 * RATE {
        said.extend(bridge.handle(2_000.0, Input::Said(Some(request("ping", &json!({})))), &[]));
    }
    let answers = said.iter().filter(|it| matches!(it, Order::Post(_))).count();
    let warnings = said.iter().filter(|it| matches!(it, Order::Log(line) if line.level == "warning")).count();
    assert_eq!((answers, warnings), (RATE as usize, 1));
    assert_eq!(bridge.handle(3_000.0, Input::Said(Some(request("ping", &json!({})))), &[]).len(), 3);
}

#[test]
fn requests_that_wait_have_a_bound() {
    let mut bridge = running();
    let asked = |bridge: &mut Bridge| asks(bridge, "resources/read", &json!({ "uri": "a" }));
    for _ in 0..WAITING {
        assert_eq!(asked(&mut bridge).len(), 1);
    }
    assert_eq!(code(&asked(&mut bridge)), Some(-32000));
}

#[test]
fn hostile_messages_do_nothing() {
    let mut bridge = running();
    let deep = "[".repeat(100_000);
    let huge = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#, "a".repeat(LONGEST));
    for text in
        ["", "7", "null", "[]", "{}", "\"x\"", r#"{"method":7}"#, r#"{"id":null,"method":"ping"}x"#, &deep, &huge]
    {
        assert_eq!(says(&mut bridge, text), [], "{}", prefix(text, 40));
    }
    assert_eq!(orders(&mut bridge, Input::Said(None)), []);
    let result = r#"{"jsonrpc":"2.0","id":"teardown","result":{}}"#;
    assert_eq!(says(&mut bridge, result), []);
}
