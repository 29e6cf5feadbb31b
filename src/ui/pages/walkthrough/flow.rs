//! The list of steps, drawn as lanes where there is room.

use super::{View, step_route};
use crate::demo;
use crate::explain::walkthrough::drawing::{self, Arrow, Drawn, Mark, Said};
use crate::explain::walkthrough::words::Party;
use crate::explain::wire::words;
use crate::explain::words as said;
use crate::inspector::Paused;
use crate::oauth::negative::Tested;
use crate::trace::ExchangeId;
use crate::trace::check::Verdict;
use crate::trace::step::Step;
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::window;
use web_sys::KeyboardEvent;

/// The step so many rows on.
pub fn beside(view: View, step: Step, by: isize) -> Option<Step> {
    let steps: Vec<Step> = view.folded.with_untracked(|it| it.drawn.iter().map(|it| it.step).collect());
    let at = steps.iter().rposition(|it| *it == step)?;
    steps.get(at.checked_add_signed(by)?).copied()
}

#[component]
pub fn Flow(view: View) -> impl IntoView {
    let session = session();
    let key = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            _ if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
            "ArrowDown" | "j" => 1,
            "ArrowUp" | "k" => -1,
            _ => return,
        };
        event.prevent_default();
        if let Some(step) = view.selected.get_untracked().and_then(|it| beside(view, it, by)) {
            session.go(step_route(step));
            window::focus(&format!("[data-step={}] > a", step.name()));
        }
    };
    let steps = Memo::new(move |_| {
        let drawn = view.folded.read();
        drawn.drawn.iter().map(|it| it.step).enumerate().collect::<Vec<_>>()
    });
    view! {
        <div class="flow-area">
            <Lanes view/>
            <ol class="flow" data-testid="flow" aria-label="Steps" on:keydown=key>
                <Keyed keys=steps draw=move |(at, step)| view! { <StepRow at step view/> }/>
            </ol>
        </div>
    }
}

/// Who stands for which lane. The rows say it in words, so this is for the eye alone.
#[component]
fn Lanes(view: View) -> impl IntoView {
    let hosts = Memo::new(move |_| view.folded.read().hosts.clone());
    let under = move |party: Party| {
        let hosts = hosts.get();
        // Both names would not fit beside each other with more words; the exchanges have them.
        let simulated = |host: Option<String>| {
            host.map(|it| if demo::is_ours(&format!("https://{it}")) { "simulated".to_owned() } else { it })
        };
        match party {
            Party::Client => Some("Flowglass".to_owned()),
            Party::Server => simulated(hosts.server),
            Party::Issuer if hosts.issuer.is_some() && hosts.issuer == hosts.server => Some("the same host".to_owned()),
            Party::Issuer => simulated(hosts.issuer),
            Party::You | Party::Browser => None,
        }
    };
    let lane = move |party: Party| {
        view! { <div data-from=party.name()>{party.title()}{move || under(party).map(|it| view! { <small>{foreign(it)}</small> })}</div> }
    };
    view! { <div class="lanes" aria-hidden="true">{Party::ALL.map(lane).collect_view()}</div> }
}

#[component]
fn StepRow(at: usize, step: Step, view: View) -> impl IntoView {
    let drawn = view.drawn(at);
    let with = move |read: fn(&Drawn) -> Option<&'static str>| drawn.read().as_ref().and_then(read);
    let current = move || (view.selected.get() == Some(step)).then_some("step");
    let marks = move || drawn.read().as_ref().map(|it| it.marks.clone()).unwrap_or_default();
    let keyed = move || marks().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <li
            class="flow-step" data-testid="flow-step" data-step=step.name()
            data-status=move || with(|it| Some(it.status.name()))
            data-verdict=move || with(|it| it.verdict.map(|it| it.name()))
            data-code=move || with(|it| it.failure.map(|(code, _)| code.as_str()))
            data-owner=move || with(|it| it.failure.map(|(_, owner)| owner.id()))
            data-rule=move || drawn.read().as_ref().and_then(|it| it.rules.clone())
            data-part=step.is_part().then_some("")
        >
            <a class="step-link" href=href(&step_route(step)) aria-current=current on:click=follow(step_route(step))>
                <span class="no">{step.number()}</span>
                <span class="name">{step.title()}" "<span class="word">{move || with(|it| Some(it.words()))}</span></span>
            </a>
            <Keyed keys=Signal::derive(keyed) draw=move |(_, mark)| draw(step, mark)/>
            <Ghost step/>
            {move || drawn.read().as_ref().is_some_and(|it| it.edited).then(|| view! { <div class="branch" data-testid="flow-changed">"changed manually"</div> })}
            <Branches step view/>
        </li>
    }
}

