//! The check without logging in: what it sends, where it stops, and its report as it was reviewed
//! (`tests/data/reports`). `GOLDEN=write` writes what is new, to be read before it is committed.

mod golden;
mod world;

use flowglass::explain::audit::{Audit, Verdict, markdown};
use flowglass::http::{Method, Mode, Request};
use flowglass::inspector::{Input, Phase};
use flowglass::settings::Draft;
use flowglass::trace::audit::AuditProbe;
use flowglass::trace::problem::Owner;
use flowglass::trace::{Entry, Event};
use serde_json::{Value, json};
use std::cell::RefCell;
use world::{
    Answer, SERVER, World, good, header, issuer, json_answer, mcp, resource_metadata, server_metadata, settings,
    unauthorized,
};

const ISSUER_METADATA: &str = "https://login.example.com/.well-known/oauth-authorization-server";

/// Checks a server, and gives all that was asked with the report.
fn checked(edit: impl FnOnce(&mut Draft), answer: impl Fn(&Request) -> Answer) -> (Vec<Request>, Phase, Audit) {
    let asked = RefCell::new(Vec::new());
    let mut world = World::new(|request| {
        asked.borrow_mut().push(request.clone());
        answer(request)
    });
    world.input(Input::Check(Box::new(settings(edit))));
    assert_eq!(world.left, None, "nobody leaves for a login");
    let report = Audit::of(world.inspector.trace()).expect("an audit");
    let phase = world.inspector.phase();
    drop(world);
    (asked.into_inner(), phase, report)
}

fn line(report: &Audit, id: &str) -> Option<Verdict> {
    report.items.iter().find(|it| it.line.id == id).map(|it| it.verdict)
}

fn golden(name: &str, report: &Audit) {
    golden::check(&format!("reports/{name}.md"), &markdown::write(report));
}

#[test]
fn a_guarded_server_is_read_up_to_its_ways_to_register() {
    let (asked, phase, report) = checked(|_| {}, good);
    assert_eq!(phase, Phase::Idle);
    assert!(report.is_over && report.problem.is_none());
    for request in &asked {
        assert!(!request.url.ends_with("/register"), "{}", request.url);
        let body = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
        assert!(!body.contains("tools/call") && !body.contains("resources/read"), "{body}");
        assert!(!request.url.ends_with("/token") || body.contains("code=flowglass-audit-invalid"), "{body}");
    }
    golden("guarded", &report);
}

/// The probes of the latest audit, in the order in which they went out.
fn probes(world: &World<'_>) -> Vec<AuditProbe> {
    let entries = world.inspector.trace().entries();
    let probe = |entry: &Entry| match entry.event {
        Event::Probed { probe, .. } => Some(probe),
        _ => None,
    };
    entries.iter().filter_map(probe).collect()
}

#[test]
fn what_the_audit_asks_besides_is_bounded_and_in_order() {
    let mut world = World::new(good);
    world.input(Input::Check(Box::new(settings(|_| {}))));
    let ids: Vec<&str> = probes(&world).into_iter().map(AuditProbe::id).collect();
    let order = [
        "P1", "P1", "P4", "P4b", "P5", "P5", "P7", "P7", "P7", "P7b", "P7c", "P3", "P3", "P3", "P6", "P8", "P8n", "P9",
        "P10", "P11",
    ];
    assert_eq!(ids, order);
}

#[test]
fn where_nothing_responds_the_audit_asks_no_more() {
    let mut world = World::new(|_| Answer::Blocked);
    world.input(Input::Check(Box::new(settings(|_| {}))));
    assert_eq!(probes(&world), [AuditProbe::Simple, AuditProbe::Alive]);
}

#[test]
fn a_host_that_wants_no_more_requests_gets_none() {
    let limited = |request: &Request| match header(request, "authorization") {
        Some(_) => json_answer(429, Value::Null),
        None => good(request),
    };
    let mut world = World::new(limited);
    world.input(Input::Check(Box::new(settings(|_| {}))));
    let ids: Vec<&str> = probes(&world).into_iter().map(AuditProbe::id).collect();
    // The other host is asked all the same.
    assert_eq!(ids, ["P1", "P1", "P4", "P4b", "P9", "P10", "P11"]);
}

#[test]
fn a_host_that_wanted_no_more_requests_of_the_check_gets_none_from_the_audit() {
    let limited = |request: &Request| match request.url.as_str() {
        SERVER => json_answer(429, Value::Null),
        _ => good(request),
    };
    let mut world = World::new(limited);
    world.input(Input::Check(Box::new(settings(|_| {}))));
    assert_eq!(world.inspector.phase(), Phase::Failed);
    assert_eq!(probes(&world), [], "the metadata is at the same host");
}

