//! Three verdicts side by side instead of one grade: a letter would sum up what cannot be added.

use super::Item;
use super::line::{Severity, Verdict};

/// Lines that count beside those that are required of interoperability.
const ANY_CLIENT: [&str; 5] = ["S-11", "S-28", "S-39", "S-40", "S-42"];
/// Where a warning means that strict clients stop.
const TOLERATED: [&str; 5] = ["S-14", "S-25", "S-28", "S-39", "S-42"];
/// Lines that count beside those of the browser.
const BROWSER: [&str; 1] = ["S-45"];
/// What a page has to read before anything else: a line that was not tested is never a pass.
const READ: [&str; 3] = ["S-1", "S-4", "S-38"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdicts {
    pub any_client: Verdict,
    pub browser: Verdict,
    pub safe: Verdict,
    /// Security lines with a verdict, and those that a page cannot see.
    pub safe_tested: usize,
    pub safe_total: usize,
    pub safe_unseen: usize,
    is_open: bool,
    /// A login has brought a token.
    pub(super) is_logged_in: bool,
}

impl Verdicts {
    pub fn of(items: &[Item], is_open: bool, is_logged_in: bool) -> Self {
        let security = || items.iter().filter(|it| it.line.severity == Severity::Security);
        let is_tested = |it: &&Item| matches!(it.verdict, Verdict::Pass | Verdict::Warn | Verdict::Fail);
        Self {
            any_client: if is_open { Verdict::NotTested } else { any_client(items) },
            browser: browser(items),
            safe: worst(security()),
            safe_tested: security().filter(is_tested).count(),
            safe_total: security().count(),
            safe_unseen: security().filter(|it| it.verdict == Verdict::Unseen).count(),
            is_open,
            is_logged_in,
        }
    }

    pub const fn any_client_words(&self) -> &'static str {
        match self.any_client {
            _ if self.is_open => "Authorization does not apply",
            Verdict::Pass if self.is_logged_in => "Yes",
            Verdict::Pass => "Yes, before the login",
            Verdict::Warn => "Only tolerant clients",
            Verdict::Fail => "No",
            _ => "Not known",
        }
    }

    pub const fn browser_words(&self) -> &'static str {
        match self.browser {
            Verdict::Pass if self.is_open => "Yes",
            Verdict::Pass if self.is_logged_in => "Yes, login included",
            Verdict::Pass => "Yes, up to the login",
            Verdict::Warn => "With warnings",
            Verdict::Fail => "No",
            _ => "Not known",
        }
    }

    pub fn safe_words(&self) -> String {
        let Self { safe_tested: tested, safe_total: total, safe_unseen: unseen, .. } = self;
        match self.safe {
            Verdict::Fail => "Problem found".to_owned(),
            Verdict::Warn => "Problem possible".to_owned(),
            _ => format!("Nothing found in {tested} of {total} tests; {unseen} not visible to a page"),
        }
    }
}

/// Not known where what has to be there was not seen.
fn any_client(items: &[Item]) -> Verdict {
    let counts = |it: &&Item| {
        let required = it.line.severity == Severity::Interoperability && it.line.level.is_required();
        required || ANY_CLIENT.contains(&it.line.id)
    };
    let counted: Vec<&Item> = items.iter().filter(counts).collect();
    let verdict = |id: &str| counted.iter().find(|it| it.line.id == id).map(|it| it.verdict);
    let tolerated = |it: &&Item| it.verdict == Verdict::Warn && TOLERATED.contains(&it.line.id);
    match () {
        () if counted.iter().any(|it| it.verdict == Verdict::Fail) => Verdict::Fail,
        () if ANY_CLIENT.into_iter().any(|it| verdict(it) == Some(Verdict::NotTested)) => Verdict::NotTested,
        () if counted.iter().copied().any(|it| tolerated(&it)) => Verdict::Warn,
        () => Verdict::Pass,
    }
}

fn browser(items: &[Item]) -> Verdict {
    let counts = |it: &&Item| it.line.severity == Severity::Browser || BROWSER.contains(&it.line.id);
    let is_untested = |id: &str| items.iter().any(|it| it.line.id == id && it.verdict == Verdict::NotTested);
    match worst(items.iter().filter(counts)) {
        _ if is_untested("S-1") => Verdict::NotTested,
        Verdict::Pass | Verdict::Warn if READ.into_iter().any(is_untested) => Verdict::NotTested,
        worst => worst,
    }
}

/// The worst of those that have a verdict.
fn worst<'a>(items: impl Iterator<Item = &'a Item>) -> Verdict {
    let known = items.map(|it| it.verdict).filter(|it| !matches!(it, Verdict::Unseen | Verdict::NotTested));
    known.max().unwrap_or(Verdict::NotTested)
}
