//! A page that the server wants visited (MCP, elicitation, URL mode): shown whole, opened only by the user, never
//! looked into.

use super::Accepting;
use crate::base::address::Address;
use crate::mcp::question::Question;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;

#[component]
pub fn PageBody(question: Question, accepting: Accepting) -> impl IntoView {
    let given = question.url();
    let server = session().peek(|it| it.connection().map(|it| it.server.clone()));
    let address = question.page(server.as_ref());
    let host = address.as_ref().map(Address::host).unwrap_or_default();
    let refusal = address.as_ref().err().map(ToString::to_string);
    let href = address.ok().map(|it| it.href());
    accepting.set_value(Some(Callback::new(move |send: Callback<String>| {
        if let Some(href) = &href {
            window::open(href);
            send.run(String::new());
        }
    })));
    view! {
        <pre class="text">{foreign(question.message())}</pre>
        <Destination host given/>
        {refusal.map(|it| view! { <p class="error">"This URL is not opened: "{foreign(it)}"."</p> })}
    }
}

/// Where a page lies that would be opened.
#[component]
pub fn Destination(host: String, given: String) -> impl IntoView {
    let disguised = host.split('.').any(|it| it.starts_with("xn--"));
    view! {
        <p>"The URL leads to "<strong class="mono">{foreign(host)}</strong>" and opens in a new tab. Flowglass cannot see that tab."</p>
        <pre class="wire" tabindex="0" aria-label="Full URL">{foreign(given)}</pre>
        {disguised.then(|| view! { <p class="error">"The host name contains characters that can look like others (Punycode). Check that it is the host you expect."</p> })}
    }
}
