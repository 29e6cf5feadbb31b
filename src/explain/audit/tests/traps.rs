//! What looks like a fault of a server, or like none, and is not.

use super::*;
use crate::explain::audit::fixture::metadata;

#[test]
fn a_bare_origin_is_the_same_url_with_and_without_its_slash() {
    let origin = "https://mcp.example.com";
    let at = |resource: &str| {
        let site = Site::right().member(Asked::Resource, "resource", &json!(resource));
        verdict(&site.at(&format!("{origin}/")).audit(), "S-28")
    };
    assert_eq!((at(origin), at("https://mcp.example.com/")), (Some(Verdict::Pass), Some(Verdict::Pass)));
    assert_eq!(at("https://other.example.com"), Some(Fail));
}

#[test]
fn a_request_without_a_response_proves_no_absence() {
    let late = Answer::failed(HttpError::Timeout { after: 10_000 });
    let resource = Site::right().set(Asked::Resource, &late).audit();
    let of = |audit: &Audit, ids: [&str; 2]| ids.map(|it| verdict(audit, it));
    assert_eq!(of(&resource, ["S-14", "S-24"]), [Some(Verdict::NotTested); 2]);
    let issuer = Site::right().set(Asked::Server, &late).on(AuditProbe::ServerMetadata, &late).audit();
    assert_eq!(of(&issuer, ["S-31", "S-37"]), [Some(Verdict::NotTested); 2]);
}

#[test]
fn too_many_requests_are_no_fault() {
    let audit = Site::right().on(AuditProbe::UnknownToken, &empty(429)).set(Asked::Resource, &empty(429)).audit();
    assert_eq!(faults(&audit), BTreeSet::new());
    let seen = audit.items.iter().find(|it| it.line.id == "S-17").map(|it| (it.verdict, it.seen.as_str()));
    assert_eq!(seen, Some((Verdict::NotTested, "The host responded 429, so the audit stopped there.")));
    let readable = Site::right().set(Asked::Request, &empty(429)).audit();
    assert_eq!(
        [verdict(&readable, "S-4"), verdict(&readable, "S-11")],
        [Some(Verdict::Pass), Some(Verdict::NotTested)]
    );
}

#[test]
fn what_shows_nothing_is_not_tested() {
    let untested = |id: &str, site: Site| assert_eq!(verdict(&site.audit(), id), Some(Verdict::NotTested), "{id}");
    untested("S-64", Site::right().on(AuditProbe::AuthorizationEndpoint, &Answer::page(404)));
    untested("S-64", Site::right().on(AuditProbe::AuthorizationEndpoint, &Answer::page(503)));
    untested("S-26", Site::right().set(Asked::Resource, &empty(404)));
    untested("S-95", Site::right().on(AuditProbe::Introspection, &empty(404)));
    untested("S-104", Site::right().keep(&[Asked::Resource, Asked::Server]));
}

#[test]
fn error_codes_are_those_that_are_registered() {
    let said = |error: &str| {
        let answer = Answer::json(400, &json!({ "error": error }));
        verdict(&Site::right().on(AuditProbe::TokenEndpoint, &answer).audit(), "S-76")
    };
    assert_eq!([said("invalid_dpop_proof"), said("bad_code")], [Some(Verdict::Pass), Some(Fail)]);
}

#[test]
fn a_text_is_no_array() {
    let servers = Site::right().member(Asked::Resource, "authorization_servers", &json!(ISSUER)).audit();
    assert_eq!(verdict(&servers, "S-30"), Some(Fail));
    let methods = Site::right().member(Asked::Resource, "bearer_methods_supported", &json!("header")).audit();
    assert_eq!(faults(&methods), BTreeSet::from(["S-33"]));
    let of = |name, value: &str, id: &str| verdict(&Site::right().both(name, &json!(value)).audit(), id);
    assert_eq!(of("response_types_supported", "code", "S-41"), Some(Fail));
    assert_eq!(of("code_challenge_methods_supported", "S256", "S-42"), Some(Fail));
    assert_eq!(of("grant_types_supported", "authorization_code", "S-44"), Some(Warn));
    assert_eq!(of("token_endpoint_auth_methods_supported", "none", "S-45"), Some(Warn));
}

#[test]
fn a_server_is_open_only_where_it_speaks_mcp() {
    let mut silent = open(SERVER, "2026-07-28");
    silent.version = None;
    assert_eq!((silent.audit().is_open, verdict(&silent.audit(), "S-11")), (false, Some(Verdict::NotTested)));
    let mut guarded = Site::right().set(Asked::Request, &empty(200));
    assert_eq!(verdict(&guarded.audit(), "S-11"), Some(Fail));
    guarded.version = Some("2026-07-28");
    assert_eq!(verdict(&guarded.audit(), "S-11"), Some(Warn));
}

