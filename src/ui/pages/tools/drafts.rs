//! What was typed for each tool, in a form or as JSON.

use crate::mcp::connection::Target;
use crate::mcp::model::Item;
use crate::schema::draft::{Draft as Form, NotShown, form};
use crate::schema::{Spec, arguments, pretty, same};
use crate::ui::parts::form::sheet::{Look, Sheet as FormSheet};
use crate::ui::prelude::*;
use crate::ui::session::arguments::Typed;
use crate::ui::session::{Session, session};
use crate::web::window;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was typed, and how.
#[derive(Clone, PartialEq)]
pub enum Draft {
    Form(Form),
    Json(String),
}

impl Draft {
    /// What was sent: in the form where it holds just that, else as it went out.
    fn sent(root: Option<&Spec>, arguments: &str) -> Self {
        let read = root.and_then(|_| Form::read(arguments).ok());
        let exact = read.filter(|it| it.json().is_ok_and(|it| same(&it, arguments)));
        exact.map_or_else(|| Self::Json(arguments.to_owned()), Self::Form)
    }

    /// What the tab kept of a page before this one.
    fn kept(root: Option<&Spec>, typed: Typed) -> Option<Self> {
        match typed {
            Typed::Form(text) => root.and_then(|_| Form::read(&text).ok()).map(Self::Form),
            Typed::Json(text) => Some(Self::Json(text)),
            Typed::Linked(text) => Some(Self::sent(root, &text)),
        }
    }

    /// For the tab; none while the form holds what is no JSON.
    fn typed(&self) -> Option<Typed> {
        match self {
            Self::Form(form) => form.json().ok().map(Typed::Form),
            Self::Json(text) => Some(Typed::Json(text.clone())),
        }
    }

    /// What the schema gives.
    fn starting(root: Option<&Spec>, suggested: &str) -> Self {
        match root {
            Some(root) => Self::Form(Form::starting(root)),
            None => Self::Json(suggested.to_owned()),
        }
    }
}

/// The drafts of all tools, while the page is open.
#[derive(Clone, Copy, Default)]
pub struct Drafts(StoredValue<BTreeMap<String, Draft>>);

impl Drafts {
    fn of(self, name: &str) -> Option<Draft> {
        self.0.with_value(|it| it.get(name).cloned())
    }

    fn keep(self, name: String, draft: Draft) {
        self.0.update_value(|it| drop(it.insert(name, draft)));
    }
}

/// The arguments of one tool, as they are typed.
#[derive(Clone, Copy)]
pub struct Sheet {
    /// The schema as a form; none where it does not say what arguments there are.
    pub root: StoredValue<Option<Spec>>,
    pub form: FormSheet,
    pub is_form: RwSignal<bool>,
    pub json: RwSignal<String>,
    /// What the schema suggests, as JSON.
    suggested: StoredValue<String>,
    /// Why the text is not JSON, once calling was tried.
    pub unreadable: RwSignal<Option<String>>,
    /// Why what stands here stays JSON.
    pub stays: RwSignal<Option<&'static str>>,
    /// Whether what stands here is too long to outlast the page.
    pub ends: RwSignal<bool>,
    /// What stood here before a call of the history took its place.
    pub replaced: RwSignal<Option<Draft>>,
    session: Session,
    drafts: Drafts,
    name: StoredValue<String>,
}

impl Sheet {
    /// What was typed, on this page or the one before; else what was sent last, else what the schema gives.
    pub fn of(item: &Item, target: &Target, drafts: Drafts) -> Self {
        let schema: Option<&Arc<str>> = item.input_schema.as_ref();
        let root = schema.and_then(|it| form(it));
        let session = session();
        let kept = || Draft::kept(root.as_ref(), session.kept_arguments(&item.key)?);
        let sent = || session.peek(|it| it.outcome(target).map(|it| it.ask.arguments.clone()));
        let sent = || Some(Draft::sent(root.as_ref(), &sent()?));
        let draft = drafts.of(&item.key).or_else(kept).or_else(sent);
        // A list that came anew may have brought another schema.
        let draft = draft.filter(|it| root.is_some() || matches!(it, Draft::Json(_)));
        let is_new = draft.is_none();
        let suggested = arguments::starting(item.input_schema.as_deref());
        let (form, json) = match draft.unwrap_or_else(|| Draft::starting(root.as_ref(), &suggested)) {
            Draft::Form(form) => (Some(form), String::new()),
            Draft::Json(json) => (None, json),
        };
        let sheet = Self {
            is_form: RwSignal::new(form.is_some()),
            form: FormSheet::new(form.unwrap_or_default(), Look::Names),
            root: StoredValue::new(root),
            json: RwSignal::new(json),
            suggested: StoredValue::new(suggested),
            unreadable: RwSignal::new(None),
            stays: RwSignal::new(None),
            ends: RwSignal::new(false),
            replaced: RwSignal::new(None),
            session,
            drafts,
            name: StoredValue::new(item.key.clone()),
        };
        sheet.form.on_change(Callback::new(move |()| sheet.keep()));
        if !is_new {
            sheet.form.touch();
        }
        sheet
    }

