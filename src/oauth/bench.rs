//! The rules of the token bench: what a token, or an introspection of it, says against what it should say.
//!
//! All is judged from this client's side. Whether the signature holds is judged elsewhere, with the server's keys.

use super::jwt::{self, Jwt, Token};
use super::rules::covers;
use super::token::Grant;
use crate::base::address::Address;
use crate::base::text::{fact, facts};
use crate::json::members::string;
use crate::trace::check::{Check, Verdict};
use crate::trace::rule::Rule;
use crate::trace::rule::claims::Claims;
use crate::trace::rule::proof::Proof;
use crate::trace::step::Step;
use serde_json::Value;

type Document = serde_json::Map<String, Value>;

/// How far two clocks may differ, in milliseconds.
const SKEW: f64 = 60_000.0;

/// What is known of the token from elsewhere.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// As it was sent in the token request, which is as the resource metadata writes it.
    pub resource: Option<&'a str>,
    /// The MCP server's address.
    pub server: &'a str,
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub scope: Option<&'a str>,
    /// Milliseconds since the epoch.
    pub now: f64,
}

impl<'a> Known<'a> {
    pub fn of(grant: &'a Grant, now: f64) -> Self {
        Self {
            resource: grant.resource.as_deref(),
            server: &grant.server,
            issuer: &grant.issuer,
            client_id: &grant.client.id,
            scope: grant.scope.as_deref(),
            now,
        }
    }
}

/// All that can be judged of a JWT without its signature.
pub fn judge(jwt: &Jwt, known: &Known<'_>) -> Vec<Check> {
    let claims = &jwt.claims;
    let mut checks = vec![algorithm(jwt), kind(jwt), audience(claims, known), issuer(claims, known)];
    checks.extend(expiry(claims, known.now, Verdict::Fail));
    checks.extend(times(claims, known.now));
    checks.extend(scope(claims, known));
    checks.extend(parties(claims, known));
    checks
}

/// An answer of the introspection endpoint (RFC 7662 §2.2).
pub fn introspected(answer: &Document, known: &Known<'_>) -> Vec<Check> {
    let active = match answer.get("active").and_then(Value::as_bool) {
        Some(true) => check(Verdict::Pass, Proof::Active),
        Some(false) => return vec![check(Verdict::Fail, Proof::Inactive)],
        None => check(Verdict::Fail, Proof::ActiveUnsaid),
    };
    let mut checks = vec![active];
    // Of an introspection only "active" must be there: what it does not say is not judged.
    if answer.contains_key("aud") {
        checks.push(audience(answer, known));
    }
    if answer.contains_key("iss") {
        checks.push(issuer(answer, known));
    }
    checks.extend(expiry(answer, known.now, Verdict::Warn));
    checks.extend(scope(answer, known));
    checks
}

fn check(verdict: Verdict, rule: impl Into<Rule>) -> Check {
    Check { step: Step::Token, rule: rule.into(), verdict }
}

fn algorithm(jwt: &Jwt) -> Check {
    match jwt.algorithm().as_deref() {
        None => check(Verdict::Fail, Claims::NoAlgorithm),
        Some(name) if name.eq_ignore_ascii_case("none") => check(Verdict::Fail, Claims::Unsigned),
        Some(name) if name.starts_with("HS") => check(Verdict::Warn, Claims::Symmetric { alg: fact(name) }),
        Some(name) => check(Verdict::Pass, Claims::Asymmetric { alg: fact(name) }),
    }
}

/// RFC 9068 §2.1: so that no other kind of JWT can pass for an access token.
fn kind(jwt: &Jwt) -> Check {
    match string(&jwt.header, "typ") {
        Some(it) if is_profile(&it) => check(Verdict::Pass, Claims::AccessTokenType { typ: fact(&it) }),
        Some(it) => check(Verdict::Warn, Claims::OtherType { typ: fact(&it) }),
        None => check(Verdict::Warn, Claims::NoType),
    }
}

fn is_profile(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/").unwrap_or(&typ) == "at+jwt"
}