#[test]
fn only_the_server_says_where_its_metadata_is() {
    const ELSEWHERE: &str = "https://mcp.example.com/elsewhere";
    let answer = |request: &Request| match request.url.as_str() {
        SERVER => json_answer(401, Value::Null),
        ISSUER_METADATA => unauthorized(&format!("Bearer resource_metadata=\"{ELSEWHERE}\"")),
        _ => good(request),
    };
    let (asked, ..) = checked(|_| {}, answer);
    assert!(asked.iter().any(|it| it.url == ISSUER_METADATA));
    assert!(!asked.iter().any(|it| it.url == ELSEWHERE));
}

#[test]
fn a_redirect_to_another_origin_names_no_authorization_servers() {
    const OTHER: &str = "https://other.example.com";
    let answer = |request: &Request| match request.url.as_str() {
        url if url.contains("oauth-protected-resource") => {
            let mut document = resource_metadata();
            document["authorization_servers"] = json!([OTHER]);
            Answer::Redirected("https://evil.example/metadata", document)
        }
        _ => good(request),
    };
    let (asked, _, report) = checked(|_| {}, answer);
    assert!(!asked.iter().any(|it| it.url.starts_with(OTHER)));
    assert_eq!(line(&report, "S-14"), Some(Verdict::Fail));
}

#[test]
fn endpoints_are_those_of_the_first_authorization_server() {
    const OTHER: &str = "https://other.example.com";
    let answer = |request: &Request| match request.url.as_str() {
        url if url.contains("oauth-protected-resource") => {
            let mut document = resource_metadata();
            document["authorization_servers"] = json!([document["authorization_servers"][0], OTHER]);
            json_answer(200, document)
        }
        url if url == format!("{OTHER}/.well-known/oauth-authorization-server") => {
            let mut document = server_metadata();
            document["issuer"] = json!(OTHER);
            document["introspection_endpoint"] = json!(format!("{OTHER}/introspect"));
            json_answer(200, document)
        }
        _ => good(request),
    };
    let (asked, ..) = checked(|_| {}, answer);
    let urls: Vec<&str> = asked.iter().map(|it| it.url.as_str()).filter(|it| it.starts_with(OTHER)).collect();
    assert!(!urls.is_empty() && urls.iter().all(|it| it.contains("/.well-known/")), "{urls:?}");
}

#[test]
fn a_session_that_a_probe_opened_is_ended() {
    let opens = |request: &Request| match header(request, "content-type").as_deref() {
        Some("text/plain") => Answer::Json(200, vec![("mcp-session-id", "s-9".to_owned())], json!({"result": {}})),
        _ => good(request),
    };
    let ended = RefCell::new(0);
    let mut world = World::new(|request| {
        let farewell = header(request, "mcp-session-id").as_deref() == Some("s-9");
        *ended.borrow_mut() += usize::from(farewell && request.method == Method::Delete);
        opens(request)
    });
    world.input(Input::Check(Box::new(settings(|_| {}))));
    assert_eq!(probes(&world).iter().filter(|it| **it == AuditProbe::Farewell).count(), 1);
    drop(world);
    assert_eq!(ended.into_inner(), 1);
}

#[test]
fn no_secret_of_the_person_goes_out() {
    let secrets = |it: &mut Draft| {
        it.bearer = "geheim".to_owned();
        it.headers = vec![("x-key".to_owned(), "geheim".to_owned())];
    };
    let (asked, _, report) = checked(secrets, good);
    let sent = |request: &Request| request.headers.iter().any(|(_, value)| value.expose().contains("geheim"));
    assert!(!asked.iter().any(sent) && !markdown::write(&report).contains("geheim"));
}

#[test]
fn a_token_of_before_is_not_used() {
    let tokens = RefCell::new(0);
    let mut world = World::new(|request| {
        let mut sent = request.headers.iter().filter(|(name, _)| name == "authorization");
        *tokens.borrow_mut() += usize::from(sent.any(|(_, value)| value.expose().contains("t-1")));
        good(request)
    });
    world.connect(settings(|_| {}));
    world.back("code=c0de&state={state}&iss={iss}");
    world.input(Input::Disconnect);
    let before = *tokens.borrow();
    world.input(Input::Check(Box::new(settings(|_| {}))));
    assert_eq!(*tokens.borrow(), before);
    assert!(world.inspector.grant().is_some(), "the token is still there afterwards");
}

#[test]
fn a_server_without_authorization_is_a_good_outcome() {
    let (_, phase, report) = checked(|_| {}, |request| mcp(request, None));
    assert_eq!((phase, report.is_over), (Phase::Idle, true));
    golden("open", &report);
}

