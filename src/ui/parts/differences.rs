//! In what two JSON texts differ, as a list: each place with its old and its new value.

use super::styled::styled;
use crate::base::format;
use crate::explain::card::{Run, runs};
use crate::json::difference::{Change, Difference, Differences};
use crate::ui::prelude::*;

#[component]
pub fn DifferenceList(all: Differences) -> impl IntoView {
    styled(include_str!("../../../style/differences.css"));
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
