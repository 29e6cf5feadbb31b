//! One row of the log.

use super::Shown;
use crate::explain::logs::{self, tone};
use crate::explain::wire::words;
use crate::inspector::Logged;
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::clock;
use std::sync::Arc;

#[component]
pub fn LogRow(index: usize, shown: Shown) -> impl IntoView {
    let session = session();
    // A message is known by its number, and by its time where another log has begun.
    let message = Memo::new(move |_| {
        let number = shown.found.read().row(index)?;
        session.read(|it| Some((number, it.logs().numbered(number)?.at.to_bits())))
    });
    move || {
        let (number, _) = message.get()?;
        let logged = session.peek(|it| it.logs().numbered(number).cloned())?;
        Some(view! { <Message number logged shown/> })
    }
}

#[component]
fn Message(number: usize, logged: Arc<Logged>, shown: Shown) -> impl IntoView {
    let session = session();
    let route = Route::Logs(Some(number.to_string()));
    let current = move || (shown.selected.get() == Some(number)).then_some("true");
    let (level, logger) = (logged.level.clone(), logged.logger.clone());
    let (tone, shown_level, shown_logger) = (tone(&level), foreign(level.clone()), logger.clone().map(foreign));
    let call = logged.call.as_ref().map(logs::used).unwrap_or_default().to_owned();
    let at = words::clock(logged.at, clock::offset(logged.at));
    let glance = move || foreign(logs::glance(&logged, session.reveal()));
    view! {
        <a
            class="entry" href=href(&route) aria-current=current on:click=follow(route) data-testid="log-item"
            data-level=level data-logger=logger
        >
            <time>{at}</time>
            <span class="level" data-tone=tone>{shown_level}</span>
            <span class="logger">{shown_logger}</span>
            <span class="message">{glance}</span>
            <span class="used">{foreign(call)}</span>
        </a>
    }
}
