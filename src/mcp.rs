//! MCP over Streamable HTTP, without sending anything.

pub mod connection;
pub mod error;
pub mod model;
pub mod reader;
