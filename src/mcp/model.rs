//! What a server says of itself and offers, read so that one bad item does not hide the others.

pub(super) mod noted;

use crate::base::revision::Revision;
use crate::json::members::Members;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The four lists that a server may offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ItemKind {
    Tools,
    Resources,
    Templates,
    Prompts,
}

impl ItemKind {
    pub const ALL: [Self; 4] = [Self::Tools, Self::Resources, Self::Templates, Self::Prompts];

    /// The method that lists it, and the member that holds the items.
    pub const fn list(self) -> (&'static str, &'static str) {
        match self {
            Self::Tools => ("tools/list", "tools"),
            Self::Resources => ("resources/list", "resources"),
            Self::Templates => ("resources/templates/list", "resourceTemplates"),
            Self::Prompts => ("prompts/list", "prompts"),
        }
    }

    /// The method that uses one of them.
    pub const fn method(self) -> &'static str {
        match self {
            Self::Tools => "tools/call",
            Self::Resources | Self::Templates => "resources/read",
            Self::Prompts => "prompts/get",
        }
    }

    /// The capability that offers it.
    pub const fn capability(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Resources | Self::Templates => "resources",
            Self::Prompts => "prompts",
        }
    }

    /// The member by which an item is asked for.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Tools | Self::Prompts => "name",
            Self::Resources => "uri",
            Self::Templates => "uriTemplate",
        }
    }
}

/// The answer to `initialize` (MCP, lifecycle).
#[derive(Clone, Debug, PartialEq)]
pub struct ServerInfo {
    pub revision: Revision,
    pub name: String,
    pub title: Option<String>,
    pub version: Option<String>,
    pub instructions: Option<String>,
    /// A `data:` URL of an image. Others are left out: showing one would be a request that nobody made.
    pub icon: Option<String>,
    /// `websiteUrl`, as the server wrote it: whoever draws it checks it.
    pub website: Option<String>,
    pub capabilities: Map<String, Value>,
}

impl ServerInfo {
    /// The version that the server answered with, and the rest if this client speaks it.
    pub fn parse(result: &str) -> (Option<String>, Option<Self>) {
        let all = Members::of(result).unwrap_or_default();
        let answered: Option<String> = all.read("protocolVersion");
        // A revision without a handshake cannot be the outcome of one.
        let revision = answered.as_deref().and_then(Revision::parse).filter(|it| it.has_handshake());
        let info = revision.map(|revision| Self::of(revision, &all.object("serverInfo"), &all));
        (answered, info)
    }

    /// The answer to `server/discover` (2026-07-28): the server names itself in `_meta`.
    pub fn discovered(result: &str) -> Self {
        let all = Members::of(result).unwrap_or_default();
        let server = all.object("_meta").object("io.modelcontextprotocol/serverInfo");
        Self::of(Revision::LATEST, &server, &all)
    }

    fn of(revision: Revision, server: &Members<'_>, all: &Members<'_>) -> Self {
        Self {
            revision,
            name: server.shown("name").unwrap_or_default(),
            title: server.shown("title"),
            version: server.shown("version"),
            instructions: all.shown("instructions"),
            icon: noted::icon(server),
            website: server.read::<String>("websiteUrl").filter(|it| !it.is_empty() && it.len() <= WEBSITE),
            capabilities: all.object("capabilities").values(),
        }
    }

    /// What the user reads: the title, else the name.
    pub fn display_name(&self) -> &str {
        self.title.as_deref().filter(|it| !it.is_empty()).unwrap_or(&self.name)
    }

    pub fn offers(&self, kind: ItemKind) -> bool {
        self.capabilities.contains_key(kind.capability())
    }

    /// Whether a capability has a flag set: `resources`, `subscribe`.
    pub fn has(&self, capability: &str, flag: &str) -> bool {
        let flags = self.capabilities.get(capability);
        flags.and_then(|it| it.get(flag)).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether the server sends log messages.
    pub fn logs(&self) -> bool {
        self.capabilities.contains_key("logging")
    }
}

/// The longest URL of a website, in bytes.
const WEBSITE: usize = 2 << 10;

/// A tool, resource, template or prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The name, URI or URI template by which it is asked for.
    pub key: String,
    pub title: Option<String>,
    pub description: Option<String>,
    /// `inputSchema`, exactly as received.
    pub input_schema: Option<Arc<str>>,
    pub output_schema: Option<Arc<str>>,
    pub annotations: Map<String, Value>,
    pub mime_type: Option<String>,
    /// Arguments of a prompt: name, description, whether required.
    pub arguments: Vec<Argument>,
    /// The whole item as received.
    pub raw: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    pub name: String,
    pub description: Option<String>,
    pub required: bool,
}

impl Argument {
    fn read(raw: &RawValue) -> Option<Self> {
        let all = Members::of(raw.get())?;
        let required = all.read("required").unwrap_or_default();
        Some(Self { name: all.read("name")?, description: all.shown("description"), required })
    }
}

impl Item {
    /// What the user reads: `title`, else `annotations.title`, else the key.
    pub fn display_name(&self) -> &str {
        let annotated = || self.annotations.get("title").and_then(Value::as_str);
        self.title.as_deref().or_else(annotated).filter(|it| !it.is_empty()).unwrap_or(&self.key)
    }

