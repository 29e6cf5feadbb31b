//! `websiteUrl` of a server (2025-11-25 and later): a link where it may be opened, else its text.

use crate::base::text::prefix;
use crate::inspector::Inspector;
use crate::mcp::content::{Opened, opened};
use crate::ui::prelude::*;
use crate::ui::session::session;

/// As much of it is shown where it is no link, in bytes.
const SHOWN: usize = 200;

/// Where it leads, or why it is no link.
type Found = Result<Opened, String>;

fn website(it: &Inspector) -> Option<Found> {
    let connection = it.connection()?;
    let url = connection.info.as_ref()?.website.as_deref()?;
    let refused = |why: String| format!("{} ({why})", prefix(url, SHOWN));
    Some(match opened(url, Some(&connection.server)) {
        Some(Ok(to)) => Ok(to),
        Some(Err(why)) => Err(refused(why.to_string())),
        None => Err(refused("not a web URL, so not a link".to_owned())),
    })
}

#[component]
pub fn Website() -> impl IntoView {
    let website = session().memo(website);
    let drawn = |website: Found| match website {
        Ok(Opened { href, host }) => {
            view! { <a href=href target="_blank" rel="noopener noreferrer">{foreign(host)}</a> }.into_any()
        }
        Err(words) => view! { <span class="mono">{foreign(words)}</span> }.into_any(),
    };
    move || {
        website.get().map(|it| {
            view! {
                <div><dt>"Website"</dt><dd class="wide" data-testid="server-website">{drawn(it)}</dd></div>
            }
        })
    }
}
