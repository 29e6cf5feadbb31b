//! Every text that is made of facts, from one sample of each, sorted by id: `tests/data/words.txt` is there to be read.

#[path = "words/errors.rs"]
mod errors;

#[path = "words/labels.rs"]
mod labels;

#[path = "words/live.rs"]
mod live;

#[path = "words/problems.rs"]
mod problems;

#[path = "words/causes.rs"]
mod causes;

#[path = "words/rules.rs"]
mod rules;

#[path = "words/schema.rs"]
mod schema;

#[path = "words/servers.rs"]
mod servers;

#[path = "golden/mod.rs"]
mod golden;

use std::collections::BTreeMap;

/// Texts by their ids, each once.
#[derive(Default)]
struct Texts(BTreeMap<String, Vec<String>>);

impl Texts {
    fn add(&mut self, id: impl Into<String>, text: impl Into<String>) {
        let (known, text) = (self.0.entry(id.into()).or_default(), text.into());
        if !known.contains(&text) {
            known.push(text);
        }
    }

    fn written(&self) -> String {
        self.0.iter().map(|(id, texts)| format!("{id}\n    {}\n", texts.join("\n    "))).collect()
    }
}

#[test]
fn every_text_is_as_it_was_reviewed() {
    let (labels, errors, schema) = (labels::texts().written(), errors::texts().written(), schema::texts().written());
    let (live, servers) = (live::texts().written(), servers::texts().written());
    let (problems, causes, rules) = (problems::texts(), causes::texts(), rules::texts());
    let all = format!(
        "# Problems\n\n{problems}\n# Likely causes\n\n{causes}\n{rules}\n# Labels\n\n{labels}\n# Errors\n\n{errors}\n# Schema check\n\n{schema}\n# Live\n\n{live}\n# Servers\n\n{servers}"
    );
    golden::check("words.txt", &all);
}
