//! What every part of the interface uses: Leptos, and how texts of others and lists are drawn.

pub use super::parts::anew::anew;
pub use super::parts::arriving::arriving;
pub use super::parts::foreign::foreign;
pub use super::parts::keyed::Keyed;
pub use leptos::prelude::*;
