//! What is said of findings, notes and violations.

use flowglass::explain::words;
use flowglass::http::HttpError;
use flowglass::http::Request;
use flowglass::settings::TokenAuth;
use flowglass::trace::check::{Check, Verdict};
use flowglass::trace::negative::Negative;
use flowglass::trace::note::{Era, Note, Older, Part};
use flowglass::trace::problem::oauth::Error;
use flowglass::trace::problem::{Cause, Problem};
use flowglass::trace::rule::Rule;
use flowglass::trace::rule::claims::Claims;
use flowglass::trace::rule::client::ClientRule;
use flowglass::trace::rule::connection::ConnectionRule;
use flowglass::trace::rule::discovery::Discovery;
use flowglass::trace::rule::login::Login;
use flowglass::trace::rule::proof::Proof;
use flowglass::trace::rule::refusal::{NotMade, Refusal};
use flowglass::trace::rule::tokens::Tokens;
use flowglass::trace::step::Step;
use flowglass::trace::violation::Breach;
use flowglass::trace::{Event, RedactedTrace, Trace};
use serde_json::Value;
use std::collections::BTreeMap;

/// A function that gives a sample of each variant. The match is exhaustive, so that a new variant gets one too.
macro_rules! samples {
    ($all:ident: $of:ident { $($name:ident $({ $($field:ident: $value:expr),* })?),* $(,)? }) => {
        fn $all() -> Vec<$of> {
            let _every_one = |it: &$of| match it { $($of::$name { .. } => (),)* };
            vec![$($of::$name $({ $($field: $value),* })?),*]
        }
    };
}

const SERVER: &str = "https://mcp.example.com/mcp";
const ISSUER: &str = "https://login.example.com";
const OTHER: &str = "https://other.example";

fn text(text: &str) -> String {
    text.to_owned()
}

fn list(all: &[&str]) -> Vec<String> {
    all.iter().map(|it| text(it)).collect()
}

fn problem() -> Box<Problem> {
    let error = Error::Http {
        step: Step::TokenRequest,
        url: text("https://login.example.com/token"),
        error: HttpError::Timeout { after: 30_000 },
    };
    Box::new(Problem::new(Cause::Authorization(error)))
}

samples!(discovery: Discovery {
    ChallengeHidden,
    NoBearerChallenge { schemes: list(&["Basic", "DPoP"]) },
    ChallengeNamesMetadata,
    ChallengeLacksMetadata,
    NoResource,
    ResourceIsServer,
    ResourceCoversServer { resource: text("https://mcp.example.com") },
    AuthorizationServers { named: list(&[ISSUER, OTHER]), count: 2, used: text(ISSUER) },
    NotWhereNamed { url: text("https://mcp.example.com/metadata") },
    NoResourceMetadata { set: Some(text(ISSUER)) },
    CredentialsUnbound { origin: text("https://mcp.example.com") },
    EndpointsByHand,
    DefaultEndpoints,
    IssuerIdentical,
    IssuerSlash { found: text(ISSUER), asked: format!("{ISSUER}/") },
    IssuerSet { set: text(ISSUER), named: list(&[OTHER]) },
    ForeignMetadata { metadata: text(OTHER), resource: text("https://mcp.example.com") },
    PkceAdvertised,
    MetadataRedirected { from: format!("{ISSUER}/a"), to: format!("{ISSUER}/b") },
    ResourceMetadataNotObject { url: text("https://mcp.example.com/metadata") },
    ServerMetadataNotObject { url: format!("{ISSUER}/metadata") },
});

samples!(client: ClientRule {
    AuthMethodUnlisted { used: TokenAuth::PrivateKeyJwt, listed: list(&["client_secret_basic"]) },
    SigningAlgorithmUnlisted { used: text("EdDSA"), listed: list(&["RS256", "ES256"]) },
    CredentialsInPage { set: Some(text(ISSUER)) },
    ScopeNotRegistrable {
        status: 400,
        error: Some(text("invalid_scope")),
        description: Some(text("Unknown scope"))
    },
    RegistrationStatus { status: 200 },
    RedirectNotRegistered,
    RedirectRegistered,
    RedirectUnsaid,
    PublicClient,
    NotPublicClient { method: TokenAuth::Basic },
    ScopeNarrower { registered: text("read"), asked: text("read write") },
    Signed { algorithm: text("EdDSA"), client: text("me"), issuer: text(ISSUER) },
});

samples!(login: Login {
    ChallengeOfVerifier { length: 43 },
    ChallengeNotOfVerifier,
    VerifierMatches,
    VerifierDiffers,
    ResourceSent { resource: text(SERVER) },
    NoResourceSent,
    StateReturned,
    IssMatches,
    IssUnpromised,
});

