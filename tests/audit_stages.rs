//! The stages of an audit that wait for consent: what each sends, in which order and how much of it, what it leaves, and
//! the lines that it decides; and servers that are wrong in one thing.

mod world;

use flowglass::base::revision::Revision;
use flowglass::explain::audit::stages::{PLANS, StageStatus};
use flowglass::explain::audit::{Audit, Phase as AuditPhase, Verdict};
use flowglass::http::{Method, Request};
use flowglass::inspector::{Agreed, Input, Phase};
use flowglass::oauth::negative::Negative;
use flowglass::trace::Event;
use flowglass::trace::audit::{AuditProbe, AuditStage};
use serde_json::{Value, json};
use std::cell::RefCell;
use world::{Answer, SERVER, World, carries, good, header, json_answer, jwt, mcp, served, server_metadata, settings};

const BACK: &str = "code=c0de&state={state}&iss={iss}";
const TOKEN: &str = "https://login.example.com/token";
const REGISTER: &str = "https://login.example.com/register";
const REVOKE: &str = "https://login.example.com/revoke";

/// Both servers as they should be, with refresh tokens that rotate, and what they were sent.
#[derive(Default)]
struct Site {
    forms: Vec<String>,
    asked: Vec<Request>,
    /// The refresh token that is good now; none once the login has ended.
    refresh: Option<u32>,
    codes: Vec<String>,
    revoked: bool,
    /// A refresh token that was just replaced is still good.
    overlaps: bool,
    /// What is wrong, by a function that may give another response.
    wrong: Option<fn(&Request, &str) -> Option<Answer>>,
}

fn access() -> String {
    jwt(&json!({
        "iss": "https://login.example.com", "aud": SERVER, "exp": 900, "sub": "u", "client_id": "c-1",
        "iat": 1, "jti": "j", "scope": "tools:read"
    }))
}

fn refused(error: &str) -> Answer {
    json_answer(400, json!({ "error": error }))
}

