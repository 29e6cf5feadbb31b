//! `version.json` beside the page: by its `build` an open page learns that its host has another one.

use std::fs;
use std::path::Path;

use crate::command::{answer, program};
use crate::error::Error;
use crate::project::Project;

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Before the value in a page, as `name.mjs` writes it.
const MARK: &str = "<meta name=\"build\" content=\"";

/// Writes it into a built folder: the version of the package, the name of the build, and of a clone its commit with the
/// time of it, so that two builds of one commit are alike.
pub fn write(project: &Project, folder: &Path) -> Result<(), Error> {
    let page = folder.join("index.html");
    let text = fs::read_to_string(&page).map_err(Error::io(&page))?;
    let missing = || Error::NotInScript { words: MARK.to_owned(), script: page.clone() };
    let build = build_of(&text).ok_or_else(missing)?;
    let commit = git(project, &["rev-parse", "HEAD"]);
    let built = git(project, &["show", "--no-patch", "--format=%cI", "HEAD"]);
    let file = folder.join("version.json");
    fs::write(&file, json(build, commit.as_deref(), built.as_deref())).map_err(Error::io(&file))
}

/// When the commit was made, in seconds since the Unix epoch; 2000-01-01 where there is no clone.
pub fn time(project: &Project) -> u64 {
    let time = git(project, &["show", "--no-patch", "--format=%ct", "HEAD"]);
    time.and_then(|it| it.parse().ok()).unwrap_or(946_684_800)
}

/// Whether there is something that no commit has.
pub fn is_changed(project: &Project) -> bool {
    git(project, &["status", "--porcelain"]).is_some_and(|it| !it.is_empty())
}

fn git(project: &Project, arguments: &[&str]) -> Option<String> {
    answer(program("git").args(arguments).current_dir(&project.root))
}

fn build_of(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once(MARK)?;
    rest.split_once('"').map(|(build, _)| build)
}

fn json(build: &str, commit: Option<&str>, built: Option<&str>) -> String {
    let value = |it: Option<&str>| it.map_or_else(|| "null".to_owned(), |it| format!("\"{it}\""));
    format!(
        "{{\n  \"version\": \"{VERSION}\",\n  \"build\": \"{build}\",\n  \"commit\": {},\n  \"built\": {}\n}}\n",
        value(commit),
        value(built)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_json_also_outside_of_a_clone() {
        let known = json("89ab", Some("0123abcd"), Some("2026-11-29T12:00:00Z"));
        assert!(known.contains("\"build\": \"89ab\",\n  \"commit\": \"0123abcd\",\n"), "{known}");
        assert!(known.ends_with("\"built\": \"2026-11-29T12:00:00Z\"\n}\n"), "{known}");
        assert!(json("89ab", None, None).contains("\"commit\": null"));
    }

    #[test]
    fn a_page_says_which_build_it_is() {
        let page = "<head><base href=\"/\"><meta name=\"build\" content=\"0123456789abcdef\"><title>";
        assert_eq!(build_of(page), Some("0123456789abcdef"));
        assert_eq!(build_of("<head><title>"), None);
    }
}
