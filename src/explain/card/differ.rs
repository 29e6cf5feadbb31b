//! In what two texts differ, word by word.

/// Longer texts are not compared: they differ as a whole.
const WORDS: usize = 200;

/// A piece of a text, and whether the other text lacks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub differs: bool,
}

/// Both texts in pieces.
pub fn runs(one: &str, other: &str) -> (Vec<Run>, Vec<Run>) {
    let (a, b) = (words(one), words(other));
    if a.len() > WORDS || b.len() > WORDS {
        let whole = |text: &str| vec![Run { text: text.to_owned(), differs: true }];
        return (whole(one), whole(other));
    }
    let (in_a, in_b) = common(&a, &b);
    (joined(&a, &in_a), joined(&b, &in_b))
}

/// Letters and digits together, every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match first.is_alphanumeric() {
            true => rest.find(|it: char| !it.is_alphanumeric()).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

/// Which words of each belong to the longest common subsequence.
fn common(a: &[&str], b: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let lengths = lengths(a, b);
    let at = |i: usize, j: usize| lengths.get(i).and_then(|row| row.get(j)).copied().unwrap_or_default();
    let (mut in_a, mut in_b) = (Vec::with_capacity(a.len()), Vec::with_capacity(b.len()));
    while let (Some(x), Some(y)) = (a.get(in_a.len()), b.get(in_b.len())) {
        if x == y {
            in_a.push(true);
            in_b.push(true);
        } else if at(in_a.len() + 1, in_b.len()) >= at(in_a.len(), in_b.len() + 1) {
            in_a.push(false);
        } else {
            in_b.push(false);
        }
    }
    in_a.resize(a.len(), false);
    in_b.resize(b.len(), false);
    (in_a, in_b)
}

/// The length of the longest common subsequence of the ends from each pair of places on.
fn lengths(a: &[&str], b: &[&str]) -> Vec<Vec<usize>> {
    let mut below = vec![0; b.len() + 1];
    let mut rows = vec![below.clone()];
    for x in a.iter().rev() {
        // From its end on.
        let mut row = vec![0];
        for (y, pair) in b.iter().zip(below.windows(2)).rev() {
            let ([here, next], [.., last]) = (pair, row.as_slice()) else { continue };
            row.push(if x == y { next + 1 } else { *here.max(last) });
        }
        row.reverse();
        rows.push(row.clone());
        below = row;
    }
    rows.reverse();
    rows
}

fn joined(words: &[&str], common: &[bool]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (word, is_common) in words.iter().zip(common) {
        match runs.last_mut().filter(|run| run.differs != *is_common) {
            Some(run) => run.text.push_str(word),
            None => runs.push(Run { text: (*word).to_owned(), differs: !is_common }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(one: &str, other: &str) -> (String, String) {
        let text = |runs: Vec<Run>| -> String {
            runs.into_iter().map(|it| if it.differs { format!("[{}]", it.text) } else { it.text }).collect()
        };
        let (a, b) = runs(one, other);
        (text(a), text(b))
    }

    #[test]
    fn what_the_other_lacks_is_marked() {
        let (a, b) = marked("https://login.example/realms/x", "http://login.example:8080/realms/x");
        assert_eq!(
            (a.as_str(), b.as_str()),
            ("[https]://login.example/realms/x", "[http]://login.example[:8080]/realms/x")
        );
        assert_eq!(marked("https://a.example/", "https://a.example").0, "https://a.example[/]");
        assert_eq!(marked("account", "https://a").0, "[account]");
        assert_eq!(marked("same", "same").1, "same");
    }

    #[test]
    fn long_texts_differ_as_a_whole() {
        let long = "a.".repeat(WORDS);
        assert_eq!(runs(&long, "a").0.len(), 1);
    }
}
