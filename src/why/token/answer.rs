//! What the token endpoint answers (RFC 6749 §5).

use crate::checks::{Clause, Verdict};
use crate::oauth::rules::OFFLINE_ACCESS;
use crate::problem::Owner;
use crate::step::Step;
use crate::why::Rule;
use crate::why::evidence::{Document, Evidence, body};

const AT: &[Step] = &[Step::Token];

pub const RULES: &[Rule] = &[
    Rule {
        name: "token-answer-form-encoded",
        at: &[Step::TokenRequest, Step::Token],
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenResponse,
        cause: "The answer is a form, as GitHub's is without an Accept header. OAuth answers are JSON.",
        fix: "Answer with application/json, at least to Accept: application/json.",
        look: |it, step| {
            let (answer, head) = it.last(Step::TokenRequest).filter(|(_, head)| head.ok())?;
            let text = body(answer);
            let form =
                text.starts_with("access_token=") || text.contains("&access_token=") || text.starts_with("error=");
            let here = (step == Step::TokenRequest) == it.row(Step::Token)?.problem.is_none();
            (form && here).then(|| {
                format!("{} answered {} with a form, as {}.", answer.request.url, head.status, head.media_type())
            })
        },
    },
    Rule {
        name: "token-error-as-success",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenError,
        cause: "The body is an error, and the status says that all is well.",
        fix: "Answer errors of the token endpoint with 400, or 401 for invalid_client.",
        look: |it, _| {
            let error = it.token.as_ref()?.text("error")?;
            Some(format!("It answered 2xx with error {}.", crate::text::prefix(error, 100)))
        },
    },
    Rule {
        name: "token-answer-only-identity",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenResponse,
        cause: "An ID token says who logged in. It is not for servers, and must not be sent to them.",
        fix: "Issue an access token for the resource.",
        look: |it, _| {
            let answer = it.token.as_ref()?;
            let only = answer.get("id_token").is_some() && answer.get("access_token").is_none();
            only.then(|| "The answer has an id_token and no access_token.".to_owned())
        },
    },
    Rule {
        name: "token-type-missing",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::TokenResponse,
        cause: "Without token_type a client may not use the token. This one takes it for a bearer token, others refuse.",
        fix: "Add \"token_type\": \"Bearer\".",
        look: |it, _| {
            let missing = issued(it)?.get("token_type").is_none();
            missing.then(|| "The answer has no token_type.".to_owned())
        },
    },
    Rule {
        name: "token-cacheable",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::TokenCache,
        cause: "A cache on the way may keep the token and give it to somebody else.",
        fix: "Send Cache-Control: no-store with every answer that holds a token.",
        look: |it, _| {
            let head = issued(it)?.from.head.as_ref().map(|(head, _)| head)?;
            let said = head.header("cache-control").unwrap_or("nothing");
            (!said.to_ascii_lowercase().contains("no-store")).then(|| format!("cache-control says {said}."))
        },
    },
    Rule {
        name: "scope-not-granted",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::McpScope,
        cause: "The token can do less than was asked for. Likely your account or this client has no right to the rest; calls that need it will be answered 403.",
        fix: "Give the client and the account those scopes at the authorization server, or ask for less.",
        look: |it, _| {
            let granted = issued(it)?.text("scope")?;
            let has: Vec<&str> = granted.split_whitespace().collect();
            let needed = |it: &&str| *it != OFFLINE_ACCESS && !has.contains(it);
            let lacks: Vec<&str> = it.parameter("scope")?.split_whitespace().filter(needed).collect();
            (!lacks.is_empty()).then(|| format!("Not granted: {}. Granted: {granted}.", lacks.join(" ")))
        },
    },
    Rule {
        name: "refresh-token-missing",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::OfflineAccess,
        cause: "offline_access asks for a refresh token, and none came. Likely the client is not allowed one, or consent was not asked for (prompt=consent).",
        fix: "Allow refresh tokens for this client, or add prompt=consent to the extra parameters.",
        look: |it, _| {
            let asked = it.parameter("scope")?.split_whitespace().any(|it| it == OFFLINE_ACCESS);
            (asked && issued(it)?.get("refresh_token").is_none())
                .then(|| "offline_access was asked for, and the answer has no refresh_token.".to_owned())
        },
    },
    Rule {
        name: "token-life-no-number",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::TokenResponse,
        cause: "expires_in is a number of seconds. Stricter clients refuse the answer.",
        fix: "Send expires_in without quotes.",
        look: |it, _| {
            let value = issued(it)?.get("expires_in").filter(|it| !it.is_number() && !it.is_null())?;
            Some(format!("expires_in is {}.", crate::text::prefix(&value.to_string(), 60)))
        },
    },
    Rule {
        name: "token-life-over",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenResponse,
        cause: "The token is over when it comes. Likely expires_in was computed with a clock that is wrong, or in another unit.",
        fix: "expires_in counts seconds from now.",
        look: |it, _| {
            let life = issued(it)?.number("expires_in").filter(|it| *it <= 0.0)?;
            Some(format!("expires_in is {life}."))
        },
    },
];

/// The answer, where it holds a token.
fn issued<'a, 'b>(evidence: &'b Evidence<'a>) -> Option<&'b Document<'a>> {
    evidence.token.as_ref().filter(|it| it.text("access_token").is_some_and(|it| !it.is_empty()))
}
