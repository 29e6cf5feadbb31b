//! The stage: the lanes up to the present step, what is decisive in it, and one sentence.

use super::Presenting;
use super::strokes;
use crate::base::text::fact;
use crate::demo;
use crate::explain::card::Card;
use crate::explain::walkthrough::Hosts;
use crate::explain::walkthrough::decisive::{Decisive, Named, Piece};
use crate::explain::walkthrough::slides::{Show, Slide};
use crate::explain::walkthrough::words::Party;
use crate::ui::parts::prose::prose;
use crate::ui::parts::simulated::is_riddle;
use crate::ui::prelude::*;
use crate::ui::session::session;

#[component]
pub fn Stage(presenting: Presenting) -> impl IntoView {
    let Presenting { show, at, .. } = presenting;
    let with = move |read: fn(&Slide) -> &'static str| show.read().slides.get(at.get()).map(read);
    let drawn = move || match show.read().slides.get(at.get()) {
        Some(slide) => anew(drawn(&show.read(), at.get(), slide)).into_any(),
        None => view! { <p class="stage-sentence">"Nothing has happened yet that could be presented."</p> }.into_any(),
    };
    view! {
        <section
            class="stage" id="stage" data-testid="stage" tabindex="0" autofocus aria-live="polite" aria-label="Stage"
            data-step=move || with(|it| it.step.name()) data-status=move || with(|it| it.status.name())
        >
            {drawn}
        </section>
    }
}

fn drawn(show: &Show, at: usize, slide: &Slide) -> AnyView {
    let rows = show.slides.iter().take(at + 1).enumerate().map(|(index, it)| strokes::row(it, index == at));
    let below = match slide.card.clone() {
        Some(card) => view! { <StageCard card/> }.into_any(),
        None => view! { <Line decisive=slide.decisive.clone()/> }.into_any(),
    };
    view! {
        {head(slide)}
        {lanes(&show.hosts)}
        <ol class="stage-flow" aria-label="Steps so far">{rows.collect_view()}</ol>
        {below}
        <p class="stage-sentence">{prose(slide.told.what)}</p>
    }
    .into_any()
}

fn head(slide: &Slide) -> impl IntoView + use<> {
    let progress = slide.of_twelve().map(|it| {
        view! {
            <progress max="12" value=it.to_string() aria-label="Progress"></progress>
            <small>{format!("{it} of 12")}</small>
        }
    });
    view! {
        <header class="stage-head">
            <h2><span>{slide.step.number()}</span>{slide.step.title()}</h2>
            {progress}
        </header>
    }
}

/// Who stands for which lane.
fn lanes(hosts: &Hosts) -> impl IntoView + use<> {
    let simulated = |host: &String| {
        if demo::is_ours(&format!("https://{host}")) { "simulated".to_owned() } else { fact(host) }
    };
    let under = |party: Party| match party {
        Party::You => Some("the user".to_owned()),
        Party::Browser => Some("this window".to_owned()),
        Party::Client => Some("Flowglass".to_owned()),
        Party::Server => hosts.server.as_ref().map(simulated),
        Party::Issuer if hosts.issuer.is_some() && hosts.issuer == hosts.server => Some("the same host".to_owned()),
        Party::Issuer => hosts.issuer.as_ref().map(simulated),
    };
    let lane = |party: Party| {
        let under = under(party).map(|it| view! { <small>{foreign(it)}</small> });
        view! { <span data-from=party.name()>{party.title()}{under}</span> }
    };
    view! { <div class="stage-lanes" aria-hidden="true">{Party::ALL.map(lane).collect_view()}</div> }
}

/// The decisive line in large type, as large as it fits, and the values below it.
#[component]
fn Line(decisive: Decisive) -> impl IntoView {
    let Decisive { line, values } = decisive;
    let size = match line.iter().map(|it| it.text.chars().count()).sum::<usize>() {
        0..=50 => "l",
        51..=68 => "m",
        _ => "s",
    };
    let pieces = line.into_iter().map(|it| view! { <PieceMark piece=it/> }).collect_view();
    let rows = values.into_iter().map(|it| view! { <NamedRow named=it/> }).collect_view();
    view! {
        <div class="stage-decisive" data-testid="stage-decisive">
            <div class="stage-line" data-size=size>{pieces}</div>
            <dl class="stage-values">{rows}</dl>
        </div>
    }
}

#[component]
fn PieceMark(piece: Piece) -> impl IntoView {
    view! {
        <span data-from=piece.party.map(Party::name)>
            <b>{foreign(piece.text)}</b>
            <small>{piece.label}</small>
        </span>
    }
}

#[component]
fn NamedRow(named: Named) -> impl IntoView {
    view! { <dt>{foreign(named.name)}</dt><dd>{foreign(named.value)}</dd><dd class="purpose">{named.purpose}</dd> }
}

/// What failed, in the place of what is decisive. Where the cause is to be guessed, it waits for that.
#[component]
fn StageCard(card: Card) -> impl IntoView {
    let session = session();
    let riddle = is_riddle(session) && !session.is_replaying();
    match riddle {
        true => view! {
            <div class="stage-card" data-testid="stage-card"><h3>"Something is wrong here"</h3><p>"Who is responsible? Guess on the walkthrough, then come back."</p></div>
        }
        .into_any(),
        false => view! {
            <div class="stage-card" data-testid="stage-card" data-code=card.code.as_str() data-owner=card.owner.id()>
                <h3>{prose(card.title)}</h3>
                <p><b data-party=card.owner.party()>{card.owner.words()}</b>": "{prose(card.fix)}</p>
                <p class="stage-reason">{prose(card.reason)}</p>
            </div>
        }
        .into_any(),
    }
}
