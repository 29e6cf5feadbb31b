//! The pages beyond the first, in a file of their own.
//!
//! A release build (`cargo xtask dist`, feature `split`) cuts the wasm here: what only these pages use is loaded when
//! one of them is opened first. Other builds have it all in one.

use super::dom::Node;
use super::pages::items::{Prompts, Resources};
use super::pages::tools::Tools;
use super::pages::walkthrough::WalkthroughPage;
use super::pages::wire::Wire;
use super::parts::request;
use crate::route::Route;
use crate::ui::prelude::*;

/// What is drawn by what lies behind the cut.
#[derive(Clone, Copy)]
pub struct Later {
    /// The page of a route.
    pub page: fn(&Route) -> Node,
    /// What the server asks of the person.
    pub dialog: fn() -> Node,
}

/// The file with the pages did not come.
pub struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Loads the pages, where they are not loaded yet.
#[cfg(feature = "split")]
pub async fn load() -> Result<Later, NotLoaded> {
    pages().await
}

#[cfg(not(feature = "split"))]
pub async fn load() -> Result<Later, NotLoaded> {
    pages()
}

/// Nothing outside names what it gives, so all that it leads to lies behind the cut.
#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(pages, fallible))]
#[cfg_attr(
    not(feature = "split"),
    expect(clippy::unnecessary_wraps, reason = "where there is a cut, loading can fail")
)]
fn pages() -> Result<Later, NotLoaded> {
    Ok(Later { page: draw, dialog: request::draw })
}

fn draw(route: &Route) -> Node {
    match route {
        Route::Tools(_) => view! { <Tools/> },
        Route::Resources(_) => view! { <Resources/> },
        Route::Prompts(_) => view! { <Prompts/> },
        Route::Wire(_) => view! { <Wire/> },
        _ => view! { <WalkthroughPage/> },
    }
}
