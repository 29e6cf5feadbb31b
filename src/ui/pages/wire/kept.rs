//! What of the wire page this tab keeps: which view is shown, and which exchanges are pinned.

use crate::trace::ExchangeId;
use crate::ui::session::keep::PINNED;
use crate::web::storage::Place;
use std::collections::BTreeSet;

const VIEW: &str = "flowglass.wire";
const RAW: &str = "raw";

pub fn is_raw() -> bool {
    Place::Tab.get(VIEW).as_deref() == Some(RAW)
}

pub fn keep_raw(raw: bool) {
    match raw {
        true => drop(Place::Tab.set(VIEW, RAW)),
        false => Place::Tab.remove(VIEW),
    }
}

pub fn pinned() -> BTreeSet<ExchangeId> {
    Place::Tab.get(PINNED).unwrap_or_default().split(',').filter_map(|it| it.parse().ok()).collect()
}

pub fn keep_pinned(pinned: &BTreeSet<ExchangeId>) {
    let ids: Vec<String> = pinned.iter().map(ToString::to_string).collect();
    match ids.is_empty() {
        true => Place::Tab.remove(PINNED),
        false => drop(Place::Tab.set(PINNED, &ids.join(","))),
    }
}
