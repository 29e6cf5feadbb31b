//! Words of this program in events, which no secret can be.

use crate::settings::TokenAuth;
use crate::trace::negative::Negative;
use crate::trace::note::{Era, Note, Older, Part};
use crate::trace::rule::claims::Claims;
use crate::trace::rule::client::ClientRule;
use crate::trace::rule::connection::ConnectionRule;
use crate::trace::rule::discovery::Discovery;
use crate::trace::rule::login::Login;
use crate::trace::rule::proof::Proof;
use crate::trace::rule::refusal::{NotMade, Refusal};
use crate::trace::rule::tokens::Tokens;
use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, Error};

/// Members of events that hold a word of this program, not of a server.
const WORDS: [&str; 24] = [
    "Entered",
    "step",
    "redirect",
    "mode",
    "way",
    "kind",
    "verdict",
    "clause",
    "owner",
    "code",
    // Of the causes of problems.
    "cause",
    "Authorization",
    "NoCode",
    "why",
    "Key",
    "by",
    "registered",
    "auth",
    "asked_scope",
    "shown",
    "party",
    "leads",
    "alive",
    "at",
];

/// Whether a member of an event holds one of our own words, which no secret can be.
pub fn is_word(name: &str, text: &str) -> bool {
    let ours = WORDS.contains(&name) && text.bytes().all(|it| it.is_ascii_alphanumeric());
    ours || matches!((name, text), ("method", "Get" | "Post" | "Delete") | ("event", "Disconnected"))
        || matches!((name, text), ("error", "Redirected" | "Aborted"))
        || is_finding(name, text)
}

/// Whether it is a finding or a note without facts, or one of the words in their facts. Other texts may stand under
/// these names, so the text has to be one of those.
fn is_finding(name: &str, text: &str) -> bool {
    match name {
        "discovery" => is::<Discovery>(text),
        "client" => is::<ClientRule>(text),
        "login" => is::<Login>(text),
        "tokens" => is::<Tokens>(text),
        "claims" => is::<Claims>(text),
        "proof" => is::<Proof>(text),
        "connection" => is::<ConnectionRule>(text),
        "found" => is::<Refusal>(text),
        "why" => is::<NotMade>(text) || is::<Older>(text),
        "note" => is::<Note>(text),
        "test" => is::<Negative>(text),
        "era" => is::<Era>(text),
        "used" | "method" => is::<TokenAuth>(text),
        // Of the parts of a request that was edited.
        "" => is::<Part>(text),
        _ => false,
    }
}

/// Whether a text is a variant of a type as it is in a file.
fn is<'a, T: Deserialize<'a>>(text: &'a str) -> bool {
    let text: BorrowedStrDeserializer<'a, Error> = BorrowedStrDeserializer::new(text);
    T::deserialize(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_words_are_no_secrets() {
        assert!(is_word("step", "Token") && is_word("method", "Post") && is_word("event", "Disconnected"));
        assert!(is_word("client", "public-client") && is_word("note", "code-held-back") && is_word("used", "Basic"));
        assert!(!is_word("client", "me-and-you") && !is_word("note", "Accepted") && !is_word("used", "EdDSA"));
        assert!(!is_word("method", "Token") && !is_word("words", "Token") && !is_word("kind", "a b"));
    }
}
