//! Which build of Flowglass the host has: `version.json` beside the page.

use super::host_file::{self, Given};
use super::window;
use js_sys::{JSON, Reflect};

/// The longest version that is shown, in bytes.
const LONGEST: usize = 40;

/// A build as its host names it.
#[derive(Clone, PartialEq, Eq)]
pub struct Build {
    pub version: String,
    /// The name that every other build differs in.
    pub build: String,
}

/// The name of the build that runs here; a page that trunk serves while it is written has none.
pub fn own() -> Option<String> {
    window::built("build").filter(|it| it != "none")
}

/// What the host has now. `None`: it did not say, or not within `limit` milliseconds.
pub async fn hosted(limit: u32) -> Option<Build> {
    let Given::Text(text) = host_file::beside("version.json", limit).await else { return None };
    let file = JSON::parse(&text).ok()?;
    let member = |name: &str| Reflect::get(&file, &name.into()).ok()?.as_string();
    let version = member("version").filter(|it| it.len() <= LONGEST)?;
    Some(Build { version, build: member("build")? })
}
