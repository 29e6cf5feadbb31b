//! A failure as it is shown on every page: seen, cause, whose, what to change.

use super::copy::Copy;
use super::simulated::is_riddle;
use super::violations::Violations;
use super::waiting::{Elsewhere, Waiting};
use crate::cors::{Fix, Framework};
use crate::problem::Problem;
use crate::route::Route;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::why::{self, Finding};

/// What stands above every page: what waits, all problems of the present attempt with the newest first, and the rules
/// that the server broke.
#[component]
pub fn Notices(children: Children) -> impl IntoView {
    let session = session();
    let problems = session.memo(|it| it.problems().to_vec());
    // Where a lesson of the demo world is guessed, the answer waits until then, folded.
    let lesson = memo(move || matches!(session.route(), Route::Walkthrough(_)) && is_riddle(session));
    let rows = move || {
        problems
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, it)| view! { <Notice problem=it first=index == 0 folded=lesson/> })
            .collect_view()
    };
    view! { <div class="notices">{children()}<Waiting/><Elsewhere/>{rows}<Violations/></div> }
}

#[component]
fn Notice(problem: Problem, first: bool, folded: Memo<bool>) -> impl IntoView {
    let code = problem.code.as_str();
    let session = session();
    // Whatever failed came through the machine, so the rules are there too.
    let likely = session.later().and_then(|later| session.peek(|it| (later.why)(it.trace(), &problem)));
    view! {
        <section class="problem" role="alert" data-testid="problem" data-code=code>
            <details open=move || first && !folded.get()>
                <summary>
                    <h2>{problem.title.clone()}</h2>
                    <span class="mono">{code}</span>
                </summary>
                <div class="body">
                    <ProblemBody problem likely/>
                </div>
            </details>
        </section>
    }
}

/// The four answers, the lines to paste, the clause, and another attempt.
#[component]
pub fn ProblemBody(problem: Problem, likely: Option<Finding>) -> impl IntoView {
    let session = session();
    view! {
        <Facts problem likely>
            <button type="button" on:click=move |_| session.try_again()>"Try again"</button>
        </Facts>
    }
}

/// The four answers, the lines to paste, the clause; the children are what can be done about it.
#[component]
pub fn Facts(
    problem: Problem,
    /// What the rules add to it.
    #[prop(default = None)]
    likely: Option<Finding>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let clause = problem.clause.map(|it| it.cite());
    let owner = why::owner(&problem, likely.as_ref());
    view! {
        <dl class="facts">
            <dt>"Seen"</dt><dd>{problem.seen}</dd>
            <dt>"Cause"</dt><dd>{problem.cause}</dd>
            <dt>"Whose"</dt><dd><span class="chip" data-party=owner.party()>{owner.words()}</span></dd>
            <dt>"Change"</dt><dd>{problem.advice}</dd>
        </dl>
        {likely.map(|it| view! {
            <p data-testid="likely" data-rule=it.rule><strong>"More closely: "</strong>{format!("{} {}", it.cause, it.fix)}</p>
        })}
        {problem.fix.map(|fix| view! { <FixLines fix/> })}
        <div class="row">
            {children.map(|it| it())}
            {clause.map(|(title, url)| view! {
                <span class="small"><a href=url target="_blank" rel="noreferrer">{title}</a></span>
            })}
        </div>
    }
}

/// The header lines that would mend it, in the words of a framework.
#[component]
fn FixLines(fix: Fix) -> impl IntoView {
    let (chosen, choose) = signal(0_usize);
    let framework = move || Framework::ALL.get(chosen.get()).map_or(Framework::Headers, |(it, _)| *it);
    let lines = memo(move || fix.written(framework()));
    let options =
        Framework::ALL.into_iter().enumerate().map(|(index, (_, name))| view! { <option value=index>{name}</option> });
    view! {
        <div class="fix">
            <pre class="wire" tabindex="0" aria-label="Lines to paste">{lines}</pre>
            <div class="row">
                <select aria-label="Framework" on:change:target=move |event| choose.set(event.target().value().parse().unwrap_or_default())>
                    {options.collect_view()}
                </select>
                <Copy text=move |()| lines.get_untracked()/>
            </div>
        </div>
    }
}
