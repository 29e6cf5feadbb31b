//! The rows of a list as a page shows them: what can be used, what could not be read, under a filter.

use crate::json::members::Members;
use crate::mcp::model::{BadItem, Item, ItemKind};
use serde_json::value::RawValue;
use std::sync::Arc;

/// One of a server's lists.
#[derive(Clone)]
pub struct Shelf {
    pub kind: ItemKind,
    pub items: Arc<Vec<Arc<Item>>>,
    pub bad: Arc<Vec<BadItem>>,
}

/// Two are the same if they hold the same list, not if they hold equal ones: lists are long.
impl PartialEq for Shelf {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && Arc::ptr_eq(&self.items, &other.items) && Arc::ptr_eq(&self.bad, &other.bad)
    }
}

impl Shelf {
    pub fn len(&self) -> usize {
        self.items.len() + self.bad.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first item of that name or URI.
    pub fn find(&self, key: &str) -> Option<CatalogRow> {
        let item = self.items.iter().find(|it| it.key == key).map(|it| CatalogRow::Item(self.kind, Arc::clone(it)));
        item.or_else(|| {
            let bad = self.bad.iter().find(|it| key_of(it, self.kind).as_deref() == Some(key));
            bad.map(|it| CatalogRow::Bad(self.kind, it.clone()))
        })
    }

    fn rows(&self, lower: &str) -> impl Iterator<Item = CatalogRow> {
        let items = self.items.iter().filter(|it| lower.is_empty() || it.matches(lower));
        let bad = self.bad.iter().filter(|it| lower.is_empty() || matches(it, self.kind, lower));
        let items = items.map(|it| CatalogRow::Item(self.kind, Arc::clone(it)));
        items.chain(bad.map(|it| CatalogRow::Bad(self.kind, it.clone())))
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub enum CatalogRow {
    Heading(ItemKind),
    Item(ItemKind, Arc<Item>),
    Bad(ItemKind, BadItem),
}

impl CatalogRow {
    /// The name or URI by which it is asked for; of a bad item where one can be read.
    pub fn key(&self) -> Option<String> {
        match self {
            Self::Heading(_) => None,
            Self::Item(_, item) => Some(item.key.clone()),
            Self::Bad(kind, bad) => key_of(bad, *kind),
        }
    }
}

/// The rows that a filter leaves, with headings where there are several lists.
pub fn rows(shelves: &[Shelf], filter: &str) -> Vec<CatalogRow> {
    let lower = filter.trim().to_lowercase();
    let mut rows = Vec::new();
    for shelf in shelves {
        let before = rows.len();
        rows.extend(shelf.rows(&lower));
        if shelves.len() > 1 && rows.len() > before {
            rows.insert(before, CatalogRow::Heading(shelf.kind));
        }
    }
    rows
}

/// What `inputSchema` an item has that could not be read, exactly as received.
pub fn schema_of(bad: &BadItem) -> Option<&str> {
    Members::of(&bad.raw)?.value("inputSchema").map(RawValue::get)
}

/// The key of a bad item, where that is readable all the same.
fn key_of(bad: &BadItem, kind: ItemKind) -> Option<String> {
    let bad = Members::of(&bad.raw)?;
    let own = match kind {
        ItemKind::Tools | ItemKind::Prompts => None,
        ItemKind::Resources => bad.value("uri"),
        ItemKind::Templates => bad.value("uriTemplate"),
    };
    let raw = own.or_else(|| bad.value("name"))?;
    serde_json::from_str(raw.get()).ok().filter(|it: &String| !it.is_empty())
}

fn matches(bad: &BadItem, kind: ItemKind, lower: &str) -> bool {
    let all = Members::of(&bad.raw).unwrap_or_default();
    let all = [key_of(bad, kind), all.shown("title"), all.shown("description")];
    all.into_iter().flatten().any(|it| it.to_lowercase().contains(lower))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mcp::model;

    fn shelf(kind: ItemKind, list: &str) -> Shelf {
        let page = model::page(kind, &format!(r#"{{"{}":{list}}}"#, kind.list().1)).expect("a page");
        Shelf { kind, items: Arc::new(page.items), bad: Arc::new(page.bad) }
    }

    fn draw(rows: &[CatalogRow]) -> Vec<String> {
        let words = rows.iter().map(|row| match row {
            CatalogRow::Heading(kind) => format!("{kind:?}"),
            CatalogRow::Item(..) => row.key().unwrap_or_default(),
            CatalogRow::Bad(_, bad) => format!("{:?}: {}", row.key(), bad.reason),
        });
        words.collect()
    }

    #[test]
    fn what_cannot_be_used_stands_behind_with_its_name_if_it_has_one() {
        let tools = shelf(ItemKind::Tools, r#"[{"name":"b"},{"name":"a","inputSchema":{}},{"x":1},7]"#);
        let rows = draw(&rows(&[tools], ""));
        assert_eq!(rows[0], "a");
        assert_eq!(rows[1], r#"Some("b"): "inputSchema" is missing or not an object"#);
        assert!(rows[2].starts_with("None: \"name\" is missing") && rows[3].starts_with("None: "), "{rows:?}");
    }

    #[test]
    fn a_filter_takes_name_title_and_description_of_good_and_bad_items() {
        let tools = shelf(
            ItemKind::Tools,
            r#"[{"name":"a","inputSchema":{}},{"name":"b","description":"An APE"},{"name":"c","title":"ape","inputSchema":{}}]"#,
        );
        assert_eq!(
            rows(std::slice::from_ref(&tools), " Ape ").iter().filter_map(CatalogRow::key).collect::<Vec<_>>(),
            ["c", "b"]
        );
        assert_eq!(rows(&[tools], "inputSchema"), []);
    }

    #[test]
    fn several_lists_have_headings_where_something_is_left_of_them() {
        let shelves = [
            shelf(ItemKind::Resources, r#"[{"uri":"a:1","name":"first"}]"#),
            shelf(ItemKind::Templates, r#"[{"uriTemplate":"a:{x}"}]"#),
        ];
        assert_eq!(draw(&rows(&shelves, "")), ["Resources", "a:1", "Templates", "a:{x}"]);
        assert_eq!(draw(&rows(&shelves, "first")), ["Resources", "a:1"]);
    }

    #[test]
    fn an_item_is_found_by_its_key_bad_ones_too() {
        let tools = shelf(ItemKind::Tools, r#"[{"name":"b","inputSchema": 3},{"name":"a","inputSchema":{}}]"#);
        assert!(matches!(tools.find("a"), Some(CatalogRow::Item(..))));
        assert!(tools.find("x").is_none());
        let Some(CatalogRow::Bad(_, bad)) = tools.find("b") else { panic!("not bad") };
        assert_eq!(schema_of(&bad), Some("3"));
    }
}
