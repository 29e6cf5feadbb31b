//! The arguments that are typed for tools, kept in the tab over a reload: those of the last tools, up to a length.
//!
//! Each is a text with a head: `12 form` and the arguments. The number tells which tool was typed for last.

use super::Session;
use crate::web::storage::Place;

const ARGUMENTS: &str = "flowglass.arguments.";
/// How many tools' arguments are kept.
const TOOLS: usize = 50;
/// The longest name of a tool that is kept, in bytes.
const NAME: usize = 1 << 10;
/// The longest arguments that are kept, in bytes.
pub const LONGEST: usize = 64 << 10;

/// How arguments came about, and their text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Form(String),
    Json(String),
    /// A link brought them.
    Linked(String),
}

impl Typed {
    const fn parts(&self) -> (&'static str, &String) {
        match self {
            Self::Form(text) => ("form", text),
            Self::Json(text) => ("json", text),
            Self::Linked(text) => ("link", text),
        }
    }

    fn read(stored: &str) -> Option<Self> {
        let (head, text) = stored.split_once('\n')?;
        let text = text.to_owned();
        match head.split_once(' ')?.1 {
            "form" => Some(Self::Form(text)),
            "json" => Some(Self::Json(text)),
            "link" => Some(Self::Linked(text)),
            _ => None,
        }
    }
}

fn number(stored: &str) -> Option<u32> {
    stored.split_once(' ')?.0.parse().ok()
}

impl Session {
    /// Keeps what is typed for a tool of the present server. `false`: it ends with the page.
    pub fn keep_arguments(self, tool: &str, typed: &Typed) -> bool {
        let (way, text) = typed.parts();
        let Some(key) = self.key_of(tool).filter(|_| text.len() <= LONGEST) else {
            self.drop_arguments(tool);
            return false;
        };
        let number = match Place::Tab.get(&key).and_then(|it| number(&it)) {
            Some(number) => number,
            None => next(),
        };
        Place::Tab.set(&key, &format!("{number} {way}\n{text}"))
    }

    /// What was typed for a tool of the present server.
    pub fn kept_arguments(self, tool: &str) -> Option<Typed> {
        Typed::read(&Place::Tab.get(&self.key_of(tool)?)?)
    }

    fn drop_arguments(self, tool: &str) {
        if let Some(key) = self.key_of(tool) {
            Place::Tab.remove(&key);
        }
    }

    /// None where nothing is kept: tokens are in memory only, and arguments may hold some.
    fn key_of(self, tool: &str) -> Option<String> {
        let server = self.peek(|it| it.settings().filter(|it| !it.memory_only).map(|it| it.server.href()))?;
        (tool.len() <= NAME).then(|| format!("{ARGUMENTS}{server} {tool}"))
    }
}

/// The number of a tool that is typed for the first time. The one of longest ago goes where there are too many.
fn next() -> u32 {
    let read = |key: String| Some((Place::Tab.get(&key).and_then(|it| number(&it))?, key));
    let mut all: Vec<(u32, String)> = Place::Tab.keys(ARGUMENTS).into_iter().filter_map(read).collect();
    all.sort();
    for (_, key) in all.iter().take((all.len() + 1).saturating_sub(TOOLS)) {
        Place::Tab.remove(key);
    }
    all.last().map_or(1, |(it, _)| it.saturating_add(1))
}
