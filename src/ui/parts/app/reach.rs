//! What an app may reach, and what of its wishes is not granted.

use crate::mcp::app::csp::{Reach, Refused, Why};
use crate::mcp::app::page::AppPage;
use crate::ui::prelude::*;
use std::sync::Arc;

#[component]
pub fn Reached(
    page: Arc<AppPage>,
    /// The permissions that the user granted, once there was a choice.
    granted: Option<Vec<&'static str>>,
) -> impl IntoView {
    let Reach { connect, resources, frames, bases, refused } = page.reach.clone();
    let lists = [("Connect to", connect), ("Load from", resources), ("Frames from", frames), ("Base URLs", bases)];
    let rows = lists.into_iter().filter(|(_, origins)| !origins.is_empty()).map(|(label, origins)| {
        let origins = origins.into_iter().map(|it| view! { <div>{foreign(it)}</div> }).collect_view();
        view! { <dt>{label}</dt><dd class="mono">{origins}</dd> }
    });
    let refused = refused.into_iter().map(|Refused { given, why }| {
        view! { <dt>"Not allowed"</dt><dd><span class="mono">{foreign(given)}</span>" ("{reason(why)}")"</dd> }
    });
    let permissions = sorted(&page.permissions, granted).into_iter().filter(|(_, names)| !names.is_empty());
    let permissions = permissions.map(|(label, names)| view! { <dt>{label}</dt><dd>{names.join(", ")}</dd> });
    let none = page.reach.is_empty().then(|| view! { <dt>"Reaches"</dt><dd>"No host by fetch, image or frame"</dd> });
    view! {
        <dl class="facts" data-testid="app-reach">
            {none}
            {rows.collect_view()}
            {refused.collect_view()}
            {permissions.collect_view()}
        </dl>
    }
}

/// What it asks for, or what became of that.
fn sorted(asked: &[&'static str], granted: Option<Vec<&'static str>>) -> [(&'static str, Vec<&'static str>); 2] {
    match granted {
        None => [("Asks for", asked.to_vec()), ("Not granted", Vec::new())],
        Some(granted) => {
            let (yes, no) = asked.iter().partition(|it| granted.contains(it));
            [("Granted", yes), ("Not granted", no)]
        }
    }
}

const fn reason(why: Why) -> &'static str {
    match why {
        Why::NotAnOrigin => "not an origin",
        Why::NotEncrypted => "not https",
        Why::Local => "on loopback or in a private network, but the server is not",
        Why::TooMany => "too many origins",
    }
}
