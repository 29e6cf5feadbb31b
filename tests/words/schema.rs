//! What the schema check says, from a sample of each keyword and of each reason why nothing was checked.

use super::Texts;
use flowglass::explain::words::schema::{problem, skipped, unchecked};
use flowglass::schema::verdict::{Problem, Unchecked, Verdict};

/// A keyword, and a value of it as JSON.
const SAMPLES: [(&str, &str); 36] = [
    ("additionalItems", ""),
    ("additionalProperties", ""),
    ("anyOf", ""),
    ("const", "\"circle\""),
    ("const", ""),
    ("contains", ""),
    ("dependentRequired", ""),
    ("enum", r#"["low","high",3]"#),
    ("enum", "[1,2,3,4,5,6,7,8,9,10,11,12,13]"),
    ("exclusiveMaximum", "9"),
    ("exclusiveMinimum", "0.5"),
    ("false", ""),
    ("format", "\"email\""),
    ("format", "\"uri-template\""),
    ("items", ""),
    ("maxItems", "1"),
    ("maxLength", "1"),
    ("maxLength", "20"),
    ("maxProperties", "2"),
    ("maximum", "9"),
    ("minItems", "2"),
    ("minLength", "2"),
    ("minProperties", "1"),
    ("minimum", "1"),
    ("multipleOf", "0.01"),
    ("newKeyword", ""),
    ("not", ""),
    ("oneOf", ""),
    ("pattern", r#""^\\d{5}$""#),
    ("propertyNames", ""),
    ("required", ""),
    ("type", "\"integer\""),
    ("type", r#"["string","number","null"]"#),
    ("unevaluatedItems", ""),
    ("unevaluatedProperties", ""),
    ("uniqueItems", ""),
];

pub fn texts() -> Texts {
    let mut all = Texts::default();
    for (keyword, expected) in SAMPLES {
        let expected = Some(expected.to_owned()).filter(|it| !it.is_empty());
        let sample = Problem { path: "/a".to_owned(), keyword: keyword.to_owned(), expected };
        all.add(format!("schema/{keyword}"), problem(&sample));
    }
    Verdict::without_content().problems.iter().for_each(|it| all.add("schema/structuredContent", problem(it)));
    all.add("schema-skipped", skipped(&["(?i)abc".to_owned()]));
    let reasons = [
        Unchecked::NotLoaded,
        Unchecked::TooLong { seconds: 5 },
        Unchecked::TooLarge { limit: 16 << 20 },
        Unchecked::Deep,
        Unchecked::Dialect("https://schema.example/dialect".to_owned()),
        Unchecked::Reference("https://schema.example/ship.json".to_owned()),
        Unchecked::Schema("/properties/a/type".to_owned()),
        Unchecked::Schema(String::new()),
        Unchecked::Failed("Unexpected token".to_owned()),
        Unchecked::Failed(String::new()),
    ];
    for reason in reasons {
        let name = format!("{reason:?}");
        let name = name.split([' ', '(', '{']).next().unwrap_or_default();
        all.add(format!("schema-unchecked/{name}"), unchecked(&reason));
    }
    all
}
