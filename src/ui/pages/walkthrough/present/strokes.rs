//! The rows of the stage: what went from lane to lane, the present step's in full, those before it in passing.

use crate::explain::walkthrough::slides::{Arrow, Slide, Stroke};
use crate::explain::walkthrough::words::Party;
use crate::trace::check::Verdict;
use crate::ui::prelude::*;

pub fn row(slide: &Slide, is_current: bool) -> impl IntoView + use<> {
    let strokes = slide.strokes.iter().enumerate();
    let strokes = strokes.map(|(index, it)| stroke(index, it.clone(), is_current)).collect_view();
    view! {
        <li class="stage-row" aria-current=is_current.then_some("step") data-status=slide.status.name()>
            <span class="stage-number">{slide.step.number()}</span>
            {strokes}
        </li>
    }
}

fn stroke(index: usize, stroke: Stroke, is_current: bool) -> AnyView {
    match stroke {
        Stroke::Arrow(it) => view! { <ArrowMark index arrow=it is_current/> }.into_any(),
        Stroke::Own(party, words) => view! { <span class="stage-own" data-from=party.name()>{words}</span> }.into_any(),
        Stroke::Away(words) => view! { <span class="stage-away">{foreign(words)}</span> }.into_any(),
        Stroke::Note(words) => view! { <span class="stage-note">{words}</span> }.into_any(),
    }
}

#[component]
fn ArrowMark(index: usize, arrow: Arrow, is_current: bool) -> impl IntoView {
    let lane = |party: Party| Party::ALL.iter().position(|it| *it == party);
    let back = (lane(arrow.from) > lane(arrow.to)).then_some("");
    let words = if is_current { format!("{} {}", arrow.said.what, arrow.said.detail) } else { arrow.short.clone() };
    let class = arrow.class();
    view! {
        <span
            class="stage-arrow" data-from=arrow.from.name() data-to=arrow.to.name() data-back=back data-kind=arrow.kind.name()
            data-verdict=arrow.failed.then_some(Verdict::Fail.name()) style:--i=index.to_string()
        >
            <span class="sr">{format!("{} → {}: ", arrow.from.title(), arrow.to.title())}</span>
            <b>{foreign(words)}{arrow.outcome.map(|it| view! { " "<i class="code" data-class=class>{foreign(it)}</i> })}</b>
        </span>
    }
}
