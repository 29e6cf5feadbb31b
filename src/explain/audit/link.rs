//! An audit in a link: ids and verdicts, the server, and when it was. Whoever opens it gets all texts from the lines of
//! this version. A link may be anybody's, so nothing else of it is shown, and nothing that it claims is believed twice.

use super::json::{self, Unread};
use super::line::{Line, Verdict};
use super::stages::{StageStatus, Stages};
use super::{Audit, GROUPS, Item, Verdicts, repairs};
use crate::base::address::Address;
use crate::base::revision::Revision;
use crate::trace::audit::AuditStage;
use serde::{Deserialize, Serialize};

/// What a link begins with that holds a report.
pub const LINK: &str = "#report=";
/// The longest fragment of a link, in bytes: what mail and chat programs still take.
pub const LONGEST: usize = 32 << 10;

/// The members of the audit file (`docs/audit.md`) that a link has.
#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u32,
    server: String,
    page: String,
    began: f64,
    revision: Option<String>,
    open: bool,
    /// Those that ran.
    #[serde(default)]
    stages: Vec<String>,
    lines: Vec<FileLine>,
}

#[derive(Serialize, Deserialize)]
struct FileLine {
    id: String,
    verdict: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pasted: bool,
}

/// The report of a link.
#[derive(Clone, PartialEq)]
pub struct Linked {
    /// Without evidence.
    pub audit: Audit,
    /// Lines that this version does not know.
    pub left_out: usize,
}

/// What a link holds of an audit. A query of the server's URL may be secret, and stays out.
pub fn write(audit: &Audit) -> String {
    let line = |item: &Item| FileLine {
        id: item.line.id.to_owned(),
        verdict: item.verdict.name().to_owned(),
        pasted: item.is_pasted,
    };
    let file = File {
        format: json::FORMAT.to_owned(),
        version: json::VERSION,
        server: server(&audit.server).unwrap_or_default(),
        page: page(&audit.page),
        began: audit.began,
        revision: audit.revision.map(|it| it.as_str().to_owned()),
        open: audit.is_open,
        stages: audit.stages.names().into_iter().map(str::to_owned).collect(),
        lines: audit.items.iter().map(line).collect(),
    };
    serde_json::to_string(&file).unwrap_or_default()
}

/// Reads what was in a link.
pub fn read(text: &str) -> Result<Linked, Unread> {
    json::check(text)?;
    let file: File = serde_json::from_str(text).map_err(|_| Unread::NotAnAudit)?;
    let server = server(&file.server).ok_or(Unread::NotAnAudit)?;
    let items: Vec<Item> = lines().filter_map(|line| item(line, &file.lines)).collect();
    let known = |it: &&FileLine| items.iter().any(|item| item.line.id == it.id);
    let left_out = file.lines.iter().filter(|it| !known(it)).count();
    let stages = Stages::done(&file.stages);
    let audit = Audit {
        server,
        page: page(&file.page),
        began: file.began,
        is_over: true,
        is_open: file.open,
        revision: file.revision.as_deref().and_then(Revision::parse),
        repairs: repairs(&items),
        verdicts: Verdicts::of(&items, file.open, stages.status(AuditStage::Login) == StageStatus::Done),
        stages,
        items,
        problem: None,
        card: None,
    };
    Ok(Linked { audit, left_out })
}

fn lines() -> impl Iterator<Item = &'static Line> {
    GROUPS.iter().flat_map(|it| it.lines.iter())
}

/// A line of this version with the verdict of the first that has its id.
fn item(line: &'static Line, from: &[FileLine]) -> Option<Item> {
    let found = from.iter().find(|it| it.id == line.id)?;
    let verdict = Verdict::parse(&found.verdict)?;
    let seen = match verdict {
        Verdict::NotTested => line.takes_words().unwrap_or_default(),
        _ => String::new(),
    };
    Some(Item {
        line,
        verdict,
        seen,
        values: None,
        evidence: Vec::new(),
        is_grave: false,
        is_pasted: found.pasted,
        snippets: Vec::new(),
    })
}

