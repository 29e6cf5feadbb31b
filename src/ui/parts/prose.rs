//! A text of this product, in which backticks mark code.

use crate::ui::prelude::*;

/// What stands between backticks is `<code>`. Names and values of servers in it stay text.
pub fn prose(text: impl Into<String>) -> AnyView {
    let text: String = text.into();
    let piece = |(index, piece): (usize, &str)| match index % 2 {
        0 => foreign(piece.to_owned()),
        _ => view! { <code>{foreign(piece.to_owned())}</code> }.into_any(),
    };
    text.split('`').enumerate().map(piece).collect_view().into_any()
}
