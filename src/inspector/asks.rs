//! What a person asks of a connected server: its lists, and the use of its items.

use super::exchanges::{Answer, Purpose};
use super::{Inspector, State};
use crate::jsonrpc::RpcError;
use crate::mcp::connection::{Ask, Connection, Target};
use crate::mcp::error::Error;
use crate::mcp::model::{self, BadItem, Item, Kind};
use crate::oauth::flow::Moment;
use crate::problem::{Code, Owner, Problem};
use crate::step::Step;
use crate::trace::{Event, ExchangeId, Millis};
use std::sync::Arc;

/// JSON-RPC 2.0 §5.1.
const METHOD_NOT_FOUND: i64 = -32601;

/// How many pages of a list are read before it is called endless.
const PAGES: usize = 1000;

/// A list as far as it has come.
#[derive(Clone, PartialEq)]
pub struct Listing {
    pub items: Arc<Vec<Arc<Item>>>,
    /// Items that could not be read, shown with the reason.
    pub bad: Arc<Vec<BadItem>>,
    pub state: ListState,
    cursors: Vec<String>,
}

#[derive(Clone, PartialEq)]
pub enum ListState {
    Loading,
    Ready,
    Failed(Box<Problem>),
}

/// How the use of an item stands. The names are those of `data-status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Pending,
    Ok,
    ToolError,
    RpcError,
    HttpError,
    Cancelled,
    Refused,
}

impl Status {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ok => "ok",
            Self::ToolError => "tool-error",
            Self::RpcError => "rpc-error",
            Self::HttpError => "http-error",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
        }
    }
}

/// The newest use of an item, and what came of it.
#[derive(Clone, PartialEq)]
pub struct Outcome {
    pub ask: Ask,
    pub status: Status,
    pub began: Millis,
    pub ended: Option<Millis>,
    /// The raw result, or the raw `data` of an error.
    pub result: Option<Arc<str>>,
    pub error: Option<RpcError>,
    pub problem: Option<Box<Problem>>,
    pub exchange: Option<ExchangeId>,
    /// A lost session was renewed for it once.
    renewed: bool,
}

impl Outcome {
    /// A use that waits for a connection.
    pub(super) const fn pending(ask: Ask, began: Millis) -> Self {
        let (status, ended) = (Status::Pending, None);
        Self { ask, status, began, ended, result: None, error: None, problem: None, exchange: None, renewed: false }
    }
}

impl Inspector {
    /// Loads a list from its first page.
    pub(super) fn load(&mut self, moment: &Moment, kind: Kind) {
        let empty =
            Listing { items: Arc::default(), bad: Arc::default(), state: ListState::Loading, cursors: Vec::new() };
        self.lists.insert(kind, empty);
        self.load_page(moment, kind, None);
    }

    fn load_page(&mut self, moment: &Moment, kind: Kind, cursor: Option<&str>) {
        let State::Connected(connection) = &mut self.state else { return };
        let (id, request) = connection.list(kind, cursor);
        self.send(moment, Some(Step::Connected), Purpose::List(kind, id), request);
    }

    pub(super) fn list_answered(&mut self, moment: &Moment, kind: Kind, answer: Answer) {
        let result = match answer {
            Ok(result) => result,
            // Many servers with resources know no templates, and say so by not knowing the method.
            Err(error) if kind == Kind::Templates && error.code == METHOD_NOT_FOUND => {
                r#"{"resourceTemplates":[]}"#.into()
            }
            Err(error) => {
                let method = kind.list().0.to_owned();
                return self.list_failed(moment, kind, Error::Rpc { method, error }.problem());
            }
        };
        let (Some(page), Some(list)) = (model::page(kind, &result), self.lists.get_mut(&kind)) else {
            return self.list_failed(moment, kind, no_list(kind));
        };
        self.in_a_row = 0;
        Arc::make_mut(&mut list.items).extend(page.items);
        Arc::make_mut(&mut list.bad).extend(page.bad);
        match page.next {
            // A cursor that came before, or no end: what there is, is shown.
            Some(next) if !list.cursors.contains(&next) && list.cursors.len() < PAGES => {
                list.cursors.push(next.clone());
                self.load_page(moment, kind, Some(&next));
            }
            _ => list.state = ListState::Ready,
        }
    }

    pub(super) fn list_failed(&mut self, moment: &Moment, kind: Kind, problem: Problem) {
        if let Some(list) = self.lists.get_mut(&kind) {
            list.state = ListState::Failed(Box::new(problem.clone()));
        }
        self.report(moment, problem);
    }