fn field(body: &str, name: &str) -> String {
    let found = form_urlencoded::parse(body.as_bytes()).find(|(it, _)| it == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

impl Site {
    fn answer(&mut self, request: &Request) -> Answer {
        let body = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
        self.asked.push(request.clone());
        if let Some(answer) = self.wrong.and_then(|wrong| wrong(request, &body)) {
            return answer;
        }
        match request.url.as_str() {
            "https://login.example.com/.well-known/oauth-authorization-server" => {
                let mut document = server_metadata();
                document["response_types_supported"] = json!(["code"]);
                document["revocation_endpoint"] = json!(REVOKE);
                document["scopes_supported"] = json!(["tools:read", "tools:call"]);
                document["grant_types_supported"] = json!(["authorization_code", "refresh_token"]);
                json_answer(200, document)
            }
            REGISTER if body.contains("flowglass-audit") => refused("invalid_redirect_uri"),
            TOKEN => self.tokens(&body),
            REVOKE => {
                (self.refresh, self.revoked) = (None, true);
                json_answer(200, Value::Null)
            }
            SERVER if self.revoked => mcp(request, Some("none")),
            SERVER => mcp(&unscheme(request), Some(&access())),
            _ => good(request),
        }
    }

    fn tokens(&mut self, body: &str) -> Answer {
        self.forms.push(body.to_owned());
        if field(body, "grant_type") == "refresh_token" {
            return self.refreshed(body);
        }
        let (code, count) = (field(body, "code"), self.codes.len());
        let good = field(body, "client_id") == "c-1" && !self.codes.contains(&code);
        match () {
            () if field(body, "client_id") == "flowglass-audit-unknown" => refused("invalid_client"),
            () if field(body, "resource").contains("other.example") => refused("invalid_target"),
            // A code of a test: what is wrong with it was not looked at before.
            () if !good || code.starts_with("bent") => refused("invalid_grant"),
            () => {
                self.codes.push(code);
                (self.refresh, self.revoked) = (Some(100 * count as u32), false);
                self.granted()
            }
        }
    }

    fn granted(&self) -> Answer {
        let refresh = format!("rt-{}", self.refresh.unwrap_or_default());
        Answer::Json(
            200,
            vec![("cache-control", "no-store".to_owned())],
            json!({"access_token": access(), "token_type": "Bearer", "refresh_token": refresh, "expires_in": 600, "scope": "tools:read"}),
        )
    }

    fn refreshed(&mut self, body: &str) -> Answer {
        let named = |it: u32| format!("rt-{it}") == field(body, "refresh_token");
        match self.refresh {
            Some(current) if named(current) => {}
            // For two at once the one before is good for a moment, too.
            Some(current) if current > 0 && named(current - 1) && self.overlaps => return self.granted(),
            _ => {
                // Reuse ends the family.
                self.refresh = None;
                return refused("invalid_grant");
            }
        }
        if field(body, "scope").contains("tools:call") {
            return refused("invalid_scope");
        }
        self.refresh = self.refresh.map(|it| it + 1);
        self.granted()
    }
}

/// The scheme in whatever case.
fn unscheme(request: &Request) -> Request {
    let mut request = request.clone();
    for (name, value) in &mut request.headers {
        if name == "authorization" && value.expose().starts_with("bearer ") {
            *value = flowglass::base::text::Text::plain(value.expose().replacen("bearer", "Bearer", 1));
        }
    }
    request
}

fn checked(site: &RefCell<Site>) -> World<'_> {
    let mut world = World::new(|request| site.borrow_mut().answer(request));
    world.input(Input::Check(Box::new(settings(|_| ()))));
    assert_eq!(world.inspector.phase(), Phase::Idle);
    world
}

fn logged_in(site: &RefCell<Site>) -> World<'_> {
    let mut world = checked(site);
    world.input(Input::Stage(AuditStage::Login.into()));
    assert_eq!(world.inspector.phase(), Phase::Authorizing);
    world.reload();
    world.back(BACK);
    assert_ne!(world.inspector.phase(), Phase::Authorizing);
    world
}

fn audit(world: &World<'_>) -> Audit {
    Audit::of(world.inspector.trace()).expect("an audit")
}

fn line(world: &World<'_>, id: &str) -> (Verdict, String) {
    let found = audit(world).items.into_iter().find(|it| it.line.id == id);
    found.map(|it| (it.verdict, it.seen)).expect(id)
}

fn verdicts(world: &World<'_>, phase: AuditPhase) -> Vec<(&'static str, Verdict)> {
    audit(world).items.iter().filter(|it| it.line.phase == phase).map(|it| (it.line.id, it.verdict)).collect()
}

fn is(world: &World<'_>, ids: &[&str], verdict: Verdict) {
    for id in ids {
        let (found, seen) = line(world, id);
        assert_eq!(found, verdict, "{id}: {seen}");
    }
}

/// The probes and tests of a stage, in the order in which they went out.
fn sent(world: &World<'_>, stage: AuditStage) -> Vec<String> {
    let entries = world.inspector.trace().entries();
    let from = entries.iter().rposition(|it| matches!(it.event, Event::Staging(it) if it == stage)).expect("it began");
    let name = |event: &Event| match event {
        Event::Probed { probe, .. } => Some(format!("{probe:?}")),
        Event::Tested(it) => Some(it.kind.name().to_owned()),
        _ => None,
    };
    entries[from..].iter().filter_map(|it| name(&it.event)).collect()
}

fn most(stage: AuditStage) -> usize {
    PLANS.iter().find(|it| it.stage == stage).expect("a plan").requests
}

