//! What an app may reach, and what of its wishes is not granted.

use crate::mcp::app::csp::{Reach, Refused, Why};
use crate::mcp::app::page::AppPage;
use crate::ui::prelude::*;
use std::sync::Arc;

#[component]
pub fn Reached(page: Arc<AppPage>) -> impl IntoView {
    let Reach { connect, resources, frames, bases, refused } = page.reach.clone();
    let lists = [("Connect to", connect), ("Load from", resources), ("Frames from", frames), ("Base URLs", bases)];
    let rows = lists.into_iter().filter(|(_, origins)| !origins.is_empty()).map(|(label, origins)| {
        let origins = origins.into_iter().map(|it| view! { <div>{foreign(it)}</div> }).collect_view();
        view! { <dt>{label}</dt><dd class="mono">{origins}</dd> }
    });
    let refused = refused.into_iter().map(|Refused { given, why }| {
        view! { <dt>"Not allowed"</dt><dd><span class="mono">{foreign(given)}</span>" ("{reason(why)}")"</dd> }
    });
    let asked = page.permissions.join(", ");
    let none = page.reach.is_empty().then(|| view! { <dt>"Reaches"</dt><dd>"No host by fetch, image or frame"</dd> });
    view! {
        <dl class="facts" data-testid="app-reach">
            {none}
            {rows.collect_view()}
            {refused.collect_view()}
            {(!asked.is_empty()).then(|| view! { <dt>"Not granted"</dt><dd>{asked}</dd> })}
        </dl>
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
