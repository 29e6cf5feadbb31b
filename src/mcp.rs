//! MCP in its five revisions, over Streamable HTTP and HTTP+SSE, without sending anything.

pub mod app;
pub mod completion;
pub mod connection;
pub mod content;
pub mod era;
pub mod error;
pub mod jsonrpc;
pub mod mirror;
pub mod model;
pub mod question;
pub mod raw;
pub mod reader;
pub mod received;
pub mod sampling;
pub mod task;
pub mod template;