    /// Uses an item. One use of it at a time: a second press while it is pending is the same use.
    pub(super) fn ask(&mut self, moment: &Moment, ask: Ask) {
        let target = ask.target.clone();
        let pending =
            self.outcomes.get(&target).is_some_and(|it| it.status == Status::Pending && it.exchange.is_some());
        let State::Connected(connection) = &mut self.state else { return };
        if pending {
            return;
        }
        let before = self.outcomes.get(&target);
        let (began, renewed) =
            before.filter(|it| it.status == Status::Pending).map_or((moment.now, false), |it| (it.began, it.renewed));
        let Some((id, request)) = connection.ask(&ask) else { return };
        self.send(moment, None, Purpose::Ask(target.clone(), id), request);
        let exchange = self.running.last_key().copied();
        let outcome = Outcome { exchange, renewed, ..Outcome::pending(ask, began) };
        self.outcomes.insert(target, outcome);
    }

    pub(super) fn ask_answered(&mut self, moment: &Moment, target: &Target, exchange: ExchangeId, answer: Answer) {
        self.in_a_row = 0;
        let (status, result, error) = match answer {
            Ok(result) if target.kind == Kind::Tools && model::is_error(&result) => {
                (Status::ToolError, Some(result), None)
            }
            Ok(result) => (Status::Ok, Some(result), None),
            Err(error) => (Status::RpcError, error.data.clone(), Some(error)),
        };
        self.settle(moment, target, status, |it| {
            it.result = result;
            it.error = error;
            it.exchange = Some(exchange);
        });
    }

    /// No answer to a use: shown with the item, and the connection stays. A lost session is renewed once.
    pub(super) fn ask_failed(&mut self, moment: &Moment, exchange: ExchangeId, target: &Target, error: &Error) {
        let lost = matches!(error, Error::Status { head, had_session: true, .. } if head.status == 404);
        let known = self.outcomes.get_mut(target).filter(|it| lost && !it.renewed);
        if let Some(outcome) = known {
            outcome.renewed = true;
            outcome.exchange = None;
            self.interrupted = Some(outcome.ask.clone());
            self.running.remove(&exchange);
            let server = self.settings.as_ref().map(|it| it.server.href()).unwrap_or_default();
            self.note(moment, Event::Began { server, first: Some(exchange) });
            return self.initialize(moment);
        }
        let problem = Box::new(error.problem());
        self.settle(moment, target, Status::HttpError, |it| it.problem = Some(problem));
    }

    /// Cancelling: the server is told, nothing more is waited for, a late answer is ignored.
    pub(super) fn cancel(&mut self, moment: &Moment, target: &Target) {
        let asked = |purpose: &Purpose| matches!(purpose, Purpose::Ask(it, _) if it == target);
        let running = self.running.iter().find(|(_, it)| asked(&it.purpose));
        let running = running.map(|(exchange, it)| (*exchange, it.purpose.id().cloned()));
        let Some((exchange, id)) = running else { return };
        let notice = self.connection().zip(id).map(|(connection, id): (&Connection, _)| connection.cancelled(&id));
        if let Some(request) = notice {
            self.send(moment, None, Purpose::Aside, request);
        }
        self.abort(moment, exchange);
        self.settle(moment, target, Status::Cancelled, |_| ());
    }

    /// The attempt that was to bring an answer ended: what was asked ends with it.
    pub(super) fn settle_interrupted(&mut self, moment: &Moment, problem: &Problem) {
        self.interrupted = None;
        let pending: Vec<Target> = self
            .outcomes
            .iter()
            .filter(|(_, it)| it.status == Status::Pending)
            .map(|(target, _)| target.clone())
            .collect();
        for target in pending {
            let problem = Box::new(problem.clone());
            self.settle(moment, &target, Status::Refused, |it| it.problem = Some(problem));
        }
    }

    fn settle(&mut self, moment: &Moment, target: &Target, status: Status, edit: impl FnOnce(&mut Outcome)) {
        if let Some(outcome) = self.outcomes.get_mut(target) {
            outcome.status = status;
            outcome.ended = Some(moment.now);
            edit(outcome);
        }
    }
}

fn no_list(kind: Kind) -> Problem {
    let (method, member) = kind.list();
    Problem::new(Code::NotMcp, Owner::Server, format!("The answer to {method} has no list"))
        .seen(format!("The result has no \"{member}\" that is a list."))
        .cause("The result does not have the shape that the specification gives.")
        .advice(format!("Answer {method} with an object that has \"{member}\"."))
}