samples!(tokens: Tokens {
    TypeBearer,
    TypeMissing,
    AllScopesGranted,
    ScopesGranted { granted: text("read write") },
    OfflineAccessNotGranted { granted: text("read") },
    ScopesNotGranted { missing: text("write") },
    Lifetime { seconds: 3600, refreshable: true },
    NoLifetime { refreshable: false },
    NotCached,
    MayBeCached,
    RefreshRotated,
    RefreshUnchangedPublic,
    RefreshUnchanged,
    RefreshedLifetime { seconds: 3600 },
    RefreshedNoLifetime,
    RefreshFailed { problem: problem() },
    ScopesJoined { scope: text("read write") },
    RevocationElsewhere { origin: text(OTHER) },
    RevocationUnsupported,
    Revoked,
    RevocationFailed { problem: problem() },
});

samples!(claims: Claims {
    NoAlgorithm,
    Unsigned,
    Symmetric { alg: text("HS256") },
    Asymmetric { alg: text("ES256") },
    AccessTokenType { typ: text("at+jwt") },
    OtherType { typ: text("JWT") },
    NoType,
    NoAudience,
    AudienceIsResource { resource: text(SERVER) },
    AudienceIsServer { server: text(SERVER) },
    AudienceSlash { aud: vec![format!("{SERVER}/")], resource: text(SERVER) },
    AudienceCoversServer { aud: list(&["https://mcp.example.com"]) },
    AudienceOther { aud: list(&[OTHER]), resource: text(SERVER) },
    AudienceUnasked { aud: list(&[OTHER, "api"]) },
    IssuerMatches { iss: text(ISSUER) },
    IssuerLastSlash { iss: format!("{ISSUER}/"), issuer: text(ISSUER) },
    IssuerOther { iss: text(OTHER), issuer: text(ISSUER) },
    NoIssuer,
    Expired { ago: 60_000 },
    Expires { after: 3_600_000 },
    NoExpiry,
    NotYetValid { after: 120_000 },
    Valid,
    IssuedInFuture { after: 120_000 },
    Issued { ago: 1_400 },
    NoIssuedAt,
    NoScope { granted: text("read write") },
    ScopeAsGranted { scope: text("read write") },
    ScopeAsGrantedHere { scope: text("read write") },
    ScopeLess { missing: text("write") },
    ScopeMore { more: text("admin") },
    Subject { sub: text("ada") },
    NoSubject,
    ThisClient { client: text("me") },
    OtherClient { found: text("other"), client: text("me") },
    NoClient,
});

samples!(proof: Proof {
    NoJwt,
    GivenByHand,
    NoJwksUri,
    KeySetStatus { status: 404 },
    KeySetUnread { error: HttpError::Timeout { after: 30_000 } },
    NotAKeySet,
    NoPublicAlgorithm { alg: Some(text("HS256")) },
    KeyMissing { wanted: Some(text("k-2")), held: list(&["k-0", "k-1"]) },
    SignatureHolds { kid: Some(text("k-1")) },
    SignatureFails { kid: Some(text("k-1")) },
    NoCrypto,
    KeyUnusable { kid: Some(text("k-1")), said: text("NotSupportedError") },
    Active,
    Inactive,
    ActiveUnsaid,
    IntrospectionNotSent { problem: problem() },
    IntrospectionRefused { status: 401 },
    NoIntrospection { status: 200 },
    IntrospectionUnread { error: HttpError::Timeout { after: 30_000 } },
});

samples!(connection: ConnectionRule {
    BearerInHeader,
    Discovered { version: text("2026-07-28") },
    ProbeHidden,
    VersionAgreed { version: text("2025-11-25") },
    ServerMoved { from: text(SERVER), to: format!("{SERVER}/") },
    MessagesPostedTo { url: format!("{SERVER}/messages") },
});

samples!(refusal: Refusal {
    NotMade { why: NotMade::LoginWithoutCode },
    TestRedirected,
    TestHidden,
    TestUnanswered { error: HttpError::Timeout { after: 30_000 } },
    CallRefused,
    CallRefusedInMessage { status: 200 },
    CallAnswered { status: 200 },
    CallBroke { status: 500 },
    CallRefusedOtherwise { status: 403 },
    GrantBroke { status: 500 },
    GrantRefused { status: 400, error: text("invalid_grant") },
    GrantClientRefused { error: text("invalid_client") },
    GrantRefusedOtherwise { status: 400, error: text("invalid_request") },
    GrantRefusedUnsaid { status: 400 },
    NothingGranted,
    GrantedForOtherRedirect,
    Granted,
    GrantedForForeign,
    GrantedFor { aud: list(&[SERVER]) },
    GrantedOpaque,
    LoginRefused { error: text("invalid_request") },
    LoginRefusedOtherwise { error: text("server_error") },
    CodeIssued,
    ScopeIgnored,
    Redirected,
    NotRedirected,
});