/// RFC 9068 §4: whoever is not in `aud` must refuse the token. `resource` is what asked for it (RFC 8707 §2).
fn audience(claims: &Document, known: &Known<'_>) -> Check {
    let Some(list) = jwt::list(claims, "aud").filter(|it| !it.is_empty()) else {
        return check(Verdict::Fail, Claims::NoAudience);
    };
    let has = |wanted: &str| list.iter().any(|it| it == wanted);
    let like = |wanted: &str| list.iter().any(|it| bare(it) == bare(wanted));
    let (aud, server) = (facts(&list), known.server);
    match known.resource.map(|it| (it, fact(it))) {
        Some((it, resource)) if has(it) => check(Verdict::Pass, Claims::AudienceIsResource { resource }),
        _ if has(server) => check(Verdict::Pass, Claims::AudienceIsServer { server: fact(server) }),
        Some((it, resource)) if like(it) || like(server) => {
            check(Verdict::Warn, Claims::AudienceSlash { aud, resource })
        }
        _ if names_server(&list, known.resource, server) => check(Verdict::Warn, Claims::AudienceCoversServer { aud }),
        Some((_, resource)) => check(Verdict::Fail, Claims::AudienceOther { aud, resource }),
        None => check(Verdict::Warn, Claims::AudienceUnasked { aud }),
    }
}

/// The verdict on the audience of an access token, where it is a JWT.
pub fn audience_of(grant: &Grant) -> Option<Check> {
    let token = Token::read(grant.access_token.expose());
    Some(audience(&token.jwt()?.claims, &Known::of(grant, 0.0)))
}

/// Whether one of the audiences is this server: the resource that was asked for, its URL, or a URL above it.
pub fn names_server(audiences: &[String], resource: Option<&str>, server: &str) -> bool {
    let server_url = Address::typed(server).ok();
    let above = |it: &str| Address::given(it).ok().zip(server_url.as_ref()).is_some_and(|(it, url)| covers(&it, url));
    audiences.iter().any(|it| resource == Some(it) || it == server || above(it))
}

fn bare(text: &str) -> &str {
    text.strip_suffix('/').unwrap_or(text)
}

fn issuer(claims: &Document, known: &Known<'_>) -> Check {
    let issuer = fact(known.issuer);
    match string(claims, "iss") {
        Some(it) if it == known.issuer => check(Verdict::Pass, Claims::IssuerMatches { iss: issuer }),
        Some(it) if bare(&it) == bare(known.issuer) => {
            check(Verdict::Warn, Claims::IssuerLastSlash { iss: fact(&it), issuer })
        }
        Some(it) => check(Verdict::Fail, Claims::IssuerOther { iss: fact(&it), issuer }),
        None => check(Verdict::Fail, Claims::NoIssuer),
    }
}

/// From one time to a later one, in whole milliseconds.
fn between(from: f64, to: f64) -> u64 {
    (to - from).max(0.0).round() as u64
}

fn expiry(claims: &Document, now: f64, missing: Verdict) -> Option<Check> {
    Some(match jwt::time(claims, "exp") {
        Some(at) if at <= now => check(Verdict::Fail, Claims::Expired { ago: between(at, now) }),
        Some(at) => check(Verdict::Pass, Claims::Expires { after: between(now, at) }),
        None if missing == Verdict::Warn => return None,
        None => check(missing, Claims::NoExpiry),
    })
}

/// `nbf` and `iat`. A time in the future is either a clock that is wrong, or a token that is not good yet.
fn times(claims: &Document, now: f64) -> Vec<Check> {
    let ahead = |at: f64| at > now + SKEW;
    let not_before = jwt::time(claims, "nbf").map(|at| match ahead(at) {
        true => check(Verdict::Fail, Claims::NotYetValid { after: between(now, at) }),
        false => check(Verdict::Pass, Claims::Valid),
    });
    let issued = match jwt::time(claims, "iat") {
        Some(at) if ahead(at) => check(Verdict::Warn, Claims::IssuedInFuture { after: between(now, at) }),
        Some(at) => check(Verdict::Pass, Claims::Issued { ago: between(at, now) }),
        None => check(Verdict::Warn, Claims::NoIssuedAt),
    };
    not_before.into_iter().chain([issued]).collect()
}

