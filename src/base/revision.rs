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
    /// 2026-07-28: no handshake and no session; every request speaks for itself.
    R5,
}

impl Revision {
    pub const ALL: [Self; 5] = [Self::R1, Self::R2, Self::R3, Self::R4, Self::R5];
    /// What `server/discover` is written in.
    pub const LATEST: Self = Self::R5;
    /// What `initialize` offers where nobody chose: never a revision that has no `initialize`.
    pub const LATEST_WITH_HANDSHAKE: Self = Self::R4;

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::R1 => "2024-11-05",
            Self::R2 => "2025-03-26",
            Self::R3 => "2025-06-18",
            Self::R4 => "2025-11-25",
            Self::R5 => "2026-07-28",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// The newest of a server's list that this client speaks and that has, or has no, handshake.
    pub fn best(listed: &[String], handshake: bool) -> Option<Self> {
        let known = listed.iter().filter_map(|it| Self::parse(it)).filter(|it| it.has_handshake() == handshake);
        known.max()
    }

    /// `initialize`, `notifications/initialized`, and what hangs on them: `ping`, `logging/setLevel`,
    /// `resources/subscribe`, requests of the server's. Up to 2025-11-25.
    pub const fn has_handshake(self) -> bool {
        !matches!(self, Self::R5)
    }

    /// `MCP-Protocol-Version` on every request after `initialize`: MUST since 2025-06-18, unknown before it.
    pub fn has_version_header(self) -> bool {
        self >= Self::R3
    }

    /// JSON-RPC batches may come: 2025-03-26 alone.
    pub fn has_batches(self) -> bool {
        self == Self::R2
    }

    /// A GET opens a stream for what the server says by itself, and takes up one that broke (`Last-Event-ID`).
    pub fn has_streams(self) -> bool {
        (Self::R2..=Self::R4).contains(&self)
    }

    /// The server may ask the user for input.
    pub fn has_elicitation(self) -> bool {
        self >= Self::R3
    }

    /// It may send them to a page for that.
    pub fn has_url_elicitation(self) -> bool {
        self >= Self::R4
    }

    /// Tasks are in its core, in both directions: 2025-11-25 alone.
    pub fn has_core_tasks(self) -> bool {
        self == Self::R4
    }

    /// A request for sampling may offer tools.
    pub fn has_sampling_tools(self) -> bool {
        self >= Self::R4
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

    #[test]
    fn the_best_of_a_list_is_the_newest_that_is_known() {
        let listed = ["2024-11-05", "2099-01-01", "2026-07-28", "2025-06-18"].map(str::to_owned);
        assert_eq!(Revision::best(&listed, true), Some(Revision::R3));
        assert_eq!(Revision::best(&listed, false), Some(Revision::R5));
        assert_eq!(Revision::best(&[], true), None);
    }
}
