//! What the access token says of itself, where it is a JWT. Nothing is verified: a client need not read it, and only
//! the server's opinion counts.

use crate::explain::why::Rule;
use crate::explain::why::differ::{Difference, date, difference};
use crate::explain::why::evidence::{Document, Evidence, header};
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::Owner;
use crate::trace::step::Step;
use crate::trace::{Exchange, Millis};

const AT: &[Step] = &[Step::Token];
/// Seconds by which clocks may differ before it is said.
const SKEW: f64 = 60.0;

/// Whom it is for.
pub const AUDIENCE: &[Rule] = &[
    Rule {
        name: "token-audience-slash",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::McpAudience,
        title: "`aud` differs from the resource in its slash",
        fix: "Set `aud` to {resource}, as it was requested.",
        reason: "A server that compares strings refuses this token.",
        look: |it, _| {
            let (list, resource) = audience(it)?;
            let near = list.iter().any(|it| difference(it, resource) == Some(Difference::Slash));
            (near && !list.contains(&resource))
                .then(|| format!("aud is {}, and the resource {resource}.", list.join(", ")))
        },
    },
    Rule {
        name: "token-audience-other",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::McpAudience,
        title: "The token has the wrong audience",
        fix: "Issue the token for {resource}: support `resource` (RFC 8707), or set the audience of this client.",
        reason: "`aud` is not the requested resource. Likely cause: the authorization server ignores `resource`; some need the parameter `audience`.",
        look: |it, _| {
            let (list, resource) = audience(it)?;
            let near = list.iter().any(|it| *it == resource || difference(it, resource) == Some(Difference::Slash));
            (!near).then(|| format!("aud is {}, and the resource {resource}.", list.join(", ")))
        },
    },
    Rule {
        name: "token-without-audience",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::McpAudience,
        title: "The token has no audience",
        fix: "Set `aud` to {resource}.",
        reason: "A token without `aud` is valid at any server, and MCP servers must refuse tokens that were not issued for them.",
        look: |it, _| it.claims.as_ref()?.get("aud").is_none().then(|| "The token is a JWT without aud.".to_owned()),
    },
];

