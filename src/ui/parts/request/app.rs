//! What an app of the server wants to do: call a tool, open a page. The bridge carries it out once the user allows it.

use super::page::Destination;
use crate::base::address::Address;
use crate::base::format;
use crate::base::text::prefix;
use crate::mcp::question::{AppsCall, Question};
use crate::ui::prelude::*;

/// As much of the arguments is shown, in bytes.
const ARGUMENTS: usize = 32 << 10;

#[component]
pub fn CallBody(question: Question) -> impl IntoView {
    let AppsCall { tool, arguments } = AppsCall::read(&question.params);
    view! {
        <p>"The app would call this tool with your connection, and receive its result."</p>
        <dl class="facts"><dt>"Tool"</dt><dd><strong class="mono">{foreign(tool)}</strong></dd></dl>
        <pre class="wire" tabindex="0" aria-label="Arguments">{foreign(prefix(&arguments, ARGUMENTS).to_owned())}</pre>
        {(arguments.len() > ARGUMENTS).then(|| view! { <p class="error">{cut(arguments.len())}</p> })}
    }
}

/// What is agreed to is not all that is seen.
fn cut(length: usize) -> String {
    format!("Only the first {} of {} are shown.", format::bytes(ARGUMENTS), format::bytes(length))
}

#[component]
pub fn LinkBody(question: Question) -> impl IntoView {
    let given = question.url();
    let host = Address::given(&given).map(|it| it.host()).unwrap_or_default();
    view! { <Destination host given/> }
}
