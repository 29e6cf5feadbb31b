//! The parts of a card: fix, reason, evidence.

use super::repeat::Repeated;
use super::snippets::Snippets;
use crate::explain::card::{Card, Evidence, Observed, Run, Values};
use crate::trace::problem::Problem;
use crate::ui::parts::prose::prose;
use crate::ui::prelude::*;

/// Where a card stands: above the page, where each part has an id, or in the place of what failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Page,
    Inside,
}

impl Place {
    fn id(self, name: &'static str) -> Option<&'static str> {
        (self == Self::Page).then_some(name)
    }
}

/// All but the title.
#[component]
pub fn CardBody(card: Card, #[prop(optional)] earlier: Vec<Card>, place: Place) -> impl IntoView {
    let (owner, cited) = (owner(&card), card.cited());
    let snippets = (!card.snippets.is_empty()).then(|| view! { <Snippets all=card.snippets/> });
    view! {
        <div class="card">
            <section data-testid=place.id("problem-fix")>
                <h3>"Fix"</h3>
                <p>{owner}{prose(card.fix)}</p>
                {snippets}
            </section>
            <section data-testid=place.id("problem-reason")>
                <h3>"Reason"</h3>
                <div>
                    <p>{card.quote.map(|it| view! { {prose(it)}" " })}{prose(card.reason)}</p>
                    {card.values.map(|values| view! { <Compared values/> })}
                </div>
            </section>
            <Seen evidence=card.evidence cited place/>
            {card.repeat.filter(|_| place == Place::Page).map(|repeat| view! { <Repeated repeat/> })}
            {(!earlier.is_empty()).then(|| view! { <Earlier cards=earlier/> })}
        </div>
    }
}

/// The party in its colour, with its host.
fn owner(card: &Card) -> AnyView {
    let host = card.host.clone().map(|it| view! { " "<code>{foreign(it)}</code> });
    view! { <b class="party" data-party=card.owner.party()>{card.owner.words()}</b>{host}": " }.into_any()
}

/// Two values below each other, and in what they differ.
#[component]
fn Compared(values: Values) -> impl IntoView {
    let run = |it: Run| match it.differs {
        true => view! { <mark class="differs">{foreign(it.text)}</mark> }.into_any(),
        false => foreign(it.text),
    };
    let pairs = values.names.into_iter().zip(values.runs);
    let rows = pairs.map(|(name, runs)| view! { <dt>{name}</dt><dd>{runs.into_iter().map(run).collect_view()}</dd> });
    view! { <dl class="values">{rows.collect_view()}</dl> }
}

/// What the card rests on.
#[component]
fn Seen(evidence: Evidence, cited: Option<(String, String)>, place: Place) -> impl IntoView {
    let cited = cited.map(|(title, url)| {
        view! { <p class="small"><a href=url target="_blank" rel="noreferrer">{title}</a></p> }
    });
    let step = evidence.step.map(|it| format!(": step {}, {}", it.number(), it.title()));
    let observed = evidence.observed.into_iter().map(|it| view! { <p>{prose(it)}</p> });
    view! {
        <details data-testid=place.id("problem-evidence")>
            <summary>"Evidence"{step}</summary>
            {observed.collect_view()}
            {(!evidence.exchanges.is_empty()).then(|| view! { <ul>{evidence.exchanges.into_iter().map(exchange).collect_view()}</ul> })}
            {cited}
        </details>
    }
}

fn exchange(it: Observed) -> impl IntoView {
    let tone = if it.readable { "good" } else { "bad" };
    view! { <li data-tone=tone><code>{foreign(it.request)}</code>" → "{foreign(it.outcome)}</li> }
}

/// Problems before this one, of the same attempt.
#[component]
fn Earlier(cards: Vec<Card>) -> impl IntoView {
    let words = match cards.len() {
        1 => "1 earlier problem".to_owned(),
        count => format!("{count} earlier problems"),
    };
    let row = |card: Card| {
        let at = card.evidence.step.map(|it| format!(" (step {})", it.number()));
        view! { <li>{prose(card.title)}{at}" "<code>{card.code.as_str()}</code></li> }
    };
    view! {
        <details class="earlier" data-testid="problem-earlier">
            <summary>{words}</summary>
            <ul>{cards.into_iter().map(row).collect_view()}</ul>
        </details>
    }
}

/// In the place of what a use of an item would have given.
#[component]
pub fn Failed(problem: Problem) -> impl IntoView {
    let card = Card::alone(&problem);
    view! { <p>{prose(card.title.clone())}</p><div class="failed"><CardBody card place=Place::Inside/></div> }
}
