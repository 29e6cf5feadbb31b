//! MCP in its five revisions, over Streamable HTTP and HTTP+SSE, without sending anything.

pub mod connection;
pub mod era;
pub mod error;
pub mod mirror;
pub mod model;
pub mod reader;
