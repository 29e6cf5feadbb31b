//! What a server changed in its lists: the list before a `list_changed` against the one that it led to.

use crate::json::members::Members;
use crate::mcp::model::{BadItem, Item, ItemKind};
use crate::trace::Millis;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// A list with what could not be used of it.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Snapshot {
    pub items: Arc<Vec<Arc<Item>>>,
    pub bad: Arc<Vec<BadItem>>,
}

/// What a `list_changed` led to. Names, URIs or URI templates, in the order of their list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListChange {
    /// When the new list was whole.
    pub at: Millis,
    pub kind: ItemKind,
    pub added: Vec<String>,
    pub removed: Vec<String>,
    pub changed: Vec<Changed>,
}

/// An item that is another one under the same name: both as received.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    pub key: String,
    pub before: Arc<str>,
    pub after: Arc<str>,
}

impl ListChange {
    pub(super) fn between(at: Millis, kind: ItemKind, before: &Snapshot, after: &Snapshot) -> Self {
        let (old, new) = (before.listed(kind), after.listed(kind));
        let (old_by_key, new_by_key) = (by_key(&old), by_key(&new));
        let missing = |list: &[Listed], other: &BTreeMap<String, Arc<str>>| {
            let gone = list.iter().filter(|it| !other.contains_key(&it.0));
            gone.map(|it| it.0.clone()).collect::<Vec<_>>()
        };
        let changed = new.iter().filter_map(|(key, after)| {
            let before = old_by_key.get(key).filter(|before| !is_same(before, after))?;
            Some(Changed { key: key.clone(), before: Arc::clone(before), after: Arc::clone(after) })
        });
        Self {
            at,
            kind,
            added: missing(&new, &old_by_key),
            changed: changed.collect(),
            removed: missing(&old, &new_by_key),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// A name, and the item as received.
type Listed = (String, Arc<str>);

impl Snapshot {
    /// All that have a name, each name once.
    fn listed(&self, kind: ItemKind) -> Vec<Listed> {
        let good = self.items.iter().map(|it| (it.key.clone(), Arc::clone(&it.raw)));
        let bad = self.bad.iter().filter_map(|it| {
            let key: String = Members::of(&it.raw)?.read(kind.key())?;
            Some((key, Arc::clone(&it.raw)))
        });
        let mut known = BTreeMap::new();
        good.chain(bad).filter(|(key, _)| known.insert(key.clone(), ()).is_none()).collect()
    }
}

fn by_key(list: &[Listed]) -> BTreeMap<String, Arc<str>> {
    list.iter().cloned().collect()
}

/// Whether two texts are the same JSON, whatever its order and white space. What cannot be read is compared as it is.
fn is_same(before: &str, after: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    before == after || read(before).is_some_and(|it| read(after).as_ref() == Some(&it))
}

/// The newest changes, the oldest first.
#[derive(Clone, Default)]
pub struct Changes {
    kept: VecDeque<Arc<ListChange>>,
    dropped: usize,
}

impl Changes {
    /// How many are kept.
    pub const MOST: usize = 20;

    pub(super) fn push(&mut self, change: ListChange) {
        // Templates have no notification of their own: they are loaded with the resources, mostly for nothing.
        if change.kind == ItemKind::Templates && change.is_empty() {
            return;
        }
        self.kept.push_back(Arc::new(change));
        if self.kept.len() > Self::MOST {
            self.kept.pop_front();
            self.dropped += 1;
        }
    }

    /// The newest first.
    pub fn newest(&self) -> impl Iterator<Item = &Arc<ListChange>> {
        self.kept.iter().rev()
    }

    /// How many went because of the bound.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mcp::model;

    fn snapshot(tools: &str) -> Snapshot {
        let page = model::page(ItemKind::Tools, &format!(r#"{{"tools":{tools}}}"#)).expect("a page");
        Snapshot { items: Arc::new(page.items), bad: Arc::new(page.bad) }
    }

    fn change(before: &str, after: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
        let change = ListChange::between(1.0, ItemKind::Tools, &snapshot(before), &snapshot(after));
        (change.added, change.removed, change.changed.into_iter().map(|it| it.key).collect())
    }

    fn names(all: &[&str]) -> Vec<String> {
        all.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn what_came_what_went_and_what_is_another_are_told_apart() {
        let before = r#"[{"name":"a","inputSchema":{}},{"name":"b","inputSchema":{}},{"name":"c","inputSchema":{}}]"#;
        let after = r#"[{"name":"d","inputSchema":{}},{"name":"b","inputSchema":{"type":"object"}},{"name":"c","inputSchema":{}}]"#;
        assert_eq!(change(before, after), (names(&["d"]), names(&["a"]), names(&["b"])));
    }

    #[test]
    fn the_order_of_members_and_of_items_is_no_change() {
        let before = r#"[{"name":"a","inputSchema":{}},{"name":"b","inputSchema":{}}]"#;
        let after = r#"[{ "inputSchema": {}, "name": "b" },{"name":"a","inputSchema":{}}]"#;
        assert_eq!(change(before, after), (names(&[]), names(&[]), names(&[])));
    }

    #[test]
    fn an_item_that_cannot_be_used_any_more_changed_and_did_not_go() {
        let after = r#"[{"name":"a"},7]"#;
        assert_eq!(change(r#"[{"name":"a","inputSchema":{}}]"#, after), (names(&[]), names(&[]), names(&["a"])));
    }

    #[test]
    fn a_name_that_stands_there_twice_counts_once() {
        let twice = r#"[{"name":"a","inputSchema":{}},{"name":"a","inputSchema":{"type":"object"}}]"#;
        assert_eq!(change(r#"[]"#, twice), (names(&["a"]), names(&[]), names(&[])));
        assert_eq!(change(twice, twice), (names(&[]), names(&[]), names(&[])));
    }

    #[test]
    fn what_is_nested_too_deeply_to_be_read_is_compared_as_it_is() {
        let deep =
            |end: &str| format!(r#"[{{"name":"a","inputSchema":{}{end}{}}}]"#, r#"{"a":"#.repeat(500), "}".repeat(500));
        assert_eq!(change(&deep("1"), &deep("1")).2, names(&[]));
        assert_eq!(change(&deep("1"), &deep("2")).2, names(&["a"]));
    }

    #[test]
    fn so_many_are_kept_and_templates_that_stayed_are_not_told() {
        let mut changes = Changes::default();
        for at in 0..Changes::MOST + 2 {
            changes.push(ListChange::between(at as f64, ItemKind::Tools, &snapshot("[]"), &snapshot("[]")));
        }
        changes.push(ListChange::between(99.0, ItemKind::Templates, &Snapshot::default(), &Snapshot::default()));
        assert_eq!((changes.newest().count(), changes.dropped()), (Changes::MOST, 2));
        assert_eq!(changes.newest().next().map(|it| it.at), Some(21.0));
    }
}
