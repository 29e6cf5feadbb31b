//! Texts of others, which may hold words of any length.

use crate::base::text::breakable;
use crate::ui::prelude::*;

/// The longest word that a line is not ended in, in bytes. The time that browsers take to break a word into lines grows
/// with the square of its length: for 16 KB it is more than a second. Tokens are shorter and stay one text.
const WORD: usize = 4 << 10;

/// A text of a server or the user, as text nodes; a line may end within its longest words.
pub fn foreign(text: impl Into<String>) -> AnyView {
    let text = text.into();
    if text.len() <= WORD {
        return text.into_any();
    }
    let piece = |(index, piece): (usize, &str)| ((index > 0).then(|| view! { <wbr/> }), piece.to_owned());
    breakable(&text, WORD).into_iter().enumerate().map(piece).collect_view().into_any()
}
