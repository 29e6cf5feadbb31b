//! Rules that the server broke, on every page, closed until wanted: what came is used as far as it goes.

use crate::format;
use crate::route::Route;
use crate::trace::Violation;
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::session::session;

#[component]
pub fn Violations() -> impl IntoView {
    let session = session();
    let all = session.memo(|it| it.violations().to_vec());
    let title = move || {
        let count = all.read().len();
        format!("{} of the protocol", format::counted(count, "violation", "violations"))
    };
    let rows = move || all.get().into_iter().map(|violation| view! { <Row violation/> }).collect_view();
    view! {
        <Show when=move || !all.read().is_empty()>
            <details class="violations" data-testid="violations">
                <summary><span aria-hidden="true">"! "</span>{title}</summary>
                <ul class="checks">{rows}</ul>
            </details>
        </Show>
    }
}

#[component]
fn Row(violation: Violation) -> impl IntoView {
    let session = session();
    let (name, url) = violation.clause.cite();
    let entry = session.peek(|it| crate::wire::request_of(it.trace(), violation.exchange));
    let route = entry.map(|it| Route::Wire(Some(it.to_string())));
    let link = route.map(|route| {
        view! { <a href=href(&route) on:click=follow(route.clone())>"on the wire"</a> }
    });
    view! {
        <li data-verdict="warn" data-testid="violation">
            <span class="verdict" aria-hidden="true">"!"</span>
            <span>{violation.words}" "{link}</span>
            <a class="clause" href=url target="_blank" rel="noreferrer">{name}</a>
        </li>
    }
}