samples!(not_made: NotMade {
    CallbackRefused { problem: problem() },
    LoginWithoutCode,
    LoginGivenUp,
});

samples!(older: Older {
    OtherResult,
    Lists { versions: list(&["2025-06-18", "2025-11-25"]) },
    Speaks { versions: list(&["2025-06-18", "2025-11-25"]) },
    ListsNone,
    UnknownMethod,
    OtherError { number: -32000 },
    Status { status: 405 },
    Empty { status: 400 },
    NotAnAnswer,
    Hidden,
});

samples!(eras: Era { Modern, Handshake, Sse });
samples!(parts: Part { Address, Headers, Body });

samples!(notes: Note {
    Accepted,
    AskedForCode { from: text(ISSUER), to: text(OTHER) },
    AskedForRelay { origins: text(ISSUER), to: text(OTHER) },
    AskedForSecret { what: text("client secret"), typed_for: text(ISSUER), to: text(OTHER) },
    CheckEnds,
    ClientByHand,
    ClientIsDocument,
    ClientRegisteredBefore,
    CodeHeldBack,
    Declined,
    Edited { parts: parts() },
    Ended,
    EndpointsElsewhere { endpoints: vec![(text("token_endpoint"), text(OTHER))] },
    EraForgotten,
    EraRemembered { era: Era::Modern },
    EraOlder { why: Older::UnknownMethod },
    IssuerChosen { issuer: text(OTHER) },
    MetadataHidden,
    NewRegistration,
    PopupInFrame,
    PopupWithoutStorage,
    PopupChosen,
    Pasted,
    Relayed { origin: text(ISSUER), relay: text("https://inspector.example/relay/legacy") },
    RegistrationTooNarrow { scope: text("read write") },
    ScopeRefused { scope: text("read write") },
    ScopeUnlisted { scope: text("read write") },
    ScopesWanted { required: text("write"), held: text("read") },
    SetByHand { members: list(&["token_endpoint"]) },
    StreamGivenUp { times: 6 },
    StreamPauseLonger { asked: 5, pause: 1000 },
    StreamResumed { pause: 1000 },
    TestLogin { test: Negative::WrongVerifier },
});

samples!(breaches: Breach {
    Batch,
    NoJsonRpcVersion,
    NotAMessage,
    SecondResponse,
    UnknownId,
    ResponseInPost,
    TooManyRequests { limit: 50 },
    TooManyWaiting { limit: 200, method: text("elicitation/create") },
    RequestFromServer { method: text("ping") },
    NotDeclared { method: text("tasks/get"), reason: text("Flowglass does not support the method tasks/get") },
    NoResultType,
    NoStructuredContent,
    CursorNotAString { list: text("tools/list") },
    CursorRepeated { list: text("tools/list") },
    ItemUnusable { list: text("tools/list"), reason: text("\"name\" is missing or not a string") },
    ResultUnusable { detail: text("requestState is not a string") },
    ProgressIncomplete,
    ProgressNotIncreasing,
    NotAcknowledged { name: text("toolsListChanged") },
    ListenRefused,
    ListenFailed { code: -32603, message: text("Internal error") },
});

/// Of facts that may be absent, or of which there may be others, the other sentence.
fn other_rules() -> Vec<Rule> {
    let (asked, refused) = (Negative::WrongResource, text("invalid_grant"));
    let of_client = ClientRule::ScopeNotRegistrable { status: 403, error: None, description: None };
    let mut all: Vec<Rule> = vec![
        Discovery::NoBearerChallenge { schemes: Vec::new() }.into(),
        Discovery::AuthorizationServers { named: list(&[ISSUER]), count: 1, used: text(ISSUER) }.into(),
        Discovery::NoResourceMetadata { set: None }.into(),
        Discovery::IssuerSet { set: text(ISSUER), named: Vec::new() }.into(),
        ClientRule::CredentialsInPage { set: None }.into(),
        of_client.into(),
        Tokens::Lifetime { seconds: 3600, refreshable: false }.into(),
        Tokens::NoLifetime { refreshable: true }.into(),
        Proof::NoPublicAlgorithm { alg: None }.into(),
        Proof::KeyMissing { wanted: None, held: Vec::new() }.into(),
        Proof::SignatureHolds { kid: None }.into(),
        Rule::Refusal { test: asked, found: Refusal::GrantRefusedOtherwise { status: 400, error: refused } },
    ];
    let why = not_made().into_iter().map(|why| Refusal::NotMade { why });
    all.extend(why.map(|found| Rule::Refusal { test: asked, found }));
    all
}

