//! The form of an elicitation: the flat schema as fields, what is typed as content (MCP, elicitation, "Requested Schema").

use crate::members::{self, Members};
use crate::schema::format::{Format, fits, well_formed};
use crate::schema::{Choice, Entry};
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

/// One field, in the order of the schema's properties.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    /// What a person reads: the title, else the name.
    pub label: String,
    pub description: Option<String>,
    pub required: bool,
    pub kind: FieldKind,
    default: Option<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    Text {
        format: Format,
        shortest: Option<u64>,
        longest: Option<u64>,
        pattern: Option<String>,
    },
    Number {
        whole: bool,
        least: Option<f64>,
        most: Option<f64>,
    },
    Flag,
    One(Vec<Choice>),
    Many {
        choices: Vec<Choice>,
        fewest: Option<u64>,
        most: Option<u64>,
    },
    /// Beyond what an elicitation may ask for: answered in raw JSON.
    Json,
}

/// The fields that the raw `params` of an elicitation ask for; `None` where there is no schema that can be read.
pub fn fields(params: &str) -> Option<Vec<Field>> {
    let schema: Members<'_> = Members::of(params)?.read("requestedSchema")?;
    let required = schema.strings("required").unwrap_or_default();
    let properties = match schema.value("properties") {
        Some(raw) => Members::of(raw.get())?.once(),
        None => Vec::new(),
    };
    Some(properties.into_iter().map(|(name, raw)| field(name, &property(raw), &required)).collect())
}

/// One property; null where it cannot be held in memory. What is hard to read in it spoils nothing else.
fn property(raw: &RawValue) -> Value {
    match Members::of(raw.get()) {
        Some(all) => Value::Object(all.values()),
        None => members::shown(raw.get()).unwrap_or_default(),
    }
}

fn field(name: String, schema: &Value, required: &[String]) -> Field {
    let text = |key: &str| schema.get(key).and_then(Value::as_str).map(str::to_owned);
    Field {
        label: text("title").unwrap_or_else(|| name.clone()),
        description: text("description"),
        required: required.contains(&name),
        kind: kind(schema),
        default: schema.get("default").cloned(),
        name,
    }
}

fn kind(schema: &Value) -> FieldKind {
    let count = |key: &str| schema.get(key).and_then(Value::as_u64);
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    let one = choices(schema);
    match schema.get("type").and_then(Value::as_str) {
        _ if !one.is_empty() => FieldKind::One(one),
        Some("string") => FieldKind::Text {
            format: schema.get("format").and_then(Value::as_str).map(Format::named).unwrap_or_default(),
            shortest: count("minLength"),
            longest: count("maxLength"),
            pattern: schema.get("pattern").and_then(Value::as_str).map(str::to_owned),
        },
        Some(number @ ("number" | "integer")) => {
            FieldKind::Number { whole: number == "integer", least: limit("minimum"), most: limit("maximum") }
        }
        Some("boolean") => FieldKind::Flag,
        Some("array") => match schema.get("items").map(choices).unwrap_or_default() {
            choices if choices.is_empty() => FieldKind::Json,
            choices => FieldKind::Many { choices, fewest: count("minItems"), most: count("maxItems") },
        },
        _ => FieldKind::Json,
    }
}

/// The choices of `enum` (with or without `enumNames`), or of `oneOf` or `anyOf` with `const` and `title`.
fn choices(schema: &Value) -> Vec<Choice> {
    let list = |key: &str| schema.get(key).and_then(Value::as_array);
    if let Some(titled) = list("oneOf").or_else(|| list("anyOf")) {
        return titled.iter().filter_map(titled_choice).collect();
    }
    let names = list("enumNames");
    let named = |at: usize| names?.get(at)?.as_str();
    let values = list("enum").into_iter().flatten().filter_map(Value::as_str).enumerate();
    values.map(|(at, it)| Choice { value: it.to_owned(), title: named(at).unwrap_or(it).to_owned() }).collect()
}

fn titled_choice(schema: &Value) -> Option<Choice> {
    let value = schema.get("const")?.as_str()?;
    let title = schema.get("title").and_then(Value::as_str).unwrap_or(value);
    Some(Choice { value: value.to_owned(), title: title.to_owned() })
}

fn offers(choices: &[Choice], value: &str) -> bool {
    choices.iter().any(|it| it.value == value)
}