/// A URL that may be shown: without query and fragment.
fn server(url: &str) -> Option<String> {
    let url = Address::typed(url).ok()?.href();
    url.split(['?', '#']).next().filter(|it| it.len() <= LONGEST).map(str::to_owned)
}

fn page(origin: &str) -> String {
    Address::typed(origin).map(|it| it.origin()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::audit::fixture::{Answer, SERVER, Site};
    use crate::trace::audit::AuditProbe;

    fn verdicts(audit: &Audit) -> Vec<(&str, Verdict, bool)> {
        audit.items.iter().map(|it| (it.line.id, it.verdict, it.is_pasted)).collect()
    }

    #[test]
    fn a_report_comes_back_with_its_verdicts_and_without_what_servers_said() {
        let told = Answer::page(200).with("www-authenticate", "Bearer secret-of-mine");
        let audit = Site::right().on(AuditProbe::UnknownToken, &told).audit();
        let text = write(&audit);
        assert!(!text.contains("secret-of-mine") && !text.contains("login.example.com"), "{text}");
        let Linked { audit: read, left_out } = read(&text).expect("a report");
        assert_eq!((verdicts(&read), left_out), (verdicts(&audit), 0));
        assert_eq!((&read.verdicts, read.server.as_str(), read.began), (&audit.verdicts, SERVER, audit.began));
        assert!(read.items.iter().all(|it| it.evidence.is_empty() && it.values.is_none()));
        let ids = |it: &Audit| it.repairs.iter().flat_map(|it| &it.items).map(|it| it.line.id).collect::<Vec<_>>();
        assert!(ids(&audit).contains(&"S-17") && ids(&read).len() == ids(&audit).len());
    }

    #[test]
    fn the_query_of_a_server_stays_out() {
        let audit = Site::right().at("https://mcp.example.com/mcp?key=secret-of-mine").audit();
        assert!(!write(&audit).contains("secret-of-mine"));
    }

    #[test]
    fn what_a_link_claims_beside_ids_and_verdicts_is_not_taken() {
        let line =
            |id: &str, verdict: &str| format!(r#"{{"id":"{id}","verdict":"{verdict}","seen":"Call me","fix":"x"}}"#);
        let lines = [line("S-1", "fail"), line("S-1", "pass"), line("S-999", "pass"), line("S-2", "great")];
        let text = |server: &str| {
            format!(
                r#"{{"format":"flowglass-audit","version":1,"server":"{server}","page":"<b>","began":1e300,"revision":"x",
                "open":false,"verdicts":{{"safe":"pass"}},"lines":[{}]}}"#,
                lines.join(",")
            )
        };
        let Linked { audit, left_out } = read(&text("https://a.example/mcp?x=1#y")).expect("a report");
        assert_eq!(verdicts(&audit), [("S-1", Verdict::Fail, false)]);
        assert_eq!((left_out, audit.server.as_str(), audit.page.as_str()), (2, "https://a.example/mcp", ""));
        assert_eq!((audit.verdicts.browser, audit.revision), (Verdict::Fail, None));
        for server in ["javascript:alert(1)", "", "https://user:pass@a.example/", "data:text/html,x"] {
            assert!(read(&text(server)).is_err(), "{server}");
        }
    }

    #[test]
    fn other_versions_and_other_files_are_not_read() {
        let text = write(&Site::right().audit());
        assert_eq!(read(&text.replace("\"version\":1", "\"version\":2")).err(), Some(Unread::OtherVersion));
        assert_eq!(read(&text.replace("flowglass-audit", "other")).err(), Some(Unread::NotAnAudit));
        assert_eq!(read("[]").err(), Some(Unread::NotAnAudit));
        assert_eq!(read(&text.replace("\"lines\":[", "\"lines\":{")).err(), Some(Unread::NotAnAudit));
        assert_eq!(read(&format!("{text}{}", " ".repeat(2 << 20))).err(), Some(Unread::NotAnAudit));
    }
}