fn rules() -> Vec<Rule> {
    let mut all: Vec<Rule> = Vec::new();
    all.extend(discovery().into_iter().map(Rule::from));
    all.extend(client().into_iter().map(Rule::from));
    all.extend(login().into_iter().map(Rule::from));
    all.extend(tokens().into_iter().map(Rule::from));
    all.extend(claims().into_iter().map(Rule::from));
    all.extend(proof().into_iter().map(Rule::from));
    all.extend(connection().into_iter().map(Rule::from));
    all.extend(refusal().into_iter().map(|found| Rule::Refusal { test: Negative::WrongVerifier, found }));
    all
}

fn all_notes() -> Vec<Note> {
    let held = text("");
    let others = [Note::ScopesWanted { required: text("write"), held }];
    let eras = eras().into_iter().map(|era| Note::EraRemembered { era });
    let older = older().into_iter().map(|why| Note::EraOlder { why });
    notes().into_iter().chain(others).chain(eras).chain(older).collect()
}

/// Every finding, note and violation by its id.
pub fn texts() -> String {
    let of_rule = |it: &Rule| format!("{} ({})", words::rule(it), it.clause().cite().0);
    let rules = rules().into_iter().chain(other_rules());
    let notes = all_notes().into_iter();
    let rules = by_id(rules.map(|it| (it.id(), of_rule(&it))));
    let notes = by_id(notes.map(|it| (it.id(), words::note(&it))));
    let breaches = breaches().into_iter().map(|it| {
        let id = name(&serde_json::to_value(&it).expect("it can be written")).to_owned();
        (id, format!("{} ({})", words::violation(&it), it.clause().cite().0))
    });
    format!("# Findings\n\n{rules}\n# Notes\n\n{notes}\n# Violations\n\n{}", by_id(breaches))
}

fn by_id(all: impl Iterator<Item = (impl Into<String>, String)>) -> String {
    let mut sorted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, words) in all {
        let known = sorted.entry(id.into()).or_default();
        if !known.contains(&words) {
            known.push(words);
        }
    }
    let lines = sorted.into_iter().map(|(id, all)| format!("{id}\n    {}\n", all.join("\n    ")));
    lines.collect()
}

/// The only name of an object, or the text itself.
fn name(written: &Value) -> &str {
    let named = written.as_object().and_then(|it| it.keys().next()).map(String::as_str);
    named.or(written.as_str()).expect("a name")
}

#[test]
fn an_id_is_the_name_in_a_file_and_of_one_finding_alone() {
    let mut ids = Vec::new();
    for rule in rules() {
        let written = serde_json::to_value(&rule).expect("it can be written");
        let of_area = written.as_object().and_then(|it| it.values().next()).expect("an area");
        let found = if let Rule::Refusal { .. } = rule { &of_area["found"] } else { of_area };
        assert_eq!(name(found), rule.id());
        assert_eq!(serde_json::from_value::<Rule>(written.clone()).expect("it can be read"), rule);
        ids.push(rule.id());
    }
    for note in notes() {
        assert_eq!(name(&serde_json::to_value(&note).expect("it can be written")), note.id());
        ids.push(note.id());
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

/// Also where the words of this program are secrets of a server's: an entry that cannot be read is left out.
#[test]
fn findings_and_notes_are_exported_as_they_are() {
    let mut trace = Trace::default();
    let step = Step::Token;
    let checks = rules().into_iter().chain(other_rules()).map(|rule| Check { step, rule, verdict: Verdict::Warn });
    checks.for_each(|it| trace.push(0.0, Event::Checked(it)));
    all_notes().into_iter().for_each(|note| trace.push(0.0, Event::Noted { step, note }));
    let facts = |trace: &Trace| -> Vec<_> {
        let kept = trace.entries().iter().filter(|it| matches!(it.event, Event::Checked(_) | Event::Noted { .. }));
        kept.map(|it| serde_json::to_value(&it.event).expect("it can be written")).collect()
    };
    let all = facts(&trace);
    assert_eq!(facts(RedactedTrace::of(&trace).trace()), all);
    let ids = rules().iter().map(Rule::id).chain(notes().iter().map(Note::id)).collect::<Vec<_>>();
    let words = ids.iter().flat_map(|it| it.split('-')).chain(["PrivateKeyJwt", "WrongVerifier", "Handshake"]);
    for secret in words.filter(|it| it.len() > 3) {
        let request = Request::get(format!("{SERVER}?token={secret}"));
        trace.push(0.0, Event::Sent { exchange: 1, step: None, request });
    }
    assert_eq!(facts(RedactedTrace::of(&trace).trace()).len(), all.len());
}
