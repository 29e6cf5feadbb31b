//! Streams that stay open, and streams that break: HTTP+SSE, what the server says by itself, subscriptions, and
//! taking up an answer that broke off.

use super::alarms::Alarm;
use super::exchanges::{Answer, Purpose, Running};
use super::{Inspector, State};
use crate::checks::{Check, Clause};
use crate::http::Head;
use crate::mcp::connection::{Connection, Transport};
use crate::mcp::error::Error;
use crate::mcp::model::Kind;
use crate::mcp::reader::Reader;
use crate::oauth::flow::Moment;
use crate::problem::Problem;
use crate::step::Step;
use crate::trace::{Event, ExchangeId};
use serde_json::{Map, Value, json};

/// How often in a row a stream is opened again without a word from the server.
const TRIES: u32 = 5;
/// The pause before that, in milliseconds, where the server asks for none.
const PAUSE: u32 = 1_000;
/// The longest pause that a server may ask for.
const LONGEST: u64 = 60_000;

impl Inspector {
    /// HTTP+SSE: opens the stream that says where messages go, and brings all answers.
    pub(super) fn open_channel(&mut self, moment: &Moment, before: Option<Problem>) {
        let State::Connecting(connection) = &mut self.state else { return };
        connection.transport = Transport::Sse { post: None };
        let request = connection.stream(None);
        let step = connection.first_step();
        let exchange = self.send(moment, Some(step), Purpose::Channel(before.map(Box::new)), request);
        self.wake_after(self.limit(), Alarm::Overdue(exchange));
    }

    /// HTTP+SSE: the address for messages. It may be relative, and must be of the same origin (C-01, C-03).
    pub(super) fn endpoint(&mut self, moment: &Moment, exchange: ExchangeId, given: &str) {
        let channel = matches!(self.running.get(&exchange).map(|it| &it.purpose), Some(Purpose::Channel(_)));
        let State::Connecting(connection) = &mut self.state else { return };
        if !channel || connection.posts_elsewhere() {
            return;
        }
        let found = connection.server.resolve(given.trim());
        let Some(post) = found.filter(|it| it.origin() == connection.server.origin()) else {
            let error = Error::ForeignEndpoint { server: connection.server.href(), endpoint: given.to_owned() };
            return self.stop(moment, error.problem());
        };
        let (step, words) =
            (connection.first_step(), format!("The stream says that messages are posted to {}", post.href()));
        connection.transport = Transport::Sse { post: Some(post) };
        self.note(moment, Event::Checked(Check::pass(step, Clause::McpSse, words)));
        self.initialize(moment);
    }

    /// A stream that was to stay open is over, or did not come about.
    pub(super) fn stream_over(&mut self, moment: &Moment, exchange: ExchangeId, head: Option<&Head>, words: &str) {
        let Some(running) = self.running.get(&exchange) else { return };
        match running.purpose.clone() {
            Purpose::Channel(before) => self.channel_over(moment, exchange, head, words, before),
            Purpose::Stream if head.is_some_and(|it| !it.ok() || it.media_type() != "text/event-stream") => {}
            Purpose::Listen(_) if head.is_some_and(|it| !it.ok()) => {
                let words = "subscriptions/listen was refused, so the server announces no changes.";
                self.violation(moment, exchange, Clause::McpSubscriptions, words);
            }
            Purpose::Stream | Purpose::Listen(_) => self.reopen_later(exchange),
            _ => {}
        }
    }

    fn channel_over(
        &mut self,
        moment: &Moment,
        exchange: ExchangeId,
        head: Option<&Head>,
        words: &str,
        before: Option<Box<Problem>>,
    ) {
        let opened = self.connection().is_some_and(Connection::posts_elsewhere);
        let Some(running) = self.running.get(&exchange) else { return };
        let (url, streamed) = (running.request.url.clone(), matches!(running.reader, Reader::Stream(_)));
        let seen = match head.filter(|_| !streamed) {
            Some(head) => format!("GET {url} was answered with {} and {}", head.status, media(head)),
            None => format!("GET {url}: {words}"),
        };
        let problem = match before {
            // Both ways were tried and nothing streams here: what the first one said is the better lead.
            Some(mut problem) if !streamed => {
                problem.seen.push_str(&format!(" Then the older HTTP+SSE was tried: {seen}."));
                *problem
            }
            _ if opened => Error::StreamLost { detail: seen }.problem(),
            _ => Error::NoEndpoint { detail: seen }.problem(),
        };
        self.running.remove(&exchange);
        self.attempt_failed(moment, problem);
    }

    /// Opens what the revision has for things that the server says by itself. Its failure is no failure of the connection.
    pub(super) fn open_streams(&mut self, moment: &Moment) {
        let State::Connected(connection) = &self.state else { return };
        let (revision, transport) = (connection.revision(), connection.transport.clone());
        if revision.has_streams() && transport == Transport::Streamable {
            let request = connection.stream(None);
            self.send(moment, None, Purpose::Stream, request);
        } else if !revision.has_handshake() {
            self.listen(moment);
        }
    }

