//! A page that the server wants visited (MCP, elicitation, URL mode): shown whole, opened only by the person, never
//! looked into.

use super::Accepting;
use crate::address::Address;
use crate::question::Question;
use crate::ui::prelude::*;
use crate::web::window;

#[component]
pub fn PageBody(question: Question, accepting: Accepting) -> impl IntoView {
    let given = question.url();
    let address = Address::given(&given);
    let host = address.as_ref().map(Address::host).unwrap_or_default();
    let refusal = address.as_ref().err().map(ToString::to_string);
    let href = address.ok().map(|it| it.href());
    accepting.set_value(Some(Callback::new(move |()| {
        let href = href.clone()?;
        window::open(&href);
        Some(String::new())
    })));
    let disguised = host.split('.').any(|it| it.starts_with("xn--"));
    view! {
        <pre class="text">{question.message()}</pre>
        <p>"It leads to "<strong class="mono">{host}</strong>", in a new tab that this page cannot look into."</p>
        <pre class="wire" tabindex="0" aria-label="The whole address">{given}</pre>
        {disguised.then(|| view! { <p class="error">"The name of this host is written in letters that can look like others (Punycode). Make sure that it is the one you mean."</p> })}
        {refusal.map(|it| view! { <p class="error">"This address is not opened: "{it}"."</p> })}
    }
}
