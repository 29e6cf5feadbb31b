//! What the rules say of the likely cause of a problem.

use flowglass::explain::why;
use std::fmt::Write as _;

/// Every rule by its name.
pub fn texts() -> String {
    let mut rules: Vec<_> = why::rules().collect();
    rules.sort_by_key(|it| it.name);
    rules.into_iter().fold(String::new(), |mut text, rule| {
        let (owner, clause, [title, fix, reason]) = (rule.responsible().words(), rule.cites().cite().0, rule.texts());
        let _ = writeln!(text, "{}: {owner} / {clause}\n    {title}\n    fix {fix}\n    reason {reason}\n", rule.name);
        text
    })
}
