//! The fields that a schema asks for.

use super::keywords::Schema;
use super::part::{Part, Root, is_null};
use super::{Choice, Count, Field, Form, Format, Item, Kind, Limit, Text};
use crate::members::shown;
use crate::text::prefix;

/// How many fields a form has.
const FIELDS: usize = 200;
/// How deep objects stand within each other.
const DEPTH: usize = 4;
/// How many values a select offers, how many boxes there are to check, and how many choices a form has in all.
const OFFERED: usize = 500;
const BOXES: usize = 60;
const CHOICES: usize = 1500;
/// How much of a server's words about a field is kept.
const WORDS: usize = 2 << 10;
const TITLE: usize = 200;

/// What makes the arguments more than their properties.
const BEYOND: [&str; 8] =
    ["anyOf", "oneOf", "patternProperties", "propertyNames", "$ref", "if", "minProperties", "$dynamicRef"];

/// Collects the fields of one schema.
pub struct Reader<'a> {
    root: Root<'a>,
    form: Form,
    /// How many more fields and choices there may be.
    fields: usize,
    choices: usize,
}

/// The choices of a value.
enum Offer {
    None,
    These(Vec<Choice>),
    /// So many that they are not offered.
    TooMany(usize),
}

impl<'a> Reader<'a> {
    pub fn new(schema: &'a str) -> Self {
        Self { root: Root::new(schema), form: Form::default(), fields: FIELDS, choices: CHOICES }
    }

    pub fn form(mut self) -> Option<Form> {
        let part = self.root.part(self.root.text);
        let kind = part.only_type();
        if part.raw("type").or_else(|| part.raw("properties")).is_none() || kind.is_some_and(|it| it != "object") {
            return None;
        }
        self.form.left_out = self.members(&part, None, 0);
        let open = BEYOND.iter().any(|it| part.raw(it).is_some())
            || part.raw("additionalProperties").is_some_and(|it| it != "false");
        (!self.form.fields.is_empty() || !open).then_some(self.form)
    }

    /// Adds a field for each property; gives how many there was no room for.
    fn members(&mut self, part: &Part<'a>, within: Option<usize>, depth: usize) -> usize {
        let (properties, more) = part.properties(self.fields);
        let required = part.required();
        // Room is kept for all of them before one takes it for members of its own.
        self.fields -= properties.len();
        for (name, schema) in properties {
            let required = required.contains(&name);
            let part = self.root.part(schema.get());
            self.field(name, required, &part, within, depth);
        }
        more
    }

    fn field(&mut self, name: String, required: bool, part: &Part<'a>, within: Option<usize>, depth: usize) {
        let words = |key: &str, most: usize| {
            let words = part.raw(key).and_then(shown::<String>).filter(|it| !it.trim().is_empty());
            words.map(|it| prefix(it.trim(), most).to_owned())
        };
        let outer = within.and_then(|at| self.form.fields.get(at)).map(|it| format!("{}.", it.path));
        let kind = self.kind(part, required, depth);
        let at = self.form.fields.len();
        let inner = kind == Kind::Group;
        self.form.fields.push(Field {
            path: format!("{}{name}", outer.unwrap_or_default()),
            within,
            title: words("title", TITLE).filter(|it| *it != name),
            description: words("description", WORDS),
            required,
            nullable: part.nullable,
            kind,
            name,
        });
        if inner {
            self.members(part, Some(at), depth + 1);
        }
    }

    fn kind(&mut self, part: &Part<'a>, required: bool, depth: usize) -> Kind {
        let among = match self.offer(part, OFFERED) {
            Offer::These(choices) => return Kind::One(choices),
            Offer::TooMany(count) => Some(count),
            Offer::None => None,
        };
        match part.only_type().as_deref() {
            Some("string") => Kind::Text(text(part, among)),
            Some("number") => number(part, false),
            Some("integer") => number(part, true),
            Some("boolean") => flag(part, required),
            Some("array") => self.array(part),
            Some("object") => self.object(part, depth),
            None if !part.names_types() && part.raw("properties").is_some() => self.object(part, depth),
            _ => Kind::Json,
        }
    }

    /// An object whose members all have room; without any it is JSON.
    fn object(&self, part: &Part<'a>, depth: usize) -> Kind {
        let (members, more) = part.properties(self.fields);
        if members.is_empty() || more > 0 || depth >= DEPTH { Kind::Json } else { Kind::Group }
    }

