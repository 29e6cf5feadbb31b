//! Questions of this client's own: where a typed secret would go, and where a code would.

use crate::mcp::question::{Endpoints, Question, Transfer};
use crate::ui::prelude::*;

#[component]
pub fn SecretBody(question: Question) -> impl IntoView {
    let Transfer { what, typed_for, to, by_relay } = Transfer::read(&question.params);
    let (why, names) = match by_relay {
        true => (
            "The host of Flowglass lists a relay at another origin for this server. The relay can read everything that is sent through it.",
            ["Sent", "Meant for"],
        ),
        false => (
            "You entered this secret for one origin, and it would be sent to another. A hostile server can name another origin to collect secrets.",
            ["Secret", "Entered for"],
        ),
    };
    let [sent, meant] = names;
    view! {
        <p>{why}</p>
        <dl class="facts">
            <dt>{sent}</dt><dd>{foreign(what)}</dd>
            <dt>{meant}</dt><dd class="mono">{foreign(typed_for)}</dd>
            <dt>"Send to"</dt><dd><strong class="mono">{foreign(to)}</strong></dd>
        </dl>
        <p class="small muted">"Flowglass asks once per tab, and never for an origin that you enter in the authorization settings."</p>
    }
}

#[component]
pub fn EndpointBody(question: Question) -> impl IntoView {
    let Endpoints { issuer, authorization, token } = Endpoints::read(&question.params);
    view! {
        <p>
            "The authorization and token endpoints are on different origins, and the metadata does not advertise "<code>"iss"</code>
            ". If you do not trust both, one could redeem a code of the other (mix-up attack)."
        </p>
        <dl class="facts">
            <dt>"Issuer"</dt><dd class="mono">{foreign(issuer)}</dd>
            <dt>"Authorization endpoint"</dt><dd><strong class="mono">{foreign(authorization)}</strong></dd>
            <dt>"Token endpoint"</dt><dd><strong class="mono">{foreign(token)}</strong></dd>
        </dl>
    }
}
