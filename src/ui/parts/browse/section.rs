//! The words, routes and test ids in which the pages of tools, resources and prompts differ.

use crate::mcp::model::ItemKind;
use crate::ui::route::Route;

/// What a page is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Tools,
    Resources,
    Prompts,
}

impl Section {
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tools => "Tools",
            Self::Resources => "Resources",
            Self::Prompts => "Prompts",
        }
    }

    pub const fn one(self) -> &'static str {
        match self {
            Self::Tools => "tool",
            Self::Resources => "resource",
            Self::Prompts => "prompt",
        }
    }

    pub const fn many(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Resources => "resources",
            Self::Prompts => "prompts",
        }
    }

    pub const fn kinds(self) -> &'static [ItemKind] {
        match self {
            Self::Tools => &[ItemKind::Tools],
            Self::Resources => &[ItemKind::Resources, ItemKind::Templates],
            Self::Prompts => &[ItemKind::Prompts],
        }
    }

    pub const fn route(self, key: Option<String>) -> Route {
        match self {
            Self::Tools => Route::Tools(key),
            Self::Resources => Route::Resources(key),
            Self::Prompts => Route::Prompts(key),
        }
    }

    pub const fn list_id(self) -> &'static str {
        match self {
            Self::Tools => "tool-list",
            Self::Resources => "resource-list",
            Self::Prompts => "prompt-list",
        }
    }

    pub const fn filter_id(self) -> &'static str {
        match self {
            Self::Tools => "tool-filter",
            Self::Resources => "resource-filter",
            Self::Prompts => "prompt-filter",
        }
    }

    pub const fn promise(self) -> &'static str {
        match self {
            Self::Tools => "Connect to a server to list its tools.",
            Self::Resources => "Connect to a server to list its resources.",
            Self::Prompts => "Connect to a server to list its prompts.",
        }
    }

    pub const fn hint(self) -> &'static str {
        match self {
            Self::Tools => "Arrow keys move through the list.",
            Self::Resources => "Arrow keys move through the list.",
            Self::Prompts => "Arrow keys move through the list.",
        }
    }
}