impl Field {
    /// What stands in it at first: its default, as far as that may be chosen.
    pub fn starting(&self) -> Entry {
        match (&self.kind, &self.default) {
            (FieldKind::Flag, it) => Entry::Flag(it.as_ref().and_then(Value::as_bool).unwrap_or(false)),
            (FieldKind::Many { choices, .. }, Some(Value::Array(list))) => {
                let offered = list.iter().filter_map(Value::as_str).filter(|it| offers(choices, it));
                Entry::Many(offered.map(str::to_owned).collect())
            }
            (FieldKind::Many { .. }, _) => Entry::Many(Vec::new()),
            (FieldKind::Json, Some(value)) => Entry::Text(value.to_string()),
            (FieldKind::One(choices), default) => {
                let default = default.as_ref().and_then(Value::as_str).filter(|it| offers(choices, it));
                Entry::Text(default.unwrap_or_default().to_owned())
            }
            (_, Some(Value::String(text))) => Entry::Text(text.clone()),
            (_, Some(Value::Number(number))) => Entry::Text(number.to_string()),
            _ => Entry::Text(String::new()),
        }
    }

    /// The value to send; `None` where nothing was said. The error is for the person.
    pub fn value(&self, entry: &Entry) -> Result<Option<Value>, String> {
        match entry {
            Entry::Flag(flag) => Ok(Some(Value::Bool(*flag))),
            Entry::Many(chosen) => self.many(chosen),
            // A text that is required may be empty where its length allows that.
            Entry::Text(text) if text.is_empty() => match &self.kind {
                FieldKind::Text { shortest: Some(0), format, .. } if self.required => {
                    well_formed("", *format).map(|()| Some(Value::from("")))
                }
                _ if self.required => Err("This is required".to_owned()),
                _ => Ok(None),
            },
            Entry::Text(text) => self.text(text).map(Some),
        }
    }

    fn many(&self, chosen: &[String]) -> Result<Option<Value>, String> {
        let FieldKind::Many { choices, fewest, most } = &self.kind else { return Ok(None) };
        if !chosen.iter().all(|it| offers(choices, it)) {
            return Err("Choose from the list".to_owned());
        }
        let count = chosen.len() as u64;
        if let Some(fewest) = fewest.filter(|it| count < *it && (self.required || count > 0)) {
            return Err(format!("Choose at least {fewest}"));
        }
        if let Some(most) = most.filter(|it| count > *it) {
            return Err(format!("Choose at most {most}"));
        }
        Ok((self.required || count > 0).then(|| chosen.into()))
    }

    fn text(&self, text: &str) -> Result<Value, String> {
        match &self.kind {
            FieldKind::Number { whole, least, most } => number(text.trim(), *whole, *least, *most),
            FieldKind::Text { format, shortest, longest, .. } => {
                fits(text, *shortest, *longest)?;
                well_formed(text, *format)?;
                Ok(text.into())
            }
            FieldKind::One(choices) if !offers(choices, text) => Err("Choose one of the list".to_owned()),
            FieldKind::Json => serde_json::from_str(text).map_err(|error| format!("This is not JSON: {error}")),
            _ => Ok(text.into()),
        }
    }
}

/// Beyond, a number with a fraction is not every whole number (RFC 8259 §6).
const EXACT: f64 = 9_007_199_254_740_992.0;

fn number(text: &str, whole: bool, least: Option<f64>, most: Option<f64>) -> Result<Value, String> {
    let exact = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok();
    let is_exact = exact.is_some();
    let inexact = || text.parse::<f64>().ok().and_then(Number::from_f64);
    let number = exact.or_else(inexact).ok_or("This is not a number")?;
    let value = number.as_f64().unwrap_or_default();
    match (least, most) {
        _ if whole && value.fract() != 0.0 => Err("A whole number is wanted".to_owned()),
        _ if whole && !is_exact && value.abs() > EXACT => Err("This number is too large to arrive as it is".to_owned()),
        (Some(least), _) if value < least => Err(format!("At least {least}")),
        (_, Some(most)) if value > most => Err(format!("At most {most}")),
        _ => Ok(Value::Number(number)),
    }
}

