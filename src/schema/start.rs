//! What stands in a form before anything is typed: what the schema gives, or nothing. Never an invented value.

use super::arguments::Sampler;
use super::keywords::Schema;
use super::spec::Spec;
use super::value::Value;
use super::{Field, Format, Text, ValueKind};
use std::cell::Cell;

/// How deep objects are filled in.
const DEPTH: usize = 8;
/// How many values are looked at.
const VALUES: usize = 1_000;

/// The value that a schema gives: its default or its only value; where there has to be one, its first example, or what
/// is empty. Each is one that the schema allows.
pub fn start(spec: &Spec, required: bool) -> Option<Value> {
    let starter = Starter { sampler: Sampler::of(spec.document()), left: Cell::new(VALUES) };
    starter.start(spec, required, 0)
}

/// The value of an item that was just added.
pub fn blank(spec: &Spec) -> Value {
    start(spec, true).unwrap_or_else(|| match Field::read(spec, true).kind {
        ValueKind::Group(_) => Value::Object(Vec::new()),
        ValueKind::List(_) | ValueKind::Many { .. } => Value::List(Vec::new()),
        // Nothing is sent until it is JSON.
        ValueKind::Json => Value::Unreadable(String::new()),
        _ => Value::text(""),
    })
}

struct Starter<'a> {
    sampler: Sampler<'a>,
    left: Cell<usize>,
}

impl Starter<'_> {
    fn start(&self, spec: &Spec, required: bool, depth: usize) -> Option<Value> {
        self.left.set(self.left.get().checked_sub(1)?);
        let may_be_empty = required && depth < DEPTH;
        self.named(spec, required).or_else(|| if may_be_empty { self.empty(spec, depth) } else { None })
    }

    /// The first of the values that the schema names, as far as they are there to be sent.
    fn named(&self, spec: &Spec, required: bool) -> Option<Value> {
        let part = spec.part();
        // What is absent has its default: `null` for a value that may be absent says no more.
        let default = part.raw("default").filter(|it| required || *it != "null");
        let given = default.into_iter().chain(part.raw("const"));
        let examples = part.list("examples").unwrap_or_default().into_iter().chain(part.raw("example"));
        let all = given.chain(examples.filter(|_| required));
        all.into_iter().find(|it| self.allows(spec, it)).map(|it| Value::read(it).unwrap_or_else(|| Value::typed(it)))
    }

    fn allows(&self, spec: &Spec, value: &str) -> bool {
        spec.texts().all(|it| Schema::read(it).is_none_or(|it| self.sampler.allows(&it, value, 0)))
    }

    /// What is nothing, and still a value.
    fn empty(&self, spec: &Spec, depth: usize) -> Option<Value> {
        let field = Field::read(spec, true);
        if field.nullable && depth > 0 {
            return Some(Value::null());
        }
        match field.kind {
            ValueKind::Text(it) if it.may_be_empty() => Some(Value::text("")),
            ValueKind::Flag => Some(Value::Raw("false".to_owned())),
            ValueKind::One(choices) if choices.len() == 1 => choices.first().map(|it| Value::typed(&it.value)),
            ValueKind::Many { .. } | ValueKind::List(_) => Some(Value::List(Vec::new())),
            ValueKind::Group(group) => {
                let started = |name: &String| {
                    group
                        .members
                        .iter()
                        .find(|it| it.name == *name)
                        .and_then(|it| Some((it.name.clone(), self.start(&it.spec, it.required, depth + 1)?)))
                };
                Some(Value::Object(group.order.iter().filter_map(started).collect()))
            }
            ValueKind::Variant(branches) => branches.first().and_then(|it| self.start(&it.spec, true, depth + 1)),
            ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::One(_) | ValueKind::Json => None,
        }
    }
}

impl Text {
    /// Whether the empty text is one of its values, as far as can be told.
    pub(super) fn may_be_empty(&self) -> bool {
        let Self { format, shortest, pattern, among, .. } = self;
        *format == Format::Any && shortest.unwrap_or(0) == 0 && pattern.is_none() && among.is_none()
    }
}
