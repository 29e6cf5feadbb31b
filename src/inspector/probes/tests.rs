use super::*;
use crate::trace::problem::{Code, Leads};

fn shown(problem: Problem) -> Shown {
    match problem.cause {
        Cause::Blocked(it) => it.shown,
        other => panic!("{other:?}"),
    }
}

/// Where a redirect leads, and whether a page could see that.
fn leads(problem: Problem) -> (Leads, bool) {
    match shown(problem) {
        Shown::Redirect(it) => (it.leads, it.target.is_some()),
        other => panic!("{other:?}"),
    }
}

fn blocked() -> Request {
    Request::new(Method::Post, "https://mcp.example/mcp")
        .header("content-type", Text::plain("application/json"))
        .header("mcp-protocol-version", Text::plain("2025-11-25"))
}

fn run(blocked: Request, answers: impl Fn(&Request) -> bool) -> (Problem, Vec<Request>) {
    let head = |url: &str| Head { status: 200, url: url.to_owned(), redirected: false, headers: Vec::new() };
    let hidden = || HttpError::Blocked { said: String::new() };
    probed(blocked, |it| if answers(it) { Ok(head(&it.url)) } else { Err(hidden()) })
}

fn probed(blocked: Request, answer: impl Fn(&Request) -> Result<Head, HttpError>) -> (Problem, Vec<Request>) {
    let (mut it, mut request) =
        Investigation::begin(blocked, "Failed to fetch".to_owned(), Owner::Server, None, "http://localhost:3000");
    let mut asked = Vec::new();
    loop {
        let outcome = answer(&request);
        asked.push(request);
        match it.heard(&outcome) {
            Next::Ask(next, probe) => (it, request) = (*next, probe),
            Next::Conclude(problem) => return (problem, asked),
        }
    }
}

#[test]
fn nothing_answers_is_not_cors() {
    let (problem, asked) = run(blocked(), |_| false);
    assert_eq!((problem.code, asked.len()), (Code::Unreachable, 2));
}

#[test]
fn a_url_of_the_same_host_and_port_that_responds_is_advised() {
    let post = |url| Request::new(Method::Post, url).header("content-type", Text::plain("application/json"));
    let (problem, asked) = run(post("https://localhost:3001/mcp"), |it| it.url.starts_with("http://localhost:"));
    assert_eq!((problem.code, problem.owner), (Code::Unreachable, Owner::You));
    assert_eq!(shown(problem), Shown::Elsewhere { url: "http://localhost:3001/mcp".to_owned() });
    assert!(asked.iter().all(|it| it.url.contains("://localhost:3001/")));
    let (problem, _) = run(post("http://127.0.0.1:3001/mcp"), |it| it.url.starts_with("http://localhost:"));
    assert_eq!(shown(problem), Shown::Elsewhere { url: "http://localhost:3001/mcp".to_owned() });
}

/// A server that redirects, with CORS headers: what follows gets what is at the end, what does not an opaque redirect.
fn redirecting(end: impl Fn(&Request) -> Result<Head, HttpError>) -> Problem {
    let answer = |it: &Request| match (it.redirect, it.mode) {
        (Redirect::Stop, _) if it.url == blocked().url => Err(HttpError::Redirected),
        _ => end(it),
    };
    probed(blocked(), answer).0
}

fn at(url: &str, redirected: bool) -> Head {
    Head { status: 405, url: url.to_owned(), redirected, headers: Vec::new() }
}

#[test]
fn a_redirect_is_told_from_missing_cors() {
    let hidden = || Err(HttpError::Blocked { said: String::new() });
    let to = |url: &'static str| redirecting(move |_| Ok(at(url, true)));
    let slash = to("https://mcp.example/mcp/");
    assert_eq!((slash.code, slash.owner), (Code::Redirected, Owner::You));
    assert_eq!(leads(slash), (Leads::To("https://mcp.example/mcp/".to_owned()), true));
    assert_eq!(leads(to("https://sso.example/login")), (Leads::Login, true));
    // The end of it has no CORS headers, and the URL with the slash can be read.
    let likely = redirecting(|it| match (it.mode, it.url.ends_with("/mcp/")) {
        (Mode::Opaque, _) | (_, true) => Ok(at(&it.url, false)),
        _ => hidden(),
    });
    assert_eq!(leads(likely), (Leads::To("https://mcp.example/mcp/".to_owned()), false));
    let unknown = redirecting(|it| if it.mode == Mode::Opaque { Ok(at(&it.url, false)) } else { hidden() });
    assert_eq!(leads(unknown), (Leads::Login, false));
}

