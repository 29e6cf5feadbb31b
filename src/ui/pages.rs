//! The pages, one a file.

pub mod check;
pub mod connect;
pub mod items;
pub mod tools;
pub mod walkthrough;
pub mod wire;
