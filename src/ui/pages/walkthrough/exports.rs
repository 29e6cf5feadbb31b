//! What can be done with the trace: give it away in every form, open a saved one, compare, present.

use super::comparing::{CompareField, Compared, Comparing};
use crate::base::format;
use crate::export::svg::{self, Frame, Look, Theme};
use crate::export::{self, Export, Scope, file};
use crate::trace::step::Step;
use crate::trace::{ExchangeId, RedactedTrace};
use crate::ui::later;
use crate::ui::parts::saved::OpenTrace;
use crate::ui::parts::simulated::is_riddle;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::{LINK, Session, session};
use crate::web::{clock, compress, window};
use leptos::task::{spawn_local, spawn_local_scoped};

/// The longest fragment of a link, in bytes: what mail and chat programs still take.
const LONGEST: usize = 32 * 1024;
/// How much of a body goes into a link.
const BODY: usize = 4 * 1024;

/// What is chosen beside the buttons: how far back, and how a picture is to look.
#[derive(Clone, Copy, Default)]
pub struct Choices {
    pub scope: Scope,
    pub look: Look,
}

#[component]
pub fn Exports(
    /// The step that is looked at.
    step: Memo<Option<Step>>,
) -> impl IntoView {
    let session = session();
    let presenting = RwSignal::new(false);
    let compared = RwSignal::new(None::<Compared>);
    let choices = RwSignal::new(Choices::default());
    // On a stage and in a file a failure is told with its cause.
    let riddle = Memo::new(move |_| is_riddle(session));
    let button = move |export: Export| view! { <ExportButton export choices/> };
    view! {
        <div class="exports">
            <div class="row">
                <button type="button" data-testid="present" disabled=riddle on:click=move |_| presenting.set(true)>"Present"</button>
                <OpenTrace/>
                <CompareField compared/>
                <CopyLink step/>
            </div>
            <div class="row" role="group" aria-labelledby="export-label">
                <span class="small muted" id="export-label">"Export"</span>
                {Export::ALL.map(button).collect_view()}
                <ScopeChoice choices/>
                <PictureChoice choices step/>
            </div>
            <Comparing compared/>
        </div>
        {move || presenting.get().then(|| arriving(later::presenter(presenting)))}
    }
}

/// Gives what is looked at as a file.
pub fn give(session: Session, export: Export, choices: Choices) {
    spawn_local(async move {
        if let Ok((name, text)) = later::written(session, export, choices).await {
            window::download(&name, export.media_type(), &text);
        }
    });
}

/// The button that does so.
#[component]
pub fn ExportButton(export: Export, choices: RwSignal<Choices>) -> impl IntoView {
    let session = session();
    // A file would tell the cause that is to be guessed.
    let riddle = Memo::new(move |_| is_riddle(session));
    let give = move |_| give(session, export, choices.get_untracked());
    view! {
        <button type="button" class="quiet" data-testid=export.name() title=export.purpose() disabled=riddle on:click=give>
            {export.title()}
        </button>
    }
}

/// The file of what is looked at, by its name, and its text.
pub fn written(session: Session, export: Export, choices: Choices) -> (String, String) {
    let (trace, now) = (session.peek_trace(|it| export.redacted(it, choices.scope)), clock::now());
    let text = match export {
        Export::Svg => svg::write(&trace, choices.look),
        export => export.write(&trace, now),
    };
    (export.file_name(&trace, now), text)
}

/// What a link holds of it.
pub fn linked(session: Session) -> String {
    file::write(&session.peek_trace(RedactedTrace::of_attempt).short(BODY))
}

/// How far back HAR and trace go.
#[component]
pub fn ScopeChoice(choices: RwSignal<Choices>) -> impl IntoView {
    let options = Scope::ALL.map(|(_, name, title)| view! { <option value=name>{title}</option> });
    view! {
        <label class="row small muted">
            "HAR and trace:"
            <select
                data-testid="export-scope"
                on:change:target=move |event| choices.update(|it| it.scope = Scope::parse(&event.target().value()))
            >
                {options.into_iter().collect_view()}
            </select>
        </label>
    }
}

/// An exchange as a command, without secrets; `None` where only a browser can send its request.
pub fn command(session: Session, exchange: ExchangeId) -> Option<String> {
    session.peek_trace(|it| export::command(it, exchange))
}

/// How the SVG is to look: for documents, or for slides.
#[component]
fn PictureChoice(choices: RwSignal<Choices>, step: Memo<Option<Step>>) -> impl IntoView {
    let options = Theme::ALL.map(|(_, name, title)| view! { <option value=name>{title}</option> });
    let look = move |edit: &dyn Fn(&mut Look)| choices.update(|it| edit(&mut it.look));
    let (one, set_one) = signal(false);
    // The one step is the one that is looked at, whichever that is then.
    Effect::new(move |_| look(&|it| it.step = step.get().filter(|_| one.get())));
    let frame = |slide: bool| if slide { Frame::Slide } else { Frame::Content };
    view! {
        <details class="small">
            <summary>"SVG options"</summary>
            <label class="row small muted">
                "Theme"
                <select
                    data-testid="svg-theme"
                    on:change:target=move |event| look(&|it| it.theme = Theme::parse(&event.target().value()))
                >
                    {options.into_iter().collect_view()}
                </select>
            </label>
            <label class="check">
                <input
                    type="checkbox" data-testid="svg-slide"
                    on:change:target=move |event| look(&|it| it.frame = frame(event.target().checked()))
                />
                "16:9"
            </label>
            <label class="check">
                <input type="checkbox" data-testid="svg-step" on:change:target=move |event| set_one.set(event.target().checked())/>
                "This step only"
            </label>
        </details>
    }
}

/// A link that holds the trace in its fragment, which no server ever sees, and opens it at the step that is looked at.
#[component]
fn CopyLink(step: Memo<Option<Step>>) -> impl IntoView {
    let session = session();
    let (said, say) = signal(None::<String>);
    let copy = move |_| {
        spawn_local_scoped(async move {
            if let Ok(text) = later::linked(session).await {
                let route = Route::Walkthrough(step.get_untracked().map(|it| it.name().to_owned()));
                say.try_set(Some(copied(&text, &route).await));
            }
        });
    };
    view! {
        <button type="button" data-testid="copy-link" on:click=copy>"Copy link"</button>
        <span class="small muted" role="status" data-testid="copy-link-said">{move || said.get()}</span>
    }
}

/// Copies the link of a trace, and says what came of it.
async fn copied(text: &str, route: &Route) -> String {
    let Some(packed) = compress::pack(text).await else {
        return "This browser cannot compress data, so there is no link.".to_owned();
    };
    if packed.len() > LONGEST {
        let (length, most) = (format::bytes(packed.len()), format::bytes(LONGEST));
        return format!("Too long for a link: {length}, at most {most}. Export the trace instead.");
    }
    let link = format!("{}{}{}{LINK}{packed}", window::origin(), window::base(), route.path());
    match window::copy(&link).await {
        true => format!("Copied, {} long, without secrets.", format::bytes(link.len())),
        false => "The browser refused to copy.".to_owned(),
    }
}
