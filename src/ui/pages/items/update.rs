//! What the server told of a subscribed resource, and in what it differs from what was read before.

use crate::base::format;
use crate::explain::wire::words;
use crate::inspector::{ResourceUpdate, Status};
use crate::mcp::connection::Target;
use crate::mcp::content::update::{Lines, Update};
use crate::ui::parts::differences::DifferenceList;
use crate::ui::parts::styled::styled;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock;
use std::sync::Arc;

/// Nothing before the first notification.
#[component]
pub fn Updated(target: Signal<Option<Target>>) -> impl IntoView {
    styled(include_str!("../../../../style/differences.css"));
    let session = session();
    let update = Memo::new(move |_| {
        let target = target.get()?;
        session.read(|it| it.resource_update(&target.key).cloned())
    });
    // What was read since.
    let after = Memo::new(move |_| {
        let (target, update) = (target.get()?, update.get()?);
        session.read(|it| {
            let read = it.outcome(&target).filter(|it| it.status == Status::Ok && it.began >= update.at)?;
            read.result.clone()
        })
    });
    move || update.get().map(|update| anew(view! { <Told update after=after.get()/> }))
}

#[component]
fn Told(update: ResourceUpdate, after: Option<Arc<str>>) -> impl IntoView {
    let at = words::clock(update.at, clock::offset(update.at));
    let told = format::counted(update.times as usize, "notification", "notifications");
    let changed = update.before.zip(after).map(|(before, after)| changed(Update::between(&before, &after)));
    view! {
        <section class="stack" data-testid="resource-update" aria-label="Update" role="status">
            <p class="small">"Updated at "<time>{at}</time>" ("{told}")."</p>
            {changed}
        </section>
    }
}

fn changed(update: Update) -> AnyView {
    let say = |words: &'static str| view! { <p class="small muted">{words}</p> }.into_any();
    match update {
        Update::Same => say("The content is the same as before."),
        Update::NotCompared => say("The content is too long to compare."),
        Update::Paths(all) => view! { <DifferenceList all/> }.into_any(),
        Update::Lines(lines) => of_lines(lines),
    }
}

fn of_lines(Lines { first, removed, added, old, new }: Lines) -> AnyView {
    let removed_words = format::counted(removed, "line removed", "lines removed");
    let added_words = format::counted(added, "line added", "lines added");
    let more = (removed - old.len()) + (added - new.len());
    let old = old.into_iter().map(|it| view! { <del class="mono">{foreign(it)}</del> }).collect_view();
    let new = new.into_iter().map(|it| view! { <ins class="mono">{foreign(it)}</ins> }).collect_view();
    view! {
        <p class="small muted">{format!("From line {first}: {removed_words}, {added_words}.")}</p>
        <ol class="differences"><li>{old}{new}</li></ol>
        {(more > 0).then(|| view! { <p class="small muted">{format!("{} more lines are not listed.", format::count(more))}</p> })}
    }
    .into_any()
}