/// The scopes of the token against those of the token answer.
fn scope(claims: &Document, known: &Known<'_>) -> Option<Check> {
    let joined = |list: &[&str]| fact(&list.join(" "));
    let granted: Vec<&str> = known.scope.unwrap_or_default().split_whitespace().collect();
    let Some(found) = jwt::scopes(claims) else {
        let rule = || Claims::NoScope { granted: joined(&granted) };
        return (!granted.is_empty()).then(|| check(Verdict::Warn, rule()));
    };
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    let lacks: Vec<&str> = granted.iter().filter(|it| !found.contains(it)).copied().collect();
    let more: Vec<&str> = found.iter().filter(|it| !granted.contains(it)).copied().collect();
    Some(match (lacks.is_empty(), more.is_empty()) {
        (true, true) => check(Verdict::Pass, Claims::ScopeAsGranted { scope: joined(&found) }),
        // These two are for the authorization server alone, and often stay out of its tokens.
        (false, true) if lacks.iter().all(|it| matches!(*it, "offline_access" | "openid")) => {
            check(Verdict::Pass, Claims::ScopeAsGrantedHere { scope: joined(&found) })
        }
        (false, _) => check(Verdict::Warn, Claims::ScopeLess { missing: joined(&lacks) }),
        (true, false) => check(Verdict::Warn, Claims::ScopeMore { more: joined(&more) }),
    })
}

