//! Rules that the server broke, on every page, closed until wanted: what came is used as far as it goes.

use crate::base::format;
use crate::explain::walkthrough::cited::cite;
use crate::explain::words;
use crate::trace::Violation;
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;

#[component]
pub fn Violations() -> impl IntoView {
    let session = session();
    let all = session.memo(|it| it.violations().to_vec());
    let title = move || {
        let count = all.read().len();
        format::counted(count, "protocol violation", "protocol violations")
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
    let revision = session.peek(|it| Some(it.connection()?.info.as_ref()?.revision));
    let (name, url) = cite(violation.breach.clause(), revision);
    let entry = session.peek(|it| crate::explain::wire::request_of(it.trace(), violation.exchange));
    let route = entry.map(|it| Route::Wire(Some(it.to_string())));
    let link = route.map(|route| {
        view! { <a href=href(&route) on:click=follow(route.clone())>"show on wire"</a> }
    });
    view! {
        <li data-verdict="warn" data-testid="violation">
            <span class="verdict" aria-hidden="true">"!"</span>
            <span>{foreign(words::violation(&violation.breach))}" "{link}</span>
            <a class="clause" href=url target="_blank" rel="noreferrer">{name}</a>
        </li>
    }
}
