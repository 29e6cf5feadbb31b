//! Flowglass, an MCP inspector that is a web page.
//!
//! # The layers
//!
//! > **core** ← **web** ← **ui**
//!
//! - The **core** is every module here but two. It knows neither a browser nor Leptos, never asks for the time or for
//!   randomness (both come with the `Moment` of each input), never sends anything, and never panics on what a server
//!   or a user gives it. It builds alone: `cargo test --no-default-features`.
//! - `web` is the browser: fetch, storage, history, clipboard; one interface a file, and the only place for `web-sys`.
//! - `ui` is the only place for Leptos. It reads the session, formats, and dispatches. It is built with
//!   `--cfg erase_components` (`.cargo/config.toml`), without which every view is compiled for itself.
//!
//! # The rooms
//!
//! The modules of the root, in the order in which they stand on each other: each may name those before it, and none
//! after it.
//!
//! | room | holds |
//! |---|---|
//! | [`base`] | checked addresses, secrets, texts of which pieces are secret, formats of numbers, the revisions of MCP |
//! | [`json`] | objects of others member by member, and texts of any size as rows |
//! | [`http`] | requests, responses, server-sent events, relays of the host, a request as a curl command |
//! | [`schema`] | JSON Schema as a form: fields, values, what is wrong with them |
//! | [`settings`] | what a user sets, and the servers of before |
//! | [`trace`] | what went into and out of the machines: steps, checks, problems; and the trace without its secrets |
//! | [`mcp`] | JSON-RPC, eras, connections, what a server says of itself and what it may ask |
//! | [`oauth`] | discovery, registration, PKCE, tokens, and the authorization flow as one machine |
//! | [`inspector`] | the one machine that runs an attempt, and its probes of what a browser hides |
//! | [`explain`] | the trace as a walkthrough and as a wire; causes, reports, comparisons |
//! | [`export`] | HAR, diagrams, reports, scripts, and the file of a trace |
//! | [`demo`] | the virtual servers, their faults and lessons |
//! | `web` | the browser |
//! | `ui` | the page |
//!
//! Settings and trace stand before the two protocols, because both take the settings as they are and write what they
//! see into the trace; MCP stands before OAuth, whose negative tests read JSON-RPC.
//!
//! `cargo xtask check` holds the layers and the order of the rooms.
//!
//! # One engine
//!
//! [`inspector::Inspector`] is the whole client as one machine without input or output of its own:
//! `handle(moment, input) -> orders`. Inputs are what happened (the user pressed Connect, a head arrived, the page was
//! opened at the redirect URI), orders are what to do (send this, abort that, leave for the login). Inside it,
//! [`oauth::flow`] is the authorization, [`mcp::connection`] writes MCP requests, and [`inspector::probes`] finds out why a browser
//! showed no answer.
//!
//! The first page does without it: `ui::later` is where the wasm is cut into parts, and the machine comes with the first
//! connection.
//!
//! All that goes in or out is in the [`trace`]. [`explain::walkthrough`] and [`explain::wire`] are views of it and hold nothing of their
//! own: what is drawn is what happened. Before an order is carried out, the trace and all that the next page needs are
//! in `sessionStorage`, because the login unloads the page.
//!
//! # What is absent on purpose
//!
//! - No JSON tree of results: messages keep payloads as text ([`mcp::jsonrpc`]), and [`json::outline`] reads one level at a time.
//! - No URL of a server's that is not an [`base::address::Address`]; no text of a server's that becomes markup.
//! - No way to print a secret: [`base::secret::Secret`] has neither `Debug` nor `Display`, and [`base::text::Text`] asks at each
//!   place whether it is shown.
//! - No export that takes a trace: all take an [`trace::RedactedTrace`], which holds no secret.

pub mod base;
pub mod demo;
pub mod explain;
pub mod export;
pub mod http;
pub mod inspector;
pub mod json;
pub mod mcp;
pub mod oauth;
pub mod schema;
pub mod settings;
pub mod trace;
#[cfg(feature = "ui")]
pub mod ui;
#[cfg(feature = "web")]
pub mod web;