#[test]
fn a_skipped_stage_leaves_its_lines_untested_and_nothing_goes_out_for_it() {
    let site = RefCell::default();
    let world = checked(&site);
    is(&world, &["S-59", "S-60", "S-61", "S-9", "S-67", "S-79", "S-89", "S-96", "S-82", "S-102"], Verdict::NotTested);
    assert_eq!(audit(&world).stages.names(), ["open"]);
    drop(world);
    let site = site.into_inner();
    assert!(!site.asked.iter().any(|it| it.url == REGISTER || it.url == REVOKE || it.cookies));
    assert_eq!(site.forms.len(), 1, "one token request, for a code that nobody issued");
}

#[test]
fn a_registration_that_is_right_and_four_that_must_be_refused() {
    let site = RefCell::default();
    let mut world = checked(&site);
    world.input(Input::Stage(AuditStage::Registration.into()));
    assert_eq!(
        sent(&world, AuditStage::Registration),
        ["Register", "PlainRedirect", "FragmentRedirect", "ScriptRedirect", "WildcardRedirect"]
    );
    assert!(sent(&world, AuditStage::Registration).len() <= most(AuditStage::Registration));
    is(&world, &["S-59", "S-60", "S-61", "S-62", "S-63"], Verdict::Pass);
    assert_eq!(audit(&world).stages.status(AuditStage::Registration), StageStatus::Done);
    assert_eq!((world.inspector.phase(), world.left.clone()), (Phase::Idle, None));
    // Once only, and the login uses the client.
    world.input(Input::Stage(AuditStage::Login.into()));
    drop(world);
    let site = site.into_inner();
    assert_eq!(site.asked.iter().filter(|it| it.url == REGISTER).count(), 5);
}

#[test]
fn clients_that_should_not_be_there_are_told_and_deleted_where_that_can_be_done() {
    let accepts = |request: &Request, body: &str| {
        if request.method == Method::Delete && request.url.starts_with(REGISTER) {
            return Some(json_answer(204, Value::Null));
        }
        let mut answer: Value = serde_json::from_str(body).ok().filter(|_| request.url == REGISTER)?;
        answer["client_id"] = json!("c-1");
        answer["registration_client_uri"] = json!("https://login.example.com/register/c-1");
        answer["registration_access_token"] = json!("rat");
        Some(json_answer(201, answer))
    };
    let site = RefCell::new(Site { wrong: Some(accepts), ..Site::default() });
    let mut world = checked(&site);
    world.input(Input::Stage(AuditStage::Registration.into()));
    assert_eq!(sent(&world, AuditStage::Registration).len(), most(AuditStage::Registration));
    let (verdict, seen) = line(&world, "S-61");
    assert_eq!(verdict, Verdict::Fail);
    assert!(seen.contains("flowglass-audit-plain") && seen.contains("deleted again"), "{seen}");
    is(&world, &["S-63"], Verdict::NotTested);
}

