//! An earlier call beside the newest: in what their arguments and their results differ.

use super::time;
use crate::base::format;
use crate::inspector::Call;
use crate::json::difference::{LONGEST, differences};
use crate::ui::parts::differences::DifferenceList;
use crate::ui::parts::result::words;
use crate::ui::prelude::*;
use crate::ui::session::session;

#[component]
pub fn Compared(numbers: Memo<Vec<u32>>, compared: RwSignal<Option<u32>>) -> impl IntoView {
    let session = session();
    // The one that is compared may be gone, or have become the newest.
    let pair = Memo::new(move |_| {
        let (old, numbers) = (compared.get()?, numbers.read());
        let newest = *numbers.first()?;
        (old != newest && numbers.contains(&old)).then_some((old, newest))
    });
    let view = move |(old, newest): (u32, u32)| {
        let call = |number: u32| session.peek(|it| it.history().numbered(number).cloned());
        let (old, new) = (call(old)?, call(newest)?);
        Some(anew(view! { <Comparison old new compared/> }))
    };
    move || pair.get().and_then(view)
}

#[component]
fn Comparison(old: Call, new: Call, compared: RwSignal<Option<u32>>) -> impl IntoView {
    let title = format!("{} and {} (newest)", time(old.began), time(new.began));
    let statuses = (old.status != new.status).then(|| format!("{} → {}", words(old.status), words(new.status)));
    let arguments = differences(&old.ask.arguments, &new.ask.arguments).filter(|it| it.count() > 0);
    view! {
        <section class="compared-calls stack" aria-label="Comparison">
            <div class="row">
                <h3>{title}</h3>
                <span class="grow"></span>
                <button type="button" class="quiet" on:click=move |_| compared.set(None)>"Close"</button>
            </div>
            {statuses.map(|it| view! { <p class="small">{it}</p> })}
            {arguments.map(|all| view! { <h4 class="label">"Arguments"</h4> <DifferenceList all/> })}
            <h4 class="label">"Result"</h4>
            <div class="stack" data-testid="result-diff" tabindex="0" role="region" aria-label="Differences of the results">
                {results(&old, &new)}
            </div>
        </section>
    }
}

/// In what the results differ, or why that cannot be said.
fn results(old: &Call, new: &Call) -> AnyView {
    let say = |words: String| view! { <p class="small muted">{words}</p> }.into_any();
    let dropped = |it: &Call| it.dropped.map(format::bytes);
    match (old.raw(), new.raw()) {
        _ if dropped(old).is_some() => {
            say(format!("The earlier result ({}) was not kept.", dropped(old).unwrap_or_default()))
        }
        _ if dropped(new).is_some() => {
            say(format!("The newest result ({}) was not kept.", dropped(new).unwrap_or_default()))
        }
        (None, None) => say("Neither call has a JSON result.".to_owned()),
        (None, _) => say("The earlier call has no JSON result.".to_owned()),
        (_, None) => say("The newest call has no JSON result.".to_owned()),
        (Some(old), Some(new)) => match differences(&old, &new) {
            None => say(format!("Results over {} are not compared.", format::bytes(LONGEST))),
            Some(all) if all.count() == 0 => say("The results are equal.".to_owned()),
            Some(all) => view! { <DifferenceList all/> }.into_any(),
        },
    }
}
