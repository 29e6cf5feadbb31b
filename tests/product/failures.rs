//! Every way in which an authorization can fail: one thing that is wrong, where it can be, and how it has to end.

mod authorize;
mod connect;
mod discover;
mod token;

use crate::case::{Asked, Case, Discovery, Way};
use crate::world::{Answer, json_answer};
use flowglass::base::revision::Revision;
use flowglass::http::{HttpError, Mode, Request};
use flowglass::settings::Draft;
use flowglass::trace::problem::{Code, Owner};
use serde_json::{Value, json};

pub struct Failure {
    pub name: &'static str,
    pub when: When,
    pub wrong: Wrong,
    pub code: Code,
    pub owner: Owner,
    /// Cells in which it ends otherwise, and why that is right.
    pub except: &'static [Except],
}

pub struct Except {
    pub when: When,
    pub code: Code,
    pub owner: Owner,
    pub why: &'static str,
}

/// What is wrong.
pub enum Wrong {
    /// What is asked there is answered so.
    Answer(Asked, fn(&Case, &Request) -> Answer),
    /// The browser comes back with this query.
    Back(&'static str),
    /// It comes back with nothing, and the user gives up.
    GaveUp,
    /// It comes back twice.
    BackTwice,
    /// Once it has given the token out, nothing answers at the MCP server's address any more.
    Gone,
    /// The user sets this.
    Set(fn(&mut Draft)),
}

/// Where a failure can be.
#[derive(Clone, Copy, PartialEq)]
pub enum When {
    Always,
    ResourceMetadata,
    IssuerMetadata,
    Resource,
    Registers,
    RegistersByMetadata,
    RegistersByGuess,
    ByHand,
    Document,
    Session,
    Handshake,
    Modern,
    Sse,
}

impl When {
    pub fn holds(self, case: &Case) -> bool {
        let (revision, named) = (case.revision, case.discovery == Discovery::Named);
        match self {
            Self::Always => true,
            Self::ResourceMetadata => named,
            Self::IssuerMetadata => case.discovery != Discovery::NoMetadata,
            Self::Resource => case.resource().is_some(),
            Self::Registers => case.way == Way::Dynamic,
            Self::RegistersByMetadata => case.way == Way::Dynamic && case.discovery != Discovery::NoMetadata,
            Self::RegistersByGuess => case.way == Way::Dynamic && case.discovery == Discovery::NoMetadata,
            Self::ByHand => !matches!(case.way, Way::Dynamic | Way::Document),
            Self::Document => case.way == Way::Document,
            Self::Session => (Revision::R2..=Revision::R4).contains(&revision),
            Self::Handshake => revision.has_handshake(),
            Self::Modern => !revision.has_handshake(),
            Self::Sse => revision == Revision::R1,
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Always => "everywhere",
            Self::ResourceMetadata => "only where there is resource metadata",
            Self::IssuerMetadata => "only where there is metadata of the authorization server",
            Self::Resource => "only where a resource is sent",
            Self::Registers => "only where the client registers itself",
            Self::RegistersByMetadata => "only where metadata says where the client registers itself",
            Self::RegistersByGuess => "only where the client registers itself at an address that nothing names",
            Self::ByHand => "only where the client id is given by hand",
            Self::Document => "only where the client id is a metadata document",
            Self::Session => "only in revisions with sessions",
            Self::Handshake => "only in revisions with a handshake",
            Self::Modern => "only in revisions without a handshake",
            Self::Sse => "only over HTTP+SSE",
        }
    }
}

/// All of them, in the order of the steps.
pub fn all() -> impl Iterator<Item = &'static Failure> {
    [discover::FAILURES, authorize::FAILURES, token::FAILURES, connect::FAILURES].into_iter().flatten()
}

impl Failure {
    const fn new(name: &'static str, when: When, code: Code, owner: Owner, wrong: Wrong) -> Self {
        Self { name, when, wrong, code, owner, except: &[] }
    }

    const fn except(self, except: &'static [Except]) -> Self {
        Self { except, ..self }
    }

    pub fn answer(&self, case: &Case, request: &Request) -> Option<Answer> {
        match self.wrong {
            Wrong::Answer(asked, answer) if case.asked(request) == asked => Some(answer(case, request)),
            // Whoever is asked with the token is asked for the handshake too.
            Wrong::Answer(Asked::Authorized, answer)
                if matches!(case.asked(request), Asked::Handshake | Asked::Stream) =>
            {
                Some(answer(case, request))
            }
            _ => None,
        }
    }

    /// How it has to end there.
    pub fn end(&self, case: &Case) -> (Code, Owner) {
        let except = self.except.iter().find(|it| it.when.holds(case));
        except.map_or((self.code, self.owner), |it| (it.code, it.owner))
    }
}

/// Something answers, and no page may read it.
fn unreadable(_: &Case, request: &Request) -> Answer {
    if request.mode == Mode::Opaque { json_answer(200, Value::Null) } else { Answer::Blocked }
}

fn unreachable(_: &Case, _: &Request) -> Answer {
    Answer::Blocked
}

fn timeout(_: &Case, _: &Request) -> Answer {
    Answer::Failed(HttpError::Timeout { after: 60_000 })
}

fn cut(_: &Case, _: &Request) -> Answer {
    Answer::Failed(HttpError::Cut { said: "network error".to_owned() })
}

/// The limit itself: tests/transport.rs.
fn too_large(_: &Case, _: &Request) -> Answer {
    Answer::Failed(HttpError::TooLarge { limit: 1 << 20 })
}

fn stopped_redirect(_: &Case, _: &Request) -> Answer {
    Answer::Failed(HttpError::Redirected)
}

fn elsewhere(_: &Case, _: &Request) -> Answer {
    Answer::Redirected("https://other.example/somewhere", json!({}))
}

fn not_found(_: &Case, _: &Request) -> Answer {
    json_answer(404, Value::Null)
}

fn broken(_: &Case, _: &Request) -> Answer {
    json_answer(502, Value::Null)
}

fn page(_: &Case, _: &Request) -> Answer {
    Answer::Text(200, "text/html", "<!doctype html><title>Example</title>")
}

fn error(error: &str) -> Answer {
    json_answer(400, json!({ "error": error }))
}

fn without(mut document: Value, member: &str) -> Answer {
    if let Some(members) = document.as_object_mut() {
        members.remove(member);
    }
    json_answer(200, document)
}

fn edited(mut document: Value, member: &str, value: Value) -> Answer {
    document[member] = value;
    json_answer(200, document)
}
