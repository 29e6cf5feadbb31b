//! For each line that a page can see, a server that breaks just it; the same server unbroken passes.

mod traps;

use super::compare::Change;
use super::fixture::{Answer, Asked, ISSUER, RESOURCE, ROOT, SERVER, Site, resource};
use super::{Audit, GROUPS, Phase, Verdict, json, markdown};
use crate::http::{HttpError, Method, Mode};
use crate::trace::audit::AuditProbe;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The lines with a fault or a warning.
fn faults(audit: &Audit) -> BTreeSet<&'static str> {
    audit.items.iter().filter(|it| it.verdict >= Verdict::Warn).map(|it| it.line.id).collect()
}

fn verdict(audit: &Audit, id: &str) -> Option<Verdict> {
    audit.items.iter().find(|it| it.line.id == id).map(|it| it.verdict)
}

/// The line, its verdict, the lines that follow from the same fault, and the fault.
type Case = (&'static str, Verdict, &'static [&'static str], fn(Site) -> Site);

use Verdict::{Fail, Warn};

fn check(cases: &[Case]) {
    for (id, expected, consequences, broken) in cases {
        let audit = broken(Site::right()).audit();
        assert_eq!(verdict(&audit, id), Some(*expected), "{id}");
        let all: BTreeSet<&str> = std::iter::once(*id).chain(consequences.iter().copied()).collect();
        assert_eq!(faults(&audit), all, "{id}");
    }
}

#[test]
fn a_right_server_has_no_faults_and_every_open_line_a_verdict() {
    let audit = Site::right().audit();
    assert_eq!(faults(&audit), BTreeSet::new());
    let untested = audit.items.iter().filter(|it| it.line.phase == Phase::Open && it.verdict != Verdict::Pass);
    assert_eq!(untested.map(|it| it.line.id).collect::<Vec<_>>(), Vec::<&str>::new());
    let verdicts = &audit.verdicts;
    assert_eq!((verdicts.any_client, verdicts.browser, verdicts.safe), (Verdict::Pass, Verdict::Pass, Verdict::Pass));
    assert!(audit.is_over && audit.repairs.is_empty() && !audit.is_open);
}

#[test]
fn ids_are_those_of_the_checklist_each_once() {
    let ids: Vec<&str> = GROUPS.iter().flat_map(|it| it.lines.iter()).map(|it| it.id).collect();
    let all: Vec<String> = (1..=119).map(|it| format!("S-{it}")).collect();
    assert_eq!(ids, all);
    for line in GROUPS.iter().flat_map(|it| it.lines.iter()) {
        assert!(!line.requirement.is_empty() && !line.fix.is_empty(), "{}", line.id);
        assert!(line.title.split(' ').count() <= 6, "{}: {}", line.id, line.title);
    }
}

#[test]
fn through_a_relay_nothing_is_said_of_the_servers_cors_headers() {
    let audit = Site::right().relayed().audit();
    assert_eq!(faults(&audit), BTreeSet::new());
    let browser: Vec<&str> = ["S-1", "S-4", "S-7", "S-27"].into();
    assert!(browser.iter().all(|it| verdict(&audit, it) == Some(Verdict::NotTested)));
    assert_eq!((verdict(&audit, "S-11"), audit.verdicts.browser), (Some(Verdict::Pass), Verdict::NotTested));
}

fn redirected() -> Answer {
    Answer::failed(HttpError::Redirected)
}

fn html() -> Answer {
    Answer::page(200)
}

fn empty(status: u16) -> Answer {
    Answer::json(status, &Value::Null)
}

#[test]
fn reachability() {
    check(&[
        ("S-2", Fail, &[], |it| it.on(AuditProbe::Stream, &redirected())),
        ("S-3", Fail, &[], |it| {
            let simple = it.block(|it| it.method != Method::Get && it.url == SERVER);
            simple.on(AuditProbe::PlainText, &empty(401))
        }),
        ("S-4", Warn, &[], |it| it.on(AuditProbe::Simple, &Answer::blocked())),
        ("S-5", Fail, &[], |it| {
            it.on(AuditProbe::UnknownToken, &Answer::blocked()).on(AuditProbe::EmptyToken, &Answer::blocked())
        }),
        ("S-6", Warn, &[], |it| it.on(AuditProbe::NameHeader, &Answer::blocked())),
        ("S-7", Warn, &[], |it| it.edit(Asked::Request, |it| it.headers.clear())),
    ]);
}

#[test]
fn a_server_that_no_page_may_read_is_alive() {
    let audit = Site::right().block(|it| it.mode == Mode::Readable).audit();
    assert_eq!((verdict(&audit, "S-1"), verdict(&audit, "S-4")), (Some(Warn), Some(Fail)));
    assert_eq!(audit.verdicts.browser, Fail);
    // What was not seen is not judged.
    assert_eq!(verdict(&audit, "S-11"), Some(Verdict::NotTested));
    assert_eq!(audit.verdicts.any_client, Verdict::NotTested);
}

#[test]
fn a_server_that_is_not_there_is_accused_of_nothing_else() {
    let asked = [AuditProbe::Simple, AuditProbe::Alive].map(Asked::Probe);
    let audit = Site::right().keep(&[Asked::Request, asked[0], asked[1]]).block(|_| true).audit();
    assert_eq!(verdict(&audit, "S-1"), Some(Fail));
    assert_eq!(faults(&audit), BTreeSet::from(["S-1"]));
}

#[test]
fn challenge() {
    let metadata = format!("Bearer resource_metadata=\"{RESOURCE}\"");
    let faults = |value: &str| {
        let site = Site::right().edit(Asked::Request, |it| *it = it.clone().with("www-authenticate", value));
        faults(&site.audit())
    };
    assert_eq!(faults(&format!("{metadata}, a=b/c")), BTreeSet::from(["S-13"]));
    assert_eq!(faults(&format!("{metadata}, a=\"b")), BTreeSet::from(["S-13"]));
    assert_eq!(faults("Bearer scope=\"tools:read\""), BTreeSet::from(["S-14"]));
    assert_eq!(faults("Bearer resource_metadata=\"/meta\", scope=\"x\""), BTreeSet::from(["S-14", "S-50"]));
    assert_eq!(faults(&format!("{metadata}, error=\"invalid_token\"")), BTreeSet::from(["S-16"]));
}

#[test]
fn what_a_request_without_a_token_gets() {
    let list = Answer::json(200, &json!({"result": {}}));
    assert_eq!(faults(&Site::right().on(AuditProbe::Tools, &list).audit()), BTreeSet::from(["S-11"]));
    let forbidden = Site::right().set(Asked::Request, &empty(403)).audit();
    assert_eq!((faults(&forbidden), verdict(&forbidden, "S-11")), (BTreeSet::from(["S-11"]), Some(Fail)));
    let hidden = Site::right().set(Asked::Request, &empty(404)).audit();
    assert_eq!(faults(&hidden), BTreeSet::from(["S-11", "S-105"]));
}

#[test]
fn a_challenge_without_scope_makes_clients_ask_for_all() {
    let scopes = json!(["tools:read", "tools:call"]);
    let all = json!(["tools:read", "tools:call", "offline_access"]);
    let several = Site::right().member(Asked::Resource, "scopes_supported", &scopes).both("scopes_supported", &all);
    let metadata = format!("Bearer resource_metadata=\"{RESOURCE}\"");
    let several = several.edit(Asked::Request, |it| *it = it.clone().with("www-authenticate", &metadata));
    assert_eq!(faults(&several.audit()), BTreeSet::from(["S-15"]));
}

#[test]
fn tokens_that_nobody_issued() {
    check(&[
        ("S-17", Warn, &[], |it| {
            it.edit(Asked::Probe(AuditProbe::UnknownToken), |it| {
                *it = empty(401).with("www-authenticate", "Bearer a=b")
            })
        }),
        ("S-17", Fail, &[], |it| it.on(AuditProbe::UnknownToken, &empty(200))),
        ("S-17", Fail, &[], |it| it.on(AuditProbe::UnknownToken, &empty(500))),
        ("S-18", Fail, &[], |it| it.on(AuditProbe::Stream, &empty(200))),
        ("S-19", Fail, &[], |it| it.on(AuditProbe::EmptyToken, &empty(500))),
    ]);
    let audit = Site::right().on(AuditProbe::UnknownToken, &empty(200)).on(AuditProbe::Stream, &empty(200)).audit();
    let first = audit.repairs.first().and_then(|it| it.items.first()).map(|it| (it.line.id, it.is_grave));
    assert_eq!(first, Some(("S-17", true)));
}

#[test]
fn resource_metadata() {
    check(&[
        ("S-24", Fail, &["S-14"], |it| it.set(Asked::Resource, &empty(404))),
        ("S-26", Fail, &["S-24"], |it| it.set(Asked::Resource, &html())),
        ("S-26", Warn, &[], |it| it.edit(Asked::Resource, |it| *it = it.clone().with("content-type", "text/plain"))),
        ("S-27", Fail, &[], |it| it.set(Asked::Resource, &Answer::blocked())),
        ("S-28", Fail, &[], |it| it.member(Asked::Resource, "resource", &json!("https://mcp.example.com/other"))),
        ("S-28", Warn, &[], |it| it.member(Asked::Resource, "resource", &json!("https://mcp.example.com"))),
        ("S-29", Fail, &["S-28", "S-107"], |it| {
            it.member(Asked::Resource, "resource", &json!("http://mcp.example.com/mcp"))
        }),
        ("S-30", Fail, &["S-35"], |it| it.member(Asked::Resource, "authorization_servers", &json!([]))),
        ("S-31", Warn, &[], |it| {
            it.member(Asked::Resource, "authorization_servers", &json!([ISSUER, "https://login.example.com/dead"]))
        }),
        ("S-32", Warn, &[], |it| {
            it.member(Asked::Resource, "scopes_supported", &json!(["tools:read", "offline_access"]))
        }),
        ("S-33", Fail, &[], |it| it.member(Asked::Resource, "bearer_methods_supported", &json!(["header", "query"]))),
        ("S-34", Fail, &[], |it| it.on(AuditProbe::NoResource, &html())),
        ("S-34", Warn, &[], |it| it.on(AuditProbe::NoResource, &Answer::json(200, &resource()))),
        ("S-35", Warn, &[], |it| it.member(Asked::Resource, "resource_name", &Value::Null)),
    ]);
}

#[test]
fn metadata_at_the_root_alone_is_where_strict_clients_do_not_look() {
    let root = Site::right().on(AuditProbe::ResourceMetadata, &Answer::json(200, &resource()));
    assert_eq!(faults(&root.clone().audit()), BTreeSet::new(), "both forms agree");
    let audit = root.set(Asked::Resource, &empty(404)).audit();
    assert_eq!(verdict(&audit, "S-25"), Some(Warn));
    let mut origin = resource();
    origin["resource"] = json!("https://mcp.example.com");
    let of_origin = Site::right().on(AuditProbe::ResourceMetadata, &Answer::json(200, &origin));
    let of_origin = of_origin.set(Asked::Resource, &empty(404)).audit();
    assert_eq!(verdict(&of_origin, "S-25"), Some(Verdict::Pass), "that is where the metadata of an origin belongs");
    let values = audit.items.iter().find(|it| it.line.id == "S-25").and_then(|it| it.values.clone());
    assert_eq!(values, Some([ROOT.to_owned(), RESOURCE.to_owned()]));
}

#[test]
fn server_metadata() {
    check(&[
        ("S-37", Fail, &["S-31"], |it| it.set(Asked::Server, &empty(404)).on(AuditProbe::ServerMetadata, &empty(404))),
        ("S-39", Fail, &[], |it| it.both("issuer", &json!("https://login.example.com/other"))),
        ("S-40", Fail, &["S-107"], |it| it.both("token_endpoint", &json!("http://login.example.com/token"))),
        ("S-41", Fail, &[], |it| it.member(Asked::Server, "response_types_supported", &Value::Null)),
        ("S-42", Fail, &[], |it| it.both("code_challenge_methods_supported", &json!(["S512"]))),
        ("S-43", Warn, &[], |it| it.both("code_challenge_methods_supported", &json!(["S256", "plain"]))),
        ("S-44", Warn, &[], |it| it.both("grant_types_supported", &json!(["authorization_code", "password"]))),
        ("S-45", Warn, &[], |it| it.both("token_endpoint_auth_methods_supported", &json!(["client_secret_basic"]))),
        ("S-46", Warn, &[], |it| it.both("authorization_response_iss_parameter_supported", &json!(false))),
        ("S-47", Warn, &[], |it| it.member(Asked::Server, "token_endpoint", &json!("https://login.example.com/t"))),
        ("S-47", Fail, &[], |it| {
            it.member(Asked::Probe(AuditProbe::ServerMetadata), "issuer", &json!("https://login.example.com/"))
        }),
        ("S-48", Warn, &["S-46"], |it| {
            let elsewhere = it.both("token_endpoint", &json!("https://token.example.net/token"));
            elsewhere.both("authorization_response_iss_parameter_supported", &json!(false))
        }),
        ("S-50", Warn, &[], |it| it.both("scopes_supported", &json!(["openid", "offline_access"]))),
        ("S-51", Fail, &[], |it| it.both("protected_resources", &json!(["https://other.example.com/mcp"]))),
        ("S-53", Warn, &[], |it| it.both("ui_locales_supported", &json!([]))),
        ("S-55", Warn, &["S-53"], |it| it.both("registration_endpoint", &Value::Null)),
    ]);
}

#[test]
fn openid() {
    const OPENID: Asked = Asked::Probe(AuditProbe::ServerMetadata);
    check(&[
        ("S-116", Warn, &[], |it| it.member(OPENID, "subject_types_supported", &Value::Null)),
        ("S-116", Warn, &[], |it| it.member(OPENID, "id_token_signing_alg_values_supported", &json!(["ES256"]))),
        ("S-117", Fail, &[], |it| it.member(OPENID, "code_challenge_methods_supported", &Value::Null)),
        ("S-119", Warn, &[], |it| it.both("scopes_supported", &json!(["tools:read"]))),
    ]);
}

#[test]
fn without_resource_metadata_the_oldest_revision_looks_at_the_origin() {
    let mut site = Site::right().set(Asked::Resource, &empty(404));
    site.version = Some("2025-03-26");
    assert_eq!(verdict(&site.audit(), "S-49"), Some(Warn));
}

#[test]
fn a_scope_that_is_named_twice_is_told_once() {
    let audit = Site::right().both("scopes_supported", &json!(["openid", "offline_access"])).audit();
    let said = audit.items.iter().find(|it| it.line.id == "S-50").map(|it| it.seen.as_str());
    assert_eq!(said, Some("Not listed: tools:read."));
}

#[test]
fn keys() {
    let keys = |key: &Value| Answer::json(200, &json!({"keys": [key]}));
    let right = |key: &Value| Site::right().on(AuditProbe::Keys, &keys(key)).audit();
    let private = right(&json!({"kty": "RSA", "kid": "1", "n": "x", "d": "secret"}));
    assert_eq!(faults(&private), BTreeSet::from(["S-52"]));
    assert!(private.items.iter().any(|it| it.line.id == "S-52" && it.is_grave && it.verdict == Fail));
    assert_eq!(verdict(&right(&json!({"kty": "RSA", "n": "x"})), "S-52"), Some(Warn));
}

#[test]
fn endpoints() {
    let refused = |error: &'static str| Answer::json(400, &json!({"error": error}));
    check(&[
        ("S-64", Warn, &[], |it| it.on(AuditProbe::AuthorizationEndpoint, &Answer::page(400))),
        ("S-75", Warn, &[], |it| it.on(AuditProbe::TokenEndpoint, &Answer::blocked())),
        ("S-76", Fail, &[], |it| it.on(AuditProbe::TokenEndpoint, &html())),
        ("S-95", Fail, &[], |it| it.on(AuditProbe::Introspection, &Answer::json(200, &json!({"active": false})))),
        ("S-106", Warn, &[], |it| {
            let said = json!({"error": "invalid_client", "error_description": "Unbekannter Schlüssel"});
            it.on(AuditProbe::TokenEndpoint, &Answer::json(400, &said))
        }),
    ]);
    let audit = Site::right().on(AuditProbe::TokenEndpoint, &refused("invalid_grant")).audit();
    assert_eq!(faults(&audit), BTreeSet::from(["S-77"]));
}

#[test]
fn errors_and_transport() {
    check(&[
        ("S-104", Warn, &[], |it| {
            it.on(AuditProbe::ResourceMetadata, &Answer::of(404, "Traceback (most recent call last)\n  File"))
        }),
        ("S-105", Fail, &[], |it| it.on(AuditProbe::NoResource, &empty(403))),
        ("S-109", Fail, &[], |it| it.on(AuditProbe::PlainText, &Answer::json(200, &json!({"result": {}})))),
    ]);
}

fn open(server: &str, version: &'static str) -> Site {
    let ok = Answer::json(200, &json!({"result": {}}));
    let mut site = Site::right().set(Asked::Request, &ok);
    for probe in [AuditProbe::Stream, AuditProbe::UnknownSession, AuditProbe::PlainText, AuditProbe::Simple] {
        site = site.on(probe, &empty(405));
    }
    site = site
        .set(Asked::Resource, &empty(404))
        .set(Asked::Server, &empty(404))
        .on(AuditProbe::ServerMetadata, &empty(404));
    site.version = Some(version);
    site.at(server)
}

#[test]
fn an_open_server_is_said_to_be_open_and_judged_by_what_then_matters() {
    let audit = open(SERVER, "2026-07-28").audit();
    assert!(audit.is_open);
    assert_eq!(faults(&audit), BTreeSet::new());
    assert_eq!((audit.verdicts.any_client, audit.verdicts.browser), (Verdict::NotTested, Verdict::Pass));
    let judged: Vec<&str> = audit.items.iter().map(|it| it.line.id).collect();
    assert!(!judged.contains(&"S-24") && !judged.contains(&"S-11") && judged.contains(&"S-109"), "{judged:?}");
    assert_eq!(verdict(&audit, "S-113"), Some(Verdict::Pass));
    assert_eq!(verdict(&audit, "S-110"), None, "there are no sessions in that revision");
    let minted = open(SERVER, "2026-07-28").edit(Asked::Request, |it| *it = it.clone().with("mcp-session-id", "s-1"));
    assert_eq!(faults(&minted.audit()), BTreeSet::from(["S-113"]));
}

#[test]
fn an_open_server_on_loopback_that_any_website_can_use_is_a_problem() {
    let mut site = open("http://localhost:3001/mcp", "2025-11-25");
    site.page = "https://inspector.example".to_owned();
    assert_eq!(faults(&site.audit()), BTreeSet::from(["S-108"]));
    assert_eq!(site.audit().verdicts.safe, Fail);
}

#[test]
fn the_revision_says_which_headers_have_to_be_allowed() {
    let hidden = |version| open(SERVER, version).on(AuditProbe::SessionHeader, &Answer::blocked()).audit();
    assert_eq!(verdict(&hidden("2025-11-25"), "S-6"), Some(Fail));
    assert_eq!(verdict(&hidden("2026-07-28"), "S-6"), Some(Warn));
}

#[test]
fn what_needs_a_login_is_not_tested_and_what_no_page_sees_comes_with_a_command() {
    let audit = Site::right().audit();
    assert_eq!(verdict(&audit, "S-89"), Some(Verdict::NotTested));
    let unseen = audit.items.iter().find(|it| it.line.id == "S-10").map(|it| (it.verdict, it.seen.as_str()));
    let Some((Verdict::Unseen, command)) = unseen else { panic!("no command") };
    assert!(command.starts_with("curl -si -X OPTIONS --url 'https://mcp.example.com/mcp'"), "{command}");
    assert_eq!(verdict(&audit, "S-49"), None, "of 2025-03-26 alone");
}

#[test]
fn tolerant_clients_are_a_verdict_of_their_own() {
    let origin = json!("https://mcp.example.com");
    let audit = Site::right().member(Asked::Resource, "resource", &origin).audit();
    assert_eq!((audit.verdicts.any_client, audit.verdicts.safe), (Warn, Warn));
}

#[test]
fn lines_with_the_same_snippets_are_one_repair() {
    let audit = Site::right().both("code_challenge_methods_supported", &Value::Null).audit();
    assert_eq!(faults(&audit), BTreeSet::from(["S-42"]));
    let repair = audit.repairs.first().expect("a repair");
    assert!(repair.snippets.iter().any(|it| it.text.contains("S256")));
    let blocked = Site::right().block(|it| it.mode == Mode::Readable && it.url == SERVER).audit();
    let cors: Vec<usize> =
        blocked.repairs.iter().filter(|it| !it.snippets.is_empty()).map(|it| it.items.len()).collect();
    assert_eq!(cors, [2], "one change for all lines of CORS");
}

#[test]
fn a_later_audit_says_what_was_fixed_and_what_is_new() {
    let before = Site::right().on(AuditProbe::Stream, &empty(200)).audit();
    let earlier = json::read(&json::write(&before)).expect("an audit");
    let now = Site::right().on(AuditProbe::UnknownToken, &empty(500)).audit();
    let change = |id: &str| now.items.iter().find(|it| it.line.id == id).map(|it| earlier.change(it));
    assert_eq!((change("S-18"), change("S-17")), (Some(Change::Fixed), Some(Change::New)));
    assert_eq!(change("S-89"), Some(Change::Same));
    assert_eq!((earlier.count(&now, Change::Fixed), earlier.count(&now, Change::New)), (1, 1));
    assert_eq!(earlier.count(&before, Change::Same), before.items.len());
}

#[test]
fn a_file_that_is_no_audit_is_not_read() {
    use super::json::Unread;
    assert_eq!(json::read("{}"), Err(Unread::NotAnAudit));
    assert_eq!(json::read(r#"{"format":"flowglass-audit","version":99}"#), Err(Unread::OtherVersion));
    assert_eq!(json::read(r#"{"format":"flowglass-audit","version":1}"#), Err(Unread::NotAnAudit));
}

#[test]
fn what_a_server_says_is_no_markup_in_the_report() {
    let hostile = Site::right().member(Asked::Resource, "resource", &json!("<b>[x](https://evil.example)`"));
    let text = markdown::write(&hostile.audit());
    assert!(text.contains("`<b>[x](https://evil.example) `") && text.contains("\\<b\\>\\[x\\]"), "{text}");
}