#[test]
fn verdicts_need_the_lines_that_they_rest_on() {
    let missing = Site::right().set(Asked::Request, &empty(404)).audit();
    assert_eq!(missing.verdicts.any_client, Fail);
    let unread = Site::right().set(Asked::Resource, &empty(404)).audit();
    assert_eq!((verdict(&unread, "S-38"), unread.verdicts.browser), (Some(Verdict::NotTested), Verdict::NotTested));
}

#[test]
fn a_response_that_is_hidden_after_its_preflight_lacks_the_header() {
    let hidden = Site::right().set(Asked::Request, &Answer::blocked());
    let allowed = hidden.clone().tried("content-type", &empty(401)).audit();
    assert_eq!([verdict(&allowed, "S-3"), verdict(&allowed, "S-4")], [Some(Verdict::Pass), Some(Fail)]);
    let refused = hidden.tried("content-type", &Answer::blocked()).audit();
    assert_eq!([verdict(&refused, "S-3"), verdict(&refused, "S-4")], [Some(Fail), Some(Verdict::NotTested)]);
}

#[test]
fn behind_a_401_a_header_of_both_revisions_has_to_be_allowed() {
    let hidden = Site::right().on(AuditProbe::UnknownVersion, &Answer::blocked());
    assert_eq!(verdict(&hidden.audit(), "S-6"), Some(Fail));
    assert_eq!(verdict(&hidden.carrying("mcp-protocol-version").audit(), "S-6"), Some(Verdict::Pass));
}

#[test]
fn only_a_403_shows_that_the_origin_is_validated() {
    let local = open("http://localhost:3001/mcp", "2025-11-25");
    assert_eq!(verdict(&local.audit(), "S-108"), Some(Verdict::NotTested), "a page on loopback may be allowed");
    let mut foreign = local;
    foreign.page = "https://inspector.example".to_owned();
    let with = |status| verdict(&foreign.clone().set(Asked::Request, &empty(status)).audit(), "S-108");
    assert_eq!(
        [with(403), with(401), with(500)],
        [Some(Verdict::Pass), Some(Verdict::NotTested), Some(Verdict::NotTested)]
    );
}

#[test]
fn what_the_browser_forbids_is_no_fault_of_the_server() {
    let mut mixed = Site::right().block(|_| true).at("http://mcp.example.com/mcp");
    assert_eq!(verdict(&mixed.audit(), "S-1"), Some(Fail));
    mixed.page = "https://inspector.example".to_owned();
    assert_eq!(verdict(&mixed.audit(), "S-1"), Some(Verdict::NotTested));
    let withheld = Answer::failed(HttpError::Withheld { responded: false });
    let unknown = Site::right().block(|_| true).on(AuditProbe::Alive, &withheld).audit();
    assert_eq!(verdict(&unknown, "S-1"), Some(Verdict::NotTested));
    let bare = Site::right().on(AuditProbe::Simple, &redirected()).audit();
    assert_eq!(faults(&bare), BTreeSet::new(), "a redirect of what no client of MCP sends");
}

#[test]
fn documents_of_another_issuer_are_not_mixed_in() {
    let other = "https://other.example.com/.well-known/openid-configuration";
    let mut document = metadata();
    document["id_token_signing_alg_values_supported"] = json!(["ES256"]);
    let servers = json!([ISSUER, "https://other.example.com"]);
    let site = Site::right().member(Asked::Resource, "authorization_servers", &servers);
    let audit = site.on(AuditProbe::ServerMetadata, &empty(404)).also(AuditProbe::ServerMetadata, other, &document);
    assert_eq!(faults(&audit.audit()), BTreeSet::new());
}

#[test]
fn a_document_that_a_redirect_brought_from_another_origin_is_not_taken() {
    let to = |url: &str| Site::right().edit(Asked::Resource, |it| it.moved = Some(url.to_owned())).audit();
    assert_eq!(faults(&to("https://mcp.example.com/meta")), BTreeSet::new());
    assert_eq!(faults(&to("https://evil.example/meta")), BTreeSet::from(["S-14", "S-24"]));
}

#[test]
fn facts_are_no_passes_and_fixes_say_what_was_seen() {
    let bound = Site::right().member(Asked::Resource, "dpop_bound_access_tokens_required", &json!(true)).audit();
    assert_eq!((verdict(&bound, "S-36"), faults(&bound)), (Some(Verdict::NotTested), BTreeSet::new()));
    let text = markdown::write(&Site::right().on(AuditProbe::Stream, &empty(200)).audit());
    let fix = "S-18 GET and DELETE are guarded: Require a token for GET and DELETE of the MCP URL, as for POST.\n  - Observed: GET";
    assert!(text.contains(fix), "{text}");
}

#[test]
fn the_parameter_iss_is_asked_for_since_the_latest_revision() {
    let mut site = Site::right();
    site.version = Some("2025-11-25");
    assert_eq!(verdict(&site.audit(), "S-46"), None);
}
