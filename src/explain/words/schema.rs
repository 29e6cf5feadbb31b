//! The sentences of the schema check.

use crate::base::format::bytes;
use crate::schema::format::Format;
use crate::schema::verdict::{Problem, Unchecked};

/// How many values of an `enum` are named.
const NAMED: usize = 12;

/// What has to change of a value.
pub fn problem(problem: &Problem) -> String {
    let expected = problem.expected.as_deref().unwrap_or_default();
    match problem.keyword.as_str() {
        "required" => "Missing, but the schema requires it.".to_owned(),
        "dependentRequired" => "Missing, but the schema requires it with the other values.".to_owned(),
        "type" => format!("The schema expects {}.", types(expected)),
        "const" if !expected.is_empty() => format!("The schema allows only {expected}."),
        "enum" => values(expected),
        "format" => format(expected),
        "pattern" => format!("Does not match the pattern `{}`.", text(expected)),
        "multipleOf" => format!("Not a multiple of {expected}."),
        "additionalProperties" | "unevaluatedProperties" => "The schema does not allow this member.".to_owned(),
        "items" | "additionalItems" | "unevaluatedItems" => "The schema does not allow this item.".to_owned(),
        "propertyNames" => "The schema does not allow this name.".to_owned(),
        "uniqueItems" => "Two items are equal, and the schema does not allow that.".to_owned(),
        "contains" => "Too few or too many items match `contains`.".to_owned(),
        "not" => "The schema excludes this value (`not`).".to_owned(),
        "anyOf" => "Matches none of the schemas in `anyOf`.".to_owned(),
        "oneOf" => "Matches none, or more than one, of the schemas in `oneOf`.".to_owned(),
        "structuredContent" => "The result has no `structuredContent`, which `outputSchema` requires.".to_owned(),
        "false" => "The schema allows no value here.".to_owned(),
        keyword => limit(keyword, expected).unwrap_or_else(|| format!("Breaks `{keyword}` of the schema.")),
    }
}

/// A bound.
fn limit(keyword: &str, expected: &str) -> Option<String> {
    let of = |words: &str, one: &str, more: &str| {
        let what = if expected == "1" { one } else { more };
        format!("{words} {expected} {what}").trim_end().to_owned() + "."
    };
    Some(match keyword {
        "minimum" => of("Must be at least", "", ""),
        "maximum" => of("Must be at most", "", ""),
        "exclusiveMinimum" => of("Must be more than", "", ""),
        "exclusiveMaximum" => of("Must be less than", "", ""),
        "minLength" => of("Must have at least", "character", "characters"),
        "maxLength" => of("Must have at most", "character", "characters"),
        "minItems" => of("Must have at least", "item", "items"),
        "maxItems" => of("Must have at most", "item", "items"),
        "minProperties" => of("Must have at least", "member", "members"),
        "maxProperties" => of("Must have at most", "member", "members"),
        _ => return None,
    })
}

fn text(json: &str) -> String {
    serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())
}

/// `"integer"`, or a list of such names.
fn types(expected: &str) -> String {
    let several: Vec<String> = serde_json::from_str(expected).unwrap_or_else(|_| vec![text(expected)]);
    let named: Vec<&str> = several.iter().map(|it| article(it)).collect();
    match named.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((only, _)) => (*only).to_owned(),
        None => "another type".to_owned(),
    }
}

fn article(name: &str) -> &str {
    match name {
        "string" => "a string",
        "number" => "a number",
        "integer" => "an integer",
        "boolean" => "true or false",
        "array" => "an array",
        "object" => "an object",
        "null" => "null",
        _ => "another type",
    }
}

fn values(expected: &str) -> String {
    match crate::schema::keywords::items(expected) {
        Some(all) if all.len() <= NAMED => format!("The schema allows only {}.", all.join(", ")),
        _ => "Not one of the values in the schema.".to_owned(),
    }
}

fn format(expected: &str) -> String {
    let name = text(expected);
    match Format::named(&name).looks() {
        "" => format!("Not of the format `{name}`."),
        looks => format!("Not of the format `{name}`. {looks}"),
    }
}

/// Why a value was not checked.
pub fn unchecked(why: &Unchecked) -> String {
    let reason = match why {
        Unchecked::NotLoaded => {
            "the validator did not load. Host of Flowglass: serve every file of the built folder, then reload"
                .to_owned()
        }
        Unchecked::TooLong { seconds } => format!("it took more than {seconds} s"),
        Unchecked::TooLarge { limit } => format!("schema and value are larger than {}", bytes(*limit)),
        Unchecked::Deep => "it nests too deeply, or the schema refers to itself without end".to_owned(),
        Unchecked::Dialect(name) => format!("the dialect `{name}` is unknown"),
        Unchecked::Reference(name) => {
            format!("`$ref` is `{name}`, which is not part of the schema. Flowglass does not fetch schemas")
        }
        Unchecked::Schema(pointer) if pointer.is_empty() => "the schema itself is invalid".to_owned(),
        Unchecked::Schema(pointer) => format!("the schema itself is invalid at `{pointer}`"),
        Unchecked::Failed(message) if message.is_empty() => "the validator failed".to_owned(),
        Unchecked::Failed(message) => format!("the validator failed: {message}"),
    };
    format!("Not checked against the schema: {reason}.")
}

/// That patterns of a schema were not judged.
pub fn skipped(patterns: &[String]) -> String {
    format!("Not checked, because ECMA-262 has no such regular expression: {}", patterns.join(", "))
}
