//! The call as it is typed, for others: as a command, and as a link.

use super::drafts::Sheet;
use crate::export::call::{self, Left};
use crate::mcp::connection::{Ask, Target};
use crate::ui::parts::copy::Copy;
use crate::ui::parts::link::href;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::window;

#[component]
pub fn Copies(sheet: Sheet, target: StoredValue<Target>) -> impl IntoView {
    let session = session();
    let said = RwSignal::new(None::<&'static str>);
    let ask = move || Some(Ask { target: target.get_value(), arguments: sheet.arguments()? });
    let command = move |()| {
        let Some(ask) = ask() else { return String::new() };
        let command = session.peek(|it| call::command(it, &ask));
        said.set(command.as_deref().map_or(Some("Connect to copy the command."), advice));
        command.unwrap_or_default()
    };
    let link = move |()| {
        let Some(link) = ask().and_then(|ask| session.peek(|it| call::link(it, &ask))) else { return String::new() };
        said.set(left_out(link.left));
        let route = target.with_value(|it| Route::Tools(Some(it.key.clone())));
        format!("{}{}{}", window::origin(), href(&route), link.query)
    };
    view! {
        <span class="small muted" role="status">{said}</span>
        <Copy text=command label="Copy as curl" attr:data-testid="copy-curl"/>
        <Copy text=link label="Copy link" attr:data-testid="copy-tool-link"/>
    }
}

/// What has to be set before the command runs.
fn advice(command: &str) -> Option<&'static str> {
    match (command.contains("\"$TOKEN\""), command.contains("\"$HEADER_")) {
        (_, true) => Some("Set its variables before you run it."),
        (true, false) => Some("Set TOKEN before you run it."),
        (false, false) => None,
    }
}

const fn left_out(left: Left) -> Option<&'static str> {
    match left {
        Left::Nothing => None,
        Left::Secrets => Some("Secrets are left out of the link."),
        Left::SecretArguments => Some("The arguments contain a secret and are left out."),
        Left::LongArguments => Some("The arguments are too long for a link."),
    }
}