    fn array(&mut self, part: &Part<'a>) -> Kind {
        // An array of items is a list of schemas in draft-07: one for each place.
        let items = part.raw("items").filter(|it| it.starts_with('{') && part.raw("prefixItems").is_none());
        let Some(items) = items.map(|it| self.root.part(it)) else { return Kind::Json };
        let count = Count { fewest: part.keyword("minItems"), most: part.keyword("maxItems") };
        match self.offer(&items, BOXES) {
            Offer::These(choices) => return Kind::Many { choices, count },
            _ if items.nullable => return Kind::Json,
            _ => {}
        }
        match items.only_type().as_deref() {
            Some("string") => Kind::Lines { item: Item::Text, count },
            Some("number") => Kind::Lines { item: Item::Number, count },
            Some("integer") => Kind::Lines { item: Item::Whole, count },
            _ => Kind::Json,
        }
    }

    fn offer(&mut self, part: &Part<'a>, most: usize) -> Offer {
        match choices(part) {
            None => Offer::None,
            Some(all) if all.len() <= most.min(self.choices) => {
                self.choices -= all.len();
                Offer::These(all)
            }
            Some(all) => Offer::TooMany(all.len()),
        }
    }
}

/// The values of `const`, of `enum` (with or without `enumNames`), or of `oneOf` or `anyOf` with `const` and `title`.
fn choices(part: &Part<'_>) -> Option<Vec<Choice>> {
    if let Some(only) = part.raw("const") {
        return Some(vec![choice(only, None)]);
    }
    if let Some(values) = part.list("enum").filter(|it| !it.is_empty()) {
        let names: Vec<String> = part.raw("enumNames").and_then(shown).unwrap_or_default();
        let all = values.into_iter().enumerate();
        return Some(all.map(|(at, it)| choice(it, names.get(at).cloned())).collect());
    }
    let titled = part.list("oneOf").or_else(|| part.list("anyOf"))?;
    let titled: Vec<&str> = titled.into_iter().filter(|it| !is_null(it)).collect();
    let all: Option<Vec<Choice>> = titled.into_iter().map(titled_choice).collect();
    all.filter(|it| !it.is_empty())
}

fn titled_choice(schema: &str) -> Option<Choice> {
    let schema = Schema::read(schema)?;
    Some(choice(schema.0.get("const")?, schema.keyword("title")))
}

fn choice(value: &str, title: Option<String>) -> Choice {
    let title = title.or_else(|| shown(value)).unwrap_or_else(|| value.to_owned());
    Choice { value: value.to_owned(), title: prefix(&title, TITLE).to_owned() }
}

/// A box to check where one of its two states is sent in any case, else a choice with a third: nothing.
fn flag(part: &Part<'_>, required: bool) -> Kind {
    match part.keyword::<bool>("default") {
        Some(default) => Kind::Flag { default },
        None if required && !part.nullable => Kind::Flag { default: false },
        None => Kind::One(["true", "false"].map(|it| choice(it, None)).to_vec()),
    }
}

fn text(part: &Part<'_>, among: Option<usize>) -> Text {
    Text {
        format: part.keyword::<String>("format").map(|it| Format::named(&it)).unwrap_or_default(),
        shortest: part.keyword("minLength"),
        longest: part.keyword("maxLength"),
        pattern: part.keyword::<String>("pattern").map(|it| prefix(&it, TITLE).to_owned()),
        among,
    }
}

fn number(part: &Part<'_>, whole: bool) -> Kind {
    Kind::Number {
        whole,
        least: limit(part, "minimum", "exclusiveMinimum"),
        most: limit(part, "maximum", "exclusiveMaximum"),
    }
}

/// A bound. Before draft 6, `exclusive…` was a flag beside it.
fn limit(part: &Part<'_>, inclusive: &str, exclusive: &str) -> Option<Limit> {
    let read = |name: &str, exclusive: bool| {
        let number: f64 = part.keyword(name)?;
        Some(Limit { text: prefix(part.raw(name)?, TITLE).to_owned(), number, exclusive })
    };
    let flagged = part.keyword::<bool>(exclusive) == Some(true);
    read(exclusive, true).or_else(|| read(inclusive, flagged))
}
