//! An object: its members, those first that are required; many that are optional are folded.

use super::note::Note;
use super::row::{At, FormRow, Label, Null, field};
use super::sheet::{Look, Sheet};
use crate::schema::draft::Place;
use crate::schema::{Group, Member, Spec};
use crate::ui::prelude::*;
use std::sync::Arc;

/// More optional members than this are folded, as long as nothing stands in them.
const OPTIONAL: usize = 12;
/// Optional objects that lie deeper are drawn when they are opened: a schema may lead back to itself.
const DEEP: usize = 3;

pub fn group(at: At, group: Group) -> AnyView {
    let body = {
        let (at, group) = (at.clone(), group.clone());
        move || members(&at.row, &group)
    };
    let is_absent = at.row.sheet.draft.with_untracked(|it| it.at(&at.row.place).is_none());
    match at.row.place.depth() {
        0 => view! { <div class="stack">{body()}<Bounds at/></div> }.into_any(),
        deep if deep > DEEP && is_absent => view! { <Deep at body/> }.into_any(),
        _ => nested(at, body()),
    }
}

/// What has to hold for the object as a whole.
#[component]
fn Bounds(at: At) -> impl IntoView {
    // The description of the schema is that of the tool, which is above.
    let field = crate::schema::Field { description: None, ..at.field.clone() };
    view! { <Note at=At { field, ..at }/> }
}

/// An object within another, as one.
pub fn nested(at: At, body: AnyView) -> AnyView {
    view! {
        <fieldset class="nested" data-testid=at.testid() aria-describedby=at.note()>
            <legend><Label at=at.clone()/></legend>
            <Null at=at.clone()/>
            <Note at=at.clone()/>
            <div class="stack">{body}</div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Deep(at: At, body: impl Fn() -> AnyView + Send + Sync + 'static) -> impl IntoView {
    let (open, set_open) = signal(false);
    view! {
        <details class="nested" on:toggle=move |_| set_open.set(true)>
            <summary><Label at=at.clone()/></summary>
            <Null at=at.clone()/>
            <Note at=at.clone()/>
            {move || open.get().then(|| view! { <div class="stack">{body()}</div> })}
        </details>
    }
}

/// The members, the optional ones folded where they are many, and those that the schema does not name.
pub fn members(row: &FormRow, group: &Group) -> AnyView {
    let FormRow { place, sheet, .. } = row.clone();
    let there = |it: &Member| sheet.draft.with_untracked(|draft| draft.at(&place.member(it, &group.order)).is_some());
    let optional = group.members.iter().filter(|it| !it.required).count();
    let (folded, open): (Vec<&Member>, Vec<&Member>) =
        group.members.iter().partition(|it| optional > OPTIONAL && !it.required && !there(it));
    let draw = |it: &&Member| member(&place, it, group, sheet);
    let open: Vec<_> = open.iter().map(draw).collect();
    let folded: Vec<_> = folded.iter().map(draw).collect();
    let is_empty = open.is_empty() && folded.is_empty() && !group.is_open && place.depth() == 0;
    view! {
        {is_empty.then(|| view! { <Nothing sheet/> })}
        {open}
        {(!folded.is_empty()).then(|| view! {
            <details class="nested optional">
                <summary>{format!("{} optional fields", folded.len())}</summary>
                <div class="stack">{folded}</div>
            </details>
        })}
        {(group.left_out > 0).then(|| view! { <LeftOut count=group.left_out sheet/> })}
        <Free place group=group.clone() sheet/>
    }
    .into_any()
}

#[component]
fn Nothing(sheet: Sheet) -> impl IntoView {
    let words = match sheet.look {
        Look::Names => "This tool takes no arguments.",
        Look::Titles => "This form has no fields.",
    };
    view! { <p class="muted">{words}</p> }
}

#[component]
fn LeftOut(count: usize, sheet: Sheet) -> impl IntoView {
    let words = match sheet.look {
        Look::Names => format!("The schema has {count} more properties. Switch to JSON to send them."),
        Look::Titles => format!("The schema has {count} more properties, which are not shown and not sent."),
    };
    view! { <p class="warning">{words}</p> }
}

fn member(place: &Place, member: &Member, group: &Group, sheet: Sheet) -> AnyView {
    let place = place.member(member, &group.order);
    field(FormRow { place, spec: member.spec.clone(), required: member.required, sheet, name: member.name.clone() })
}

/// Members that the schema does not name: those that are there, and a field to add one where it speaks of them.
#[component]
fn Free(place: Place, group: Group, sheet: Sheet) -> impl IntoView {
    let group = Arc::new(group);
    let own = Arc::clone(&group);
    let at = place.clone();
    let keys = Memo::new(move |_| {
        let names = sheet.draft.with(|it| it.names(&at));
        names.into_iter().filter(|name| !own.order.contains(name)).collect::<Vec<_>>()
    });
    let spec = group.free.clone();
    let order = Arc::clone(&group.order);
    let at = place.clone();
    let draw = move |name: String| {
        let member = Member { name, required: false, spec: spec.clone() };
        view! { <FreeMember place=at.member(&member, &order) name=member.name spec=member.spec sheet/> }
    };
    let add = group.is_open.then(|| view! { <AddMember place group sheet/> });
    view! { <Keyed keys draw/> {add} }
}

#[component]
fn FreeMember(place: Place, name: String, spec: Spec, sheet: Sheet) -> impl IntoView {
    let gone = place.clone();
    let label = format!("Remove {name}");
    view! {
        <div class="with-button">
            {field(FormRow { place: place.clone(), spec, required: true, sheet, name })}
            <button
                type="button" class="quiet" data-testid="key-remove" data-path=place.pointer.clone() aria-label=label
                on:click=move |_| sheet.set(&gone, None)
            >"Remove"</button>
        </div>
    }
}

#[component]
fn AddMember(place: Place, group: Arc<Group>, sheet: Sheet) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let id = sheet.id();
    let at = place.clone();
    let add = Callback::new(move |()| {
        let name = name.get_untracked();
        let member = Member { name: name.clone(), required: false, spec: group.free.clone() };
        let place = at.member(&member, &group.order);
        let is_new = sheet.draft.with_untracked(|it| it.at(&place).is_none());
        if !name.is_empty() && is_new {
            sheet.edit(|it| it.begin(&place, &group.free));
        }
    });
    let press = move |()| {
        add.run(());
        name.set(String::new());
    };
    view! {
        <div class="row">
            <label class="small" for=id.clone()>"Other name"</label>
            <input
                id=id class="mono short" data-testid="key-name" data-path=place.pointer.clone() type="text"
                autocomplete="off" spellcheck="false" autocapitalize="off" prop:value=name
                on:input:target=move |event| name.set(event.target().value())
                on:keydown=move |event| if event.key() == "Enter" && !event.ctrl_key() && !event.meta_key() {
                    event.prevent_default();
                    press(());
                }
            />
            <button
                type="button" data-testid="key-add" data-path=place.pointer.clone() on:click=move |_| press(())
            >"Add"</button>
        </div>
    }
}
