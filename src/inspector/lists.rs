//! The lists of a connected server: loading them page by page, and judging what comes.

use super::attempt::Attempt;
use super::changes::{ListChange, Snapshot};
use super::connected::Connected;
use super::context::Context;
use super::exchanges::{Answer, Purpose};
use crate::base::text::fact;
use crate::mcp::era::METHOD_NOT_FOUND;
use crate::mcp::error::Error;
use crate::mcp::mirror;
use crate::mcp::model::{self, BadItem, Cache, Item, ItemKind, Page};
use crate::trace::problem::Problem;
use crate::trace::step::Step;
use crate::trace::violation::Breach;
use crate::trace::{ExchangeId, Millis};
use std::sync::Arc;

/// How many pages of a list are read before it is called endless.
pub const PAGES: usize = 1000;
/// Authorizations that lie further apart are not in a row, in milliseconds.
const ROW_OF_AUTHORIZATIONS: f64 = 60_000.0;

/// A list as far as it has come.
#[derive(Clone, PartialEq)]
pub struct Listing {
    pub items: Arc<Vec<Arc<Item>>>,
    /// Items that could not be read, shown with the reason.
    pub bad: Arc<Vec<BadItem>>,
    pub state: ListState,
    /// How long a client that keeps answers might use this one.
    pub cache: Option<Cache>,
    /// Until when, where it may: of its pages, the one that ends first counts.
    pub fresh_until: Option<Millis>,
    cursors: Vec<String>,
    /// It changed while it was being loaded.
    stale: bool,
    /// The list before the server said that it changed, until the new one is whole.
    before: Option<Snapshot>,
    /// The server said that it changed before it was whole for the first time.
    announced: bool,
}

impl Listing {
    /// How many pages it came in so far.
    pub fn pages(&self) -> usize {
        self.cursors.len() + 1
    }

    /// One more page, with what it says of being kept. A page that says nothing is not to be kept.
    fn fresh(&mut self, now: Millis, cache: Option<Cache>) {
        let until = cache.filter(|it| it.fresh > 0).map(|it| now + it.fresh as f64);
        let first = self.cursors.is_empty();
        if first || until.unwrap_or_default() < self.fresh_until.unwrap_or_default() {
            (self.cache, self.fresh_until) = (cache, until);
        }
    }

    /// The server says that the list changed: the next one is compared with this one.
    pub(super) fn announce(&mut self) {
        match self.state {
            ListState::Loading if self.before.is_none() => self.announced = true,
            _ => self.remember(),
        }
    }

    fn remember(&mut self) {
        let now = self.snapshot();
        self.before.get_or_insert(now);
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { items: Arc::clone(&self.items), bad: Arc::clone(&self.bad) }
    }
}

#[derive(Clone, PartialEq)]
pub enum ListState {
    Loading,
    Ready,
    Failed(Box<Problem>),
}

impl Connected {
    /// Loads a list from its first page. What was there stays until the first answer is.
    pub fn load(&mut self, cx: &mut Context<'_>, kind: ItemKind) {
        if let Some(list) = self.work.lists.get_mut(&kind).filter(|it| it.state == ListState::Loading) {
            list.stale = true;
            return;
        }
        let old = self.work.lists.remove(&kind);
        let Snapshot { items, bad } = old.as_ref().map(Listing::snapshot).unwrap_or_default();
        let (state, cursors, before) = (ListState::Loading, Vec::new(), old.and_then(|it| it.before));
        let (cache, fresh_until) = (None, None);
        let list = Listing { items, bad, state, cache, fresh_until, cursors, stale: false, before, announced: false };
        self.work.lists.insert(kind, list);
        self.load_page(cx, kind, None);
    }

    fn load_page(&mut self, cx: &mut Context<'_>, kind: ItemKind, cursor: Option<&str>) {
        let (id, request) = self.connection.list(kind, cursor);
        cx.send(Some(Step::Connected), Purpose::List(kind, id), request);
    }

    pub fn list_answered(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, kind: ItemKind, answer: Answer) {
        let result = match answer {
            Ok(result) => result,
            // Many servers with resources know no templates, and say so by not knowing the method.
            Err(error) if kind == ItemKind::Templates && error.code == METHOD_NOT_FOUND => {
                r#"{"resourceTemplates":[]}"#.into()
            }
            Err(error) => {
                let method = kind.list().0.to_owned();
                return self.list_failed(cx, kind, Error::Rpc { method, error }.problem());
            }
        };
        let Some(page) = model::page(kind, &result) else {
            return self.list_failed(cx, kind, no_list(kind));
        };
        self.succeeded(cx);
        self.work.lost_lists.retain(|it| *it != kind);
        let page = self.judge_page(cx, exchange, kind, page);
        self.take_page(cx, exchange, kind, page);
    }