/// A registration endpoint that is wrong in one thing, and the line that names it.
#[test]
fn each_fault_of_a_registration_has_its_line() {
    type Case = (&'static str, Verdict, fn(&Request, &str) -> Option<Answer>);
    fn changed(request: &Request, body: &str, change: fn(&mut Value)) -> Option<Answer> {
        let mut answer: Value = serde_json::from_str(body).ok().filter(|_| request.url == REGISTER)?;
        answer["client_id"] = json!("c-1");
        change(&mut answer);
        (!body.contains("flowglass-audit")).then(|| json_answer(201, answer))
    }
    let cases: [Case; 7] = [
        ("S-59", Verdict::Fail, |request, _| (request.url == REGISTER).then_some(Answer::Blocked)),
        ("S-60", Verdict::Fail, |request, body| changed(request, body, |it| it["client_id"] = Value::Null)),
        ("S-60", Verdict::Fail, |request, body| {
            changed(request, body, |it| it["redirect_uris"] = json!(["https://x"]))
        }),
        ("S-60", Verdict::Warn, |request, body| changed(request, body, |it| it["grant_types"] = Value::Null)),
        ("S-61", Verdict::Warn, |request, body| {
            let wildcard = request.url == REGISTER && body.contains("wildcard");
            wildcard.then(|| json_answer(201, json!({"client_id": "c-2"})))
        }),
        ("S-62", Verdict::Warn, |request, body| changed(request, body, |it| it["scope"] = json!("other"))),
        ("S-63", Verdict::Fail, |request, body| {
            let bad = request.url == REGISTER && body.contains("flowglass-audit");
            bad.then(|| json_answer(500, Value::Null))
        }),
    ];
    for (id, verdict, wrong) in cases {
        let site = RefCell::new(Site { wrong: Some(wrong), ..Site::default() });
        let mut world = checked(&site);
        world.input(Input::Stage(AuditStage::Registration.into()));
        is(&world, &[id], verdict);
    }
}

#[test]
fn a_login_is_audited_over_the_unloaded_page() {
    let site = RefCell::default();
    let world = logged_in(&site);
    let order = [
        "WithToken",
        "damaged-token",
        "UnsignedToken",
        "LowerCaseScheme",
        "no-token",
        "SecondSession",
        "SessionEnd",
        "EndedSession",
        "Refresh",
        "WiderScope",
    ];
    let mut all = sent(&world, AuditStage::Login);
    all.sort();
    let mut expected = order.map(str::to_owned);
    expected.sort();
    assert_eq!(all, expected);
    assert!(all.len() <= most(AuditStage::Login));
    let right = [
        "S-8", "S-20", "S-67", "S-68", "S-70", "S-75", "S-78", "S-79", "S-80", "S-85", "S-86", "S-87", "S-88", "S-89",
        "S-90", "S-94", "S-96", "S-99", "S-100", "S-110",
    ];
    is(&world, &right, Verdict::Pass);
    is(&world, &["S-82", "S-97", "S-101", "S-102"], Verdict::NotTested);
    let audit = audit(&world);
    assert_eq!(audit.stages.names(), ["open", "login"]);
    let failed = audit.items.iter().filter(|it| it.verdict == Verdict::Fail).map(|it| it.line.id);
    assert_eq!(failed.filter(|it| !["S-111", "S-112"].contains(it)).collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(world.inspector.grant().is_some());
}

#[test]
fn what_ends_a_login_comes_last_and_each_negative_test_is_that_of_the_bench() {
    let site = RefCell::new(Site { overlaps: true, ..Site::default() });
    let mut world = logged_in(&site);
    let by_login = verdicts(&world, AuditPhase::Login);
    world.entropy = 8;
    world.input(Input::Stage(Agreed { error_page: true, ..AuditStage::More.into() }));
    bent_logins(&mut world, &["code=bent", "code=bent", "code=bent"]);
    assert_eq!(verdicts(&world, AuditPhase::Login), by_login, "bent logins change nothing of what the login showed");
    bent_logins(&mut world, &["error=invalid_request", "error=invalid_request", "error=invalid_scope"]);
    let redirect = sent_to_login(&world, "redirect_uri").expect("a redirect URI");
    assert!(redirect.ends_with("/oauth/callback?flowglass-audit=1"), "{redirect}");
    world.reload();
    world.input(Input::GiveUp);
    assert_eq!(world.inspector.phase(), Phase::Authorizing, "another login, as the old refresh token ended the first");
    world.reload();
    world.back("code=c0de-2&state={state}&iss={iss}");
    assert_eq!(world.inspector.phase(), Phase::Idle);
    assert_eq!(
        sent(&world, AuditStage::More),
        [
            "wrong-verifier",
            "other-redirect-uri",
            "wrong-resource",
            "no-challenge",
            "plain-challenge",
            "unknown-scope",
            "redirect-uri-at-login",
            "TwinRefresh",
            "TwinRefresh",
            "AfterTwins",
            "old-refresh-token",
            "Family",
            "Revocation",
            "Revocation",
            "RevokedRefresh",
            "RevokedToken",
            "code-twice"
        ]
    );
    assert!(sent(&world, AuditStage::More).len() <= most(AuditStage::More));
    let right =
        ["S-65", "S-66", "S-69", "S-73", "S-81", "S-82", "S-83", "S-84", "S-91", "S-97", "S-98", "S-101", "S-102"];
    is(&world, &right, Verdict::Pass);
    assert_eq!(verdicts(&world, AuditPhase::Login), by_login);
    assert_eq!(audit(&world).stages.names(), ["open", "login", "more"]);
    assert!(Negative::ALL.into_iter().all(|it| world.inspector.bench().tested(it).is_some()));
}

/// The logins of tests, each with what comes back of it.
fn bent_logins(world: &mut World<'_>, callbacks: &[&str]) {
    for callback in callbacks {
        assert_eq!(world.inspector.phase(), Phase::Authorizing);
        world.reload();
        world.back(&format!("{callback}&state={{state}}&iss={{iss}}"));
    }
}

/// A parameter of the authorization request that was sent last.
fn sent_to_login(world: &World<'_>, name: &str) -> Option<String> {
    let (_, query) = world.left.as_deref()?.split_once('?')?;
    form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
}

#[test]
fn each_fault_of_an_authorization_endpoint_has_its_line() {
    let good = ["error=invalid_request", "error=invalid_request", "error=invalid_scope"];
    let cases: [(&str, Verdict, [&str; 3]); 4] = [
        ("S-66", Verdict::Fail, ["code=bent", good[1], good[2]]),
        ("S-73", Verdict::Fail, [good[0], "code=bent", good[2]]),
        ("S-73", Verdict::Warn, [good[0], "error=server_error", good[2]]),
        ("S-69", Verdict::Warn, [good[0], good[1], "error=server_error"]),
    ];
    for (id, verdict, callbacks) in cases {
        let site = RefCell::new(Site { overlaps: true, ..Site::default() });
        let mut world = logged_in(&site);
        world.input(Input::Stage(Agreed { error_page: true, ..AuditStage::More.into() }));
        bent_logins(&mut world, &["code=bent"; 3]);
        assert_eq!(sent_to_login(&world, "code_challenge"), None);
        bent_logins(&mut world, &callbacks[..1]);
        assert_eq!(sent_to_login(&world, "code_challenge_method").as_deref(), Some("plain"));
        bent_logins(&mut world, &callbacks[1..2]);
        assert_eq!(sent_to_login(&world, "scope").as_deref(), Some("flowglass-audit"));
        bent_logins(&mut world, &callbacks[2..]);
        bent_logins(&mut world, &["code=bent"]);
        is(&world, &[id], verdict);
        // The redirect that should not have come.
        is(&world, &["S-65"], Verdict::Fail);
    }
}

#[test]
fn a_token_that_has_expired_is_used_once_more_where_that_was_agreed_to() {
    type Then = fn(&Request, &str) -> Option<Answer>;
    fn lists(request: &Request, body: &str, answer: Answer) -> Option<Answer> {
        (request.url == SERVER && body.contains("trial-1")).then_some(answer)
    }
    let cases: [(Then, Verdict, Verdict); 3] = [
        (|request, body| lists(request, body, json_answer(401, Value::Null)), Verdict::Pass, Verdict::Pass),
        (|request, body| lists(request, body, json_answer(403, Value::Null)), Verdict::Fail, Verdict::Pass),
        (
            |request, body| {
                let list = json!({"jsonrpc": "2.0", "id": "trial-1", "result": {"tools": []}});
                lists(request, body, json_answer(200, list))
            },
            Verdict::Fail,
            Verdict::Fail,
        ),
    ];
    for (then, answered, taken) in cases {
        let site = RefCell::new(Site { overlaps: true, ..Site::default() });
        let mut world = logged_in(&site);
        let minutes = world.inspector.minutes_to_expiry(AuditStage::More, 0.0).expect("a wait that can be offered");
        assert!((10..=18).contains(&minutes), "{minutes}");
        assert_eq!(world.inspector.minutes_to_expiry(AuditStage::Login, 0.0), None);
        world.input(Input::Stage(Agreed { expiry: true, ..AuditStage::More.into() }));
        bent_logins(&mut world, &["code=bent"; 5]);
        site.borrow_mut().wrong = Some(then);
        bent_logins(&mut world, &["code=bent"]);
        is(&world, &["S-23"], answered);
        is(&world, &["S-103"], taken);
        // What revocation does shows with a token that has not expired.
        assert_eq!(world.inspector.phase(), Phase::Authorizing);
        site.borrow_mut().wrong = None;
        world.reload();
        world.back("code=c0de-2&state={state}&iss={iss}");
        let all = sent(&world, AuditStage::More);
        assert_eq!(all.iter().filter(|it| *it == "ExpiredToken").count(), 1);
        assert!(all.len() <= most(AuditStage::More));
        is(&world, &["S-102"], Verdict::Pass);
        is(&world, &["S-23"], answered);
    }
}

#[test]
fn the_wait_for_the_expiry_can_be_skipped() {
    let site = RefCell::default();
    let mut world = logged_in(&site);
    world.input(Input::Stage(Agreed { expiry: true, ..AuditStage::More.into() }));
    bent_logins(&mut world, &["code=bent"; 5]);
    world.reload();
    world.waits = false;
    world.back("code=bent&state={state}&iss={iss}");
    assert!(world.inspector.expiry_waited_for().is_some());
    assert_eq!(audit(&world).stages.status(AuditStage::More), StageStatus::Running);
    world.input(Input::GiveUp);
    assert_eq!(world.inspector.expiry_waited_for(), None);
    let all = sent(&world, AuditStage::More);
    assert!(all.contains(&"TwinRefresh".to_owned()) && !all.contains(&"ExpiredToken".to_owned()), "{all:?}");
    is(&world, &["S-23", "S-103"], Verdict::NotTested);
}

#[test]
fn two_refreshes_that_end_the_login_are_told() {
    let site = RefCell::default();
    let mut world = logged_in(&site);
    world.input(Input::Stage(AuditStage::More.into()));
    bent_logins(&mut world, &["code=bent"; 6]);
    is(&world, &["S-23", "S-57", "S-65", "S-103"], Verdict::NotTested);
    is(&world, &["S-98"], Verdict::Warn);
    is(&world, &["S-97"], Verdict::Pass);
}

const SERVER_METADATA: &str = "https://login.example.com/.well-known/oauth-authorization-server";

#[test]
fn a_client_is_kept_for_no_issuer_but_the_one_that_was_asked() {
    let claims = |request: &Request, _: &str| {
        let mut document = server_metadata();
        document["issuer"] = json!("https://other.example.com");
        (request.url == SERVER_METADATA).then(|| json_answer(200, document))
    };
    let site = RefCell::new(Site { wrong: Some(claims), ..Site::default() });
    let mut world = World::new(|request| site.borrow_mut().answer(request));
    world.input(Input::Check(Box::new(settings(|_| ()))));
    world.input(Input::Stage(AuditStage::Registration.into()));
    assert!(sent(&world, AuditStage::Registration).contains(&"Register".to_owned()));
    is(&world, &["S-60"], Verdict::Pass);
    assert_eq!(world.inspector.clients().len(), 0);
}

#[test]
fn a_login_of_the_audit_starts_without_codes_of_earlier_logins() {
    let site = RefCell::default();
    let mut world = logged_in(&site);
    assert!(world.inspector.bench().spent().is_some_and(|it| it.server == SERVER));
    assert!(world.inspector.bench().spent_at("https://other.example.com/mcp").is_none());
    world.input(Input::Check(Box::new(settings(|_| ()))));
    world.input(Input::Stage(AuditStage::Login.into()));
    assert_eq!(world.inspector.phase(), Phase::Authorizing);
    assert!(world.inspector.bench().spent().is_none());
}

#[test]
fn tokens_are_revoked_at_no_other_origin_than_the_token_endpoints() {
    let elsewhere = |request: &Request, _: &str| {
        let mut document = server_metadata();
        document["revocation_endpoint"] = json!("https://other.example.com/revoke");
        (request.url == SERVER_METADATA).then(|| json_answer(200, document))
    };
    let site = RefCell::new(Site { wrong: Some(elsewhere), ..Site::default() });
    let mut world = logged_in(&site);
    world.input(Input::Stage(AuditStage::More.into()));
    bent_logins(&mut world, &["code=bent"; 6]);
    world.reload();
    world.back("code=c0de-2&state={state}&iss={iss}");
    assert!(sent(&world, AuditStage::More).contains(&"code-twice".to_owned()));
    is(&world, &["S-101", "S-102"], Verdict::NotTested);
    drop(world);
    assert!(!site.into_inner().asked.iter().any(|it| it.url.contains("other.example.com")));
}

#[test]
fn cookies_go_out_after_consent_alone() {
    let page = |request: &Request, _: &str| {
        request.url.starts_with("https://login.example.com/authorize").then(|| json_answer(200, Value::Null))
    };
    let site = RefCell::new(Site { wrong: Some(page), ..Site::default() });
    let mut world = checked(&site);
    world.input(Input::Stage(AuditStage::Cookies.into()));
    assert_eq!(
        sent(&world, AuditStage::Cookies),
        ["ResourceWithCookies", "ServerWithCookies", "AuthorizationWithCookies"]
    );
    // This world lets every response be read, whatever it is asked with.
    is(&world, &["S-9"], Verdict::Warn);
    is(&world, &["S-64"], Verdict::Fail);
    drop(world);
    assert_eq!(site.into_inner().asked.iter().filter(|it| it.cookies).count(), most(AuditStage::Cookies));
}

#[test]
fn each_fault_behind_a_login_has_its_line() {
    type Case = (&'static str, Verdict, fn(&Request, &str) -> Option<Answer>);
    fn tokens(request: &Request, body: &str, change: fn(&mut Value), code: bool) -> Option<Answer> {
        let mut answer =
            json!({"access_token": access(), "token_type": "Bearer", "refresh_token": "rt-0", "expires_in": 600});
        change(&mut answer);
        let wanted = if code { body.contains("code=c0de") } else { body.contains("grant_type=refresh_token") };
        (request.url == TOKEN && wanted)
            .then(|| Answer::Json(200, vec![("cache-control", "no-store".to_owned())], answer))
    }
    fn list(request: &Request, with: fn(&str) -> bool) -> Option<Answer> {
        let token = header(request, "authorization").unwrap_or_default();
        let body = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
        (request.url == SERVER && body.contains("trial-1") && with(&token))
            .then(|| json_answer(200, json!({"jsonrpc": "2.0", "id": "trial-1", "result": {"tools": []}})))
    }
    let cases: [Case; 10] = [
        ("S-20", Verdict::Fail, |request, _| {
            let lower = header(request, "authorization").is_some_and(|it| it.starts_with("bearer "));
            lower.then(|| json_answer(401, Value::Null))
        }),
        ("S-79", Verdict::Fail, |request, body| {
            let redeemed = request.url == TOKEN && body.contains("code=c0de");
            redeemed.then(|| json_answer(200, json!({"access_token": access(), "token_type": "Bearer"})))
        }),
        ("S-80", Verdict::Warn, |request, body| tokens(request, body, |it| it["expires_in"] = json!(90_000), true)),
        ("S-86", Verdict::Fail, |request, body| {
            tokens(request, body, |it| it["access_token"] = json!(jwt(&json!({"aud": "https://other.example"}))), true)
        }),
        ("S-89", Verdict::Fail, |request, _| list(request, |it| it.starts_with("Bearer") && !it.ends_with("c2ln"))),
        ("S-90", Verdict::Fail, |request, _| list(request, |it| it.ends_with('.'))),
        ("S-96", Verdict::Fail, |request, body| tokens(request, body, |_| (), false)),
        ("S-99", Verdict::Fail, |request, body| {
            let wider = body.contains("tools%3Acall");
            tokens(request, body, |it| it["scope"] = json!("tools:read tools:call"), false).filter(|_| wider)
        }),
        ("S-100", Verdict::Warn, |request, body| {
            let refresh = request.url == TOKEN && body.contains("grant_type=refresh_token");
            refresh.then_some(Answer::Blocked)
        }),
        ("S-110", Verdict::Fail, |request, _| list(request, str::is_empty)),
    ];
    for (id, verdict, wrong) in cases {
        let site = RefCell::new(Site { wrong: Some(wrong), ..Site::default() });
        let world = logged_in(&site);
        is(&world, &[id], verdict);
    }
}

#[test]
fn the_message_endpoint_of_http_sse_is_asked_without_a_token() {
    fn guarded(request: &Request) -> Option<Answer> {
        let (has_token, is_mcp) = (carries(request, &access()), request.url.starts_with("https://mcp.example.com/m"));
        is_mcp.then(|| if has_token { served(request, Some(Revision::R1)) } else { mcp(request, Some(&access())) })
    }
    type Wrong = fn(&Request, &str) -> Option<Answer>;
    let cases: [(Wrong, Verdict); 2] = [
        (|request, _| guarded(request), Verdict::Pass),
        (
            |request, body| {
                let posted = request.url.contains("/messages") && body.contains("trial-1");
                if posted { Some(json_answer(202, Value::Null)) } else { guarded(request) }
            },
            Verdict::Fail,
        ),
    ];
    for (wrong, verdict) in cases {
        let site = RefCell::new(Site { wrong: Some(wrong), ..Site::default() });
        let world = logged_in(&site);
        is(&world, &["S-115"], verdict);
        assert_eq!(audit(&world).items.iter().filter(|it| it.line.id == "S-110").count(), 0, "there are no sessions");
    }
}

#[test]
fn a_state_that_comes_back_changed_is_told_and_the_login_goes_on() {
    let site = RefCell::default();
    let mut world = checked(&site);
    world.input(Input::Stage(AuditStage::Login.into()));
    let state = world.state();
    assert!(state.ends_with("+/=&%~"), "{state}");
    let cut = state.trim_end_matches("+/=&%~");
    world.back(&format!("code=c0de&state={cut}%20&iss={{iss}}"));
    is(&world, &["S-67"], Verdict::Fail);
    is(&world, &["S-78"], Verdict::Pass);
}

#[test]
fn a_login_that_is_cancelled_ends_its_stage_and_leaves_the_audit() {
    let site = RefCell::default();
    let mut world = checked(&site);
    world.input(Input::Stage(AuditStage::Login.into()));
    world.reload();
    world.back("error=access_denied&state={state}&iss={iss}");
    assert_eq!(audit(&world).stages.status(AuditStage::Login), StageStatus::Done);
    is(&world, &["S-67"], Verdict::Pass);
    is(&world, &["S-78", "S-89"], Verdict::NotTested);
    // Another connection is no part of the audit any more.
    world.connect(settings(|_| ()));
    assert!(Audit::of(world.inspector.trace()).is_none());
}

#[test]
fn a_stage_whose_page_is_gone_is_over() {
    let site = RefCell::default();
    let mut world = checked(&site);
    let moment = flowglass::oauth::flow::Moment { now: 5_000.0, entropy: [1; 64] };
    world.inspector.handle(&moment, Input::Stage(AuditStage::Registration.into()));
    world.reload();
    assert_eq!(audit(&world).stages.status(AuditStage::Registration), StageStatus::Done);
    assert_eq!(sent(&world, AuditStage::Registration), [format!("{:?}", AuditProbe::Register)]);
}
