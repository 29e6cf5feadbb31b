//! The revisions of MCP, and what each asks for: predicates, never copies of a machine.

use serde::{Deserialize, Serialize};

/// A revision of the Model Context Protocol, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Revision {
    /// 2024-11-05
    R1,
    /// 2025-03-26
    R2,
    /// 2025-06-18
    R3,
    /// 2025-11-25
    R4,
}

impl Revision {
    pub const ALL: [Self; 4] = [Self::R1, Self::R2, Self::R3, Self::R4];
    /// What `initialize` offers where nobody chose.
    pub const LATEST: Self = Self::R4;

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::R1 => "2024-11-05",
            Self::R2 => "2025-03-26",
            Self::R3 => "2025-06-18",
            Self::R4 => "2025-11-25",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// `MCP-Protocol-Version` on every request after `initialize`: MUST since 2025-06-18, unknown before it.
    pub fn has_version_header(self) -> bool {
        self >= Self::R3
    }

    /// JSON-RPC batches may come: 2025-03-26 alone.
    pub fn has_batches(self) -> bool {
        self == Self::R2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_revision_reads_what_it_writes() {
        for revision in Revision::ALL {
            assert_eq!(Revision::parse(revision.as_str()), Some(revision));
        }
        assert_eq!(Revision::parse("2099-01-01"), None);
    }
}
