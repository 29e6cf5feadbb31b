//! An audit as a JSON file, for other programs and for a later comparison. `docs/audit.md` documents it.

use super::line::Verdict;
use super::{Audit, Item};
use crate::base::revision::Revision;
use crate::explain::walkthrough::cited::cite;
use serde::{Deserialize, Serialize};

pub(super) const FORMAT: &str = "flowglass-audit";
/// To be raised whenever a member changes its meaning or goes.
pub(super) const VERSION: u32 = 1;
/// A longer file is no audit, in bytes.
const LONGEST: usize = 1 << 20;

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    version: u32,
    app: &'static str,
    server: &'a str,
    page: &'a str,
    /// Milliseconds since the Unix epoch.
    began: f64,
    revision: Option<&'static str>,
    open: bool,
    stages: Vec<&'static str>,
    verdicts: Verdicts,
    lines: Vec<Line<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verdicts {
    any_client: &'static str,
    browser: &'static str,
    safe: &'static str,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'static str,
    title: &'static str,
    level: &'static str,
    severity: &'static str,
    owner: &'static str,
    phase: &'static str,
    verdict: &'static str,
    seen: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<&'a [String; 2]>,
    /// From an output that the user pasted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pasted: bool,
    /// Numbers of exchanges in the trace.
    exchanges: Vec<u32>,
    requirement: &'static str,
    fix: &'static str,
    clause: String,
    url: String,
}

pub fn write(audit: &Audit) -> String {
    let lines: Vec<Line<'_>> = audit.items.iter().map(|it| line(audit, it)).collect();
    let verdicts = Verdicts {
        any_client: audit.verdicts.any_client.name(),
        browser: audit.verdicts.browser.name(),
        safe: audit.verdicts.safe.name(),
    };
    let file = File {
        format: FORMAT,
        version: VERSION,
        app: env!("CARGO_PKG_VERSION"),
        server: &audit.server,
        page: &audit.page,
        began: audit.began,
        revision: audit.revision.map(Revision::as_str),
        open: audit.is_open,
        stages: audit.stages.names(),
        verdicts,
        lines,
    };
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

fn line<'a>(audit: &Audit, item: &'a Item) -> Line<'a> {
    let line = item.line;
    let (clause, url) = cite(line.clause, audit.revision);
    Line {
        id: line.id,
        title: line.title,
        level: line.level.words(),
        severity: line.severity.name(),
        owner: line.party.name(),
        phase: line.phase.name(),
        verdict: item.verdict.name(),
        seen: &item.seen,
        values: item.values.as_ref(),
        pasted: item.is_pasted,
        exchanges: item.evidence.iter().map(|it| it.exchange).collect(),
        requirement: line.requirement,
        fix: line.fix,
        clause,
        url,
    }
}

/// An earlier audit, as far as a comparison needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    pub server: String,
    pub began: f64,
    pub verdicts: Vec<(String, Verdict)>,
}

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    NotAnAudit,
    OtherVersion,
}

#[derive(Deserialize)]
struct Kind {
    format: String,
    version: u32,
}

#[derive(Deserialize)]
struct Stored {
    server: String,
    began: f64,
    lines: Vec<StoredLine>,
}

#[derive(Deserialize)]
struct StoredLine {
    id: String,
    verdict: String,
}

/// Whether it says that it is an audit of this version.
pub(super) fn check(text: &str) -> Result<(), Unread> {
    let kind: Option<Kind> = Some(text).filter(|it| it.len() <= LONGEST).and_then(|it| serde_json::from_str(it).ok());
    match kind {
        Some(it) if it.format == FORMAT && it.version == VERSION => Ok(()),
        Some(it) if it.format == FORMAT => Err(Unread::OtherVersion),
        _ => Err(Unread::NotAnAudit),
    }
}

pub fn read(text: &str) -> Result<Earlier, Unread> {
    check(text)?;
    let stored: Stored = serde_json::from_str(text).map_err(|_| Unread::NotAnAudit)?;
    let lines = stored.lines.into_iter();
    let verdicts = lines.filter_map(|it| Some((it.id, Verdict::parse(&it.verdict)?))).collect();
    Ok(Earlier { server: stored.server, began: stored.began, verdicts })
}

impl Unread {
    /// The same of a link.
    pub const fn in_link(self) -> &'static str {
        match self {
            Self::NotAnAudit => "The link holds no report",
            Self::OtherVersion => "Another version of Flowglass made this link",
        }
    }
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotAnAudit => "This file is not an audit that Flowglass saved as JSON",
            Self::OtherVersion => "Another version of Flowglass saved this audit",
        })
    }
}
