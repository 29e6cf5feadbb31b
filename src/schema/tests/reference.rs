//! The tools of the reference server, through their forms.

use super::*;

/// The input schemas of `server-everything`, as it sends them.
const EVERYTHING: [(&str, &str, &str); 9] = [
    (
        "echo",
        r#"{"type":"object","properties":{"message":{"type":"string","description":"Message to echo"}},"required":["message"],"additionalProperties":false,"$schema":"http://json-schema.org/draft-07/schema#"}"#,
        r#"{"message":"ahoy"}"#,
    ),
    (
        "get-annotated-message",
        r#"{"type":"object","properties":{"messageType":{"type":"string","enum":["error","success","debug"],"description":"Type of message"},"includeImage":{"type":"boolean","default":false,"description":"Whether to include an example image"}},"required":["messageType"]}"#,
        r#"{"messageType":"error","includeImage":true}"#,
    ),
    ("get-env", r#"{"type":"object","properties":{}}"#, "{}"),
    (
        "get-resource-links",
        r#"{"type":"object","properties":{"count":{"type":"number","minimum":1,"maximum":10,"default":3}}}"#,
        r#"{"count":3}"#,
    ),
    (
        "get-resource-reference",
        r#"{"type":"object","properties":{"resourceType":{"type":"string","enum":["Text","Blob"],"default":"Text"},"resourceId":{"type":"number","default":1}}}"#,
        r#"{"resourceType":"Blob","resourceId":7}"#,
    ),
    (
        "get-structured-content",
        r#"{"type":"object","properties":{"location":{"type":"string","enum":["New York","Chicago","Los Angeles"]}},"required":["location"]}"#,
        r#"{"location":"Chicago"}"#,
    ),
    (
        "get-sum",
        r#"{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["a","b"]}"#,
        r#"{"a":2,"b":-4.50}"#,
    ),
    (
        "gzip-file-as-resource",
        r#"{"type":"object","properties":{"name":{"type":"string","default":"README.md.gz"},"data":{"type":"string","format":"uri","default":"https://example.com"},"outputType":{"type":"string","enum":["resourceLink","resource"],"default":"resourceLink"}}}"#,
        r#"{"name":"a.gz","data":"data:text/plain,ahoy","outputType":"resource"}"#,
    ),
    (
        "trigger-long-running-operation",
        r#"{"type":"object","properties":{"duration":{"type":"number","default":10},"steps":{"type":"number","default":5}}}"#,
        r#"{"duration":0.2,"steps":2}"#,
    ),
];

#[test]
fn tools_of_the_reference_server_have_forms_without_a_field_of_json() {
    for (name, schema, arguments) in EVERYTHING {
        let root = form(schema).expect(name);
        assert!(
            group(&root).members.iter().all(|it| Field::read(&it.spec, it.required).kind != ValueKind::Json),
            "{name}"
        );
        let draft = Draft::read(arguments).expect(name);
        for member in &group(&root).members {
            let (place, field, _) = find(&root, &draft, &format!("/{}", member.name));
            assert!(draft.at(&place).is_none_or(|it| field.kind.shows(it)), "{name}: {}", member.name);
        }
        assert!(same(&draft.json().expect("JSON"), arguments), "{name}");
    }
}
