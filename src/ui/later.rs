//! What the first page does without, in a file of its own: the machine, and the other pages.
//!
//! A release build (`cargo xtask dist`, feature `split`) cuts the wasm here: what lies behind is loaded with the first
//! connection, or when another page is opened. Other builds have it all in one.

use super::dom::Node;
use super::pages::check::CheckPage;
use super::pages::items::{Prompts, Resources};
use super::pages::tools::Tools;
use super::pages::walkthrough::WalkthroughPage;
use super::pages::wire::Wire;
use super::parts::request;
use crate::inspector::{Input, Inspector, Order};
use crate::oauth::flow::Moment;
use crate::problem::Problem;
use crate::route::Route;
use crate::trace::Trace;
use crate::ui::prelude::*;
use crate::why::{self, Finding};

/// What is drawn by what lies behind the cut.
#[derive(Clone, Copy)]
pub struct Later {
    /// The machine's one transition: [`Inspector::handle`].
    pub handle: fn(&mut Inspector, &Moment, Input) -> Vec<Order>,
    /// The page of a route.
    pub page: fn(&Route) -> Node,
    /// What the server asks of the person.
    pub dialog: fn() -> Node,
    /// What the rules say of a problem.
    pub why: fn(&Trace, &Problem) -> Option<Finding>,
}

/// The file did not come.
pub struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Loads it, where it is not loaded yet.
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
    Ok(Later { handle: Inspector::handle, page: draw, dialog: request::draw, why: why::of_problem })
}

fn draw(route: &Route) -> Node {
    match route {
        Route::Tools(_) => view! { <Tools/> },
        Route::Resources(_) => view! { <Resources/> },
        Route::Prompts(_) => view! { <Prompts/> },
        Route::Check => view! { <CheckPage/> },
        Route::Wire(_) => view! { <Wire/> },
        _ => view! { <WalkthroughPage/> },
    }
}
