//! A run on a stage: a slide for each step of which something happened, and what a speaker may say to it.

use super::decisive::{self, Claims, Decisive};
use super::drawing::{self, Drawn, Mark, Said};
use super::told::Told;
use super::words::Party;
use super::{Hosts, StepRow, StepStatus, Walkthrough};
use crate::base::text::Reveal;
use crate::explain::card::Card;
use crate::explain::wire::words;
use crate::trace::Trace;
use crate::trace::step::Step;
use serde::{Deserialize, Serialize};

/// A run as it is presented.
#[derive(Clone, Default, PartialEq)]
pub struct Show {
    pub hosts: Hosts,
    pub slides: Vec<Slide>,
}

/// One step.
#[derive(Clone, PartialEq)]
pub struct Slide {
    pub step: Step,
    pub status: StepStatus,
    pub told: Told,
    pub strokes: Vec<Stroke>,
    pub decisive: Decisive,
    /// Of what it failed.
    pub card: Option<Card>,
}

/// What is drawn in the lanes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stroke {
    Arrow(Arrow),
    /// What a party does by itself.
    Own(Party, String),
    /// The time away from the page.
    Away(String),
    /// Why nothing was sent.
    Note(&'static str),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arrow {
    pub from: Party,
    pub to: Party,
    pub said: Said,
    /// The words for an arrow that is drawn in passing.
    pub short: String,
    pub outcome: Option<String>,
    pub kind: SlideKind,
    pub failed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlideKind {
    Request,
    Response,
    /// What no page can see.
    Inferred,
}

impl SlideKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Inferred => "inferred",
        }
    }
}

impl Show {
    /// `trace` is what may be shown: without its secrets where they are to be masked.
    pub fn of(trace: &Trace, reveal: Reveal, claims: Option<&Claims>) -> Self {
        let Some(attempt) = Walkthrough::of(trace) else { return Self::default() };
        let drawn = drawing::rows(Some(&attempt), trace);
        let happened = |row: &StepRow| !matches!(row.status, StepStatus::Pending | StepStatus::Skipped);
        let rows = attempt.rows.iter().zip(drawn).filter(|(row, _)| happened(row));
        let slides = rows.map(|(row, drawn)| Slide {
            step: row.step,
            status: row.status,
            told: attempt.told(row.step),
            strokes: strokes(drawn, trace),
            decisive: decisive::of(row.step, &attempt, trace, reveal, claims),
            card: row.shown_problem().map(|it| Card::of(trace, &it)),
        });
        Self { hosts: attempt.hosts(trace), slides: slides.collect() }
    }

    /// What the speaker reads at a slide.
    pub fn cue(&self, at: usize) -> Option<Cue> {
        let (slide, next) = (self.slides.get(at)?, self.slides.get(at + 1));
        let Told { what, why, without, hint } = slide.told;
        Some(Cue {
            title: slide.heading(),
            notes: [what, why, without, hint].map(str::to_owned).to_vec(),
            next: next.map(Slide::heading),
            at,
            count: self.slides.len(),
        })
    }
}

impl Slide {
    /// `9 Token request`.
    pub fn heading(&self) -> String {
        format!("{} {}", self.step.number(), self.step.title())
    }

    /// Which of the twelve steps it belongs to; `None` for what follows them.
    pub fn of_twelve(&self) -> Option<u8> {
        let number = self.step.number();
        number.trim_end_matches(['a', 'b', 'c']).parse().ok()
    }
}

/// What goes to the window with the speaker's notes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    pub title: String,
    pub notes: Vec<String>,
    /// The title of the next slide.
    pub next: Option<String>,
    pub at: usize,
    pub count: usize,
}

/// The channel between a presenter and the window with the speaker's notes.
pub const NOTES: &str = "flowglass.notes";

/// What goes over it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// A window with notes was opened.
    Hello,
    /// What is on the stage, and since when there is a presentation, in milliseconds since 1970.
    Cue { cue: Cue, began: f64 },
    /// So many slides on, or back.
    Turn(isize),
    /// The presentation is over.
    Over,
}

fn strokes(drawn: Drawn, trace: &Trace) -> Vec<Stroke> {
    let (step, failed) = (drawn.step, drawn.status == StepStatus::Failed);
    drawn.marks.into_iter().filter_map(|mark| stroke(step, failed, mark, trace)).collect()
}

