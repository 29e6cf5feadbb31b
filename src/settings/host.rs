//! `inspector.json`, which a host may put beside the page: title, presets, defaults, whether only listed servers are
//! connected to, relays. What of it cannot be used is left out and named; the rest holds.

mod relays;
mod servers;

use super::Draft;
use super::servers::{Server, clean};
use crate::base::address::AddressError;
use crate::http::relay::Relay;
use serde_json::{Map, Value};

/// The file's name, and the longest one that is read, in bytes.
pub const FILE: &str = "inspector.json";
pub const LONGEST: usize = 1 << 20;

type Members = Map<String, Value>;

/// What the host sets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Host {
    pub title: Option<String>,
    pub presets: Vec<Server>,
    /// What a form begins with, as a server without a URL.
    pub defaults: Server,
    pub only_listed: bool,
    /// Whether browsers may keep the page for use without a network; `None` where the file does not say so readably.
    pub offline: Option<bool>,
    /// Where requests to an origin go instead.
    pub relays: Vec<Relay>,
    pub faults: Vec<Fault>,
}

/// A part that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `servers[0].auth.registration`; empty: the whole file.
    pub part: String,
    pub wrong: Wrong,
}

/// What is wrong with a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The host responded with an error instead of the file.
    Status(u16),
    TooLong,
    /// Where it stops to be JSON.
    NotJson {
        line: usize,
        column: usize,
    },
    Unknown,
    /// What is expected instead, as JSON names it.
    Type(&'static str),
    Missing,
    /// None of these.
    Value(Vec<String>),
    Url(AddressError),
    /// A header or a parameter that would make a secret public.
    Secret,
    /// Another preset has the URL.
    Twice,
    /// Not an origin: scheme, host and port.
    NoOrigin,
    /// Neither a path of this origin nor an https URL.
    NoRelay,
}

impl Host {
    /// Reads the file.
    pub fn read(text: &str) -> Self {
        let mut reader = Reader::default();
        if text.len() > LONGEST {
            return Self { faults: vec![Fault { part: String::new(), wrong: Wrong::TooLong }], ..Self::default() };
        }
        let json = serde_json::from_str(text.trim_start_matches('\u{feff}'));
        let file = match json {
            Err(error) => Err(Wrong::NotJson { line: error.line(), column: error.column() }),
            Ok(Value::Object(members)) => Ok(members),
            Ok(_) => Err(Wrong::Type("an object")),
        };
        match file {
            Ok(members) => reader.file(&members).with(reader.faults),
            Err(wrong) => Self::default().with(vec![Fault { part: String::new(), wrong }]),
        }
    }

    /// Where the host did not give the file.
    pub fn failed(status: u16) -> Self {
        Self::default().with(vec![Fault { part: String::new(), wrong: Wrong::Status(status) }])
    }

    fn with(self, faults: Vec<Fault>) -> Self {
        Self { faults, ..self }
    }

    /// The URLs that may be connected to, as URLs are compared; `None`: every one.
    pub fn listed(&self) -> Option<Vec<String>> {
        self.only_listed.then(|| self.presets.iter().map(Server::href).collect())
    }

    /// Writes the defaults into what nobody has changed of a form.
    pub fn fill(&self, draft: &mut Draft) {
        let empty = Draft::default();
        let mut filled = Draft::default();
        self.defaults.fill(&mut filled);
        let mut take = |place: fn(&mut Draft) -> &mut String| {
            if *place(draft) == *place(&mut empty.clone()) {
                place(draft).clone_from(place(&mut filled));
            }
        };
        take(|it| &mut it.revision);
        take(|it| &mut it.transport);
        take(|it| &mut it.registration);
        take(|it| &mut it.client_id);
        take(|it| &mut it.client_metadata_url);
        take(|it| &mut it.scope);
        take(|it| &mut it.extra);
        if draft.headers.is_empty() && draft.asked.is_empty() && draft.header_name.is_empty() {
            draft.headers = filled.headers;
            (draft.header_name, draft.asked) = (filled.header_name, filled.asked);
        }
    }
}

/// Gathers what is wrong.
#[derive(Default)]
struct Reader {
    faults: Vec<Fault>,
}

impl Reader {
    fn file(&mut self, file: &Members) -> Host {
        let known = ["$schema", "title", "servers", "defaults", "offline", "onlyListed", "relays"];
        self.known("", file, &known);
        let mut host = Host {
            title: self.text(file, "", "title").map(|it| clean(&it)).filter(|it| !it.is_empty()),
            only_listed: self.boolean(file, "onlyListed").unwrap_or_default(),
            offline: self.boolean(file, "offline").or((!file.contains_key("offline")).then_some(true)),
            ..Host::default()
        };
        if let Some(defaults) = self.object(file, "", "defaults") {
            host.defaults = self.defaults(defaults);
        }
        if let Some(list) = file.get("servers") {
            host.presets = self.servers(list, &host.defaults);
        }
        if let Some(relays) = self.object(file, "", "relays") {
            host.relays = self.relays(relays);
        }
        host
    }

    fn fault(&mut self, part: impl Into<String>, wrong: Wrong) {
        self.faults.push(Fault { part: part.into(), wrong });
    }

    /// Names what nobody knows.
    fn known(&mut self, at: &str, members: &Members, known: &[&str]) {
        for name in members.keys().filter(|it| !known.contains(&it.as_str())) {
            self.fault(join(at, &clean(name)), Wrong::Unknown);
        }
    }

    fn text(&mut self, members: &Members, at: &str, name: &str) -> Option<String> {
        match members.get(name)? {
            Value::String(text) => Some(text.trim().to_owned()),
            _ => {
                self.fault(join(at, name), Wrong::Type("a string"));
                None
            }
        }
    }

    fn boolean(&mut self, members: &Members, name: &str) -> Option<bool> {
        match members.get(name)? {
            Value::Bool(it) => Some(*it),
            _ => {
                self.fault(name, Wrong::Type("true or false"));
                None
            }
        }
    }

    fn object<'a>(&mut self, members: &'a Members, at: &str, name: &str) -> Option<&'a Members> {
        match members.get(name)? {
            Value::Object(it) => Some(it),
            _ => {
                self.fault(join(at, name), Wrong::Type("an object"));
                None
            }
        }
    }
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

#[cfg(test)]
mod tests;
