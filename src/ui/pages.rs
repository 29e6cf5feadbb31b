//! The pages, one a file.

pub mod bench;
pub mod connect;
pub mod demo_authorize;
pub mod items;
pub mod tools;
pub mod walkthrough;
pub mod wire;
