//! The colours of a picture: on light slides, on dark ones, or on whatever it is laid upon.

use crate::explain::walkthrough::words::Party;

/// What a picture is made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Light,
    Dark,
    /// Without a background; every colour has a contrast of 4.5 to white and to black.
    Transparent,
}

impl Theme {
    /// With the names of the select.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Light, "light", "Light"),
        (Self::Dark, "dark", "Dark"),
        (Self::Transparent, "transparent", "Transparent"),
    ];

    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|(_, it, _)| *it == name).map(|(it, ..)| it).unwrap_or_default()
    }

    pub(super) const fn palette(self) -> &'static Palette {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
            Self::Transparent => &TRANSPARENT,
        }
    }
}

/// The page has the same colours in `style/tokens.css`.
pub(super) struct Palette {
    /// `None`: what is below shows.
    pub paper: Option<&'static str>,
    pub ink: &'static str,
    pub pale: &'static str,
    pub rule: &'static str,
    pub good: &'static str,
    pub warn: &'static str,
    pub bad: &'static str,
    /// You, browser, client, MCP server, authorization server.
    lanes: [&'static str; 5],
}

impl Palette {
    pub(super) const fn lane(&self, party: Party) -> &'static str {
        let [you, browser, client, server, issuer] = self.lanes;
        match party {
            Party::You => you,
            Party::Browser => browser,
            Party::Client => client,
            Party::Server => server,
            Party::Issuer => issuer,
        }
    }
}

static LIGHT: Palette = Palette {
    paper: Some("#fbfaf7"),
    ink: "#1b1c1e",
    pale: "#63666d",
    rule: "#e6e4dd",
    good: "#1a7039",
    warn: "#865600",
    bad: "#b3261e",
    lanes: ["#865600", "#4a5565", "#0b6b66", "#3c4ec4", "#932a88"],
};

static DARK: Palette = Palette {
    paper: Some("#121417"),
    ink: "#e9eaeb",
    pale: "#949aa3",
    rule: "#2a2e34",
    good: "#6ccb8b",
    warn: "#e2b04a",
    bad: "#ff8f86",
    lanes: ["#e2b04a", "#a8b3c2", "#56c8bf", "#9aa7ff", "#e794dc"],
};

static TRANSPARENT: Palette = Palette {
    paper: None,
    ink: "#71757e",
    pale: "#71757e",
    rule: "#71757e",
    good: "#1f8644",
    warn: "#a46900",
    bad: "#db352b",
    lanes: ["#a46900", "#67768d", "#0e837d", "#5f6ecf", "#c338b5"],
};
