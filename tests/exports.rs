//! Whole runs given away in every form: no secret of a run is in any of them, whatever the secrets are and wherever a
//! server repeats them.

mod world;

use flowglass::base::text::Text;
use flowglass::explain::compare::compare;
use flowglass::explain::walkthrough::Walkthrough;
use flowglass::export::{Export, Scope, file};
use flowglass::http::{Head, Method, Mode, Request};
use flowglass::inspector::{Input, Phase};
use flowglass::mcp::connection::{Ask, Target};
use flowglass::mcp::model::ItemKind;
use flowglass::settings::Draft;
use flowglass::trace::RedactedTrace;
use flowglass::trace::note::Note;
use flowglass::trace::step::Step;
use flowglass::trace::{Body, Event, Trace};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;
use world::{Answer, SERVER, World, good, issuer, json_answer, resource_metadata, server_metadata, settings};

const NOW: f64 = 1_767_960_271_102.0;

#[derive(Clone, Debug)]
struct Secrets {
    token: String,
    refresh: String,
    session: String,
    client_secret: String,
    code: String,
    header: String,
}

impl Secrets {
    fn all(&self) -> [&str; 6] {
        [&self.token, &self.refresh, &self.session, &self.client_secret, &self.code, &self.header]
    }

    /// As an unkind server repeats them: plain, in an address, in JSON in a string, encoded.
    fn echo(&self) -> String {
        let json = json!({"access_token": self.token, "note": {"refresh_token": self.refresh}}).to_string();
        let address =
            format!("https://login.example.com/cb?code={}&x=1#access_token={}", form(&self.code), form(&self.token));
        let basic = base64(&format!("mine:{}", form(&self.client_secret)));
        format!(
            "{} {json} {address} Basic {basic} {} {}",
            self.all().join(" "),
            form(&self.session),
            base64(&self.token)
        )
    }
}

fn form(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn base64(text: &str) -> String {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.encode(text)
}

/// An MCP server that says all it knows in every place there is.
fn talkative(request: &Request, secrets: &Secrets) -> Answer {
    let bearer = format!("Bearer {}", secrets.token);
    let sent = request.headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.expose());
    if sent != Some(bearer) {
        let challenge = format!(
            "Bearer resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\", error_description=\"{}\"",
            form(&secrets.header)
        );
        return Answer::Json(401, vec![("www-authenticate", challenge)], json!({"error": secrets.header}));
    }
    if request.method != Method::Post {
        return json_answer(405, json!({"said": secrets.echo()}));
    }
    let body: Value = serde_json::from_str(&request.body.as_ref().expect("a body").expose()).expect("JSON");
    let result = match body["method"].as_str() {
        Some("initialize") => json!({
            "protocolVersion": body["params"]["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": secrets.echo(), "version": "1"},
        }),
        Some("tools/list") => {
            json!({"tools": [{"name": "echo", "description": secrets.echo(), "inputSchema": {"type": "object"}}]})
        }
        Some("tools/call") => json!({"content": [{"type": "text", "text": secrets.echo()}]}),
        _ if !body["id"].is_null() => {
            let error = json!({"code": -32000, "message": "Bad Request: Server not initialized"});
            return json_answer(400, json!({"jsonrpc": "2.0", "error": error, "id": null}));
        }
        _ => return json_answer(202, Value::Null),
    };
    let headers = vec![("mcp-session-id", secrets.session.clone()), ("x-seen", secrets.token.clone())];
    Answer::Json(200, headers, json!({"jsonrpc": "2.0", "id": body["id"], "result": result}))
}