    /// `subscriptions/listen` for what the server offers to tell, and the resources that were subscribed to.
    pub(super) fn listen(&mut self, moment: &Moment) {
        let State::Connected(connection) = &mut self.state else { return };
        let wanted = wanted(connection, &self.subscriptions);
        let old = self.running.iter().find(|(_, it)| matches!(it.purpose, Purpose::Listen(_))).map(|(id, _)| *id);
        if !wanted.is_empty() {
            let (id, request) = connection.listen(&Value::Object(wanted));
            self.send(moment, None, Purpose::Listen(id), request);
        }
        // The old one goes after the new one is on its way, so that little is missed between.
        if let Some(old) = old {
            self.abort(moment, old);
        }
    }

    /// The server ended the subscription with an answer.
    pub(super) fn listen_over(&mut self, moment: &Moment, exchange: ExchangeId, answer: Answer) {
        if let Err(error) = answer {
            let words = format!("subscriptions/listen was answered with an error: {error}");
            self.violation(moment, exchange, Clause::McpSubscriptions, &words);
        }
    }

    fn reopen_later(&mut self, exchange: ExchangeId) {
        let Some(running) = self.running.get(&exchange).filter(|it| !it.answered) else { return };
        if !matches!(self.state, State::Connected(_)) || running.tries >= TRIES {
            return;
        }
        let (last_event, tries) = (running.last_event.clone(), running.tries + 1);
        self.wake_after(running.pause(), Alarm::Reopen { last_event, tries });
    }

    /// Opens it again. After a subscription nothing is repeated, so the lists are loaded anew (B-45).
    pub(super) fn reopen(&mut self, moment: &Moment, last_event: Option<String>, tries: u32) {
        let State::Connected(connection) = &self.state else { return };
        let exchange = match connection.revision().has_handshake() {
            true => {
                let request = connection.stream(last_event.as_deref());
                Some(self.send(moment, None, Purpose::Stream, request))
            }
            false => {
                self.listen(moment);
                self.load_all(moment);
                self.running.last_key().copied()
            }
        };
        if let Some(running) = exchange.and_then(|it| self.running.get_mut(&it)) {
            (running.last_event, running.tries) = (last_event, tries);
        }
    }

    /// An answer broke off behind an event with an id: the rest can be asked for (2025-03-26 to 2025-11-25, B-16 to B-18).
    pub(super) fn resume_later(&mut self, moment: &Moment, exchange: ExchangeId) -> bool {
        let resumes = matches!(&self.state, State::Connected(it) if it.revision().has_streams());
        let Some(running) = self.running.get(&exchange) else { return false };
        let known = running.last_event.is_some() && running.purpose.id().is_some() && !running.answered;
        if !resumes || !known || running.tries >= TRIES {
            return false;
        }
        let pause = running.pause();
        let words = format!("The stream ended before the answer; it is taken up again after {pause} ms");
        self.note(moment, Event::Noted { step: Step::Connected, words });
        if let Some(running) = self.running.remove(&exchange) {
            self.wake_after(pause, Alarm::Resume(Box::new(running)));
        }
        true
    }

    /// GET with `Last-Event-ID`: what is awaited is the same as before.
    pub(super) fn take_up(&mut self, moment: &Moment, broken: Running) {
        let State::Connected(connection) = &self.state else { return };
        let request = connection.stream(broken.last_event.as_deref());
        let target = match &broken.purpose {
            Purpose::Ask(target, _) => Some(target.clone()),
            _ => None,
        };
        let exchange = self.send(moment, None, broken.purpose, request);
        if let Some(running) = self.running.get_mut(&exchange) {
            (running.last_event, running.tries) = (broken.last_event, broken.tries + 1);
        }
        if let Some(outcome) = target.and_then(|it| self.outcomes.get_mut(&it)) {
            outcome.exchange = Some(exchange);
        }
    }

    /// All lists that the server offers, from their first pages.
    pub(super) fn load_all(&mut self, moment: &Moment) {
        let Some(info) = self.connection().and_then(|it| it.info.clone()) else { return };
        for kind in Kind::ALL.into_iter().filter(|kind| info.offers(*kind)) {
            self.load(moment, kind);
        }
    }
}

/// What of a server's offers is listened to (B-40, B-46).
fn wanted(connection: &Connection, resources: &[String]) -> Map<String, Value> {
    let mut wanted = Map::new();
    let Some(info) = &connection.info else { return wanted };
    for (capability, name) in
        [("tools", "toolsListChanged"), ("prompts", "promptsListChanged"), ("resources", "resourcesListChanged")]
    {
        if info.has(capability, "listChanged") {
            wanted.insert(name.to_owned(), json!(true));
        }
    }
    if !resources.is_empty() {
        wanted.insert("resourceSubscriptions".to_owned(), json!(resources));
    }
    wanted
}

fn media(head: &Head) -> String {
    Some(head.media_type()).filter(|it| !it.is_empty()).unwrap_or_else(|| "no content-type".to_owned())
}

impl Running {
    /// How long to wait before the stream is opened again, in milliseconds: what the server asks for (B-17), else
    /// longer each time.
    fn pause(&self) -> u32 {
        let asked = match &self.reader {
            Reader::Stream(decoder) => decoder.retry(),
            Reader::Whole(_) => None,
        };
        let asked = asked.and_then(|it| u32::try_from(it.min(LONGEST)).ok());
        asked.unwrap_or(PAUSE << self.tries.min(TRIES))
    }
}

impl Connection {
    /// HTTP+SSE: the server has said where messages go.
    pub(super) const fn posts_elsewhere(&self) -> bool {
        matches!(self.transport, Transport::Sse { post: Some(_) })
    }
}