#[test]
fn a_server_that_pages_may_not_read_is_told_line_by_line() {
    let answer = |request: &Request| {
        let refused = request.preflighted().iter().any(|it| it.starts_with("mcp-"));
        if refused { Answer::Blocked } else { json_answer(405, Value::Null) }
    };
    let (_, phase, report) = checked(|_| {}, answer);
    assert_eq!(phase, Phase::Failed);
    golden("blocked", &report);
}

#[test]
fn a_server_that_is_not_there_is_accused_of_nothing() {
    let (_, phase, report) = checked(|it| "http://localhost:9/mcp".clone_into(&mut it.server), |_| Answer::Blocked);
    assert_eq!(phase, Phase::Failed);
    let judged = report.items.iter().filter(|it| it.verdict >= Verdict::Warn).map(|it| it.line.id);
    assert_eq!(judged.collect::<Vec<_>>(), ["S-1"], "nothing else was seen that could be judged");
    assert_eq!(report.problem.as_ref().map(|it| it.owner), Some(Owner::You));
    golden("nobody", &report);
}

#[test]
fn warnings_before_the_login_promise_nothing_of_what_follows() {
    let answer = |request: &Request| match request.url.as_str() {
        SERVER => match mcp(request, Some("t-1")) {
            Answer::Json(401, _, body) => json_answer(401, body),
            other => other,
        },
        _ => good(request),
    };
    let (_, _, report) = checked(|_| {}, answer);
    assert_eq!((report.verdicts.browser, line(&report, "S-7")), (Verdict::Warn, Some(Verdict::Warn)));
    assert_eq!(line(&report, "S-91"), Some(Verdict::NotTested));
}

#[test]
fn a_server_without_cors_is_told_with_the_header_lines_to_paste() {
    let answer = |request: &Request| match request.mode {
        Mode::Opaque => json_answer(200, Value::Null),
        Mode::Readable => Answer::Blocked,
    };
    let (_, phase, report) = checked(|_| {}, answer);
    assert_eq!(phase, Phase::Failed);
    golden("closed", &report);
}

#[test]
fn an_authorization_server_with_faults() {
    let answer = |request: &Request| match request.url.as_str() {
        ISSUER_METADATA => {
            let mut document = server_metadata();
            document["code_challenge_methods_supported"] = json!(["plain"]);
            document["registration_endpoint"] = Value::Null;
            json_answer(200, document)
        }
        SERVER => match mcp(request, Some("t-1")) {
            Answer::Json(401, _, body) => json_answer(401, body),
            other => other,
        },
        url if url.ends_with("oauth-protected-resource/mcp") => json_answer(404, Value::Null),
        url if url.ends_with("oauth-protected-resource") => json_answer(200, resource_metadata()),
        _ => issuer(request),
    };
    let (_, phase, report) = checked(|_| {}, answer);
    assert_eq!(phase, Phase::Refused);
    golden("faulty", &report);
}

#[test]
fn a_check_promises_nothing_where_connecting_would_stop() {
    // No metadata, so connecting would try to register at a URL that is guessed.
    let guessing = |request: &Request| match request.url.as_str() {
        SERVER => unauthorized("Bearer"),
        _ => json_answer(404, Value::Null),
    };
    let (_, phase, report) = checked(|_| {}, guessing);
    assert_eq!(phase, Phase::Idle);
    assert_eq!((line(&report, "S-24"), report.verdicts.any_client), (Some(Verdict::Fail), Verdict::Fail));
    // Nobody registers clients, and none is typed.
    let closed = |request: &Request| match request.url.as_str() {
        ISSUER_METADATA => {
            let mut document = server_metadata();
            document["registration_endpoint"] = Value::Null;
            json_answer(200, document)
        }
        _ => good(request),
    };
    let (_, phase, report) = checked(|_| {}, closed);
    assert_eq!(
        (phase, report.problem.as_ref().map(|it| it.code.as_str())),
        (Phase::Failed, Some("registration-unavailable"))
    );
    let (_, phase, _) = checked(|it| it.client_id = "typed".to_owned(), closed);
    assert_eq!(phase, Phase::Idle);
}

#[test]
fn metadata_of_an_authorization_server_that_no_page_may_read() {
    let hidden = |request: &Request| match request.url.starts_with("https://login.example.com/") {
        true if request.mode == Mode::Readable => Answer::Blocked,
        true => json_answer(200, Value::Null),
        false => good(request),
    };
    let (_, _, report) = checked(|_| {}, hidden);
    assert_eq!(line(&report, "S-38"), Some(Verdict::Fail));
    assert_eq!(report.verdicts.browser, Verdict::Fail);
}
