//! What can be done with the trace: give it away in every form, open a saved one, compare, present.

use super::comparing::{CompareField, Compared, Comparing};
use super::present::Presenter;
use crate::export::{Export, RedactedTrace, file};
use crate::format;
use crate::ui::parts::saved::OpenTrace;
use crate::ui::prelude::*;
use crate::ui::session::{LINK, session};
use crate::web::{clock, compress, window};
use leptos::task::spawn_local_scoped;

/// The longest fragment of a link, in bytes: what mail and chat programs still take.
const LONGEST: usize = 32 * 1024;
/// How much of a body goes into a link.
const BODY: usize = 4 * 1024;

#[component]
pub fn Exports() -> impl IntoView {
    let session = session();
    let presenting = RwSignal::new(false);
    let compared = RwSignal::new(None::<Compared>);
    let button = move |export: Export| {
        let give = move |_| {
            let (trace, now) = (session.peek_trace(|it| export.redacted(it)), clock::now());
            window::download(&export.file_name(&trace, now), export.media_type(), &export.write(&trace, now));
        };
        view! {
            <button type="button" class="quiet" data-testid=export.name() title=export.purpose() on:click=give>
                {export.title()}
            </button>
        }
    };
    view! {
        <div class="exports">
            <div class="row" role="group" aria-labelledby="export-label">
                <span class="small muted" id="export-label">"Export"</span>
                {Export::ALL.map(button).collect_view()}
            </div>
            <div class="row">
                <button type="button" data-testid="present" on:click=move |_| presenting.set(true)>"Present"</button>
                <OpenTrace/>
                <CompareField compared/>
                <CopyLink/>
            </div>
            <Comparing compared/>
        </div>
        {move || presenting.get().then(|| view! { <Presenter open=presenting/> })}
    }
}

/// A link that holds the trace in its fragment: no server ever sees it.
#[component]
fn CopyLink() -> impl IntoView {
    let session = session();
    let (said, say) = signal(None::<String>);
    let copy = move |_| {
        let text = file::write(&session.peek_trace(RedactedTrace::of_attempt).short(BODY));
        spawn_local_scoped(async move {
            say.try_set(Some(copied(&text).await));
        });
    };
    view! {
        <button type="button" data-testid="copy-link" on:click=copy>"Copy link"</button>
        <span class="small muted" role="status" data-testid="copy-link-said">{move || said.get()}</span>
    }
}

/// Copies the link of a trace, and says what came of it.
async fn copied(text: &str) -> String {
    let Some(packed) = compress::pack(text).await else {
        return "This browser cannot compress, so there is no link.".to_owned();
    };
    if packed.len() > LONGEST {
        let (length, most) = (format::bytes(packed.len()), format::bytes(LONGEST));
        return format!(
            "Too long for a link: {length}, and at most {most} can be sent about. Export the trace instead."
        );
    }
    let link = format!("{}{}{LINK}{packed}", window::origin(), window::base());
    match window::copy(&link).await {
        true => format!("Copied, {} long, without secrets.", format::bytes(link.len())),
        false => "The browser did not let the page copy.".to_owned(),
    }
}
