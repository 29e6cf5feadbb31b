//! The rules of the token bench: what a token, or an introspection of it, says against what it should say.
//!
//! All is judged from this client's side. Whether the signature holds is judged elsewhere, with the server's keys.

use super::jwt::{self, Jwt};
use super::token::Grant;
use crate::checks::{Check, Clause, Verdict};
use crate::format;
use crate::members::string;
use crate::step::Step;
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
        Some(true) => {
            check(Verdict::Pass, Clause::Introspection, "The authorization server says that the token is active")
        }
        Some(false) => {
            let words =
                "The authorization server says that the token is not active: expired, revoked, or none of its own";
            return vec![check(Verdict::Fail, Clause::Introspection, words)];
        }
        None => check(Verdict::Fail, Clause::Introspection, "The answer does not say whether the token is active"),
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

fn check(verdict: Verdict, clause: Clause, words: impl Into<String>) -> Check {
    Check { step: Step::Token, verdict, words: words.into(), clause }
}

fn algorithm(jwt: &Jwt) -> Check {
    let clause = Clause::JwtProfile;
    match jwt.algorithm().as_deref() {
        None => check(Verdict::Fail, clause, "The header names no algorithm"),
        Some(name) if name.eq_ignore_ascii_case("none") => {
            check(Verdict::Fail, clause, "alg is none: the token is not signed, and anybody can write one")
        }
        Some(name) if name.starts_with("HS") => {
            let words =
                format!("alg is {name}: whoever can verify this token can also make one, this MCP server included");
            check(Verdict::Warn, clause, words)
        }
        Some(name) => check(Verdict::Pass, clause, format!("alg is {name}: a signature that only the issuer can make")),
    }
}

/// RFC 9068 §2.1: so that no other kind of JWT can pass for an access token.
fn kind(jwt: &Jwt) -> Check {
    let clause = Clause::JwtProfile;
    match string(&jwt.header, "typ") {
        Some(it) if is_profile(&it) => {
            check(Verdict::Pass, clause, format!("typ is {it}: an access token and nothing else"))
        }
        Some(it) => check(Verdict::Warn, clause, format!("typ is {it}, not at+jwt: an ID token might pass for this")),
        None => check(Verdict::Warn, clause, "typ is missing; at+jwt would tell this from other JWTs"),
    }
}

fn is_profile(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/").unwrap_or(&typ) == "at+jwt"
}

/// RFC 9068 §4: whoever is not in `aud` must refuse the token. `resource` is what asked for it (RFC 8707 §2).
fn audience(claims: &Document, known: &Known<'_>) -> Check {
    let clause = Clause::TokenAudience;
    let Some(list) = jwt::list(claims, "aud").filter(|it| !it.is_empty()) else {
        return check(Verdict::Fail, clause, "aud is missing: nothing says which server this token is for");
    };
    let has = |wanted: &str| list.iter().any(|it| it == wanted);
    let like = |wanted: &str| list.iter().any(|it| bare(it) == bare(wanted));
    let said = list.join(", ");
    match known.resource {
        Some(resource) if has(resource) => {
            check(Verdict::Pass, clause, format!("aud holds the resource that was asked for: {resource}"))
        }
        _ if has(known.server) => {
            check(Verdict::Pass, clause, format!("aud holds this server's address: {}", known.server))
        }
        Some(resource) if like(resource) || like(known.server) => {
            let words = format!(
                "aud is {said}; the resource was {resource}: the same but for the last slash, and servers compare strings"
            );
            check(Verdict::Warn, clause, words)
        }
        Some(resource) => check(
            Verdict::Fail,
            Clause::ResourceIndicator,
            format!("aud is {said}; asked for was {resource}. This server has to refuse a token for another"),
        ),
        None => check(
            Verdict::Warn,
            clause,
            format!("aud is {said}, which is not this server's address; no resource was asked for"),
        ),
    }
}

fn bare(text: &str) -> &str {
    text.strip_suffix('/').unwrap_or(text)
}

fn issuer(claims: &Document, known: &Known<'_>) -> Check {
    let clause = Clause::TokenValidation;
    match string(claims, "iss") {
        Some(it) if it == known.issuer => {
            check(Verdict::Pass, clause, format!("iss is the authorization server: {it}"))
        }
        Some(it) if bare(&it) == bare(known.issuer) => check(
            Verdict::Warn,
            clause,
            format!("iss is {it}; the issuer is {}: the same but for the last slash", known.issuer),
        ),
        Some(it) => check(Verdict::Fail, clause, format!("iss is {it}; the token came from {}", known.issuer)),
        None => check(Verdict::Fail, clause, "iss is missing: nothing says whose token this is"),
    }
}

fn expiry(claims: &Document, now: f64, missing: Verdict) -> Option<Check> {
    let clause = Clause::TokenExpiry;
    Some(match jwt::time(claims, "exp") {
        Some(at) if at <= now => {
            check(Verdict::Fail, clause, format!("exp: expired {} ago", format::milliseconds(now - at)))
        }
        Some(at) => check(Verdict::Pass, clause, format!("exp: good for another {}", format::milliseconds(at - now))),
        None if missing == Verdict::Warn => return None,
        None => check(missing, clause, "exp is missing: the token never expires by itself"),
    })
}

