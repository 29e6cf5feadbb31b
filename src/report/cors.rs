//! Which lines of CORS are proven, which are likely missing, and which nothing was asked about.

use super::Line;
use crate::checks::{Clause, Verdict};
use crate::cors::Fix;
use crate::http::Request;
use crate::problem::Owner;
use crate::step::Step;
use crate::trace::Exchange;
use crate::why::evidence::{Evidence, Probes, is_blocked};

pub fn lines(it: &Evidence<'_>) -> Vec<Line> {
    let asked = asked(it);
    if asked.iter().all(|it| it.ended.is_none()) {
        return Vec::new();
    }
    if is_own(it) {
        return vec![Line::fact("The server is on this page's own origin: CORS has no part in it")];
    }
    let mut lines = of_server(it, &asked);
    lines.extend(documents(it));
    lines
}

/// The lines that the server has to send, where one of them is missing, or likely so.
pub fn fix(it: &Evidence<'_>) -> Option<Fix> {
    let asked = asked(it);
    let wrong = |it: &Line| matches!(it.verdict, Some(Verdict::Warn | Verdict::Fail));
    let request = &asked.iter().find(|it| is_blocked(it)).or(asked.first())?.request;
    let missing = !is_own(it) && of_server(it, &asked).iter().any(wrong);
    missing.then(|| Fix::new(it.page.unwrap_or_default(), Owner::Server, request))
}

fn asked<'a>(it: &Evidence<'a>) -> Vec<&'a Exchange> {
    [Step::McpRequest, Step::Connected].into_iter().flat_map(|step| it.all(step)).collect()
}

fn is_own(it: &Evidence<'_>) -> bool {
    it.server.as_ref().is_some_and(|server| it.page == Some(server.origin().as_str()))
}

fn of_server(it: &Evidence<'_>, asked: &[&Exchange]) -> Vec<Line> {
    let mut lines = vec![origin(it, asked), methods()];
    lines.extend(headers(it, asked));
    lines.extend(exposed(it));
    lines
}

fn probes<'a>(it: &Evidence<'a>) -> Option<Probes<'a>> {
    [Step::McpRequest, Step::Connected].into_iter().find_map(|step| it.probes(step))
}

const fn readable(exchange: &Exchange) -> bool {
    matches!(&exchange.head, Some((head, _)) if head.status != 0)
}

fn judged(verdict: Verdict, words: impl Into<String>) -> Line {
    Line::judged(verdict, Clause::Cors, words)
}

fn origin(it: &Evidence<'_>, asked: &[&Exchange]) -> Line {
    const NAME: &str = "Access-Control-Allow-Origin";
    let read = asked.iter().any(|it| readable(it));
    let blocked = asked.iter().any(|it| is_blocked(it));
    let alive = probes(it).is_some_and(|it| it.alive);
    match (read, blocked, alive) {
        (true, false, _) => judged(Verdict::Pass, format!("{NAME}: proven, every answer could be read")),
        (true, true, _) => judged(
            Verdict::Warn,
            format!("{NAME}: on some answers; others were blocked, for this line or for the next"),
        ),
        (false, _, true) => judged(
            Verdict::Fail,
            format!("{NAME}: missing wherever it was tried, and likely on every answer; perhaps on errors alone"),
        ),
        _ => Line::fact(format!("{NAME}: not known, nothing answered")),
    }
}

fn methods() -> Line {
    Line::fact("Access-Control-Allow-Methods: GET and POST need no entry; DELETE, which ends a session, was not tried")
}

/// The request headers of MCP: allowed, refused, likely refused, not tried.
fn headers(it: &Evidence<'_>, asked: &[&Exchange]) -> Vec<Line> {
    let sent = |wanted: fn(&Exchange) -> bool| {
        let mut names: Vec<String> =
            asked.iter().filter(|it| wanted(it)).flat_map(|it| it.request.preflighted()).collect();
        names.sort();
        names.dedup();
        names
    };
    let allowed = sent(readable);
    let refused = probes(it).map(|it| it.refused).unwrap_or_default();
    let blocked: Vec<String> =
        sent(is_blocked).into_iter().filter(|it| !allowed.contains(it) && !refused.contains(it)).collect();
    // Where nothing could be read at all, it tells nothing of a header that this was not read either.
    let (doubtful, unknown) = match asked.iter().any(|it| readable(it)) {
        true => (blocked, Vec::new()),
        false => (Vec::new(), blocked),
    };
    let all = Fix::new("", Owner::Server, &Request::get("")).allow;
    let known = |name: &String| [&allowed, &refused, &doubtful, &unknown].iter().any(|it| it.contains(name));
    let untried: Vec<String> = all.into_iter().filter(|it| !known(it)).collect();
    let line = |verdict, what: &str, names: &[String]| {
        let words = format!("Access-Control-Allow-Headers: {what} {}", names.join(", "));
        (!names.is_empty()).then(|| match verdict {
            Some(verdict) => judged(verdict, words),
            None => Line::fact(words),
        })
    };
    let lines = [
        line(Some(Verdict::Pass), "proven for", &allowed),
        line(Some(Verdict::Fail), "refused for", &refused),
        line(Some(Verdict::Warn), "likely missing", &doubtful),
        line(None, "not known, nothing could be read, for", &unknown),
        line(None, "not tried with", &untried),
    ];
    lines.into_iter().flatten().collect()
}

fn exposed(it: &Evidence<'_>) -> Vec<Line> {
    const NAME: &str = "Access-Control-Expose-Headers";
    let (warn, pass) = (
        |words: &str| Line::judged(Verdict::Warn, Clause::Exposed, format!("{NAME}: {words}")),
        |words: &str| Line::judged(Verdict::Pass, Clause::Exposed, format!("{NAME}: {words}")),
    );
    let challenge = it.with_status(Step::McpRequest, 401).map(|(_, head)| match head.header("www-authenticate") {
        Some(_) => pass("WWW-Authenticate is exposed"),
        None => warn("WWW-Authenticate is likely missing; the 401 showed none"),
    });
    let mut answers = it.answers(Step::McpRequest).filter(|(_, head)| head.ok()).peekable();
    let session =
        answers.peek().is_some().then(|| match answers.any(|(_, head)| head.header("mcp-session-id").is_some()) {
            true => pass("Mcp-Session-Id is exposed"),
            false => {
                Line::fact(format!("{NAME}: no Mcp-Session-Id was seen; the server has no sessions, or hides them"))
            }
        });
    challenge.into_iter().chain(session).collect()
}

/// The documents, and the endpoints at which nothing was tried.
fn documents(it: &Evidence<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    for (step, what) in
        [(Step::ResourceMetadata, "Resource metadata"), (Step::ServerMetadata, "Authorization server metadata")]
    {
        let blocked = it.exchanges(step).filter(|it| is_blocked(it)).count();
        if it.exchanges(step).any(readable) && blocked == 0 {
            lines.push(judged(Verdict::Pass, format!("{what}: can be read")));
        } else if blocked > 0 {
            lines.push(judged(Verdict::Warn, format!("{what}: {blocked} of its addresses could not be read")));
        }
    }
    if it.issuer.is_some() {
        lines.push(Line::fact("Registration and token endpoint: not tried, a request there would have effects"));
    }
    lines
}