#[test]
fn a_redirect_loop_is_named() {
    let hidden = || Err(HttpError::Blocked { said: String::new() });
    assert_eq!(redirecting(|_| hidden()).code, Code::RedirectLoop);
    // Only a POST is redirected.
    let (problem, _) = probed(blocked(), |it| match (it.method, it.redirect) {
        (Method::Get, _) => Ok(at(&it.url, false)),
        (_, Redirect::Stop) => Err(HttpError::Redirected),
        _ => hidden(),
    });
    assert_eq!(problem.code, Code::RedirectLoop);
}

#[test]
fn the_one_header_that_is_not_allowed_is_named() {
    let (problem, asked) = run(blocked(), |it| !it.preflighted().contains(&"mcp-protocol-version".to_owned()));
    assert_eq!(problem.code, Code::CorsBlocked);
    assert!(matches!(shown(problem), Shown::Cors(it) if it.refused == ["mcp-protocol-version"] && it.some_allowed));
    assert_eq!(asked.len(), 5);
}

#[test]
fn a_server_without_cors_is_asked_no_more_than_needed() {
    let (problem, asked) = run(blocked(), |it| it.mode == Mode::Opaque);
    // All that came may have been errors: what was not seen is likely.
    assert!(matches!(shown(problem), Shown::Cors(it) if it.get == Some(false) && it.refused.is_empty()));
    assert_eq!(asked.len(), 4);
}

/// Under `Cross-Origin-Embedder-Policy: require-corp`: what is opaque is withheld, and all else as `answers` says.
fn embedded(responded: bool, answers: impl Fn(&Request) -> bool) -> Problem {
    let hidden = || HttpError::Blocked { said: String::new() };
    let answer = |it: &Request| match it.mode {
        Mode::Opaque => Err(HttpError::Withheld { responded }),
        Mode::Readable if answers(it) => Ok(at(&it.url, false)),
        Mode::Readable => Err(hidden()),
    };
    probed(blocked(), answer).0
}

#[test]
fn a_probe_that_the_page_s_host_blocks_is_no_proof_that_nothing_responds() {
    let unknown = embedded(false, |_| false);
    assert_eq!((unknown.code, unknown.owner), (Code::Unreachable, Owner::Network));
    assert_eq!(shown(unknown), Shown::NotKnown);
    assert_eq!(embedded(true, |_| false).code, Code::CorsBlocked);
}

#[test]
fn a_readable_get_proves_a_response_whatever_the_page_s_host_blocks() {
    let problem = embedded(false, |it| !it.preflighted().contains(&"mcp-protocol-version".to_owned()));
    assert_eq!(problem.code, Code::CorsBlocked);
    assert!(matches!(shown(problem), Shown::Cors(it) if it.refused == ["mcp-protocol-version"]));
}

#[test]
fn a_withheld_response_says_nothing_of_the_end_of_redirects() {
    let (problem, _) = probed(blocked(), |it| match (it.mode, it.method, it.redirect) {
        (Mode::Opaque, ..) => Err(HttpError::Withheld { responded: true }),
        (_, Method::Post, Redirect::Stop) => Err(HttpError::Redirected),
        _ => Ok(at(&it.url, false)),
    });
    assert_eq!(problem.code, Code::Redirected);
}

#[test]
fn an_unreadable_simple_get_needs_two_probes() {
    let (problem, asked) = run(Request::get("https://as.example/x"), |it| it.mode == Mode::Opaque);
    assert_eq!((problem.code, asked.len()), (Code::CorsBlocked, 2));
}

#[test]
fn no_probe_carries_a_secret() {
    let request = blocked().header("authorization", Text::credentials("Bearer", "geheim"));
    let (_, asked) = run(request, |_| true);
    assert!(asked.iter().all(|it| it.headers.iter().all(|(_, value)| !value.expose().contains("geheim"))));
}