    fn draft(self) -> Draft {
        match self.is_form.get_untracked() {
            true => Draft::Form(self.form.draft.get_untracked()),
            false => Draft::Json(self.json.get_untracked()),
        }
    }

    fn keep(self) {
        let draft = self.draft();
        if let Some(typed) = draft.typed() {
            let kept = self.name.with_value(|it| self.session.keep_arguments(it, &typed));
            self.ends.set(!kept);
        }
        self.drafts.keep(self.name.get_value(), draft);
        self.replaced.set(None);
        self.unreadable.set(None);
        self.stays.set(None);
    }

    pub fn write_json(self, text: String) {
        self.json.set(text);
        self.keep();
    }

    /// The text to check; none while it is no JSON.
    pub fn text(self) -> Option<String> {
        match self.is_form.get() {
            true => self.form.text(),
            false => arguments::checked(&self.json.read()).ok(),
        }
    }

    /// The text to send. What is no JSON is refused where it stands.
    pub fn arguments(self) -> Option<String> {
        let made = match self.is_form.get_untracked() {
            true => self.form.json(),
            false => {
                let checked = arguments::checked(&self.json.read_untracked());
                checked.map_err(|words| self.unreadable.set(Some(words))).ok()
            }
        };
        if made.is_none() {
            request_animation_frame(|| window::focus("form.call [data-unreadable]"));
        }
        made
    }

    /// From the one way of typing to the other, with what stands there; where that cannot be, nothing changes.
    pub fn switch(self, to_form: bool) {
        if to_form == self.is_form.get_untracked() {
            return;
        }
        let text = match self.is_untouched() {
            true => Some(self.suggested.get_value()),
            false => self.arguments(),
        };
        if let Some(text) = text {
            match to_form {
                true => self.read_form(&text),
                false => self.show_json(&text),
            }
        }
    }

    /// Puts the arguments of a call here; what stood here can be brought back.
    pub fn replace(self, arguments: &str) {
        let before = self.draft();
        let draft = self.root.with_value(|root| match self.is_form.get_untracked() {
            true => Draft::sent(root.as_ref(), arguments),
            false => Draft::Json(pretty(arguments)),
        });
        if before != draft {
            self.put(draft);
            self.replaced.set(Some(before));
        }
    }

    /// Brings back what stood here before [`Sheet::replace`].
    pub fn bring_back(self) {
        if let Some(draft) = self.replaced.get_untracked() {
            self.put(draft);
        }
    }

    fn put(self, draft: Draft) {
        match draft {
            Draft::Form(form) => {
                self.form.draft.set(form);
                self.form.touch();
                self.is_form.set(true);
            }
            Draft::Json(text) => {
                self.json.set(text);
                self.is_form.set(false);
            }
        }
        self.keep();
    }

    fn show_json(self, text: &str) {
        self.json.set(pretty(text));
        self.is_form.set(false);
        self.keep();
    }

    /// Whether the form holds what the schema gives, and nothing else.
    fn is_untouched(self) -> bool {
        let start = self.root.with_value(|it| it.as_ref().map(Form::starting));
        self.is_form.get_untracked() && start.is_some_and(|it| self.form.draft.with_untracked(|now| *now == it))
    }

    fn read_form(self, text: &str) {
        let Some(root) = self.root.get_value() else {
            return self.stays.set(Some("The schema lists no arguments, so only JSON is available."));
        };
        // What the schema suggests as JSON has plain values where the form is empty.
        let is_suggested = self.suggested.with_value(|it| same(it, text));
        match if is_suggested { Ok(Form::starting(&root)) } else { Form::read(text) } {
            Ok(form) => {
                self.form.draft.set(form);
                self.form.touch();
                self.is_form.set(true);
                self.keep();
            }
            Err(NotShown::NoObject) => self.stays.set(Some("Only an object can be shown as a form.")),
            Err(NotShown::Names) => {
                self.stays.set(Some("A name occurs twice in one object, so the arguments stay JSON."));
            }
        }
    }
}
