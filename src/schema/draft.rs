//! A value while it is edited in a form, and the choices that were made for it.

use super::branches::chosen;
use super::spec::Spec;
use super::start::{blank, start};
use super::value::{Value, escaped};
use super::{Branch, Field, Member, ValueKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a field stands: the way to its value, with what is needed to make the objects on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The JSON Pointer of the value (RFC 6901).
    pub pointer: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Member { member: Member, order: Arc<[String]> },
    Item(usize),
}

/// What is typed: a value, and of values that several choices fit, the one that was picked.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    value: Value,
    picked: BTreeMap<String, usize>,
}

/// Why a text cannot be shown as a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotShown {
    NoObject,
    /// A name is there twice, or cannot be written again.
    Names,
}

impl Place {
    /// The value as a whole.
    pub const fn root() -> Self {
        Self { pointer: String::new(), steps: Vec::new() }
    }

    /// A member of the object here; `order` is the order in which its members are sent.
    pub fn member(&self, member: &Member, order: &Arc<[String]>) -> Self {
        let step = Step::Member { member: member.clone(), order: Arc::clone(order) };
        self.then(&escaped(&member.name), step)
    }

    /// An item of the list here.
    pub fn item(&self, at: usize) -> Self {
        self.then(&at.to_string(), Step::Item(at))
    }

    fn then(&self, name: &str, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { pointer: format!("{}/{name}", self.pointer), steps }
    }

    /// Whether the value may be absent.
    pub fn is_optional(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Member { member, .. }) if !member.required)
    }

    /// Whether it is an item of a list.
    pub fn is_item(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Item(_)))
    }

    /// How many objects and lists it lies within.
    pub fn depth(&self) -> usize {
        self.steps.len()
    }

    /// The names on the way, joined by dots.
    pub fn path(&self) -> String {
        let name = |it: &Step| match it {
            Step::Member { member, .. } => member.name.clone(),
            Step::Item(at) => at.to_string(),
        };
        self.steps.iter().map(name).collect::<Vec<_>>().join(".")
    }
}

/// The schema of an object that is filled in as a form; none where a text does not say what there is to fill in.
pub fn form(schema: &str) -> Option<Spec> {
    let spec = Spec::whole(schema);
    let kind = Field::read(&spec, true).kind;
    let of_objects =
        |all: &[Branch]| all.iter().all(|it| matches!(Field::read(&it.spec, true).kind, ValueKind::Group(_)));
    match &kind {
        ValueKind::Group(_) => Some(spec),
        ValueKind::Variant(branches) if of_objects(branches) => Some(spec),
        _ => None,
    }
}

impl Default for Draft {
    fn default() -> Self {
        Self { value: Value::Object(Vec::new()), picked: BTreeMap::new() }
    }
}

impl Draft {
    /// What the schema gives: its defaults and examples, and nothing else.
    pub fn starting(root: &Spec) -> Self {
        let value = start(root, true).filter(|it| matches!(it, Value::Object(_)));
        Self { value: value.unwrap_or_else(|| Value::Object(Vec::new())), picked: BTreeMap::new() }
    }

    /// A JSON text, to be edited.
    pub fn read(text: &str) -> Result<Self, NotShown> {
        match Value::read(text) {
            Some(value @ Value::Object(_)) => Ok(Self { value, picked: BTreeMap::new() }),
            None if text.trim_start().starts_with('{') => Err(NotShown::Names),
            _ => Err(NotShown::NoObject),
        }
    }

    /// The JSON to send; the pointers of what is none.
    pub fn json(&self) -> Result<String, Vec<String>> {
        let unreadable = self.value.unreadable();
        if unreadable.is_empty() { Ok(self.value.json()) } else { Err(unreadable) }
    }

    /// What stands at a place, if anything does.
    pub fn at(&self, place: &Place) -> Option<&Value> {
        place.steps.iter().try_fold(&self.value, |at, step| match step {
            Step::Member { member, .. } => at.member(&member.name),
            Step::Item(index) => at.item(*index),
        })
    }

    /// How many items the list at a place has.
    pub fn length(&self, place: &Place) -> usize {
        match self.at(place) {
            Some(Value::List(items)) => items.len(),
            _ => 0,
        }
    }

