//! What a server changed in its lists: how many items came, went and changed, their names, and where they differ.

use super::browse::Section;
use crate::base::text::prefix;
use crate::explain::wire::words;
use crate::explain::words::live;
use crate::inspector::{Changed, Changes, ListChange};
use crate::json::difference::{Change, Difference, differences};
use crate::mcp::model::ItemKind;
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock;
use std::sync::Arc;

/// How many names of one kind are drawn, and how many differences of one item.
const NAMES: usize = 200;
const DIFFERENCES: usize = 50;
/// As much of a name as is drawn, in bytes.
const LONGEST: usize = 300;

/// Changes by the time of each: one that is drawn stays as it is.
type Known = Vec<(u64, ItemKind)>;

fn known<'a>(changes: impl Iterator<Item = &'a Arc<ListChange>>) -> Known {
    changes.map(|it| (it.at.to_bits(), it.kind)).collect()
}

fn find(changes: &Changes, (at, kind): (u64, ItemKind)) -> Option<Arc<ListChange>> {
    changes.newest().find(|it| it.at.to_bits() == at && it.kind == kind).cloned()
}

/// The newest change of the lists of a page, until the user closes it.
#[component]
pub fn SectionChange(section: Section) -> impl IntoView {
    styled(include_str!("../../../style/changes.css"));
    let session = session();
    let closed = RwSignal::new(None::<(u64, ItemKind)>);
    let newest =
        session.memo(move |it| known(it.changes().newest().filter(|it| section.kinds().contains(&it.kind)).take(1)));
    move || {
        let newest = newest.read().first().copied().filter(|it| closed.get() != Some(*it))?;
        let change = session.peek(|it| find(it.changes(), newest))?;
        let close = move |_| closed.set(Some(newest));
        Some(anew(view! {
            <Told change>
                <button class="quiet" type="button" data-testid="list-change-close" on:click=close>"Close"</button>
            </Told>
        }))
    }
}

/// All changes that are kept, the newest first; the others are folded.
#[component]
pub fn AllChanges() -> impl IntoView {
    styled(include_str!("../../../style/changes.css"));
    let session = session();
    let all = session.memo(|it| known(it.changes().newest()));
    let dropped = session.memo(|it| it.changes().dropped());
    let change = move |known: (u64, ItemKind)| session.peek(|it| find(it.changes(), known));
    move || {
        let all = all.get();
        let (newest, earlier) = all.split_first()?;
        let told = change(*newest).map(|change| view! { <Told change>""</Told> });
        let earlier: Vec<_> = earlier.iter().filter_map(|it| change(*it)).collect();
        let rows = earlier.iter().map(|it| view! { <li><Details change=Arc::clone(it)/></li> }).collect_view();
        let bound = (dropped.get() > 0).then(|| view! { <p class="hint">{live::changes_dropped(dropped.get())}</p> });
        Some(anew(view! {
            <div class="list-changes">
                {told}
                {(!earlier.is_empty()).then(|| view! {
                    <details><summary>{format!("Earlier list changes ({})", earlier.len())}</summary><ul>{rows}</ul>{bound}</details>
                })}
            </div>
        }))
    }
}

/// The newest change, said when it comes.
#[component]
fn Told(change: Arc<ListChange>, children: Children) -> impl IntoView {
    let (added, removed, changed) = (change.added.len(), change.removed.len(), change.changed.len());
    view! {
        <section
            class="list-change" data-testid="list-change" aria-label="List change" role="status"
            data-added=added data-removed=removed data-changed=changed
        >
            <Details change/>
            {children()}
        </section>
    }
}

/// What came, what went, what is another.
#[component]
fn Details(change: Arc<ListChange>) -> impl IntoView {
    let title = format!("{}: {}", live::list(change.kind), live::change(&change));
    let at = words::clock(change.at, clock::offset(change.at));
    let names = |label: &'static str, all: &[String]| {
        (!all.is_empty()).then(|| view! { <dt>{label}</dt><dd>{named(all)}</dd> })
    };
    let changed = change.changed.iter().take(NAMES).cloned();
    let rows = changed.map(|it| view! { <li><Item changed=it/></li> }).collect_view();
    view! {
        <details>
            <summary><span class="grow">{title}</span><time class="muted">{at}</time></summary>
            <dl class="facts small">
                {names("Added", &change.added)}
                {names("Removed", &change.removed)}
                {(!change.changed.is_empty()).then(|| view! { <dt>"Changed"</dt><dd><ul>{rows}</ul>{more(change.changed.len(), NAMES)}</dd> })}
            </dl>
        </details>
    }
}

fn named(all: &[String]) -> impl IntoView {
    let name = |it: &String| view! { <li class="mono">{foreign(short(it))}</li> };
    view! { <ul>{all.iter().take(NAMES).map(name).collect_view()}</ul>{more(all.len(), NAMES)} }
}

fn short(text: &str) -> String {
    let head = prefix(text, LONGEST);
    if head.len() == text.len() { head.to_owned() } else { format!("{head}…") }
}

fn more(all: usize, drawn: usize) -> Option<impl IntoView> {
    (all > drawn).then(|| view! { <p class="muted">{all - drawn}" more"</p> })
}

/// An item that changed: compared when it is opened.
#[component]
fn Item(changed: Changed) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = short(&changed.key);
    let changed = StoredValue::new(changed);
    let toggle = move |event: web_sys::Event| open.set(is_open(&event));
    view! {
        <details on:toggle=toggle>
            <summary class="mono">{foreign(name)}</summary>
            {move || open.get().then(|| changed.with_value(compared))}
        </details>
    }
}

fn is_open(event: &web_sys::Event) -> bool {
    let details: web_sys::Element = event_target(event);
    details.has_attribute("open")
}

/// Where both versions differ, by the paths of their values.
fn compared(changed: &Changed) -> AnyView {
    let Some(all) = differences(&changed.before, &changed.after) else {
        return view! { <p class="muted">{live::NOT_COMPARED}</p> }.into_any();
    };
    let count = all.count();
    let rows = all.listed.into_iter().take(DIFFERENCES).map(row).collect_view();
    view! { <ul class="differences">{rows}</ul>{more(count, DIFFERENCES)} }.into_any()
}

fn row(Difference { path, change }: Difference) -> impl IntoView {
    let name = change.name();
    let (old, new) = match change {
        Change::Added(new) => (None, Some(new)),
        Change::Removed(old) => (Some(old), None),
        Change::Changed { old, new } => (Some(old), Some(new)),
    };
    let path = if path.is_empty() { "(root)".to_owned() } else { path };
    let shown = foreign(path.clone());
    view! {
        <li data-path=path data-change=name>
            <code>{shown}</code>" "<span class="muted">{name}</span>
            {old.map(|it| view! { <del>{foreign(it)}</del> })}
            {new.map(|it| view! { <ins>{foreign(it)}</ins> })}
        </li>
    }
}
