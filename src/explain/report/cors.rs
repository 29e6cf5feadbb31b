//! Which lines of CORS are proven, which are likely missing, and which nothing was asked about.

use super::Line;
use crate::explain::why::evidence::{Evidence, Probes, is_blocked};
use crate::http::Request;
use crate::trace::Exchange;
use crate::trace::check::{Clause, Verdict};
use crate::trace::fix::Fix;
use crate::trace::problem::Owner;
use crate::trace::step::Step;

pub fn lines(it: &Evidence<'_>) -> Vec<Line> {
    let asked = asked(it);
    if asked.iter().all(|it| it.ended.is_none()) {
        return Vec::new();
    }
    if is_own(it) {
        return vec![Line::fact("The server is on the origin of Flowglass, so CORS does not apply")];
    }
    if is_relayed(&asked) {
        return vec![Line::fact("A relay of the host was used, so the CORS headers of the server were not tried")];
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
    let missing = !is_own(it) && !is_relayed(&asked) && of_server(it, &asked).iter().any(wrong);
    missing.then(|| Fix::new(it.page.unwrap_or_default(), Owner::Server, request))
}

fn asked<'a>(it: &Evidence<'a>) -> Vec<&'a Exchange> {
    [Step::McpRequest, Step::Connected].into_iter().flat_map(|step| it.all(step)).collect()
}

fn is_own(it: &Evidence<'_>) -> bool {
    it.server.as_ref().is_some_and(|server| it.page == Some(server.origin().as_str()))
}

/// What a browser would see without the relay is not known.
fn is_relayed(asked: &[&Exchange]) -> bool {
    asked.iter().any(|it| it.request.via.is_some())
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
    let alive = probes(it).is_some_and(|it| it.alive == Some(true));
    match (read, blocked, alive) {
        (true, false, _) => judged(Verdict::Pass, format!("{NAME}: present, every response could be read")),
        (true, true, _) => judged(
            Verdict::Warn,
            format!("{NAME}: present on some responses; others were blocked, by this header or the next"),
        ),
        (false, _, true) => judged(
            Verdict::Fail,
            format!("{NAME}: missing on every response that was tried; perhaps missing on errors only"),
        ),
        _ => Line::fact(format!("{NAME}: unknown, no response")),
    }
}

fn methods() -> Line {
    Line::fact("Access-Control-Allow-Methods: not needed for GET and POST; DELETE, which ends a session, was not tried")
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
        line(Some(Verdict::Pass), "allows", &allowed),
        line(Some(Verdict::Fail), "does not allow", &refused),
        line(Some(Verdict::Warn), "likely lacks", &doubtful),
        line(None, "unknown, no response could be read, for", &unknown),
        line(None, "not tried for", &untried),
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
        Some(_) => pass("contains WWW-Authenticate"),
        None => warn("likely lacks WWW-Authenticate; none was visible on the 401"),
    });
    let mut answers = it.answers(Step::McpRequest).filter(|(_, head)| head.ok()).peekable();
    let session =
        answers.peek().is_some().then(|| match answers.any(|(_, head)| head.header("mcp-session-id").is_some()) {
            true => pass("contains Mcp-Session-Id"),
            false => Line::fact(format!(
                "{NAME}: no Mcp-Session-Id was visible; the server has no sessions or does not expose them"
            )),
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
            lines.push(judged(Verdict::Pass, format!("{what}: readable")));
        } else if blocked > 0 {
            lines.push(judged(Verdict::Warn, format!("{what}: {blocked} of its URLs could not be read")));
        }
    }
    if it.issuer.is_some() {
        lines.push(Line::fact("Registration and token endpoint: not tried, because a request would have side effects"));
    }
    lines
}
