//! Scopes as sets of words (RFC 6749 §3.3).

/// What either names, each once, in the order in which they first stand.
pub fn union(first: &str, second: &str) -> String {
    let mut all: Vec<&str> = Vec::new();
    for word in first.split_whitespace().chain(second.split_whitespace()) {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    all.join(" ")
}

/// Whether everything that is wanted is held.
pub fn covers(held: &str, wanted: &str) -> bool {
    wanted.split_whitespace().all(|it| held.split_whitespace().any(|held| held == it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_40_a_union_has_each_scope_once() {
        assert_eq!(union("a b", "b  c a"), "a b c");
        assert_eq!(union("", ""), "");
        assert!(covers("a b", "b") && covers("", "") && !covers("a", "a b"));
    }
}
