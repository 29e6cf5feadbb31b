//! The lists of a connected server, with how long each may be cached, and the limits of this client.

use crate::base::format;
use crate::explain::wire::words::clock;
use crate::inspector::{Inspector, LONGEST_RESPONSE, ListState, Listing, PAGES};
use crate::mcp::model::{Cache, ItemKind};
use crate::trace::Millis;
use crate::ui::parts::live::cache_words;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock::offset;

/// What is said of a list.
#[derive(Clone, PartialEq)]
struct ListFacts {
    method: &'static str,
    items: usize,
    pages: usize,
    loading: bool,
    /// From 2026-07-28 on a list says how long it may be cached.
    hinted: bool,
    cache: Option<Cache>,
    until: Option<Millis>,
}

fn listed(it: &Inspector) -> Vec<ListFacts> {
    let hinted = it.connection().is_some_and(|it| !it.revision().has_handshake());
    let facts = |kind: ItemKind, list: &Listing| ListFacts {
        method: kind.list().0,
        items: list.items.len() + list.bad.len(),
        pages: list.pages(),
        loading: list.state == ListState::Loading,
        hinted,
        cache: list.cache,
        until: list.fresh_until,
    };
    let failed = |it: &Listing| matches!(it.state, ListState::Failed(_));
    ItemKind::ALL.into_iter().filter_map(|kind| Some(facts(kind, it.list(kind).filter(|it| !failed(it))?))).collect()
}

/// A row for each list that the server offers.
#[component]
pub fn Lists() -> impl IntoView {
    let lists = session().memo(listed);
    let rows = move || lists.get().into_iter().map(|facts| view! { <ListRow facts/> }).collect_view();
    move || {
        (!lists.read().is_empty()).then(|| {
            view! {
                <div><dt>"Lists"</dt><dd class="wide"><ul data-testid="list-facts">{rows()}</ul></dd></div>
            }
        })
    }
}

#[component]
fn ListRow(facts: ListFacts) -> impl IntoView {
    let ListFacts { method, items, pages, loading, hinted, cache, until } = facts;
    let counts = format!("{} in {}", format::counted(items, "item", "items"), format::counted(pages, "page", "pages"));
    let kept = hinted.then(|| match (cache, until) {
        (Some(cache), Some(until)) => {
            format!("{} Fresh until {}.", cache_words(cache), clock(until, offset(until)))
        }
        (Some(cache), None) => cache_words(cache),
        (None, _) => "No cache hint.".to_owned(),
    });
    view! {
        <li data-name=method data-fresh-ms=cache.map(|it| it.fresh)>
            <code>{method}</code>" "{counts}{loading.then_some(", loading")}". "{kept}
        </li>
    }
}

/// What this client sets a bound to, whatever the server does.
#[component]
pub fn Limits() -> impl IntoView {
    let timeout = session().memo(|it| it.settings().map(|it| it.timeout));
    let words = move || {
        let time = timeout.get().map(|it| format!("{} per response, ", format::milliseconds(f64::from(it))));
        let (bytes, pages) = (format::bytes(LONGEST_RESPONSE), format::counted(PAGES, "page", "pages"));
        format!("{}{bytes} per response or event, {pages} per list", time.unwrap_or_default())
    };
    view! { <div><dt>"Limits"</dt><dd class="wide" data-testid="client-limits">{words}</dd></div> }
}
