//! Streams that stay open, and streams that break: HTTP+SSE, what the server says by itself, subscriptions, and
//! taking up an answer that broke off.

use super::alarms::Alarm;
use super::attempt::Attempt;
use super::bounds::PAUSE;
use super::connected::Connected;
use super::context::Context;
use super::exchanges::{Answer, Purpose, Running};
use super::negotiating::Negotiating;
use crate::base::text::fact;
use crate::http::Head;
use crate::mcp::connection::{Connection, Transport};
use crate::mcp::error::Error;
use crate::mcp::reader::Reader;
use crate::trace::check::Check;
use crate::trace::note::Note;
use crate::trace::problem::{Cause, Problem};
use crate::trace::rule::connection::ConnectionRule;
use crate::trace::step::Step;
use crate::trace::violation::Breach;
use crate::trace::{Event, ExchangeId};
use serde_json::{Map, Value, json};

/// How often in a row a stream is opened again without a word from the server.
const TRIES: u32 = 5;
/// The member of a subscription that names tasks (2026-07-28, tasks extension).
pub(super) const TASK_IDS: &str = "taskIds";
/// The longest pause that a server may ask for.
const LONGEST: u64 = 60_000;

impl Negotiating {
    /// HTTP+SSE: opens the stream that says where messages go, and brings all answers.
    pub fn open_channel(mut self, cx: &mut Context<'_>, before: Option<Problem>) -> Attempt {
        self.connection.transport = Transport::Sse { post: None };
        let request = self.connection.stream(None);
        self.order(cx, Purpose::Channel(before.map(Box::new)), request)
    }

    /// HTTP+SSE: the address for messages. It may be relative, and must be of the same origin (C-01, C-03).
    pub fn endpoint(mut self, cx: &mut Context<'_>, exchange: ExchangeId, given: &str) -> Attempt {
        let channel = matches!(cx.network.running.get(&exchange).map(|it| &it.purpose), Some(Purpose::Channel(_)));
        let connection = &mut self.connection;
        if !channel || connection.posts_elsewhere() {
            return self.into();
        }
        let found = connection.server.resolve(given.trim());
        let Some(post) = found.filter(|it| it.origin() == connection.server.origin()) else {
            let error = Error::ForeignEndpoint { server: connection.server.href(), endpoint: given.to_owned() };
            return Attempt::from(self).stop(cx, error.problem());
        };
        let (step, rule) = (connection.first_step(), ConnectionRule::MessagesPostedTo { url: fact(&post.href()) });
        connection.transport = Transport::Sse { post: Some(post) };
        cx.note(Event::Checked(Check::pass(step, rule)));
        self.initialize(cx)
    }

    /// The stream that was to bring all answers is over, or did not come about.
    pub fn channel_over(self, cx: &mut Context<'_>, exchange: ExchangeId, head: Option<&Head>, words: &str) -> Attempt {
        match channel_problem(cx, &self.connection, exchange, head, words) {
            Some(problem) => self.attempt_failed(cx, problem),
            None => self.into(),
        }
    }
}

impl Connected {
    /// A stream that was to stay open is over, or did not come about.
    pub fn stream_over(
        mut self,
        cx: &mut Context<'_>,
        exchange: ExchangeId,
        head: Option<&Head>,
        words: &str,
    ) -> Attempt {
        let Some(running) = cx.network.running.get(&exchange) else { return self.into() };
        match running.purpose {
            Purpose::Channel(_) => {
                if let Some(problem) = channel_problem(cx, &self.connection, exchange, head, words) {
                    return Attempt::from(self).stop(cx, problem);
                }
            }
            Purpose::Stream if head.is_some_and(|it| !it.ok() || it.media_type() != "text/event-stream") => {}
            Purpose::Listen(_) if head.is_some_and(|it| !it.ok()) => {
                if !self.listens_less(cx, exchange) {
                    cx.violation(exchange, Breach::ListenRefused);
                }
            }
            Purpose::Stream | Purpose::Listen(_) => self.reopen_later(cx, exchange),
            _ => {}
        }
        self.into()
    }