/// A whole run with these secrets; `ending` is what the callback brings.
fn run(secrets: &Secrets, ending: &str) -> (Trace, Vec<String>) {
    let servers = |request: &Request| match request.url.as_str() {
        SERVER => talkative(request, secrets),
        "https://mcp.example.com/.well-known/oauth-protected-resource/mcp" => json_answer(200, resource_metadata()),
        "https://login.example.com/token" => json_answer(
            200,
            json!({"access_token": secrets.token, "token_type": "Bearer", "refresh_token": secrets.refresh, "scope": "tools:read", "said": secrets.echo()}),
        ),
        _ => issuer(request),
    };
    let mut world = World::new(servers);
    world.connect(settings(|it: &mut Draft| {
        it.client_id = "mine".to_owned();
        it.client_secret = secrets.client_secret.clone();
        it.headers = vec![("x-key".to_owned(), secrets.header.clone())];
    }));
    let state = world.state();
    let left = world.left.clone().expect("the browser left");
    let ending = ending.replace("{code}", &form(&secrets.code)).replace("{said}", &form(&secrets.echo()));
    world.back(&ending);
    if world.inspector.phase() == Phase::Connected {
        let target = Target { kind: ItemKind::Tools, key: "echo".to_owned() };
        world.input(Input::Ask(Ask { target, arguments: "{}".to_owned() }));
    }
    assert!(left.contains(&state));
    // The verifier is made of the world's entropy.
    (world.inspector.trace().clone(), vec![state, "BwcH".repeat(10) + "Bwc"])
}

/// No export says any of them, in any of the ways in which it could be written.
fn silent(trace: &Trace, secrets: &[&str]) {
    let texts = trace.entries().iter().flat_map(|it| it.event.texts());
    let exposed: String = texts.map(|it| it.expose()).collect();
    for export in Export::ALL {
        let text = export.write(&export.redacted(trace, Scope::Attempt), NOW);
        for secret in secrets {
            let json = serde_json::to_string(secret).expect("JSON");
            let ways = [(*secret).to_owned(), form(secret), json.trim_matches('"').to_owned(), base64(secret)];
            let basic = base64(&format!("mine:{}", form(secret)));
            assert!(ways.iter().chain([&basic]).any(|it| exposed.contains(it)), "{secret} is no secret of this run");
            for way in ways {
                assert!(!text.contains(way.trim_end_matches('=')), "{} shows {way}", export.name());
            }
        }
    }
}

fn secret() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z0-9_~.-]{8,40}", "[a-z0-9]{6,9}[+/=%&][A-Za-z0-9+/=%]{4,20}", "[A-Z]{4}[\"'\\\\][a-z]{6,10}"]
}

fn token() -> impl Strategy<Value = String> {
    "[A-Za-z0-9._~+/-]{12,60}"
}