/// Who the token is of, and for which client.
fn parties(claims: &Document, known: &Known<'_>) -> Vec<Check> {
    let subject = match string(claims, "sub") {
        Some(it) => check(Verdict::Pass, Claims::Subject { sub: fact(&it) }),
        None => check(Verdict::Warn, Claims::NoSubject),
    };
    let known = fact(known.client_id);
    let client = match string(claims, "client_id").or_else(|| string(claims, "azp")).map(|it| fact(&it)) {
        Some(client) if client == known => check(Verdict::Pass, Claims::ThisClient { client }),
        Some(found) => check(Verdict::Warn, Claims::OtherClient { found, client: known }),
        None => check(Verdict::Warn, Claims::NoClient),
    };
    vec![subject, client]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::members::document;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    const NOW: f64 = 1_000_000_000_000.0;

    fn known() -> Known<'static> {
        Known {
            resource: Some("https://a.example/mcp"),
            server: "https://a.example/mcp",
            issuer: "https://as.example",
            client_id: "me",
            scope: Some("read write"),
            now: NOW,
        }
    }

    fn good() -> Value {
        json!({"iss": "https://as.example", "aud": "https://a.example/mcp", "exp": 1_000_000_060, "iat": 999_999_990,
            "nbf": 999_999_990, "scope": "write read", "sub": "ada", "client_id": "me"})
    }

    fn judged(header: &Value, claims: &Value) -> Vec<Check> {
        let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
        let token = Token::read(&format!("{}.{}.c2ln", part(header), part(claims)));
        judge(token.jwt().expect("a JWT"), &known())
    }

    /// The verdicts that are not good.
    fn bad(edit: impl FnOnce(&mut Value)) -> Vec<(Verdict, Rule)> {
        let mut claims = good();
        edit(&mut claims);
        let checks = judged(&json!({"alg": "RS256", "typ": "at+jwt"}), &claims);
        let bad = checks.into_iter().filter(|it| it.verdict != Verdict::Pass);
        bad.map(|it| (it.verdict, it.rule)).collect()
    }

    #[test]
    fn a_good_token_passes_every_rule() {
        assert_eq!(bad(|_| ()), []);
    }

    #[test]
    fn each_claim_is_judged() {
        type Edit = fn(&mut Value);
        let list = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let (text, resource) = (|it: &str| it.to_owned(), "https://a.example/mcp".to_owned());
        let issuer = || "https://as.example".to_owned();
        let (fail, warn) = (Verdict::Fail, Verdict::Warn);
        let slash = list(&["x", "https://a.example/mcp/"]);
        let table: [(Edit, Verdict, Claims); 16] = [
            (
                |it| it["aud"] = json!("https://b.example"),
                fail,
                Claims::AudienceOther { aud: list(&["https://b.example"]), resource: resource.clone() },
            ),
            (
                |it| it["aud"] = json!(["x", "https://a.example/mcp/"]),
                warn,
                Claims::AudienceSlash { aud: slash, resource },
            ),
            (|it| it["aud"] = json!(7), fail, Claims::NoAudience),
            (
                |it| it["aud"] = json!("https://a.example"),
                warn,
                Claims::AudienceCoversServer { aud: list(&["https://a.example"]) },
            ),
            (
                |it| it["iss"] = json!("https://evil.example"),
                fail,
                Claims::IssuerOther { iss: text("https://evil.example"), issuer: issuer() },
            ),
            (
                |it| it["iss"] = json!("https://as.example/"),
                warn,
                Claims::IssuerLastSlash { iss: text("https://as.example/"), issuer: issuer() },
            ),
            (|it| it["iss"] = Value::Null, fail, Claims::NoIssuer),
            (|it| it["exp"] = json!(999_999_940), fail, Claims::Expired { ago: 60_000 }),
            (|it| it["exp"] = Value::Null, fail, Claims::NoExpiry),
            (|it| it["nbf"] = json!(1_000_000_120), fail, Claims::NotYetValid { after: 120_000 }),
            (|it| it["iat"] = json!(1_000_000_120), warn, Claims::IssuedInFuture { after: 120_000 }),
            (|it| it["scope"] = json!("read"), warn, Claims::ScopeLess { missing: text("write") }),
            (|it| it["scope"] = json!("read write admin"), warn, Claims::ScopeMore { more: text("admin") }),
            (|it| it["scope"] = Value::Null, warn, Claims::NoScope { granted: text("read write") }),
            (|it| it["sub"] = Value::Null, warn, Claims::NoSubject),
            (
                |it| it["client_id"] = json!("other"),
                warn,
                Claims::OtherClient { found: text("other"), client: text("me") },
            ),
        ];
        for (edit, verdict, claims) in table {
            assert_eq!(bad(edit), [(verdict, Rule::Claims(claims))]);
        }
    }

    #[test]
    fn clocks_may_differ_by_a_minute() {
        assert_eq!(bad(|it| it["nbf"] = json!(1_000_000_050)), []);
        assert_eq!(bad(|it| it["iat"] = json!(1_000_000_050)), []);
    }

    #[test]
    fn an_unsigned_token_fails_and_a_symmetric_one_is_warned_of() {
        let verdict = |alg: &str| judged(&json!({"alg": alg, "typ": "at+jwt"}), &good())[0].verdict;
        assert_eq!(
            (verdict("none"), verdict("HS256"), verdict("ES256")),
            (Verdict::Fail, Verdict::Warn, Verdict::Pass)
        );
        assert_eq!(judged(&json!({"alg": "RS256", "typ": "JWT"}), &good())[1].verdict, Verdict::Warn);
    }

    #[test]
    fn an_introspection_is_judged_by_what_it_says() {
        let judged = |text: &str| introspected(&document(text).expect("an object"), &known());
        assert_eq!(judged(r#"{"active":false,"aud":"x"}"#).len(), 1);
        assert_eq!(judged(r#"{"active":"yes"}"#)[0].verdict, Verdict::Fail);
        let whole = judged(r#"{"active":true,"aud":"https://b","scope":"read write","exp":1000000060}"#);
        let verdicts: Vec<_> = whole.iter().map(|it| it.verdict.name()).collect();
        assert_eq!(verdicts, ["pass", "fail", "pass", "pass"]);
    }
}