    /// The names of the members of the object at a place.
    pub fn names(&self, place: &Place) -> Vec<String> {
        match self.at(place) {
            Some(Value::Object(members)) => members.iter().map(|(name, _)| name.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// Puts a value at a place, or takes away what stands there.
    pub fn set(&mut self, place: &Place, value: Option<Value>) {
        if value.is_none() {
            self.forget(&place.pointer);
        }
        put(&mut self.value, &place.steps, value);
    }

    /// Adds an item to the list at a place.
    pub fn add(&mut self, place: &Place, item: &Spec) {
        let mut items = match self.at(place) {
            Some(Value::List(items)) => items.clone(),
            _ => Vec::new(),
        };
        items.push(blank(item));
        self.set(place, Some(Value::List(items)));
    }

    /// Puts something at a place where nothing is: what its schema gives, or what is empty.
    pub fn begin(&mut self, place: &Place, spec: &Spec) {
        self.set(place, Some(blank(spec)));
    }

    /// Takes an item away; those after it move up, with what was picked for them.
    pub fn remove(&mut self, list: &Place, at: usize) {
        let Some(Value::List(items)) = self.at(list) else { return };
        let mut items = items.clone();
        if at < items.len() {
            items.remove(at);
        }
        // What nothing is said of any more is absent again.
        let is_absent = items.is_empty() && list.is_optional();
        self.set(list, (!is_absent).then_some(Value::List(items)));
        self.move_up(&list.pointer, at);
    }

    /// The choice for the value at a place: the one that was picked, else the one that the value is made for.
    pub fn branch(&self, place: &Place, branches: &[Branch]) -> Option<usize> {
        let value = self.at(place)?;
        let picked = self.picked.get(&place.pointer).copied().filter(|it| *it < branches.len());
        picked.or_else(|| chosen(branches, value))
    }

    /// Picks a choice, or none. What was typed stays where both have it.
    pub fn pick(&mut self, place: &Place, branches: &[Branch], at: Option<usize>) {
        self.forget(&place.pointer);
        let Some((at, branch)) = at.and_then(|at| Some((at, branches.get(at)?))) else {
            return self.set(place, None);
        };
        let new = start(&branch.spec, true).unwrap_or_else(|| blank(&branch.spec));
        let value = match self.at(place) {
            Some(old) => kept(old, new, &branch.spec),
            None => new,
        };
        self.set(place, Some(value));
        self.picked.insert(place.pointer.clone(), at);
    }

    /// Forgets what was picked at a place and within it.
    fn forget(&mut self, pointer: &str) {
        let within = format!("{pointer}/");
        self.picked.retain(|it, _| it != pointer && !it.starts_with(&within));
    }

    fn move_up(&mut self, list: &str, removed: usize) {
        let within = format!("{list}/");
        let moved = std::mem::take(&mut self.picked).into_iter().filter_map(|(pointer, branch)| {
            let Some(rest) = pointer.strip_prefix(&within) else { return Some((pointer, branch)) };
            let (index, more) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            match index.parse::<usize>().ok()? {
                it if it == removed => None,
                it if it > removed => Some((format!("{within}{}{more}", it - 1), branch)),
                _ => Some((pointer, branch)),
            }
        });
        self.picked = moved.collect();
    }
}

/// The new value of a choice, with what the old one has of the same members, those aside that tell choices apart.
fn kept(old: &Value, new: Value, spec: &Spec) -> Value {
    let (Value::Object(old), Value::Object(mut members)) = (old, new.clone()) else { return new };
    let ValueKind::Group(group) = Field::read(spec, true).kind else { return new };
    let is_tag = |it: &Member| matches!(Field::read(&it.spec, true).kind, ValueKind::One(all) if all.len() == 1);
    for member in group.members.iter().filter(|it| !is_tag(it)) {
        if let Some((_, value)) = old.iter().find(|(name, _)| *name == member.name) {
            insert(&mut members, &member.name, value.clone(), &group.order);
        }
    }
    Value::Object(members)
}

/// Puts a value at the end of the steps, and makes the objects on the way; or takes it away, and with it the objects that
/// are then as they were before anything was said of them.
fn put(at: &mut Value, steps: &[Step], value: Option<Value>) {
    let Some((step, rest)) = steps.split_first() else {
        if let Some(value) = value {
            *at = value;
        }
        return;
    };
    match step {
        Step::Member { member, order } => put_member(at, member, order, rest, value),
        Step::Item(index) => {
            let Value::List(items) = at else { return };
            let Some(item) = items.get_mut(*index) else { return };
            // An item is never absent.
            let value = if rest.is_empty() { value.or_else(|| Some(Value::text(""))) } else { value };
            put(item, rest, value);
        }
    }
}

fn put_member(at: &mut Value, member: &Member, order: &Arc<[String]>, rest: &[Step], value: Option<Value>) {
    if !matches!(at, Value::Object(_)) && value.is_some() {
        *at = Value::Object(Vec::new());
    }
    let Value::Object(members) = at else { return };
    let place = members.iter().position(|(name, _)| *name == member.name);
    let mut inner = match (place, rest.is_empty(), &value) {
        (_, true, None) => return members.retain(|(name, _)| *name != member.name),
        (None, false, None) => return,
        (Some(place), ..) => members.get(place).map(|(_, it)| it.clone()).unwrap_or_else(Value::null),
        (None, ..) => start(&member.spec, true).unwrap_or_else(|| Value::Object(Vec::new())),
    };
    put(&mut inner, rest, value);
    let is_as_before = || Some(&inner) == start(&member.spec, true).as_ref() || inner == Value::Object(Vec::new());
    if !member.required && !rest.is_empty() && is_as_before() {
        return members.retain(|(name, _)| *name != member.name);
    }
    insert(members, &member.name, inner, order);
}

/// Replaces a member, or adds it before those that the schema has after it.
fn insert(members: &mut Vec<(String, Value)>, name: &str, value: Value, order: &[String]) {
    if let Some((_, there)) = members.iter_mut().find(|(it, _)| it == name) {
        *there = value;
        return;
    }
    let rank = |name: &str| order.iter().position(|it| it == name);
    let later = rank(name).and_then(|own| members.iter().position(|(it, _)| rank(it).is_none_or(|it| it > own)));
    members.insert(later.unwrap_or(members.len()), (name.to_owned(), value));
}
