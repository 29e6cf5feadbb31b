//! What the schema check found of a value: facts, for which `explain::words` has the sentences.

use crate::json::members::Members;

/// What of a value breaks its schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub problems: Vec<Problem>,
    /// How many problems there are beyond those.
    pub more: usize,
    /// Patterns that the browser cannot read, and which were not judged.
    pub skipped: Vec<String>,
}

/// One thing that has to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The JSON Pointer of the value; of one that is missing, where it would be.
    pub path: String,
    /// The keyword that it breaks.
    pub keyword: String,
    /// The value of that keyword, as JSON, where it says what is expected.
    pub expected: Option<String>,
}

/// Why a value was not checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unchecked {
    /// The validator is no part of this build, or did not load.
    NotLoaded,
    TooLong {
        seconds: u32,
    },
    TooLarge {
        limit: usize,
    },
    /// Schema or value nest too deep, or the schema refers to itself without end.
    Deep,
    Dialect(String),
    /// A reference to another document, which is never fetched, or to nothing.
    Reference(String),
    /// The schema itself breaks the rules of its dialect, at this pointer.
    Schema(String),
    Failed(String),
}

/// What came of a check.
pub type Checked = Result<Verdict, Unchecked>;

/// Reads what the validator's module says (`assets/schema/check.mjs`).
pub fn read(said: &str) -> Checked {
    let all = Members::of(said).unwrap_or_default();
    if let Some(reason) = all.read::<String>("unchecked") {
        return Err(unchecked(&reason, all.shown("what").unwrap_or_default()));
    }
    if all.get("valid").is_none() {
        return Err(Unchecked::Failed(String::new()));
    }
    let problems = all.list("problems").unwrap_or_default();
    Ok(Verdict {
        problems: problems.into_iter().filter_map(|it| problem(it.get())).collect(),
        more: all.read("more").unwrap_or(0),
        skipped: all.strings("skipped").unwrap_or_default(),
    })
}

fn unchecked(reason: &str, what: String) -> Unchecked {
    match reason {
        "dialect" => Unchecked::Dialect(what),
        "reference" => Unchecked::Reference(what),
        "schema" => Unchecked::Schema(what),
        "deep" => Unchecked::Deep,
        _ => Unchecked::Failed(what),
    }
}

fn problem(said: &str) -> Option<Problem> {
    let all = Members::of(said)?;
    Some(Problem { path: all.shown("path")?, keyword: all.shown("keyword")?, expected: all.shown("expected") })
}

impl Verdict {
    pub const fn is_valid(&self) -> bool {
        self.problems.is_empty()
    }

    /// That there is no `structuredContent`, where an `outputSchema` requires it (MCP, tools, "Output Schema").
    pub fn without_content() -> Self {
        let problem = Problem { path: String::new(), keyword: "structuredContent".to_owned(), expected: None };
        Self { problems: vec![problem], ..Self::default() }
    }
}

impl Problem {
    /// Whether it is of the value at a pointer, or of what lies within that.
    pub fn is_within(&self, pointer: &str) -> bool {
        self.path.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_module_says_is_read() {
        let said = r#"{"valid":false,"problems":[{"path":"/a","keyword":"minimum","expected":"3"},{"path":"/b","keyword":"required"},7],"more":2,"skipped":["(?i)a"]}"#;
        let verdict = read(said).expect("a verdict");
        assert_eq!((verdict.problems.len(), verdict.more, verdict.skipped.len()), (2, 2, 1));
        assert_eq!(verdict.problems[0].expected.as_deref(), Some("3"));
        assert!(verdict.problems[1].keyword == "required" && !verdict.is_valid());
        assert_eq!(read(r#"{"valid":true,"problems":[],"more":0,"skipped":[]}"#), Ok(Verdict::default()));
    }

    #[test]
    fn a_longer_name_is_not_within_a_shorter_one() {
        let within = |path: &str, pointer| {
            Problem { path: path.to_owned(), keyword: "type".to_owned(), expected: None }.is_within(pointer)
        };
        assert!(within("/a/b", "/a") && within("/a", "/a") && within("/ab", "") && !within("/ab", "/a"));
    }

    #[test]
    fn why_nothing_was_checked_is_a_fact() {
        let why = |reason: &str| read(&format!(r#"{{"unchecked":"{reason}","what":"x"}}"#)).expect_err("unchecked");
        assert_eq!(why("reference"), Unchecked::Reference("x".to_owned()));
        assert_eq!(why("deep"), Unchecked::Deep);
        assert_eq!(why("other"), Unchecked::Failed("x".to_owned()));
        assert_eq!(read("nonsense"), Err(Unchecked::Failed(String::new())));
    }
}
