//! OAuth 2.1 as MCP asks for it, without sending anything.

pub mod account;
pub mod assertion;
pub mod bench;
pub mod challenge;
pub mod discovery;
pub mod error;
pub mod flow;
pub mod fresh;
pub mod jwks;
pub mod jwt;
pub mod metadata;
pub mod negative;
pub mod pkce;
pub mod registration;
pub mod request;
pub mod rules;
pub mod scope;
pub mod token;
