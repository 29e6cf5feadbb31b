//! What the first page does without, in a file of its own: the machine, and the other pages.
//!
//! A release build (`cargo xtask dist`, feature `split`) cuts the wasm here: what lies behind is loaded with the first
//! connection, or when another page is opened. Other builds have it all in one.

use super::dom::Node;
use super::pages::bench::TokenBench;
use super::pages::check::CheckPage;
use super::pages::demo_authorize::DemoAuthorize;
use super::pages::items::{Prompts, Resources};
use super::pages::tools::Tools;
use super::pages::walkthrough::WalkthroughPage;
use super::pages::wire::Wire;
use super::parts::request;
use super::stage;
use crate::demo::Said;
use crate::export::file::{self, Opened};
use crate::http::Request;
use crate::inspector::{Input, Inspector, Order, Verified};
use crate::oauth::assertion::{Signature, Unsigned};
use crate::oauth::flow::Moment;
use crate::oauth::jwks::Signed;
use crate::problem::Problem;
use crate::route::Route;
use crate::trace::ExchangeId;
use crate::trace::Trace;
use crate::ui::prelude::*;
use crate::web::signature;
use crate::why::{self, Finding};

/// What is drawn by what lies behind the cut.
#[derive(Clone, Copy)]
pub struct Later {
    /// The machine's one transition: [`Inspector::handle`].
    pub handle: fn(&mut Inspector, &Moment, Input) -> Vec<Order>,
    /// The servers of the demo world.
    pub demo: fn(&Moment, ExchangeId, &Request) -> Vec<Said>,
    /// The page of a route.
    pub page: fn(&Route) -> Node,
    /// What the server asks of the person.
    pub dialog: fn() -> Node,
    /// Verifies a signature.
    pub verify: fn(Box<Signed>, Told<Verified>),
    /// Signs an assertion.
    pub sign: fn(Box<Unsigned>, Told<Signature>),
    /// A trace from its file, or in a sentence why not.
    pub read: fn(&str) -> Result<Opened, String>,
    /// What the rules say of a problem.
    pub why: fn(&Trace, &Problem) -> Option<Finding>,
}

/// Who is told what came of it.
pub type Told<T> = Box<dyn FnOnce(T)>;

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
    Ok(Later {
        handle: Inspector::handle,
        demo: stage::answer,
        page: draw,
        dialog: request::draw,
        verify: signature::verify,
        sign: signature::sign,
        read,
        why: why::of_problem,
    })
}

fn read(text: &str) -> Result<Opened, String> {
    file::read(text).map_err(|it| it.to_string())
}

fn draw(route: &Route) -> Node {
    match route {
        Route::Tools(_) => view! { <Tools/> },
        Route::Resources(_) => view! { <Resources/> },
        Route::Prompts(_) => view! { <Prompts/> },
        Route::Check => view! { <CheckPage/> },
        Route::Wire(_) => view! { <Wire/> },
        Route::DemoAuthorize => view! { <DemoAuthorize/> },
        Route::Bench => view! { <TokenBench/> },
        _ => view! { <WalkthroughPage/> },
    }
}
