//! Guess, then reveal: after a run with a fault of the demo world, whose fault it was.

use super::View;
use crate::demo::Fault;
use crate::demo::lesson::{Ends, Lesson};
use crate::inspector::{Inspector, Phase};
use crate::problem::Owner;
use crate::ui::parts::simulated::is_simulated;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;
use crate::why;

/// Who can be at fault, and what they are called here.
const PARTIES: [(Owner, &str, &str); 5] = [
    (Owner::Server, "server", "MCP server"),
    (Owner::Issuer, "issuer", "Authorization server"),
    (Owner::Network, "network", "Network"),
    (Owner::Browser, "browser", "Browser"),
    (Owner::You, "you", "You"),
];

fn is_over(it: &Inspector) -> bool {
    is_simulated(it) && matches!(it.phase(), Phase::Connected | Phase::Refused | Phase::Failed)
}

#[component]
pub fn Guess(view: View) -> impl IntoView {
    let session = session();
    let over = session.memo(is_over);
    move || {
        let fault = session.fault.get().filter(|_| over.get())?;
        Some(match session.guessed.get() {
            None => view! { <Question/> }.into_any(),
            Some(guess) => view! { <Revealed fault guess view/> }.into_any(),
        })
    }
}

#[component]
fn Question() -> impl IntoView {
    let guessed = session().guessed;
    let choice = |(owner, name, words): (Owner, &'static str, &'static str)| {
        let id = format!("demo-guess-{name}");
        view! { <button type="button" data-testid=id on:click=move |_| guessed.set(Some(owner))>{words}</button> }
    };
    view! {
        <section class="guess" data-testid="demo-guess" aria-labelledby="guess-title">
            <h2 id="guess-title">"Something was wrong here. Whose fault was it?"</h2>
            <p class="small muted">"Look at the steps and at what was on the wire, then choose."</p>
            <div class="row">{PARTIES.map(choice).collect_view()}</div>
        </section>
    }
}

/// What the engine says, from what it saw.
fn verdict(view: View, ends: Ends) -> Option<String> {
    let seen = match ends {
        Ends::Problem(_) => session().read(|it| {
            let problem = it.problems().first()?;
            let owner = why::owner(problem, why::of_problem(it.trace(), problem).as_ref());
            Some((problem.title.clone(), Some(owner)))
        }),
        Ends::Connected(step, verdict) | Ends::AtLogin(step, verdict) => {
            let row = view.row(step).get();
            row.checks.into_iter().find(|it| it.verdict == verdict).map(|it| (it.words, None))
        }
    };
    seen.map(|(words, owner)| match owner {
        Some(owner) => format!("{words} ({})", owner.words()),
        None => words,
    })
}

const fn the(owner: Owner) -> &'static str {
    match owner {
        Owner::Server => "the MCP server",
        Owner::Issuer => "the authorization server",
        Owner::Network => "the network",
        Owner::Browser => "the browser",
        Owner::You => "you",
    }
}

#[component]
fn Revealed(fault: Fault, guess: Owner, view: View) -> impl IntoView {
    let lesson = Lesson::of(fault);
    let right = guess == lesson.owner;
    let title = match right {
        true => format!("Right: it was {}", the(lesson.owner)),
        false => format!("Not quite: you said {}, and it was {}", the(guess), the(lesson.owner)),
    };
    // The button that was pressed is gone: the focus goes to what it brought.
    request_animation_frame(|| window::focus("#revealed-title"));
    view! {
        <section class="guess" data-testid="demo-revealed" data-owner=lesson.owner.party() role="status">
            <h2 id="revealed-title" tabindex="-1">{title}</h2>
            <dl class="facts">
                <dt>"Fault"</dt><dd class="mono">{fault.name()}</dd>
                <dt>"What is wrong"</dt><dd>{lesson.words}</dd>
                {verdict(view, lesson.ends).map(|it| view! { <dt>"What was seen"</dt><dd>{it}</dd> })}
            </dl>
        </section>
    }
}
