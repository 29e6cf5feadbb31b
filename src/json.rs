//! JSON of any size: objects of others read member by member, texts as rows that open and close, and what is found in
//! them.

pub mod base64;
pub mod difference;
pub mod members;
pub mod outline;
pub mod path;
pub mod same;
pub mod search;
