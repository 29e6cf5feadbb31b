//! Flowglass, an MCP inspector that is a web page.
//!
//! # The layers
//!
//! > **core** ← **web** ← **ui**
//!
//! - The **core** is every module here but two. It knows neither a browser nor Leptos, never asks for the time or for
//!   randomness (both come with the `Moment` of each input), never sends anything, and never panics on what a server
//!   or a person gives it. It builds alone: `cargo test --no-default-features`.
//! - `web` is the browser: fetch, storage, history, clipboard; one interface a file, and the only place for `web-sys`.
//! - `ui` is the only place for Leptos. It reads the session, formats, and dispatches. Its views are not Leptos' own:
//!   `view!` (the crate in `view/`) takes the same markup and makes plain calls of `ui::dom`, because a type for every
//!   element would be most of the page's 220 KB.
//!
//! `cargo xtask check` holds the three apart.
//!
//! # One engine
//!
//! [`inspector::Inspector`] is the whole client as one machine without input or output of its own:
//! `handle(moment, input) -> orders`. Inputs are what happened (a person pressed Connect, a head arrived, the page was
//! opened at the redirect URI), orders are what to do (send this, abort that, leave for the login). Inside it,
//! [`oauth::flow`] is the authorization, [`mcp::connection`] writes MCP requests, and [`cors`] finds out why a browser
//! showed no answer.
//!
//! The first page does without it: `ui::later` is where the wasm is cut in two, and the machine comes with the first
//! connection.
//!
//! All that goes in or out is in the [`trace`]. [`walkthrough`] and [`wire`] are views of it and hold nothing of their
//! own: what is drawn is what happened. Before an order is carried out, the trace and all that the next page needs are
//! in `sessionStorage`, because the login unloads the page.
//!
//! # What is absent on purpose
//!
//! - No router crate: [`route::Route`] is nine cases with `parse` and `path`, tested without a browser, and keeps a
//!   tool called `a/b` in one segment.
//! - No JSON tree of results: messages keep payloads as text ([`jsonrpc`]), and [`outline`] reads one level at a time.
//! - No URL of a server's that is not an [`address::Address`]; no text of a server's that becomes markup.
//! - No way to print a secret: [`secret::Secret`] has neither `Debug` nor `Display`, and [`text::Text`] asks at each
//!   place whether it is shown.
//! - No export that takes a trace: all take an [`export::RedactedTrace`], which holds no secret.

// `view!` names this crate from inside and from its tests.
#[cfg(feature = "ui")]
extern crate self as flowglass;

pub mod address;
pub mod arguments;
pub mod catalog;
pub mod checks;
pub mod compare;
pub mod content;
pub mod cors;
pub mod curl;
pub mod demo;
pub mod export;
pub mod format;
pub mod http;
pub mod inspector;
pub mod jsonrpc;
pub mod ledger;
pub mod map;
pub mod mcp;
pub mod members;
pub mod oauth;
pub mod outline;
pub mod problem;
pub mod question;
pub mod recent;
pub mod report;
pub mod revision;
pub mod room;
pub mod route;
pub mod schema;
pub mod secret;
pub mod settings;
pub mod sse;
pub mod step;
pub mod stored;
pub mod template;
pub mod text;
pub mod trace;
#[cfg(feature = "ui")]
pub mod ui;
pub mod viewport;
pub mod walkthrough;
#[cfg(feature = "web")]
pub mod web;
pub mod why;
pub mod wire;