    /// Opens what the revision has for things that the server says by itself. Its failure is no failure of the connection.
    pub fn open_streams(&mut self, cx: &mut Context<'_>) {
        let connection = &mut self.connection;
        let (revision, transport) = (connection.revision(), connection.transport.clone());
        if revision.has_streams() && transport == Transport::Streamable {
            let request = connection.stream(None);
            cx.send(None, Purpose::Stream, request);
        } else if !revision.has_handshake() {
            self.listen(cx);
        }
    }

    /// `subscriptions/listen` for what the server offers to tell, and the resources that were subscribed to.
    pub fn listen(&mut self, cx: &mut Context<'_>) {
        let connection = &mut self.connection;
        let resources: Vec<&str> = self.work.subscriptions.uris().collect();
        let mut wanted = wanted(connection, &resources);
        if connection.info.as_ref().is_some_and(|it| it.has_tasks()) && !self.work.tasks_unheard {
            let tasks = cx.memory.tasks.polled(&cx.visit.server());
            if !tasks.is_empty() {
                wanted.insert(TASK_IDS.to_owned(), json!(tasks));
            }
        }
        let old = cx.network.running.iter().find(|(_, it)| matches!(it.purpose, Purpose::Listen(_))).map(|(id, _)| *id);
        if !wanted.is_empty() {
            let (id, request) = connection.listen(&Value::Object(wanted));
            cx.send(None, Purpose::Listen(id), request);
        }
        // The old one goes after the new one is on its way, so that little is missed between.
        if let Some(old) = old {
            cx.abort(old);
        }
    }

    /// The server ended the subscription with an answer.
    pub fn listen_over(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, answer: Answer) {
        if let Err(error) = answer
            && !self.listens_less(cx, exchange)
        {
            let (code, message) = (error.code, fact(&error.message));
            cx.violation(exchange, Breach::ListenFailed { code, message });
        }
    }

    /// Servers may tell of tasks or not (tasks extension, "Task Status Notifications"): where one refuses a subscription with
    /// tasks, it gets another without.
    fn listens_less(&mut self, cx: &mut Context<'_>, exchange: ExchangeId) -> bool {
        let body = cx.network.running.get(&exchange).and_then(|it| it.request.body.as_ref()).map(|it| it.expose());
        let with_tasks = body.is_some_and(|it| it.contains(TASK_IDS)) && !self.work.tasks_unheard;
        if with_tasks {
            self.work.tasks_unheard = true;
            self.listen(cx);
        }
        with_tasks
    }

    fn reopen_later(&mut self, cx: &mut Context<'_>, exchange: ExchangeId) {
        let Some(running) = cx.network.running.get(&exchange).filter(|it| !it.answered) else { return };
        if running.tries >= TRIES {
            let note = Note::StreamGivenUp { times: TRIES + 1 };
            return cx.note(Event::Noted { step: Step::Connected, note });
        }
        let (last_event, tries) = (running.last_event.clone(), running.tries + 1);
        let (asked, usual) = running.pauses();
        let pause = cx.pause_of(asked, usual);
        cx.note_pause(asked, pause);
        cx.network.wake_after(pause, Alarm::Reopen { last_event, tries });
    }

    /// Opens it again. After a subscription nothing is repeated, so the lists are loaded anew (B-45).
    pub fn reopen(&mut self, cx: &mut Context<'_>, last_event: Option<String>, tries: u32) {
        let connection = &mut self.connection;
        let exchange = match connection.revision().has_handshake() {
            true => {
                let request = connection.stream(last_event.as_deref());
                Some(cx.send(None, Purpose::Stream, request))
            }
            false => {
                self.listen(cx);
                self.load_all(cx);
                cx.network.running.last_key_value().map(|(id, _)| *id)
            }
        };
        if let Some(running) = exchange.and_then(|it| cx.network.running.get_mut(&it)) {
            (running.last_event, running.tries) = (last_event, tries);
        }
    }

