//! The few drawings of the interface. They carry no meaning of their own: what they stand for is said in words.

use crate::ui::prelude::*;

/// A drawing on a grid of 16 by 16.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Auto,
    Light,
    Dark,
    Commands,
    Close,
    Before,
    Next,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Auto => "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11v11a5.5 5.5 0 0 0 0-11z",
            Self::Light => {
                "M8 5.25a2.75 2.75 0 1 0 0 5.5a2.75 2.75 0 0 0 0-5.5M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9 13 13M13 3l-1.1 1.1M4.1 11.9 3 13"
            }
            Self::Dark => "M13.5 9.6A5.75 5.75 0 0 1 6.4 2.5a5.75 5.75 0 1 0 7.1 7.1z",
            Self::Commands => "m3 4.5 3.5 3.5L3 11.5M8.5 12H13",
            Self::Close => "m4 4 8 8M12 4l-8 8",
            Self::Before => "M10 3.5 5.5 8l4.5 4.5",
            Self::Next => "M6 3.5 10.5 8 6 12.5",
        }
    }
}

#[component]
pub fn Drawing(icon: Icon) -> impl IntoView {
    view! { <svg viewBox="0 0 16 16" aria-hidden="true"><path d=icon.path()></path></svg> }
}
