//! What a link holds of an audit, and the output of a command that was pasted for one.

use crate::given::anything;
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::explain::audit::link;
use flowglass::explain::audit::pasted::{Reading, read};
use flowglass::explain::audit::{GROUPS, Line, Verdict};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use serde_json::{Value, json};

fn lines() -> Vec<&'static Line> {
    GROUPS.iter().flat_map(|it| it.lines.iter()).collect()
}

/// Holds for any text in a link.
fn sound(text: &str) {
    let Ok(linked) = link::read(text) else { return };
    let audit = &linked.audit;
    assert!(audit.server.starts_with("http://") || audit.server.starts_with("https://"), "{}", audit.server);
    assert!(!audit.server.contains(['?', '#', '<', '>', '"', '\n', ' ']), "{}", audit.server);
    assert!(audit.items.len() <= lines().len() && audit.items.iter().all(|it| it.evidence.is_empty()));
    // Written again it is the same, and holds nothing that it did not have.
    let again = link::read(&link::write(audit)).expect("what was written can be read");
    assert_eq!(again.left_out, 0);
    assert!(again.audit.items.iter().zip(&audit.items).all(|(is, was)| is.verdict == was.verdict));
}

#[test]
fn nothing_in_a_link_does_harm() {
    holds(anything(), |text| sound(&text));
    holds_in_the_texts_of_the_corpus(sound);
}

fn claimed() -> impl Strategy<Value = Value> {
    let id = prop_oneof![
        select(lines().iter().map(|it| it.id).collect::<Vec<_>>()).prop_map(str::to_owned),
        any::<String>()
    ];
    let names: Vec<&str> = Verdict::ALL.iter().map(|it| it.name()).collect();
    let verdict = prop_oneof![select(names).prop_map(str::to_owned), any::<String>()];
    let line = (id, verdict, option::of(any::<bool>()), any::<String>());
    let line = line.prop_map(|(id, verdict, pasted, seen)| match pasted {
        Some(pasted) => json!({"id": id, "verdict": verdict, "pasted": pasted, "seen": seen, "title": seen}),
        None => json!({"id": id, "verdict": verdict, "values": [seen, 1]}),
    });
    let server = prop_oneof![
        Just("https://mcp.example.com/mcp".to_owned()),
        any::<String>().prop_map(|it| format!("https://a.example/{it}")),
        any::<String>(),
    ];
    (server, any::<String>(), any::<f64>(), any::<bool>(), vec(line, 0..40)).prop_map(
        |(server, page, began, open, lines)| {
            json!({"format": "flowglass-audit", "version": 1, "server": server, "page": page, "began": began,
            "revision": page, "open": open, "lines": lines})
        },
    )
}

#[test]
fn reports_that_are_made_up_are_held_to_the_lines_of_this_version() {
    let read = std::cell::Cell::new(0);
    holds(claimed(), |claimed| {
        let text = claimed.to_string();
        read.set(read.get() + u32::from(link::read(&text).is_ok()));
        sound(&text);
    });
    assert!(read.get() > 20, "only {} were read", read.get());
}

#[test]
fn whatever_is_pasted_for_a_line_is_judged_or_is_no_response() {
    let header = prop_oneof![
        select(vec!["vary", "location", "www-authenticate", "x-frame-options", "content-security-policy"])
            .prop_map(str::to_owned),
        any::<String>(),
    ];
    let header = (header, any::<String>()).prop_map(|(name, value)| format!("{name}: {value}"));
    let response = (any::<u16>(), vec(header, 0..8), any::<String>());
    let response =
        response.prop_map(|(status, headers, body)| format!("HTTP/1.1 {status} X\n{}\n\n{body}", headers.join("\r\n")));
    let output = prop_oneof![vec(response, 0..4).prop_map(|it| it.concat()), anything()];
    let judged = |output: &str| {
        for line in lines() {
            match read(line, output) {
                Reading::Judged(found) => {
                    assert!(line.has_command() && found.verdict != Verdict::Unseen, "{}", line.id);
                    // A value that a sentence quotes is short.
                    assert!(found.seen.len() < 2_000, "{}", found.seen.len());
                }
                Reading::Nothing => assert_eq!(output.trim(), ""),
                Reading::NoResponse => {}
            }
        }
    };
    holds(output, |output| judged(&output));
    holds_in_the_texts_of_the_corpus(judged);
}
