//! The pages, one a file.

pub mod bench;
pub mod check;
pub mod connect;
pub mod demo_authorize;
pub mod items;
pub mod logs;
pub mod notes;
pub mod tasks;
pub mod tools;
pub mod walkthrough;
pub mod wire;

/// What a route draws, but for the first page. An item stands inside the page of its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Walkthrough,
    Tools,
    Tool,
    Resources,
    Resource,
    Prompts,
    Prompt,
    /// The place of the item where none is open.
    NoItem,
    Check,
    Wire,
    Logs,
    Tasks,
    Bench,
    DemoAuthorize,
    Notes,
}