    /// A hint of the server's about a tool, where it gives one. Untrusted.
    pub fn hint(&self, name: &str) -> Option<bool> {
        self.annotations.get(name).and_then(Value::as_bool)
    }

    /// Whether a filter finds it: a substring of key, title or description, in any case.
    pub fn matches(&self, lower: &str) -> bool {
        let has = |text: &str| text.to_lowercase().contains(lower);
        has(&self.key) || has(self.display_name()) || self.description.as_deref().is_some_and(has)
    }
}

/// An item that could not be read, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadItem {
    pub raw: Arc<str>,
    pub reason: String,
}

/// One page of a list.
#[derive(Debug, Default, PartialEq)]
pub struct Page {
    pub items: Vec<Arc<Item>>,
    pub bad: Vec<BadItem>,
    /// Opaque; an empty string is a cursor too.
    pub next: Option<String>,
    /// There is a cursor that is no string, so what follows cannot be asked for.
    pub bad_cursor: bool,
    pub cache: Option<Cache>,
}

impl Page {
    /// Moves the items that `why` finds a reason against to those that cannot be used.
    pub fn exclude(&mut self, why: impl Fn(&Item) -> Option<String>) {
        for item in std::mem::take(&mut self.items) {
            match why(&item) {
                Some(reason) => self.bad.push(BadItem { raw: Arc::clone(&item.raw), reason }),
                None => self.items.push(item),
            }
        }
    }
}

/// How long an answer may be used again, and by whom (2026-07-28, caching). This client always asks anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cache {
    /// Milliseconds; 0 where it must not be.
    pub fresh: u64,
    /// Only by the same person.
    pub private: bool,
}

impl Cache {
    fn read(result: &Members<'_>) -> Option<Self> {
        let fresh = result.read::<i64>("ttlMs")?.try_into().unwrap_or(0);
        Some(Self { fresh, private: result.read::<String>("cacheScope").as_deref() != Some("public") })
    }
}

/// Reads a page; `None` where the result has no such list.
pub fn page(kind: ItemKind, result: &str) -> Option<Page> {
    let all = Members::of(result)?;
    let items = all.list(kind.list().1)?;
    let (next, cache) = (all.read("nextCursor"), Cache::read(&all));
    let bad_cursor = all.value("nextCursor").is_some() && next.is_none();
    let mut page = Page { next, cache, bad_cursor, ..Page::default() };
    for raw in items {
        match item(kind, raw.get()) {
            Ok(item) => page.items.push(Arc::new(item)),
            Err(reason) => page.bad.push(BadItem { raw: raw.get().into(), reason }),
        }
    }
    Some(page)
}

fn item(kind: ItemKind, text: &str) -> Result<Item, String> {
    let all = Members::parse(text).map_err(|error| error.to_string())?;
    let lacks = || format!("\"{}\" is missing or not a string", kind.key());
    // What it is asked for by must be what the server wrote, so nothing of it is mended.
    let key = all.read(kind.key()).ok_or_else(lacks)?;
    let schema = |name| all.value(name).map(|it| Arc::<str>::from(it.get()));
    let input_schema = schema("inputSchema");
    // Only its outside: a schema may be nested deeper than a reader goes.
    if kind == ItemKind::Tools && input_schema.as_ref().is_none_or(|it| !it.starts_with('{')) {
        return Err("\"inputSchema\" is missing or not an object".to_owned());
    }
    let named = || all.shown("name").filter(|_| matches!(kind, ItemKind::Resources | ItemKind::Templates));
    let arguments = all.list("arguments").unwrap_or_default().into_iter().filter_map(Argument::read).collect();
    Ok(Item {
        key,
        title: all.shown("title").or_else(named),
        description: all.shown("description"),
        input_schema,
        output_schema: schema("outputSchema"),
        annotations: all.object("annotations").values(),
        mime_type: all.read("mimeType"),
        arguments,
        raw: text.into(),
    })
}

/// What of a result decides how it is taken. One pass; what it holds stays where it is.
#[derive(Debug, Default)]
pub struct Marks<'a> {
    /// The tool says that it failed.
    pub is_error: bool,
    /// `complete` where there is none (2026-07-28, "ResultType").
    pub result_type: Option<String>,
    /// `structuredContent` is there, whatever its value.
    pub structured: bool,
    pub input_requests: Option<&'a RawValue>,
    pub request_state: Option<&'a RawValue>,
    pub cache: Option<Cache>,
    /// It is an object at all.
    pub is_object: bool,
}

impl<'a> Marks<'a> {
    pub fn read(result: &'a str) -> Self {
        let Some(all) = Members::of(result) else { return Self::default() };
        let result_type = all.value("resultType");
        Self {
            is_error: all.read("isError").unwrap_or(false),
            result_type: result_type.map(|it| all.read("resultType").unwrap_or_else(|| it.get().to_owned())),
            structured: all.get("structuredContent").is_some(),
            input_requests: all.value("inputRequests"),
            request_state: all.value("requestState"),
            cache: Cache::read(&all),
            is_object: true,
        }
    }
}

#[cfg(test)]
mod tests;