/// The request that waits for the user, as an arrow that has not left.
#[component]
fn Ghost(step: Step) -> impl IntoView {
    let paused = session().memo(move |it| it.paused().filter(|it| it.step == step).cloned());
    let arrow = move |paused: Paused| {
        let said = drawing::request(step, &paused.request);
        view! { <Message ends=step.route() said class="msg ghost"/> }
    };
    move || paused.get().map(arrow)
}

/// What was done wrong at this step on purpose: each a branch that should lead nowhere.
#[component]
fn Branches(step: Step, view: View) -> impl IntoView {
    let row = view.row(step);
    let tests = Memo::new(move |_| row.read().tests.clone());
    let one = |it: Tested| {
        let sign = match it.check.verdict {
            Verdict::Pass => "✓",
            Verdict::Warn => "!",
            Verdict::Fail => "✗",
        };
        view! {
            <div class="branch" data-negative=it.kind.name() data-verdict=it.check.verdict.name()>
                <span class="verdict" aria-hidden="true">{sign}</span>" Test: "{it.kind.title()}<i>{foreign(said::rule(&it.check.rule))}</i>
            </div>
        }
    };
    move || tests.get().into_iter().map(one).collect_view()
}

fn draw(step: Step, mark: Mark) -> AnyView {
    match mark {
        Mark::Exchange { id, failed } => view! { <Sent step id failed/> }.into_any(),
        Mark::Message(ends, said) => view! { <Message ends said class="msg answer"/> }.into_any(),
        Mark::Inferred(ends, said) => view! { <Message ends said class="msg guess"/> }.into_any(),
        Mark::Own(party) => {
            view! { <div class="own" data-from=party.name()>"verifier "<i>"→ S256 →"</i>" challenge"</div> }.into_any()
        }
        Mark::Away(words) => view! { <div class="away">{foreign(words)}</div> }.into_any(),
        Mark::Note(words) => view! { <div class="note">{words}</div> }.into_any(),
        Mark::Plan(from, to) if from == to => {
            view! { <div class="own plan" data-from=from.name() aria-hidden="true">{step.title()}</div> }.into_any()
        }
        Mark::Plan(from, to) => {
            view! { <div class="plan" data-from=from.name() data-to=to.name() aria-hidden="true"><b>{step.title()}</b></div> }.into_any()
        }
    }
}

#[component]
fn Message(ends: (Party, Party), said: Said, class: &'static str) -> impl IntoView {
    view! { <div class=class data-from=ends.0.name() data-to=ends.1.name()>{who(ends)}{spoken(said)}</div> }
}

/// An exchange. Once it is over it is not looked at again, so that hundreds of them cost nothing.
#[component]
fn Sent(step: Step, id: ExchangeId, failed: bool) -> impl IntoView {
    let session = session();
    let arrow = Memo::new(move |last: Option<&Option<Arrow>>| match last {
        Some(Some(arrow)) if arrow.is_over => Some(arrow.clone()),
        _ => session.trace(|it| drawing::arrow(step, id, it)),
    });
    move || arrow.get().map(|arrow| view! { <ArrowMark ends=step.route() arrow failed/> })
}

#[component]
fn ArrowMark(ends: (Party, Party), arrow: Arrow, failed: bool) -> impl IntoView {
    let class = if failed { "msg bad" } else { "msg" };
    let code = words::class(arrow.status.as_deref());
    view! {
        <div
            class=class data-testid="flow-exchange" data-method=arrow.method data-url=arrow.url data-http-status=arrow.status
            data-via=arrow.relayed.then_some("relay")
            data-from=ends.0.name() data-to=ends.1.name()
        >
            {who(ends)}
            {spoken(arrow.said)}
            {arrow.outcome.map(|it| view! { <span class="code" data-class=code>{foreign(it)}</span> })}
        </div>
    }
}

fn who(ends: (Party, Party)) -> impl IntoView {
    view! { <span class="who">{format!("{} → {}", ends.0.title(), ends.1.title())}</span> }
}

fn spoken(said: Said) -> impl IntoView {
    view! { <b>{foreign(said.what)}" "<i>{foreign(said.detail)}</i></b> }
}
