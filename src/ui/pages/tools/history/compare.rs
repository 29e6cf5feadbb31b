//! An earlier call beside the newest: in what their arguments and their results differ.

use super::time;
use crate::base::format;
use crate::explain::card::{Run, runs};
use crate::inspector::Call;
use crate::json::difference::{Change, Difference, Differences, LONGEST, differences};
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
            {arguments.map(|all| view! { <h4 class="label">"Arguments"</h4> <List all/> })}
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
            Some(all) => view! { <List all/> }.into_any(),
        },
    }
}

#[component]
fn List(all: Differences) -> impl IntoView {
    let count = format::counted(all.count(), "difference", "differences");
    let more = (all.more > 0).then(|| format!("{} more are not listed.", format::count(all.more)));
    view! {
        <p class="small muted">{count}</p>
        <ol class="differences">{all.listed.into_iter().map(row).collect_view()}</ol>
        {more.map(|it| view! { <p class="small muted">{it}</p> })}
    }
}

fn row(it: Difference) -> impl IntoView {
    let name = it.change.name();
    let path = if it.path.is_empty() { "(root)".to_owned() } else { it.path.clone() };
    let (old, new) = match it.change {
        Change::Added(new) => (None, Some(vec![whole(new)])),
        Change::Removed(old) => (Some(vec![whole(old)]), None),
        Change::Changed { old, new } => {
            let (old, new) = runs(&old, &new);
            (Some(old), Some(new))
        }
    };
    view! {
        <li data-path=it.path data-change=name>
            <code>{foreign(path)}</code>
            {old.map(|it| view! { <del class="mono">{pieces(it)}</del> })}
            {new.map(|it| view! { <ins class="mono">{pieces(it)}</ins> })}
        </li>
    }
}

const fn whole(text: String) -> Run {
    Run { text, differs: false }
}

fn pieces(runs: Vec<Run>) -> impl IntoView {
    let piece = |it: Run| match it.differs {
        true => view! { <mark>{foreign(it.text)}</mark> }.into_any(),
        false => foreign(it.text),
    };
    runs.into_iter().map(piece).collect_view()
}