    /// GET with `Last-Event-ID`: what is awaited is the same as before.
    pub fn take_up(&mut self, cx: &mut Context<'_>, broken: Running) {
        let connection = &mut self.connection;
        let request = connection.stream(broken.last_event.as_deref());
        let target = match &broken.purpose {
            Purpose::Ask(target, _) => Some(target.clone()),
            _ => None,
        };
        let exchange = cx.send(None, broken.purpose, request);
        if let Some(running) = cx.network.running.get_mut(&exchange) {
            (running.last_event, running.tries) = (broken.last_event, broken.tries + 1);
        }
        if let Some(outcome) = target.and_then(|it| self.work.outcomes.get_mut(&it)) {
            outcome.exchange = Some(exchange);
        }
    }
}

impl Context<'_> {
    /// Says that the server's `retry` was not honoured.
    fn note_pause(&mut self, asked: Option<u32>, pause: u32) {
        if let Some(asked) = asked.filter(|it| *it < pause) {
            let note = Note::StreamPauseLonger { asked, pause };
            self.note(Event::Noted { step: Step::Connected, note });
        }
    }

    /// An answer broke off behind an event with an id: the rest can be asked for (2025-03-26 to 2025-11-25, B-16 to B-18).
    pub fn resume_later(&mut self, exchange: ExchangeId) -> bool {
        let Some(running) = self.network.running.get(&exchange) else { return false };
        let known = running.last_event.is_some() && running.purpose.id().is_some() && !running.answered;
        if !known || running.tries >= TRIES {
            return false;
        }
        let (asked, usual) = running.pauses();
        let pause = self.pause_of(asked, usual);
        self.note(Event::Noted { step: Step::Connected, note: Note::StreamResumed { pause } });
        if let Some(running) = self.network.running.remove(&exchange) {
            self.network.wake_after(pause, Alarm::Resume(Box::new(running)));
        }
        true
    }
}

/// What is said of the end of the stream of HTTP+SSE.
fn channel_problem(
    cx: &mut Context<'_>,
    connection: &Connection,
    exchange: ExchangeId,
    head: Option<&Head>,
    words: &str,
) -> Option<Problem> {
    let running = cx.network.running.get(&exchange)?;
    let Purpose::Channel(before) = running.purpose.clone() else { return None };
    let (url, streamed) = (running.request.url.clone(), matches!(running.reader, Reader::Stream(_)));
    let seen = match head.filter(|_| !streamed) {
        Some(head) => format!("GET {url} returned {} and {}", head.status, media(head)),
        None => format!("GET {url}: {words}"),
    };
    let problem = match before {
        // Both ways were tried and nothing streams here: what the first one said is the better lead.
        Some(problem) if !streamed => {
            Problem { cause: Cause::BothTransports { first: Box::new(problem.cause), detail: seen }, ..*problem }
        }
        _ if connection.posts_elsewhere() => Error::StreamLost { detail: seen }.problem(),
        _ => Error::NoEndpoint { detail: seen }.problem(),
    };
    cx.network.running.remove(&exchange);
    Some(problem)
}

/// What of a server's offers is listened to (B-40, B-46).
fn wanted(connection: &Connection, resources: &[&str]) -> Map<String, Value> {
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
    /// How long to wait before the stream is opened again, in milliseconds: what the server asks for, where it does,
    /// and what is usual, longer each time.
    fn pauses(&self) -> (Option<u32>, u32) {
        let asked = match &self.reader {
            Reader::Stream(decoder) => decoder.retry(),
            Reader::Whole(_) => None,
        };
        let asked = asked.and_then(|it| u32::try_from(it.min(LONGEST)).ok());
        (asked, PAUSE << self.tries.min(TRIES))
    }
}

impl Connection {
    /// HTTP+SSE: the server has said where messages go.
    pub(super) const fn posts_elsewhere(&self) -> bool {
        matches!(self.transport, Transport::Sse { post: Some(_) })
    }
}
