//! Completion of an argument of a prompt or of a template (`completion/complete`): what is asked, and the candidates.

use super::connection::{Connection, Target};
use super::jsonrpc::{self, Id};
use super::model::{ItemKind, ServerInfo};
use crate::base::revision::Revision;
use crate::http::Request;
use crate::json::members::Members;
use serde_json::{Value, json};

pub const METHOD: &str = "completion/complete";
/// How many candidates a response holds at most (MCP, completion, "Completion Results").
const MOST: usize = 100;
/// A longer candidate is left out: it is no value that somebody chooses from a list. In bytes.
const LONGEST: usize = 8 << 10;

/// What the candidates are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// A prompt by its name, or a template by its URI template.
    pub of: Target,
    pub argument: String,
    /// What the user typed so far.
    pub typed: String,
    /// The arguments that have a value already, without this one.
    pub others: Vec<(String, String)>,
}

impl Completion {
    /// Whether it is the same but for the values around it.
    pub fn is_for(&self, of: &Target, argument: &str, typed: &str) -> bool {
        self.of == *of && self.argument == argument && self.typed == typed
    }

    fn reference(&self) -> Value {
        match self.of.kind {
            ItemKind::Resources | ItemKind::Templates => json!({ "type": "ref/resource", "uri": self.of.key }),
            ItemKind::Tools | ItemKind::Prompts => json!({ "type": "ref/prompt", "name": self.of.key }),
        }
    }

    fn context(&self) -> Value {
        let arguments = self.others.iter().map(|(name, value)| (name.clone(), json!(value)));
        json!({ "arguments": arguments.collect::<serde_json::Map<_, _>>() })
    }
}

/// What the server offers for the argument.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    pub values: Vec<String>,
    /// How many there are in all, where the server says so.
    pub total: Option<u64>,
    pub has_more: bool,
}

impl Candidates {
    /// Reads a result; `None` where it has no list of values.
    pub fn read(result: &str) -> Option<Self> {
        let completion = Members::of(result)?.object("completion");
        let values = completion.strings("values")?.into_iter().filter(|it| it.len() <= LONGEST).take(MOST);
        Some(Self {
            values: values.collect(),
            total: completion.read("total"),
            has_more: completion.read("hasMore").unwrap_or_default(),
        })
    }
}

impl ServerInfo {
    /// Whether the server completes arguments. Before 2025-03-26 there is no capability for it, so it is tried.
    pub fn completes(&self) -> bool {
        self.revision == Revision::R1 || self.capabilities.contains_key("completions")
    }
}

impl Connection {
    /// The request for candidates. The other arguments are told from 2025-06-18 on.
    pub fn complete(&mut self, asked: &Completion) -> (Id, Request) {
        let mut params = vec![
            ("ref", jsonrpc::raw(&asked.reference())),
            ("argument", jsonrpc::raw(&json!({ "name": asked.argument, "value": asked.typed }))),
        ];
        if self.revision() >= Revision::R3 && !asked.others.is_empty() {
            params.push(("context", jsonrpc::raw(&asked.context())));
        }
        self.request(METHOD, params, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_32_candidates_are_read_with_what_is_beyond_them() {
        let read = |text: &str| Candidates::read(text).map(|it| (it.values.len(), it.total, it.has_more));
        assert_eq!(read(r#"{"completion":{"values":["a","b"],"total":7,"hasMore":true}}"#), Some((2, Some(7), true)));
        assert_eq!(read(r#"{"completion":{"values":["a",3,null],"total":"x"}}"#), Some((1, None, false)));
        assert_eq!([read(r#"{"completion":{}}"#), read("{}"), read("[]"), read("")], [None; 4]);
    }

    #[test]
    fn e_32_no_more_than_a_hundred_candidates_are_kept_and_none_that_is_too_long() {
        let values: Vec<String> = (0..500).map(|it| it.to_string()).collect();
        let result = json!({ "completion": { "values": values } }).to_string();
        assert_eq!(Candidates::read(&result).map(|it| it.values.len()), Some(MOST));
        let result = json!({ "completion": { "values": ["a".repeat(LONGEST + 1), "b"] } }).to_string();
        assert_eq!(Candidates::read(&result).map(|it| it.values), Some(vec!["b".to_owned()]));
    }
}
