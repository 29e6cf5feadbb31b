//! What was typed for each tool, in a form or as JSON.

use crate::arguments;
use crate::map::Map;
use crate::mcp::connection::Target;
use crate::mcp::model::Item;
use crate::schema::{Entry, Form, pretty, same};
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;

/// What was typed, and how.
#[derive(Clone, PartialEq)]
pub enum Draft {
    Form(Vec<Entry>),
    Json(String),
}

impl Draft {
    pub const fn is_form(&self) -> bool {
        matches!(self, Self::Form(_))
    }

    pub fn json(&self) -> &str {
        match self {
            Self::Json(text) => text,
            Self::Form(_) => "",
        }
    }

    /// What was sent: in the form where it holds just that, else as it went out.
    fn sent(form: Option<&Form>, arguments: &str) -> Self {
        let reading = form.map(|it| (it, it.read(arguments)));
        let exact = reading.filter(|(form, reading)| {
            reading.lost.is_none() && form.arguments(&reading.entries).is_ok_and(|it| same(&it, arguments))
        });
        exact.map_or_else(|| Self::Json(arguments.to_owned()), |(_, it)| Self::Form(it.entries))
    }

    /// What the schema suggests.
    fn starting(form: Option<&Form>, item: &Item) -> Self {
        let text = arguments::starting(item.input_schema.as_deref());
        match form {
            Some(form) => Self::Form(form.read(&text).entries),
            None => Self::Json(text),
        }
    }
}

/// The drafts of all tools, while the page is open.
#[derive(Clone, Copy, Default)]
pub struct Drafts(StoredValue<Map<String, Draft>>);

impl Drafts {
    fn of(self, name: &str) -> Option<Draft> {
        self.0.with_value(|it| it.get(&name.to_owned()).cloned())
    }

    fn keep(self, name: String, draft: Draft) {
        self.0.update_value(|it| it.insert(name, draft));
    }
}

/// The arguments of one tool, as they are typed.
#[derive(Clone, Copy)]
pub struct Sheet {
    pub form: StoredValue<Option<Form>>,
    pub draft: RwSignal<Draft>,
    /// The fields whose content cannot be JSON, once calling was tried.
    refusals: RwSignal<Vec<(usize, String)>>,
    /// Why the text is not JSON, once calling was tried.
    pub unreadable: RwSignal<Option<String>>,
    /// Why what stands here stays JSON.
    pub stays: RwSignal<Option<String>>,
    drafts: Drafts,
    name: StoredValue<String>,
}

impl Sheet {
    /// What was typed, else what was sent last, else what the schema suggests.
    pub fn of(item: &Item, target: &Target, drafts: Drafts) -> Self {
        let form = item.input_schema.as_deref().and_then(Form::of);
        let sent = || session().peek(|it| it.outcome(target).map(|it| it.ask.arguments.clone()));
        let draft = drafts.of(&item.key).or_else(|| Some(Draft::sent(form.as_ref(), &sent()?)));
        // A list that came anew may have brought another schema.
        let fits = |it: &Draft| match (it, &form) {
            (Draft::Form(entries), Some(form)) => entries.len() == form.fields.len(),
            (Draft::Form(_), None) => false,
            (Draft::Json(_), _) => true,
        };
        let draft = draft.filter(fits).unwrap_or_else(|| Draft::starting(form.as_ref(), item));
        Self {
            form: StoredValue::new(form),
            draft: RwSignal::new(draft),
            refusals: RwSignal::new(Vec::new()),
            unreadable: RwSignal::new(None),
            stays: RwSignal::new(None),
            drafts,
            name: StoredValue::new(item.key.clone()),
        }
    }

    fn set(self, draft: Draft) {
        self.drafts.keep(self.name.get_value(), draft.clone());
        self.draft.set(draft);
        self.unreadable.set(None);
        self.stays.set(None);
    }

    pub fn write_json(self, text: String) {
        self.set(Draft::Json(text));
    }

    pub fn entry(self, at: usize) -> Option<Entry> {
        self.draft.with(|it| match it {
            Draft::Form(entries) => entries.get(at).cloned(),
            Draft::Json(_) => None,
        })
    }

    pub fn write(self, at: usize, entry: Entry) {
        let mut draft = self.draft.get_untracked();
        if let Draft::Form(entries) = &mut draft
            && let Some(it) = entries.get_mut(at)
        {
            *it = entry;
        }
        self.refusals.update(|all| all.retain(|(it, _)| *it != at));
        self.set(draft);
    }

    pub fn refusal(self, at: usize) -> Option<String> {
        self.refusals.with(|all| all.iter().find(|(it, _)| *it == at).map(|(_, words)| words.clone()))
    }

    /// The text to send. What cannot be JSON is refused where it stands.
    pub fn arguments(self) -> Option<String> {
        let made = match self.draft.get_untracked() {
            Draft::Json(text) => arguments::checked(&text).map_err(|words| self.unreadable.set(Some(words))),
            Draft::Form(entries) => self.made(&entries).map_err(|refusals| self.refusals.set(refusals)),
        };
        if made.is_err() {
            request_animation_frame(|| window::focus("form.call [aria-invalid]"));
        }
        made.ok()
    }

    fn made(self, entries: &[Entry]) -> Result<String, Vec<(usize, String)>> {
        self.form.with_value(|form| form.as_ref().map_or_else(|| Ok("{}".to_owned()), |it| it.arguments(entries)))
    }

    /// From the one way of typing to the other, with what stands there; where that cannot be, nothing changes.
    pub fn switch(self, to_form: bool) {
        if to_form != self.draft.with_untracked(Draft::is_form)
            && let Some(text) = self.arguments()
        {
            match to_form {
                true => self.read_form(&text),
                false => self.set(Draft::Json(pretty(&text))),
            }
        }
    }

    fn read_form(self, text: &str) {
        let reading = self.form.with_value(|form| form.as_ref().map(|it| it.read(text)));
        match reading {
            Some(reading) if reading.lost.is_none() => self.set(Draft::Form(reading.entries)),
            Some(reading) => self.stays.set(reading.lost),
            None => self
                .stays
                .set(Some("The schema does not say which arguments there are, so this stays JSON.".to_owned())),
        }
    }
}
