//! What is typed in a form, and what the schema check says of it.

use crate::schema::draft::{Draft, Place};
use crate::schema::value::Value;
use crate::schema::verdict::{Checked, Problem};
use crate::ui::prelude::*;
use std::collections::BTreeMap;

/// How many fields a form draws as such, and how many values they have to choose from. Beyond, a value is typed as JSON.
const ROWS: usize = 400;
const CHOICES: usize = 1_500;

/// How fields are called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// By the names that are sent.
    Names,
    /// By the titles that people are shown.
    Titles,
}

/// A form, to read and to write.
#[derive(Clone, Copy)]
pub struct Sheet {
    pub draft: RwSignal<Draft>,
    pub checked: RwSignal<Option<Checked>>,
    /// The JSON that this is the verdict on.
    judged: StoredValue<Option<String>>,
    pub look: Look,
    /// Whether something was typed, or sending was tried: then it is said what is wrong.
    touched: RwSignal<bool>,
    /// The pointers of what is no JSON, once sending was tried.
    unreadable: RwSignal<Vec<String>>,
    /// The pointers of the fields that are drawn, whether they stand for all that is within, and how many of them.
    drawn: RwSignal<BTreeMap<(String, bool), usize>>,
    rows: StoredValue<usize>,
    choices: StoredValue<usize>,
    numbered: StoredValue<usize>,
    changed: StoredValue<Option<Callback<()>>>,
}

impl Sheet {
    pub fn new(draft: Draft, look: Look) -> Self {
        Self {
            draft: RwSignal::new(draft),
            checked: RwSignal::new(None),
            judged: StoredValue::new(None),
            look,
            touched: RwSignal::new(false),
            unreadable: RwSignal::new(Vec::new()),
            drawn: RwSignal::new(BTreeMap::new()),
            rows: StoredValue::new(ROWS),
            choices: StoredValue::new(CHOICES),
            numbered: StoredValue::new(0),
            changed: StoredValue::new(None),
        }
    }

    /// Calls after each change.
    pub fn on_change(self, call: Callback<()>) {
        self.changed.set_value(Some(call));
    }

    /// Changes what is typed.
    pub fn edit(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
        self.touched.set(true);
        self.unreadable.set(Vec::new());
        if let Some(call) = self.changed.get_value() {
            call.run(());
        }
    }

    pub fn set(self, place: &Place, value: Option<Value>) {
        self.edit(|it| it.set(place, value));
    }

    /// The value at a place.
    pub fn value(self, place: &Place) -> Option<Value> {
        self.draft.with(|it| it.at(place).cloned())
    }

    /// The JSON to send. What is none is refused where it stands.
    pub fn json(self) -> Option<String> {
        self.touched.set(true);
        let made = self.draft.with_untracked(Draft::json);
        made.map_err(|pointers| self.unreadable.set(pointers)).ok()
    }

    /// The JSON to check; none while something is none.
    pub fn text(self) -> Option<String> {
        self.draft.with(|it| it.json().ok())
    }

    pub fn is_unreadable(self, pointer: &str) -> bool {
        self.unreadable.with(|all| all.iter().any(|it| it == pointer))
    }

    /// Keeps the verdict on a text; none where there is none. Nothing happens where the form is gone.
    pub fn judge(self, verdict: Option<(String, Checked)>) {
        let (text, checked) = verdict.unzip();
        let _ = self.judged.try_set_value(text);
        let _ = self.checked.try_set(checked);
    }

    /// The verdict on a text, where it is known.
    pub fn verdict_on(self, text: &str) -> Option<Checked> {
        let is_known = self.judged.with_value(|it| it.as_deref() == Some(text));
        if is_known { self.checked.get_untracked() } else { None }
    }

    /// What is wrong with the value at a pointer, or with it and all that is within.
    pub fn problems(self, pointer: &str, whole: bool) -> Vec<Problem> {
        self.told(|problem| match whole {
            true => problem.is_within(pointer),
            false => problem.path == pointer,
        })
    }

    /// What is wrong that no field that is drawn stands for.
    pub fn others(self) -> Vec<Problem> {
        let drawn = self.drawn.get();
        let has_field = |problem: &Problem| {
            let path = problem.path.as_str();
            let around =
                path.char_indices().filter(|(_, it)| *it == '/').map(|(at, _)| path.get(..at).unwrap_or_default());
            drawn.contains_key(&(path.to_owned(), false))
                || around.chain([path]).any(|it| drawn.contains_key(&(it.to_owned(), true)))
        };
        self.told(|problem| !has_field(problem))
    }

    /// Nothing is wrong with a form before anything was typed.
    fn told(self, which: impl Fn(&Problem) -> bool) -> Vec<Problem> {
        if !self.touched.get() {
            return Vec::new();
        }
        self.checked.with(|checked| match checked {
            Some(Ok(verdict)) => verdict.problems.iter().filter(|it| which(it)).cloned().collect(),
            _ => Vec::new(),
        })
    }

    /// That what stands here was typed or sent before.
    pub fn touch(self) {
        self.touched.set(true);
    }

    /// That a field is drawn for as long as its owner lives.
    pub fn draw(self, pointer: &str, whole: bool) {
        let key = (pointer.to_owned(), whole);
        self.drawn.update(|all| *all.entry(key.clone()).or_insert(0) += 1);
        on_cleanup(move || {
            let _ = self.drawn.try_update(|all| {
                let left = all.get(&key).copied().unwrap_or(0).saturating_sub(1);
                if left == 0 { all.remove(&key) } else { all.insert(key.clone(), left) }
            });
        });
    }

    /// Whether there is room for one more field with so many choices.
    pub fn has_room(self, choices: usize) -> bool {
        let (rows, left) = (self.rows.get_value(), self.choices.get_value());
        let Some((rows, left)) = rows.checked_sub(1).zip(left.checked_sub(choices)) else { return false };
        self.rows.set_value(rows);
        self.choices.set_value(left);
        on_cleanup(move || {
            let _ = self.rows.try_update_value(|it| *it += 1);
            let _ = self.choices.try_update_value(|it| *it += choices);
        });
        true
    }

    /// An id without anything of the server's in it: names may have spaces, or be those of other elements.
    pub fn id(self) -> String {
        self.numbered.update_value(|it| *it += 1);
        let kind = if self.look == Look::Names { "argument" } else { "request-field" };
        format!("{kind}-{}", self.numbered.get_value())
    }
}
