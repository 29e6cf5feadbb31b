//! Verdicts by the output of a command: of what a page cannot see. The output is the user's, and may be anything.

use super::line::{Finding, Line, Verdict};
use super::{Audit, Item, Verdicts, repairs};
use crate::base::text::fact;
use crate::explain::pasted::{self, Response};
use crate::http::Request;
use crate::http::curl::{self, Shell};
use std::collections::BTreeMap;

/// What was pasted, by the ids of the lines.
pub type Outputs = BTreeMap<&'static str, String>;

/// A response of the output.
pub struct Output<'a> {
    pub response: &'a Response,
}

/// What came of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing was pasted.
    Nothing,
    NoResponse,
    Judged(Finding),
}

impl Output<'_> {
    /// A response that says nothing of the line.
    pub fn shows_nothing(&self) -> Finding {
        let status = self.response.status;
        Finding::not_tested(match (status, self.response.all("location").first()) {
            (300..400, Some(to)) => {
                format!("The response is a redirect to {}. Repeat the command with that URL.", fact(to))
            }
            _ => format!("The response has status {status}, which shows nothing of this."),
        })
    }
}

/// The request as a command on one line, with the response headers shown. No value in it is read by a shell.
pub fn command(request: &Request) -> String {
    let text = curl::command(request, Shell::Bash).masked();
    text.replacen("curl -sS", "curl -si", 1).replace(" \\\n  ", " ")
}

/// Of several responses the last one counts: before it are those of proxies, and redirects that were followed.
pub fn read(line: &Line, output: &str) -> Reading {
    if output.trim().is_empty() {
        return Reading::Nothing;
    }
    let responses = pasted::responses(output);
    let judged = responses.last().and_then(|response| Some(line.output?(&Output { response })));
    judged.map_or(Reading::NoResponse, Reading::Judged)
}

impl Line {
    /// Whether a command shows it, of which the output is judged.
    pub const fn has_command(&self) -> bool {
        self.output.is_some()
    }
}

impl Audit {
    /// The same with verdicts by what was pasted. They count as all others do, and say where they are from.
    #[must_use]
    pub fn with(&self, outputs: &Outputs) -> Self {
        let items: Vec<Item> = self.items.iter().map(|it| it.with(outputs)).collect();
        let verdicts = Verdicts::of(&items, self.is_open, self.verdicts.is_logged_in);
        let repairs = repairs(&items);
        Self { items, repairs, verdicts, ..self.clone() }
    }
}

impl Item {
    /// Whether there is a command, and a place for its output.
    pub fn has_command(&self) -> bool {
        self.verdict == Verdict::Unseen && self.line.has_command() && !self.seen.is_empty()
    }