fn secrets() -> impl Strategy<Value = Secrets> {
    (token(), secret(), "[A-Za-z0-9-]{10,36}", secret(), secret(), "[A-Za-z0-9_-]{8,30}").prop_map(
        |(token, refresh, session, client_secret, code, header)| Secrets {
            token,
            refresh,
            session,
            client_secret,
            code,
            header,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_secret_of_a_run_is_in_any_export(secrets in secrets(), ending in 0_usize..4) {
        let endings = [
            "code={code}&state={state}&iss={iss}",
            "error=access_denied&error_description={said}&state={state}&iss={iss}",
            "code={code}&state=foreign-{code}&iss={iss}",
            "code={code}&state={state}&iss=https%3A%2F%2Fevil.example",
        ];
        let (trace, own) = run(&secrets, endings[ending]);
        let mut known = secrets.all().to_vec();
        if ending == 1 {
            // Only what the callback repeated under its name ever came into this run.
            known = vec![&secrets.header, &secrets.token, &secrets.refresh];
        }
        if ending > 1 {
            known = vec![&secrets.code, &secrets.header];
        }
        known.extend(own.iter().map(String::as_str));
        silent(&trace, &known);
    }

    #[test]
    fn whatever_is_opened_never_panics(text in ".{0,200}", cut in 0_usize..4000) {
        let _ = file::read(&text);
        let (trace, _) = run(&plain(), "code={code}&state={state}&iss={iss}");
        let written = file::write(&RedactedTrace::of(&trace));
        let part: String = written.chars().take(cut).chain(text.chars()).collect();
        let _ = file::read(&part);
    }
}

fn plain() -> Secrets {
    Secrets {
        token: "token-0123456789".to_owned(),
        refresh: "refresh-0123456789".to_owned(),
        session: "session-0123456789".to_owned(),
        client_secret: "client-secret-0123456789".to_owned(),
        code: "code-0123456789".to_owned(),
        header: "header-0123456789".to_owned(),
    }
}

#[test]
fn a_run_that_is_opened_again_tells_the_same_story() {
    let mut world = World::new(good);
    world.connect(settings(|_| ()));
    world.back("code=c0de&state={state}&iss={iss}");
    let redacted = RedactedTrace::of(world.inspector.trace());
    let opened = file::read(&file::write(&redacted)).expect("it can be opened");
    assert_eq!(opened.left_out, 0);
    assert_eq!(opened.trace.entries().len(), world.inspector.trace().entries().len());
    let rendered = Walkthrough::of(&opened.trace).expect("an attempt").render(&opened.trace);
    let original = Walkthrough::of(world.inspector.trace()).expect("an attempt").render(world.inspector.trace());
    let state = world.state();
    assert_eq!(
        rendered.replace("••••••••", ""),
        original.replace(&state, "").replace("••••••••", "").replace(&form("c0de"), "")
    );
    let again = RedactedTrace::of(&opened.trace);
    assert_eq!(file::write(&again), file::write(&redacted), "what is redacted stays as it is");
}

#[test]
fn two_good_runs_do_not_differ_and_a_denied_one_differs_in_its_callback() {
    let finished = |ending: &str| RedactedTrace::of(&run(&plain(), ending).0);
    let (good, denied) =
        (finished("code={code}&state={state}&iss={iss}"), finished("error=access_denied&state={state}&iss={iss}"));
    assert_eq!(compare(&good, &good).expect("attempts").differences, []);
    let different = compare(&good, &denied).expect("attempts").differences;
    let told: HashSet<(&str, &str)> =
        different.iter().filter_map(|it| Some((it.step?.name(), it.what.as_str()))).collect();
    for expected in
        [("callback", "status"), ("callback", "problem"), ("callback", "parameter error"), ("callback", "later steps")]
    {
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
    assert!(different.iter().all(|it| it.step <= Some(Step::Callback)), "{told:?}");
}

#[test]
fn each_form_is_what_its_readers_expect() {
    let redacted = RedactedTrace::of(&run(&plain(), "code={code}&state={state}&iss={iss}").0);
    let written = |export: Export| export.write(&redacted, NOW);
    assert!(written(Export::Mermaid).starts_with("sequenceDiagram\n"));
    let mermaid = written(Export::Mermaid);
    assert!(mermaid.contains("client->>issuer: 9 POST /token "), "{mermaid}");
    assert!(mermaid.contains("issuer-->>client: 200\n"), "{mermaid}");
    assert!(written(Export::Svg).starts_with("<svg xmlns=") && written(Export::Svg).ends_with("</svg>\n"));
    let har: Value = serde_json::from_str(&written(Export::Har)).expect("JSON");
    assert_eq!(har["log"]["version"], "1.2");
    assert_eq!(har["log"]["entries"].as_array().map(Vec::len), Some(redacted.trace().exchanges().count()));
    assert!(written(Export::Markdown).contains("| 12 | Connected | done |"));
    let script = written(Export::Curl);
    assert!(script.contains("-H 'authorization: Bearer '\"$ACCESS_TOKEN\""), "{script}");
    assert!(script.contains("\nACCESS_TOKEN=$(member access_token)\n"), "{script}");
    let needed: Vec<&str> = script.lines().filter(|it| it.ends_with("header}") || it.contains(" base64 of ")).collect();
    assert_eq!(needed.len(), 2, "the header and the credentials of the client: {script}");
    assert_eq!(Export::Har.file_name(&redacted, NOW), "flowglass-mcp.example.com-2026-01-09-connected.har");
}

/// A run that stops: the challenge is hidden, a document lies elsewhere, and PKCE is not what it should be.
fn stopped() -> RedactedTrace {
    let mut world = World::new(|request| match request.url.as_str() {
        SERVER => match good(request) {
            Answer::Json(401, _, body) => json_answer(401, body),
            other => other,
        },
        "https://login.example.com/.well-known/oauth-authorization-server" => {
            let mut document = server_metadata();
            document["code_challenge_methods_supported"] = json!(["plain"]);
            json_answer(200, document)
        }
        _ => good(request),
    });
    world.connect(settings(|_| ()));
    assert_eq!(world.inspector.phase(), Phase::Refused);
    RedactedTrace::of(world.inspector.trace())
}

#[test]
fn the_report_says_why() {
    let report = Export::Markdown.write(&stopped(), NOW);
    for words in ["Likely cause (`challenge-hidden`): ! warning\n\n- Fix: ", "- Rule: `pkce-plain-only`"] {
        assert!(report.contains(words), "{words} in {report}");
    }
    assert_eq!(report.matches("pkce-plain-only").count(), 1, "{report}");
}

#[test]
fn a_diagram_draws_each_answer_once_and_says_what_the_run_stopped_of() {
    let lines = |trace: &RedactedTrace, words: &str| {
        let diagram = Export::Mermaid.write(trace, NOW);
        diagram.lines().filter(|it| it.contains(words)).map(|it| it.trim().to_owned()).collect::<Vec<_>>()
    };
    let whole = RedactedTrace::of(&run(&plain(), "code={code}&state={state}&iss={iss}").0);
    assert_eq!(lines(&whole, ": 401"), [""; 0]);
    assert_eq!(lines(&whole, "2 401"), ["server-->>client: 2 401 resource_metadata"]);
    assert_eq!(lines(&whole, ": 10 200"), ["issuer-->>client: 10 200 access_token, refresh_token"]);
    assert_eq!(lines(&whole, "issuer-->>client: 200").len(), 1, "of the metadata, and not of the token again");
    let why = "Note over client: 2b failed#58; The authorization server does not offer S256";
    assert_eq!(lines(&stopped(), "failed"), [why]);
}

#[test]
fn a_picture_tells_how_each_step_ended() {
    let signs = |trace: &RedactedTrace| {
        let picture = Export::Svg.write(trace, NOW);
        ["> ✓</tspan>", "> !</tspan>", "> ✗</tspan>", ">✗ blocked</text>"].map(|it| picture.contains(it))
    };
    assert_eq!(signs(&stopped()), [true, true, true, false]);
    let picture = Export::Svg.write(&stopped(), NOW);
    assert!(picture.contains("failed: The authorization server does not offer S256</title>"), "{picture}");
    let mut world = World::new(|request| match request.mode {
        Mode::Opaque => json_answer(200, Value::Null),
        Mode::Readable => Answer::Blocked,
    });
    world.connect(settings(|_| ()));
    let blocked = RedactedTrace::of(world.inspector.trace());
    assert_eq!(signs(&blocked), [false, false, true, true]);
    assert!(Export::Mermaid.write(&blocked, NOW).contains("server--xclient: blocked\n"));
}

#[test]
fn what_is_drawn_of_a_run_stays_the_same_after_many_calls_and_is_no_longer() {
    let mut world = World::new(good);
    world.connect(settings(|_| ()));
    world.back("code=c0de-0123456789&state={state}&iss={iss}");
    let before = RedactedTrace::of(world.inspector.trace());
    for _ in 0..200 {
        let target = Target { kind: ItemKind::Tools, key: "echo".to_owned() };
        world.input(Input::Ask(Ask { target, arguments: "{}".to_owned() }));
    }
    let trace = world.inspector.trace();
    for export in [Export::Svg, Export::Mermaid, Export::Markdown] {
        assert_eq!(
            export.write(&export.redacted(trace, Scope::Attempt), NOW),
            export.write(&before, NOW),
            "{}",
            export.name()
        );
    }
    let count = |it: &RedactedTrace| it.trace().exchanges().count();
    // The stream of events is beside the steps too.
    assert_eq!(count(&Export::Curl.redacted(trace, Scope::Attempt)), count(&before) + 49);
    assert!(
        Export::Curl
            .write(&Export::Curl.redacted(trace, Scope::Attempt), NOW)
            .contains("Further requests outside the steps")
    );
    assert_eq!(count(&Export::Har.redacted(trace, Scope::Attempt)), count(&before) + 200);
    assert_eq!(count(&Export::Har.redacted(trace, Scope::Tab)), count(&before) + 200);
}

#[test]
fn a_secret_of_an_earlier_attempt_is_masked_in_the_latest() {
    let secrets = plain();
    let mut trace = run(&secrets, "code={code}&state={state}&iss={iss}").0;
    trace.push(9.0, Event::Began { server: format!("https://{}.example", secrets.token), first: None });
    trace.push(9.0, Event::Entered(Step::McpRequest));
    trace.push(
        9.0,
        Event::Noted { step: Step::McpRequest, note: Note::IssuerChosen { issuer: secrets.session.clone() } },
    );
    let latest = RedactedTrace::of_attempt(&trace);
    assert_eq!(latest.trace().exchanges().count(), 0);
    for export in Export::ALL {
        let text = export.write(&latest, NOW);
        assert!(!text.contains(&secrets.token) && !text.contains(&secrets.session), "{text}");
    }
}

#[test]
fn the_script_is_one_that_a_shell_can_read() {
    let redacted = RedactedTrace::of(&run(&plain(), "code={code}&state={state}&iss={iss}").0);
    let script = Export::Curl.write(&redacted, NOW);
    let checked = std::process::Command::new("bash").args(["-n", "-c", &script]).status().expect("a shell");
    assert!(checked.success());
}

/// A run against a server that wants its key in the query, and that speaks of secrets in other spellings.
fn spelled(key: &str) -> Trace {
    let url = format!("{SERVER}?apiKey={key}");
    let mut trace = Trace::default();
    trace.push(1.0, Event::Began { server: url.clone(), first: None });
    let body = format!(r#"{{"arguments":"{{\"x-api-key\":\"{key}-1\"}}","deviceCode":"{key}-2"}}"#);
    let request = Request::new(Method::Post, url).header("X-Api-Key", Text::plain(format!("{key}-3")));
    trace.push(2.0, Event::Sent { exchange: 1, step: None, request: request.body(Text::plain(body)) });
    let headers = vec![("set-cookie".to_owned(), format!("sid={key}-4"))];
    let head = Head { status: 200, url: SERVER.to_owned(), redirected: false, headers };
    trace.push(3.0, Event::Answered { exchange: 1, head });
    let text =
        format!(r#"{{"headers":{{"Cookie":"{key}-5","authorization":"Bearer {key}-6"}},"accessToken":"{key}-7"}}"#);
    trace.push(4.0, Event::Body { exchange: 1, body: Body::new(Text::plain(text)) });
    trace.push(5.0, Event::Ended { exchange: 1 });
    trace
}

#[test]
fn a_secret_is_known_by_its_name_in_every_spelling() {
    let trace = spelled("geheim");
    for (export, scope) in Export::ALL.into_iter().flat_map(|it| Scope::ALL.map(|scope| (it, scope.0))) {
        let text = export.write(&export.redacted(&trace, scope), NOW);
        assert!(!text.contains("geheim"), "{} shows one: {text}", export.name());
    }
}

#[test]
fn har_and_trace_hold_what_was_chosen() {
    let mut trace = spelled("first-one");
    trace.push(6.0, Event::Disconnected);
    trace.push(7.0, Event::Began { server: SERVER.to_owned(), first: None });
    trace.push(8.0, Event::Sent { exchange: 2, step: None, request: Request::get(SERVER) });
    // What the first one was answered since is a part of it still.
    trace.push(9.0, Event::Ended { exchange: 1 });
    for export in [Export::Har, Export::Trace] {
        let count = |scope| export.redacted(&trace, scope).trace().exchanges().count();
        assert_eq!((count(Scope::Attempt), count(Scope::Tab), Scope::ALL[0].0), (1, 2, Scope::default()));
        assert!(!export.write(&export.redacted(&trace, Scope::Attempt), NOW).contains("apiKey"));
    }
}