/// The content of all fields as raw JSON, or what is wrong in each.
pub fn content(fields: &[Field], entries: &[Entry]) -> Result<String, Vec<(String, String)>> {
    let (mut content, mut refusals) = (Map::new(), Vec::new());
    for (field, entry) in fields.iter().zip(entries) {
        match field.value(entry) {
            Ok(Some(value)) => drop(content.insert(field.name.clone(), value)),
            Ok(None) => {}
            Err(words) => refusals.push((field.name.clone(), words)),
        }
    }
    if refusals.is_empty() { Ok(Value::Object(content).to_string()) } else { Err(refusals) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(properties: &Value, required: &[&str]) -> Vec<Field> {
        let schema = json!({ "type": "object", "properties": properties, "required": required });
        fields(&json!({ "message": "m", "requestedSchema": schema }).to_string()).expect("a schema")
    }

    fn one(schema: &Value) -> Field {
        read(&json!({ "it": schema }), &["it"]).remove(0)
    }

    fn says(schema: &Value, typed: &str) -> Result<Option<Value>, String> {
        one(schema).value(&Entry::Text(typed.to_owned()))
    }

    fn started(fields: &[Field]) -> Result<Value, Vec<(String, String)>> {
        let entries: Vec<Entry> = fields.iter().map(Field::starting).collect();
        content(fields, &entries).map(|it| serde_json::from_str(&it).expect("JSON"))
    }

    #[test]
    fn e_62_defaults_of_every_kind_are_filled_in() {
        let properties = json!({
            "name": { "type": "string", "default": "John Doe" },
            "age": { "type": "integer", "default": 30 },
            "score": { "type": "number", "default": 95.5 },
            "status": { "type": "string", "enum": ["active", "inactive"], "default": "active" },
            "verified": { "type": "boolean", "default": true },
            "colors": { "type": "array", "items": { "type": "string", "enum": ["red", "blue"] }, "default": ["red"] },
        });
        let expected = json!({ "name": "John Doe", "age": 30, "score": 95.5, "status": "active", "verified": true, "colors": ["red"] });
        assert_eq!(started(&read(&properties, &["name"])), Ok(expected));
    }

    #[test]
    fn e_62_fields_keep_the_order_of_the_schema() {
        let text = r#"{"requestedSchema":{"properties":{"z":{"type":"string"},"a":{"type":"boolean"}}}}"#;
        let names: Vec<String> = fields(text).expect("a schema").into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["z", "a"]);
    }

    #[test]
    fn e_62_choices_come_in_four_ways() {
        let expected = |titles: [&str; 2]| {
            let pair = [("a", titles[0]), ("b", titles[1])];
            pair.map(|(value, title)| Choice { value: value.to_owned(), title: title.to_owned() }).to_vec()
        };
        let titled = json!([{ "const": "a", "title": "A!" }, { "const": "b", "title": "B!" }]);
        for (schema, titles) in [
            (json!({ "type": "string", "enum": ["a", "b"] }), ["a", "b"]),
            (json!({ "type": "string", "enum": ["a", "b"], "enumNames": ["A!", "B!"] }), ["A!", "B!"]),
            (json!({ "type": "string", "oneOf": titled }), ["A!", "B!"]),
        ] {
            assert_eq!(one(&schema).kind, FieldKind::One(expected(titles)));
        }
        let many = json!({ "type": "array", "items": { "anyOf": titled }, "minItems": 1, "maxItems": 1 });
        let field = one(&many);
        assert!(matches!(&field.kind, FieldKind::Many { choices, .. } if *choices == expected(["A!", "B!"])));
        assert!(field.value(&Entry::Many(vec![])).is_err());
        assert!(field.value(&Entry::Many(vec!["a".to_owned(), "b".to_owned()])).is_err());
        assert_eq!(field.value(&Entry::Many(vec!["a".to_owned()])), Ok(Some(json!(["a"]))));
    }

    #[test]
    fn e_62_limits_and_formats_are_checked_before_sending() {
        for (schema, good, bad) in [
            (json!({ "type": "string", "minLength": 2, "maxLength": 3 }), "äö", "ä"),
            (json!({ "type": "string", "maxLength": 3 }), "abc", "abcd"),
            (json!({ "type": "string", "format": "email" }), "a@b.c", "a b@c"),
            (json!({ "type": "string", "format": "uri" }), "urn:x", "example.com"),
            (json!({ "type": "string", "format": "date" }), "2026-07-28", "28.7.2026"),
            (json!({ "type": "string", "format": "date-time" }), "2026-07-28T12:00:00+02:00", "2026-07-28"),
            (json!({ "type": "integer", "minimum": 1 }), "7", "7.5"),
            (json!({ "type": "integer", "minimum": 1 }), "1", "0"),
            (json!({ "type": "number", "maximum": 1.5 }), "1.5", "2"),
            (json!({ "type": "number" }), "-1e3", "one"),
        ] {
            assert!(says(&schema, good).is_ok(), "{schema} {good}");
            assert!(says(&schema, bad).is_err(), "{schema} {bad}");
        }
    }

    #[test]
    fn what_is_left_empty_is_left_out_unless_it_is_required() {
        let fields = read(&json!({ "a": { "type": "string" }, "b": { "type": "integer" } }), &["b"]);
        let refusals = started(&fields).expect_err("b is required");
        assert_eq!(refusals.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(started(&read(&json!({ "a": { "type": "string" } }), &[])), Ok(json!({})));
    }

    #[test]
    fn what_an_elicitation_may_not_ask_for_is_answered_in_json() {
        let schema = json!({ "type": "object", "default": { "a": 1 } });
        assert_eq!(one(&schema).kind, FieldKind::Json);
        assert_eq!(one(&schema).starting(), Entry::Text(r#"{"a":1}"#.to_owned()));
        assert_eq!(says(&schema, "[1]"), Ok(Some(json!([1]))));
        assert!(says(&schema, "[").is_err());
        assert_eq!(fields("[]"), None);
    }
}