pub const RULES: &[Rule] = &[
    Rule {
        name: "token-issuer-other",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::JwtClaims,
        title: "The token has another issuer than the metadata",
        fix: "Issue tokens with `iss` = {issuer}, the `issuer` of the metadata (same version, same tenant).",
        reason: "A server that compares `iss` with the metadata refuses this token.",
        look: |it, _| {
            let (iss, issuer) = (it.claims.as_ref()?.text("iss")?, it.issuer.as_ref()?.text("issuer")?);
            (iss != issuer).then(|| format!("iss in the token is {iss}, and the metadata's issuer is {issuer}."))
        },
    },
    Rule {
        name: "token-expired-on-arrival",
        at: AT,
        verdict: Verdict::Fail,
        owner: Owner::Issuer,
        clause: Clause::JwtClaims,
        title: "The token has expired when it arrives",
        fix: "Synchronize the authorization server's clock (NTP), and issue a new token for each code.",
        reason: "By your clock `exp` is in the past. Either a clock is wrong, or the token was issued earlier.",
        look: |it, _| {
            let claims = it.claims.as_ref()?;
            let late = seconds(claims.from)? - claims.number("exp")?;
            (late > 0.0).then(|| format!("exp was {late:.0} s ago when the token came."))
        },
    },
    Rule {
        name: "token-from-the-future",
        at: AT,
        verdict: Verdict::Warn,
        owner: Owner::Issuer,
        clause: Clause::JwtClaims,
        title: "The authorization server's clock is ahead",
        fix: "Synchronize the clocks (NTP), and let servers allow 60 s of clock skew.",
        reason: "The token is not yet valid by your clock. A server with the same time refuses it at first.",
        look: |it, _| {
            let claims = it.claims.as_ref()?;
            let now = seconds(claims.from)?;
            let early = |name: &&str| claims.number(name).is_some_and(|it| it > now + SKEW);
            let name = ["nbf", "iat"].into_iter().find(early)?;
            Some(format!("{name} is {:.0} s ahead of this computer's clock.", claims.number(name)? - now))
        },
    },
    Rule {
        name: "clock-skew",
        at: &[
            Step::McpRequest,
            Step::ResourceMetadata,
            Step::ServerMetadata,
            Step::TokenRequest,
            Step::McpRequestWithToken,
        ],
        verdict: Verdict::Warn,
        owner: Owner::You,
        clause: Clause::HttpDate,
        title: "Your clock and the server's differ",
        fix: "Synchronize both clocks (NTP).",
        reason: "With clock skew, tokens seem to expire early or not to be valid yet.",
        look: |it, step| {
            let told = |(answer, head): (&Exchange, &crate::http::Head)| {
                let off = date(head.header("date")?)? - answer.head.as_ref()?.1;
                (off.abs() > 2.0 * SKEW * 1000.0)
                    .then(|| format!("{} says {:.0} s of difference in Date.", answer.request.url, off / 1000.0))
            };
            it.answers(step).find_map(told)
        },
    },
    Rule {
        name: "fresh-token-refused",
        at: &[Step::McpRequest, Step::McpRequestWithToken],
        verdict: Verdict::Fail,
        owner: Owner::Server,
        clause: Clause::McpAudience,
        title: "The MCP server refuses a new token",
        fix: "Log why the token is refused, and compare `aud`, `iss` and the signing keys with what the server expects.",
        reason: "The MCP server does not accept what its authorization server has just issued. Likely cause: another audience, issuer or key, or an introspection endpoint that it cannot reach.",
        look: |it, step| {
            let refused = |(answer, head): &(&Exchange, &crate::http::Head)| {
                head.status == 401 && header(answer, "authorization").is_some_and(|it| it.starts_with("Bearer "))
            };
            let (answer, _) = it.answers(step).find(refused)?;
            let (age, issued) = youngest(it, answer)?;
            if has_worked(it, issued.from, answer) || is_spoilt(it) {
                return None;
            }
            let claims = issued.claims();
            let says = |name: &str| Some(format!(" {name} in it is {}.", claims.as_ref()?.list(name)?.join(", ")));
            let told = [says("aud"), says("iss")].into_iter().flatten().collect::<String>();
            Some(format!("A token {:.0} s old got 401.{told}", age / 1000.0))
        },
    },
];

fn audience<'b>(evidence: &'b Evidence<'_>) -> Option<(Vec<&'b str>, &'b str)> {
    Some((evidence.claims.as_ref()?.list("aud")?, evidence.parameter("resource")?))
}

fn seconds(exchange: &Exchange) -> Option<f64> {
    Evidence::answered_at(exchange).map(|it| it / 1000.0)
}

/// Whether something was seen in the token that is reason enough to refuse it.
fn is_spoilt(evidence: &Evidence<'_>) -> bool {
    AUDIENCE.iter().chain(RULES).filter(|rule| rule.at == AT).any(|rule| (rule.look)(evidence, Step::Token).is_some())
}

/// Whether a request with a token was answered well since that token came: then it is not refused from the start.
fn has_worked(evidence: &Evidence<'_>, issued: &Exchange, refused: &Exchange) -> bool {
    let between = |it: &&Exchange| it.id > issued.id && it.id < refused.id && header(it, "authorization").is_some();
    evidence.trace.exchanges().filter(between).any(|it| it.head.as_ref().is_some_and(|(head, _)| head.ok()))
}

/// The last token that came before a request, if that was within a minute.
fn youngest<'a>(evidence: &Evidence<'a>, request: &Exchange) -> Option<(Millis, Document<'a>)> {
    let trades = [Some(Step::TokenRequest), Some(Step::Refresh)];
    let answers = evidence.trace.exchanges().filter(|it| trades.contains(&it.step));
    let tokens = answers.filter_map(Document::of).filter(|it| it.text("access_token").is_some());
    let aged = tokens.filter_map(|it| Some((request.sent - it.from.ended?, it)));
    aged.filter(|(age, _)| (0.0..SKEW * 1000.0).contains(age)).min_by(|a, b| a.0.total_cmp(&b.0))
}