fn stroke(step: Step, failed: bool, mark: Mark, trace: &Trace) -> Option<Stroke> {
    let arrow = |(from, to): (Party, Party), said: Said, kind: SlideKind, failed: bool| Arrow {
        short: short(step, &said),
        from,
        to,
        said,
        outcome: None,
        kind,
        failed,
    };
    Some(match mark {
        Mark::Exchange { id, failed } => {
            let drawn = drawing::arrow(step, id, trace)?;
            let outcome = drawn.outcome;
            Stroke::Arrow(Arrow { outcome, ..arrow(step.route(), drawn.said, SlideKind::Request, failed) })
        }
        Mark::Message(ends, said) => {
            let answers = step.is_response() || matches!(step, Step::Connected | Step::StepUp);
            Stroke::Arrow(arrow(ends, said, if answers { SlideKind::Response } else { SlideKind::Request }, failed))
        }
        Mark::Inferred(ends, said) => Stroke::Arrow(arrow(ends, said, SlideKind::Inferred, false)),
        Mark::Own(party) => Stroke::Own(party, "verifier → SHA-256 → challenge".to_owned()),
        Mark::Away(words) => Stroke::Away(words),
        Mark::Note(words) => Stroke::Note(words),
        Mark::Plan(..) => return None,
    })
}

/// What is left of an arrow's words when it is not the present one.
fn short(step: Step, said: &Said) -> String {
    let words = match step {
        Step::ResourceMetadata => "resource metadata",
        Step::ServerMetadata => "authorization server metadata",
        Step::Registration => "client registration",
        Step::AuthorizationUrl => "URL",
        Step::Code => "code",
        _ if said.detail.is_empty() => &said.what,
        _ => &said.detail,
    };
    words.to_owned()
}

