//! What the flat schemas of elicitations ask for, read from the standards and not from the form's code.

use serde_json::Value;

/// What all lists of the generated schemas offer.
pub const CHOICES: [&str; 3] = ["a", "b", "ä"];

/// JSON Schema, as far as an elicitation goes (JSON Schema Validation §6, RFC 3339, RFC 3986).
pub fn satisfies(schema: &Value, value: &Value) -> bool {
    let at_most = |key: &str, value: f64| schema[key].as_f64().is_none_or(|limit| value <= limit);
    let at_least = |key: &str, value: f64| schema[key].as_f64().is_none_or(|limit| value >= limit);
    let within = |least: &str, most: &str, value: f64| at_least(least, value) && at_most(most, value);
    let offered = |it: &Value| it.as_str().is_some_and(|it| CHOICES.contains(&it));
    match (schema["type"].as_str(), value) {
        (Some("string"), Value::String(text)) => {
            let chosen = schema.get("enum").is_none() && schema.get("oneOf").is_none() || offered(value);
            chosen && within("minLength", "maxLength", text.chars().count() as f64) && is_of(&schema["format"], text)
        }
        (Some("number"), Value::Number(it)) => it.as_f64().is_some_and(|it| within("minimum", "maximum", it)),
        (Some("integer"), Value::Number(it)) => {
            it.as_f64().is_some_and(|it| it.trunc() == it && within("minimum", "maximum", it))
        }
        (Some("boolean"), it) => it.is_boolean(),
        (Some("array"), Value::Array(list)) => {
            list.iter().all(offered) && within("minItems", "maxItems", list.len() as f64)
        }
        (Some("string" | "number" | "integer" | "array"), _) => false,
        _ => true,
    }
}

pub fn is_of(format: &Value, text: &str) -> bool {
    match format.as_str() {
        Some("email") => text.rsplit_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()),
        Some("uri") => is_uri(text),
        Some("date") => is_date(text),
        Some("date-time") => is_date_time(text),
        _ => true,
    }
}

fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    let letter = scheme.chars().next().is_some_and(|it| it.is_ascii_alphabetic());
    let scheme = scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it));
    letter && scheme && text.chars().all(|it| it.is_ascii_graphic() && !"<>\"{}|\\^`".contains(it))
}

fn is_date(text: &str) -> bool {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, it)| if at == 4 || at == 7 { it == b'-' } else { it.is_ascii_digit() });
    let part = |from: usize, to: usize| text.get(from..to).and_then(|it| it.parse::<u32>().ok()).unwrap_or(0);
    let (year, month) = (part(0, 4), part(5, 7));
    let leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    shaped && (1..=days).contains(&part(8, 10))
}

/// `full-date T hh:mm:ss[.fraction] (Z | ±hh:mm)`.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else { return false };
    let clock = |it: &str, limits: &[u32]| {
        let parts: Vec<&str> = it.split(':').collect();
        let number =
            |it: &str| it.parse::<u32>().ok().filter(|_| it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit()));
        parts.len() == limits.len()
            && parts.iter().zip(limits).all(|(it, limit)| number(it).is_some_and(|it| it <= *limit))
    };
    let (time, zoned) = match (time.strip_suffix(['Z', 'z']), time.rfind(['+', '-'])) {
        (Some(time), _) => (time, true),
        (None, Some(at)) => (&time[..at], clock(&time[at + 1..], &[23, 59])),
        (None, None) => (time, false),
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let fraction = !fraction.is_empty() && fraction.bytes().all(|it| it.is_ascii_digit());
    is_date(date) && zoned && fraction && clock(time, &[23, 59, 60])
}
