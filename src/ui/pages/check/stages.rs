//! The stages of the audit that wait for consent: what each will do is said before it is done.

use crate::explain::audit::stages::{PLANS, Plan, StageStatus, Stages};
use crate::inspector::{Agreed, Input, Inspector};
use crate::trace::audit::AuditStage;
use crate::ui::parts::elapsed::Left;
use crate::ui::parts::prose::prose;
use crate::ui::prelude::*;
use crate::ui::session::session;
use crate::web::clock;

#[component]
pub fn StageList(stages: Stages) -> impl IntoView {
    let asked = RwSignal::new(None::<AuditStage>);
    let session = session();
    let skip = move |_| session.dispatch(Input::GiveUp);
    let until = session.memo(|it: &Inspector| it.expiry_waited_for());
    let buttons = PLANS.iter().map(|plan| {
        let status = stages.status(plan.stage);
        view! { <StageButton plan status asked/> }
    });
    let consent = move || {
        let plan = PLANS.iter().find(|it| Some(it.stage) == asked.get());
        plan.map(|plan| view! { <Consent plan asked/> })
    };
    view! {
        <section>
            <h2>"Stages with consent"</h2>
            <p class="small muted">"Lines of a stage that was skipped are not tested."</p>
            <div class="row">{buttons.collect_view()}</div>
            {consent}
            {move || until.get().map(|at| view! {
                <p class="loading" data-testid="check-expiry-wait">
                    <span class="spinner" aria-hidden="true"></span>
                    <span>"Waiting until the access token has expired: "<Left at/></span>
                    <button type="button" data-testid="check-expiry-skip" on:click=skip>"Skip this test"</button>
                </p>
            })}
        </section>
    }
}

#[component]
fn StageButton(plan: &'static Plan, status: StageStatus, asked: RwSignal<Option<AuditStage>>) -> impl IntoView {
    let is_asked = move || asked.get() == Some(plan.stage);
    let toggle = move |_| asked.update(|it| *it = Some(plan.stage).filter(|stage| Some(*stage) != *it));
    view! {
        <button
            type="button" data-testid="check-stage" data-stage=plan.stage.name() data-status=status.name()
            aria-expanded=move || is_asked().to_string() disabled=status != StageStatus::Open on:click=toggle
        >
            {plan.title}
            <span class="small muted">" · "{status.words()}</span>
        </button>
    }
}

/// What the stage does, what it leaves, and the button that begins it.
#[component]
fn Consent(plan: &'static Plan, asked: RwSignal<Option<AuditStage>>) -> impl IntoView {
    let session = session();
    let refused = session.memo(move |it: &Inspector| it.may_stage(plan.stage).err());
    let (also, expiry) = (RwSignal::new(false), RwSignal::new(false));
    let minutes = session.memo(move |it: &Inspector| it.minutes_to_expiry(plan.stage, clock::now()));
    let begin = move |_| {
        asked.set(None);
        let expiry = expiry.get_untracked() && minutes.get_untracked().is_some();
        session.dispatch(Input::Stage(Agreed { stage: plan.stage, error_page: also.get_untracked(), expiry }));
    };
    let sends = plan.sends.iter().map(|it| view! { <li>{prose((*it).to_owned())}</li> }).collect_view();
    let count = format!("At most {} requests. {}", plan.requests, plan.leaves);
    view! {
        <section class="finding" aria-label=plan.title>
            <p>"You may test this server with:"</p>
            <ul class="sends">{sends}</ul>
            <p>{count}</p>
            {plan.also.map(|words| view! { <Also id="check-also" set=also words/> })}
            {move || minutes.get().map(|minutes| view! {
                <Also id="check-also-expiry" set=expiry words=format!("Wait until the access token has expired, about {minutes} minutes. Keep this tab open")/>
            })}
            {move || refused.get().map(|it| view! { <p class="hint">{it}</p> })}
            <button
                type="button" class="main" data-testid="check-consent" on:click=begin
                disabled=move || refused.get().is_some()
            >
                {plan.consent}
            </button>
        </section>
    }
}

/// What is done besides if the user wants it.
#[component]
fn Also(id: &'static str, set: RwSignal<bool>, #[prop(into)] words: String) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox" data-testid=id prop:checked=set
                on:change:target=move |event| set.set(event.target().checked())
            />
            {words}
        </label>
    }
}
