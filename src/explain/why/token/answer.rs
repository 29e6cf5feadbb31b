//! What the token endpoint answers (RFC 6749 §5).

use crate::explain::why::Rule;
use crate::explain::why::evidence::{Document, Evidence, body};
use crate::oauth::rules::OFFLINE_ACCESS;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::Owner;
use crate::trace::step::Step;

const AT: &[Step] = &[Step::Token];

pub const RULES: &[Rule] = &[
    Rule {
        name: "token-answer-form-encoded",
        at: &[Step::TokenRequest, Step::Token],
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenResponse,
        title: "The token response is not JSON",
        fix: "Return `application/json`, at least for `Accept: application/json`.",
        reason: "The response is form-encoded, as GitHub's is without an `Accept` header. RFC 6749 §5.1 requires JSON.",
        look: |it, step| {
            let (answer, head) = it.last(Step::TokenRequest).filter(|(_, head)| head.ok())?;
            let text = body(answer);
            let form =
                text.starts_with("access_token=") || text.contains("&access_token=") || text.starts_with("error=");
            let here = (step == Step::TokenRequest) == it.row(Step::Token)?.problem.is_none();
            (form && here).then(|| {
                format!("{} responded {} with a form, as {}.", answer.request.url, head.status, head.media_type())
            })
        },
    },
    Rule {
        name: "token-error-as-success",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenError,
        title: "An error was sent with status 200",
        fix: "Send errors of the token endpoint with 400, or with 401 for `invalid_client`.",
        reason: "The body is an OAuth error, but the status is a success.",
        look: |it, _| {
            let error = it.token.as_ref()?.text("error")?;
            Some(format!("The token endpoint responded 2xx with error {}.", crate::base::text::prefix(error, 100)))
        },
    },
    Rule {
        name: "token-answer-only-identity",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenResponse,
        title: "The token response has an ID token only",
        fix: "Issue an access token for {resource}.",
        reason: "An ID token identifies the user to the client. It is not an access token and must not be sent to servers.",
        look: |it, _| {
            let answer = it.token.as_ref()?;
            let only = answer.get("id_token").is_some() && answer.get("access_token").is_none();
            only.then(|| "The response has an id_token and no access_token.".to_owned())
        },
    },
    Rule {
        name: "token-type-missing",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::TokenResponse,
        title: "`token_type` is missing",
        fix: "Add `\"token_type\": \"Bearer\"` to the token response.",
        reason: "RFC 6749 §5.1 requires it. Flowglass assumes Bearer; other clients refuse the response.",
        look: |it, _| {
            let missing = issued(it)?.get("token_type").is_none();
            missing.then(|| "The response has no token_type.".to_owned())
        },
    },
    Rule {
        name: "token-cacheable",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::TokenCache,
        title: "The token response may be cached",
        fix: "Send `Cache-Control: no-store` with every token response.",
        reason: "Without it a cache on the way may store the token.",
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
        title: "Fewer scopes were granted than requested",
        fix: "Grant the missing scopes to the client and the user, or request less.",
        reason: "Calls that need the missing scopes will get 403. Likely cause: the user or the client may not have them.",
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
        title: "No refresh token was issued",
        fix: "Allow refresh tokens for this client, or add `prompt=consent` to the extra parameters.",
        reason: "`offline_access` was requested, and the response has no `refresh_token`. Likely cause: the client may not have one, or consent was not asked for.",
        look: |it, _| {
            let asked = it.parameter("scope")?.split_whitespace().any(|it| it == OFFLINE_ACCESS);
            (asked && issued(it)?.get("refresh_token").is_none())
                .then(|| "offline_access was asked for, and the response has no refresh_token.".to_owned())
        },
    },
    Rule {
        name: "token-life-no-number",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::TokenResponse,
        title: "`expires_in` is not a number",
        fix: "Send `expires_in` as a number of seconds, without quotes.",
        reason: "Stricter clients refuse the response.",
        look: |it, _| {
            let value = issued(it)?.get("expires_in").filter(|it| !it.is_number() && !it.is_null())?;
            Some(format!("expires_in is {}.", crate::base::text::prefix(&value.to_string(), 60)))
        },
    },
    Rule {
        name: "token-life-over",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::TokenResponse,
        title: "The token has expired when it is issued",
        fix: "Set `expires_in` to the seconds from now.",
        reason: "`expires_in` is not positive. Likely cause: a wrong clock, or another unit.",
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