    /// It as the output says.
    #[must_use]
    pub fn with(&self, outputs: &Outputs) -> Self {
        let output = outputs.get(self.line.id).filter(|_| self.has_command());
        match output.map(|it| read(self.line, it)) {
            Some(Reading::Judged(Finding { verdict, seen, .. })) => {
                Self { verdict, seen, is_pasted: true, ..self.clone() }
            }
            _ => self.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::audit::fixture::{Asked, Site};
    use crate::explain::audit::{json, markdown};
    use serde_json::json;

    /// The verdict of a line once that was pasted, and what is said of it.
    fn judged(id: &'static str, output: &str) -> (Verdict, String) {
        let site = Site::right().edit(Asked::Request, |it| it.headers.retain(|(name, _)| name != "www-authenticate"));
        let audit = site.audit().with(&Outputs::from([(id, output.to_owned())]));
        let item = audit.items.into_iter().find(|it| it.line.id == id).expect("the line");
        (item.verdict, item.seen)
    }

    fn verdict(id: &'static str, output: &str) -> Verdict {
        judged(id, output).0
    }

    #[test]
    fn caches_vary_by_origin_or_every_origin_is_allowed() {
        let of = |headers: &str| verdict("S-10", &format!("HTTP/2 204\n{headers}\n\n"));
        assert_eq!(of("access-control-allow-origin: *\naccess-control-max-age: 600"), Verdict::Pass);
        let echoed = "Access-Control-Allow-Origin: http://localhost:3000\nAccess-Control-Max-Age: 600";
        assert_eq!(of(echoed), Verdict::Warn);
        assert_eq!(of(&format!("{echoed}\nVary: Accept, Origin")), Verdict::Pass);
        assert_eq!(of("access-control-allow-origin: *"), Verdict::Warn);
        assert_eq!(of("allow: POST"), Verdict::NotTested);
        assert_eq!(verdict("S-10", "HTTP/1.1 401 Unauthorized\n\n"), Verdict::NotTested);
    }

    #[test]
    fn the_challenge_is_there_or_is_not() {
        let passed = judged("S-12", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"x\"\r\n\r\n");
        assert_eq!(passed, (Verdict::Pass, "Bearer realm=\"x\"".to_owned()));
        let failed = judged("S-12", "HTTP/1.1 401 Unauthorized\r\n\r\n");
        assert_eq!(failed, (Verdict::Fail, "The 401 has no `WWW-Authenticate`.".to_owned()));
        assert_eq!(verdict("S-12", "HTTP/1.1 400 Bad Request\n\n"), Verdict::NotTested);
    }

    #[test]
    fn a_forged_host_is_in_no_metadata() {
        let named = "HTTP/2 200\ncontent-type: application/json\n\n{\"resource\":\"https://evil.example/mcp\"}";
        assert_eq!(verdict("S-54", named), Verdict::Warn);
        assert_eq!(verdict("S-54", "HTTP/2 200\n\n{\"resource\":\"https://mcp.example.com/mcp\"}"), Verdict::Pass);
        assert_eq!(verdict("S-54", "HTTP/2 302\nlocation: https://evil.example/x\n\n"), Verdict::Warn);
        assert_eq!(verdict("S-54", "HTTP/2 421\n\n"), Verdict::NotTested);
    }

    #[test]
    fn a_login_page_forbids_frames() {
        let of = |headers: &str| verdict("S-74", &format!("HTTP/2 200\n{headers}\n\n<html>"));
        assert_eq!(of("x-frame-options: DENY"), Verdict::Pass);
        assert_eq!(of("Content-Security-Policy: default-src 'self'; frame-ancestors 'none'"), Verdict::Pass);
        assert_eq!(of("content-security-policy: frame-ancestors *"), Verdict::Fail);
        assert_eq!(of("x-frame-options: ALLOWALL"), Verdict::Fail);
        assert_eq!(of("server: x"), Verdict::Fail);
        assert_eq!(verdict("S-74", "HTTP/1.1 400 Bad Request\n\n"), Verdict::NotTested);
        let (verdict, seen) = judged("S-74", "HTTP/1.1 302 Found\nLocation: /login\n\n");
        assert!(verdict == Verdict::NotTested && seen.contains("/login"), "{seen}");
    }

    #[test]
    fn what_is_no_response_changes_nothing() {
        for output in ["", " \n", "curl: (7) Failed to connect", "x-frame-options: DENY"] {
            assert_eq!(verdict("S-74", output), Verdict::Unseen, "{output}");
        }
        let before = verdict("S-11", "");
        assert_eq!(verdict("S-11", "HTTP/2 500\n\n"), before, "a line that a page can see");
    }

    #[test]
    fn pasted_verdicts_count_and_say_where_they_are_from() {
        let before = Site::right().audit();
        let failed = Outputs::from([("S-74", "HTTP/2 200\n\n".to_owned())]);
        let after = before.with(&failed);
        assert_eq!((before.verdicts.safe, after.verdicts.safe), (Verdict::Pass, Verdict::Fail));
        assert_eq!(after.verdicts.safe_unseen + 1, before.verdicts.safe_unseen);
        assert!(after.repairs.iter().any(|it| it.items.iter().any(|it| it.line.id == "S-74")));
        assert!(markdown::write(&after).contains("absent. (from pasted output)"));
        assert_eq!(json::write(&after).matches("\"pasted\": true").count(), 1);
        assert!(!json::write(&before).contains("pasted"));
    }

    #[test]
    fn no_url_of_a_document_ends_the_quotes_of_a_command() {
        let evil = json!("https://login.example.com/a';id;'");
        let audit = Site::right().both("authorization_endpoint", &evil).audit();
        let item = audit.items.iter().find(|it| it.line.id == "S-74").expect("the line");
        assert!(item.seen.contains(r"a'\'';id"), "{}", item.seen);
    }
}
