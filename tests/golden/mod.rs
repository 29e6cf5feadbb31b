//! Golden files: texts as they were reviewed. `GOLDEN=write` writes what is new, to be read before it is committed.

#![allow(dead_code, reason = "each test file uses its part")]

/// Compares with a file of `tests/data`.
pub fn check(file: &str, text: &str) {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("GOLDEN").is_some() {
        std::fs::write(&path, text).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    if text != golden {
        let same = text.lines().zip(golden.lines()).take_while(|(is, was)| is == was).count();
        let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
        panic!("{path}, line {}:\n   is {}\n  was {}", same + 1, line(text), line(&golden));
    }
}

/// Rendered steps, told by their difference from other ones: those that are the same, letter by letter, and those that
/// were not reached share a line. Everything else stands as it was rendered.
pub fn against(other: &str, steps: &str) -> String {
    let (other, steps) = (blocks(other), blocks(steps));
    let mut told: Vec<(String, String, String)> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let number = step.split(' ').next().unwrap_or_default();
        let how = if other.get(at) == Some(step) { "as above" } else { how(step) };
        match told.last_mut() {
            Some((_, last, same)) if same == how && !how.contains('\n') => *last = number.to_owned(),
            _ => told.push((number.to_owned(), number.to_owned(), how.to_owned())),
        }
    }
    told.into_iter().map(|(first, last, how)| line(&first, &last, &how)).collect()
}

fn line(first: &str, last: &str, how: &str) -> String {
    match how {
        _ if how.contains('\n') => how.to_owned(),
        _ if first == last => format!("{first} {how}\n"),
        _ => format!("{first} to {last} {how}\n"),
    }
}

/// `pending` of a step that has nothing but that to say, else all of it.
fn how(step: &str) -> &str {
    let words: Vec<&str> = step.split_whitespace().collect();
    if matches!(words.as_slice(), [_, _, "pending"]) { "pending" } else { step }
}

/// A text a step; what belongs to one is indented.
fn blocks(steps: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in steps.lines() {
        match blocks.last_mut().filter(|_| line.starts_with(' ')) {
            Some(block) => block.push_str(&format!("{line}\n")),
            None => blocks.push(format!("{line}\n")),
        }
    }
    blocks
}