/// `nbf` and `iat`. A time in the future is either a clock that is wrong, or a token that is not good yet.
fn times(claims: &Document, now: f64) -> Vec<Check> {
    let ahead = |at: f64| at > now + SKEW;
    let not_before = jwt::time(claims, "nbf").map(|at| match ahead(at) {
        true => check(
            Verdict::Fail,
            Clause::TokenNotBefore,
            format!("nbf: not good before {} from now; or one of the clocks is wrong", format::milliseconds(at - now)),
        ),
        false => check(Verdict::Pass, Clause::TokenNotBefore, "nbf has passed"),
    });
    let issued = match jwt::time(claims, "iat") {
        Some(at) if ahead(at) => check(
            Verdict::Warn,
            Clause::TokenIssuedAt,
            format!("iat lies {} in the future: one of the clocks is wrong", format::milliseconds(at - now)),
        ),
        Some(at) => {
            check(Verdict::Pass, Clause::TokenIssuedAt, format!("iat: issued {} ago", format::milliseconds(now - at)))
        }
        None => check(Verdict::Warn, Clause::TokenIssuedAt, "iat is missing: nothing says how old the token is"),
    };
    not_before.into_iter().chain([issued]).collect()
}

/// The scopes of the token against those of the token answer.
fn scope(claims: &Document, known: &Known<'_>) -> Option<Check> {
    let clause = Clause::TokenScope;
    let granted: Vec<&str> = known.scope.unwrap_or_default().split_whitespace().collect();
    let Some(found) = jwt::scopes(claims) else {
        return (!granted.is_empty())
            .then(|| check(Verdict::Warn, clause, format!("No scope is named; granted were: {}", granted.join(" "))));
    };
    let lacks: Vec<&str> = granted.iter().filter(|it| !found.iter().any(|has| has == *it)).copied().collect();
    let more: Vec<&str> = found.iter().map(String::as_str).filter(|it| !granted.contains(it)).collect();
    Some(match (lacks.is_empty(), more.is_empty()) {
        (true, true) => check(Verdict::Pass, clause, format!("scope is what was granted: {}", found.join(" "))),
        // These two are for the authorization server alone, and often stay out of its tokens.
        (false, true) if lacks.iter().all(|it| matches!(*it, "offline_access" | "openid")) => {
            check(Verdict::Pass, clause, format!("scope is what was granted for this server: {}", found.join(" ")))
        }
        (false, _) => check(Verdict::Warn, clause, format!("Granted, and not in the token: {}", lacks.join(" "))),
        (true, false) => {
            check(Verdict::Warn, clause, format!("In the token, and not named when it was granted: {}", more.join(" ")))
        }
    })
}

/// Who the token is of, and for which client.
fn parties(claims: &Document, known: &Known<'_>) -> Vec<Check> {
    let clause = Clause::JwtClaims;
    let subject = match string(claims, "sub") {
        Some(it) => check(Verdict::Pass, clause, format!("sub: {it}")),
        None => check(Verdict::Warn, clause, "sub is missing: nothing says whose leave this is"),
    };
    let client = match string(claims, "client_id").or_else(|| string(claims, "azp")) {
        Some(it) if it == known.client_id => check(Verdict::Pass, clause, format!("client_id is this client: {it}")),
        Some(it) => check(Verdict::Warn, clause, format!("client_id is {it}; this client is {}", known.client_id)),
        None => check(Verdict::Warn, clause, "client_id is missing: nothing says which client it was given to"),
    };
    vec![subject, client]
}

#[cfg(test)]
mod tests {
    use super::super::jwt::Token;
    use super::*;
    use crate::members::document;
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

    /// The verdicts that are not good, with their first words.
    fn bad(edit: impl FnOnce(&mut Value)) -> Vec<(&'static str, String)> {
        let mut claims = good();
        edit(&mut claims);
        let checks = judged(&json!({"alg": "RS256", "typ": "at+jwt"}), &claims);
        let bad = checks.into_iter().filter(|it| it.verdict != Verdict::Pass);
        bad.map(|it| (it.verdict.name(), it.words)).collect()
    }

    #[test]
    fn a_good_token_passes_every_rule() {
        assert_eq!(bad(|_| ()), []);
    }

    #[test]
    fn each_claim_is_judged() {
        type Edit = fn(&mut Value);
        let table: [(Edit, &str, &str); 15] = [
            (|it| it["aud"] = json!("https://b.example"), "fail", "aud is https://b.example;"),
            (|it| it["aud"] = json!(["x", "https://a.example/mcp/"]), "warn", "aud is x, https://a.example/mcp/;"),
            (|it| it["aud"] = json!(7), "fail", "aud is missing"),
            (|it| it["iss"] = json!("https://evil.example"), "fail", "iss is https://evil.example"),
            (|it| it["iss"] = json!("https://as.example/"), "warn", "iss is https://as.example/"),
            (|it| it["iss"] = Value::Null, "fail", "iss is missing"),
            (|it| it["exp"] = json!(999_999_940), "fail", "exp: expired 1 min 0 s ago"),
            (|it| it["exp"] = Value::Null, "fail", "exp is missing"),
            (|it| it["nbf"] = json!(1_000_000_120), "fail", "nbf: not good before 2 min 0 s"),
            (|it| it["iat"] = json!(1_000_000_120), "warn", "iat lies 2 min 0 s in the future"),
            (|it| it["scope"] = json!("read"), "warn", "Granted, and not in the token: write"),
            (
                |it| it["scope"] = json!("read write admin"),
                "warn",
                "In the token, and not named when it was granted: admin",
            ),
            (|it| it["scope"] = Value::Null, "warn", "No scope is named"),
            (|it| it["sub"] = Value::Null, "warn", "sub is missing"),
            (|it| it["client_id"] = json!("other"), "warn", "client_id is other"),
        ];
        for (edit, verdict, words) in table {
            let found = bad(edit);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].0 == verdict && found[0].1.starts_with(words), "{found:?}");
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