impl Arrow {
    /// The first digit of the status, or `blocked`; `None` where nothing was received.
    pub fn class(&self) -> Option<&'static str> {
        self.outcome.as_deref().map(|it| words::class(Some(it)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::decisive::Piece;
    use super::*;
    use crate::base::text::{self, Text};
    use crate::http::{Head, Method, Request};
    use crate::trace::{Body, Event, RedactedTrace};

    const SERVER: &str = "https://mcp.example/mcp";

    fn made(step: Step, facts: &[(&str, Text)]) -> Event {
        Event::Made { step, facts: facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect() }
    }

    fn exchange(trace: &mut Trace, step: Step, request: Request, response: (u16, &[(&str, &str)], &str)) {
        let exchange = trace.next_exchange();
        let (status, headers, body) = response;
        trace.push(1.0, Event::Entered(step));
        trace.push(1.0, Event::Sent { exchange, step: Some(step), request });
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        trace.push(
            2.0,
            Event::Answered { exchange, head: Head { status, url: String::new(), redirected: false, headers } },
        );
        trace.push(3.0, Event::Body { exchange, body: Body::new(text::json(body)) });
        trace.push(3.0, Event::Ended { exchange });
    }

    /// `{"alg":"RS256"}` and `{"aud":"https://mcp.example/mcp","sub":"person"}`.
    const JWT: &str =
        "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL21jcC5leGFtcGxlL21jcCIsInN1YiI6InBlcnNvbiJ9.c2lnbmF0dXJl";

    fn run() -> Trace {
        let mut trace = Trace::default();
        trace.push(0.0, Event::Began { server: SERVER.to_owned(), first: None });
        let challenge = [("www-authenticate", r#"Bearer resource_metadata="https://mcp.example/.well-known/x""#)];
        exchange(&mut trace, Step::McpRequest, Request::new(Method::Post, SERVER), (401, &challenge, ""));
        trace.push(4.0, Event::Entered(Step::Unauthorized));
        trace.push(5.0, Event::Entered(Step::Pkce));
        let pkce = [("code_verifier", Text::secret("geheimer-verifier")), ("code_challenge", Text::plain("hash"))];
        trace.push(5.0, made(Step::Pkce, &pkce));
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", "c0de-of-the-login"),
            ("code_verifier", "geheimer-verifier"),
        ];
        let form = text::form(&fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let token = Request::new(Method::Post, "https://login.example/token").body(form);
        let body = format!(r#"{{"access_token":"{JWT}","token_type":"Bearer","expires_in":3600}}"#);
        exchange(&mut trace, Step::TokenRequest, token, (200, &[], &body));
        trace.push(6.0, Event::Entered(Step::Token));
        trace
    }

    fn line(slide: &Slide) -> String {
        slide.decisive.line.iter().map(|it: &Piece| it.text.as_str()).collect()
    }

    fn show(trace: &Trace, reveal: Reveal) -> Show {
        let attempt = Walkthrough::of(trace).expect("began");
        let claims = Claims::of(&attempt, trace);
        match reveal {
            Reveal::Shown => Show::of(trace, reveal, claims.as_ref()),
            Reveal::Masked => Show::of(RedactedTrace::of_attempt(trace).trace(), reveal, claims.as_ref()),
        }
    }

    fn slide(show: &Show, step: Step) -> &Slide {
        show.slides.iter().find(|it| it.step == step).expect("a slide")
    }

    #[test]
    fn the_decisive_lines_are_made_of_the_values_of_the_run() {
        let show = show(&run(), Reveal::Shown);
        assert_eq!(line(slide(&show, Step::Unauthorized)), "401  WWW-Authenticate: Bearer");
        let named = &slide(&show, Step::Unauthorized).decisive.values;
        assert_eq!(named.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["resource_metadata"]);
        assert_eq!(line(slide(&show, Step::Pkce)), "code_challenge = BASE64URL(SHA-256(code_verifier))");
        let pkce = &slide(&show, Step::Pkce).decisive.values;
        assert!(pkce.iter().any(|it| it.value == "geheimer-verifier") && pkce.iter().any(|it| it.value == "hash"));
        assert_eq!(line(slide(&show, Step::Token)), "header.payload.signature");
    }

    #[test]
    fn no_secret_is_on_the_stage_unless_it_is_shown() {
        let show = show(&run(), Reveal::Masked);
        let all: String = show.slides.iter().map(|it| format!("{:?}{:?}", it.decisive, it.strokes)).collect();
        for secret in ["geheimer-verifier", "c0de-of-the-login", "c2lnbmF0dXJl", "eyJhdWQ"] {
            assert!(!all.contains(secret), "{secret}");
        }
        assert!(line(slide(&show, Step::TokenRequest)).starts_with("code_challenge = "));
    }

    #[test]
    fn a_token_is_taken_apart_by_what_it_says_of_its_server_and_never_of_its_user() {
        let values = &slide(&show(&run(), Reveal::Masked), Step::Token).decisive.values.clone();
        let named: Vec<(&str, &str)> = values.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect();
        assert!(named.contains(&("header.alg", "RS256")) && named.contains(&("payload.aud", SERVER)), "{named:?}");
        assert!(!named.iter().any(|(_, value)| value.contains("person")), "{named:?}");
    }

    #[test]
    fn a_trace_without_its_token_shows_what_came_with_it() {
        let redacted = RedactedTrace::of_attempt(&run());
        let attempt = Walkthrough::of(redacted.trace()).expect("began");
        assert!(Claims::of(&attempt, redacted.trace()).is_none());
        let show = Show::of(redacted.trace(), Reveal::Masked, None);
        assert!(line(slide(&show, Step::Token)).starts_with("access_token = "));
        assert!(slide(&show, Step::Token).decisive.values.iter().any(|it| it.value == "3600"));
    }

    #[test]
    fn a_speaker_reads_what_a_step_is_for_and_what_comes_next() {
        let show = show(&run(), Reveal::Masked);
        let cue = show.cue(0).expect("a slide");
        assert_eq!((cue.title.as_str(), cue.next.as_deref()), ("1 Request without token", Some("2 401 challenge")));
        assert_eq!(show.cue(show.slides.len() - 1).and_then(|it| it.next), None);
        assert!(show.cue(show.slides.len()).is_none());
        let numbers: Vec<Option<u8>> = show.slides.iter().map(Slide::of_twelve).collect();
        assert_eq!(numbers, [1, 2, 3, 9, 10].map(Some));
    }
}
