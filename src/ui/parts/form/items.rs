//! A list: its items, each of which can be removed, and a button that adds one.

use super::group::nested;
use super::row::{At, FormRow, field};
use super::sheet::Sheet;
use crate::schema::List;
use crate::schema::draft::Place;
use crate::ui::prelude::*;
use crate::web::window;
use std::sync::Arc;

/// How many items are drawn.
const ITEMS: usize = 200;

pub fn items(at: At, list: List) -> AnyView {
    let body = view! { <Items at=at.clone() list=Arc::new(list)/> }.into_any();
    nested(at, body)
}

/// The items alone, in a field that has a label already.
pub fn bare(at: At, list: List) -> AnyView {
    view! { <Items at list=Arc::new(list)/> }.into_any()
}

#[component]
fn Items(at: At, list: Arc<List>) -> impl IntoView {
    let FormRow { place, sheet, spec, name, .. } = at.row;
    let (path, counted) = (place.pointer.clone(), place.clone());
    let length = Memo::new(move |_| sheet.draft.with(|it| it.length(&counted)));
    // After an item was removed, those behind it are others: they are drawn again.
    let removed = RwSignal::new(0_u32);
    let keys = Signal::derive(move || {
        let removed = removed.get();
        (0..length.get().min(ITEMS)).map(|index| (index, removed)).collect::<Vec<_>>()
    });
    let (own, drawn) = (place.clone(), Arc::clone(&list));
    let draw = move |(index, _): (usize, u32)| {
        // What has no place in the list is there all the same.
        let spec = drawn.item(index).cloned().unwrap_or_else(|| spec.anything());
        let name = format!("Item {}", index + 1);
        view! { <ListItem list=own.clone() row=FormRow { place: own.item(index), spec, required: true, sheet, name } index removed/> }
    };
    let (more, room) = (Arc::clone(&list), Arc::clone(&list));
    let has_place = move || room.item(length.get()).is_some();
    let add = move |_| add(sheet, &place, &more, length.get_untracked());
    view! {
        <Keyed keys draw/>
        {move || length.get().checked_sub(ITEMS + 1).map(|it| view! {
            <p class="hint">{format!("{} more items are not shown.", it + 1)}</p>
        })}
        <div class="row">
            <button
                type="button" data-testid="array-add" data-path=path aria-label=format!("Add item to {name}")
                aria-disabled=move || (!has_place()).then_some("true") on:click=add
            >"Add item"</button>
        </div>
    }
}

/// Adds an item, and gives it the focus. More than `maxItems` can be added: the schema check says so.
fn add(sheet: Sheet, place: &Place, list: &List, length: usize) {
    let Some(spec) = list.item(length) else { return };
    sheet.edit(|it| it.add(place, spec));
    let item = format!("[data-item='{}/{length}'] :is(input, select, textarea)", css(&place.pointer));
    request_animation_frame(move || window::focus(&item));
}

/// Removes an item, and gives the focus to what adds one.
fn remove(sheet: Sheet, list: &Place, index: usize, removed: RwSignal<u32>) {
    sheet.edit(|it| it.remove(list, index));
    removed.update(|it| *it += 1);
    let button = format!("[data-testid=array-add][data-path='{}']", css(&list.pointer));
    request_animation_frame(move || window::focus(&button));
}

/// A text within quotes of a selector.
fn css(text: &str) -> String {
    text.chars()
        .flat_map(|it| if matches!(it, '\'' | '\\') { vec!['\\', it] } else { vec![it] })
        .filter(|it| *it != '\n')
        .collect()
}

#[component]
fn ListItem(list: Place, row: FormRow, index: usize, removed: RwSignal<u32>) -> impl IntoView {
    let (pointer, sheet) = (row.place.pointer.clone(), row.sheet);
    view! {
        <div class="with-button" data-item=pointer.clone()>
            {field(row)}
            <button
                type="button" class="quiet" data-testid="array-remove" data-path=pointer.clone()
                aria-label=format!("Remove item {}", index + 1) on:click=move |_| remove(sheet, &list, index, removed)
            >"Remove"</button>
        </div>
    }
}