    /// Sorts out what must not be used, and says what is not as it should be.
    fn judge_page(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, kind: ItemKind, mut page: Page) -> Page {
        let modern = !self.connection.revision().has_handshake();
        if modern && kind == ItemKind::Tools {
            page.exclude(|item| mirror::check(item.input_schema.as_deref()?).err().map(|it| it.to_string()));
        }
        if page.bad_cursor {
            cx.violation(exchange, Breach::CursorNotAString { list: kind.list().0.to_owned() });
        }
        for bad in &page.bad {
            let (list, reason) = (kind.list().0.to_owned(), fact(&bad.reason));
            cx.violation(exchange, Breach::ItemUnusable { list, reason });
        }
        page
    }

    fn take_page(&mut self, cx: &mut Context<'_>, exchange: ExchangeId, kind: ItemKind, page: Page) {
        let Some(list) = self.work.lists.get_mut(&kind) else { return };
        if list.cursors.is_empty() {
            (list.items, list.bad) = (Arc::default(), Arc::default());
        }
        list.fresh(cx.moment.now, page.cache);
        Arc::make_mut(&mut list.items).extend(page.items);
        Arc::make_mut(&mut list.bad).extend(page.bad);
        match page.next {
            Some(next) if !list.cursors.contains(&next) && list.cursors.len() < PAGES => {
                list.cursors.push(next.clone());
                self.load_page(cx, kind, Some(&next));
            }
            // A cursor that came before, or no end: what there is, is shown.
            Some(_) => {
                list.state = ListState::Ready;
                cx.violation(exchange, Breach::CursorRepeated { list: kind.list().0.to_owned() });
            }
            None => self.list_ready(cx, kind),
        }
    }

    fn list_ready(&mut self, cx: &mut Context<'_>, kind: ItemKind) {
        let Some(list) = self.work.lists.get_mut(&kind) else { return };
        list.state = ListState::Ready;
        if std::mem::take(&mut list.stale) {
            if list.announced {
                list.remember();
            }
            return self.load(cx, kind);
        }
        if let Some(before) = list.before.take() {
            let change = ListChange::between(cx.moment.now, kind, &before, &list.snapshot());
            self.work.changes.push(change);
        }
        for ask in std::mem::take(&mut self.work.after_lists) {
            self.ask(cx, ask);
        }
    }

    /// No answer to a list. A lost session is renewed, once for each list.
    pub fn list_unanswered(
        mut self,
        cx: &mut Context<'_>,
        exchange: ExchangeId,
        kind: ItemKind,
        error: &Error,
    ) -> Attempt {
        let renewed = self.work.lost_lists.contains(&kind);
        if error.is_lost_session() && !renewed {
            self.work.lost_lists.push(kind);
            self.work.lists.remove(&kind);
            return self.session_lost(cx, exchange);
        }
        let loaded = self.work.lists.get(&kind).is_some_and(|it| !it.items.is_empty());
        if matches!(error, Error::Blocked { .. }) && loaded && !renewed {
            self.work.lost_lists.push(kind);
            return self.reconnect(cx, exchange);
        }
        self.list_failed(cx, kind, error.problem());
        self.into()
    }

    pub fn list_failed(&mut self, cx: &mut Context<'_>, kind: ItemKind, problem: Problem) {
        if let Some(list) = self.work.lists.get_mut(&kind) {
            list.state = ListState::Failed(Box::new(problem.clone()));
        }
        cx.report(problem);
        for ask in std::mem::take(&mut self.work.after_lists) {
            self.ask(cx, ask);
        }
    }

    /// All lists that the server offers, from their first pages.
    pub fn load_all(&mut self, cx: &mut Context<'_>) {
        let Some(info) = self.connection.info.clone() else { return };
        for kind in ItemKind::ALL.into_iter().filter(|kind| info.offers(*kind)) {
            self.load(cx, kind);
        }
    }

    /// A list was answered, so the token is good. That ends no row of authorizations: what they are for may be a call.
    fn succeeded(&mut self, cx: &mut Context<'_>) {
        cx.memory.token.worked = true;
        let quiet = !self.work.outcomes.iter().any(|(_, it)| it.status.is_open());
        if quiet && cx.moment.now - cx.memory.token.since > ROW_OF_AUTHORIZATIONS {
            cx.visit.in_a_row = 0;
            cx.memory.token.refreshed = false;
        }
    }
}

fn no_list(kind: ItemKind) -> Problem {
    let (method, member) = kind.list();
    Error::NoList { method: method.to_owned(), member: member.to_owned() }.problem()
}
