//! All lines that apply, by group: requirement, verdict, what was seen, and the exchanges that show it.

use crate::base::revision::Revision;
use crate::explain::audit::json::Earlier;
use crate::explain::audit::{Audit, GROUPS, Group, Item, Party, Proof, Severity, Verdict};
use crate::explain::walkthrough::cited::cite;
use crate::ui::parts::link::{follow, href};
use crate::ui::parts::prose::prose;
use crate::ui::prelude::*;
use crate::ui::route::Route;

/// What the lists leave; an empty name leaves all.
#[derive(Clone, Copy)]
struct Filter {
    verdict: RwSignal<String>,
    severity: RwSignal<String>,
    party: RwSignal<String>,
}

impl Filter {
    fn shows(self, item: &Item) -> bool {
        let is = |chosen: RwSignal<String>, name: &str| chosen.with(|it| it.is_empty() || it == name);
        is(self.verdict, item.verdict.name())
            && is(self.severity, item.line.severity.name())
            && is(self.party, item.line.party.name())
    }
}

#[component]
pub fn Lines(audit: Audit, earlier: RwSignal<Option<Earlier>>) -> impl IntoView {
    let empty = || RwSignal::new(String::new());
    let filter = Filter { verdict: empty(), severity: empty(), party: empty() };
    let revision = audit.revision;
    let groups = GROUPS.iter().map(|group| (group, audit.group(group))).filter(|(_, items)| !items.is_empty());
    let groups = groups.map(|(group, items)| view! { <Part group items revision filter earlier/> }).collect_view();
    view! {
        <section>
            <h2>"Requirements"</h2>
            <Filters filter/>
        </section>
        {groups}
    }
}

#[component]
fn Filters(filter: Filter) -> impl IntoView {
    let verdicts = Verdict::ALL.iter().map(|it| (it.name(), it.words())).collect();
    let severities = Severity::ALL.iter().map(|it| (it.name(), it.words())).collect();
    let parties = Party::ALL.iter().map(|it| (it.name(), it.words())).collect();
    view! {
        <div class="row">
            <Choice label="Verdict" all="All verdicts" testid="check-verdict" options=verdicts chosen=filter.verdict/>
            <Choice label="Severity" all="All severities" testid="check-severity" options=severities chosen=filter.severity/>
            <Choice label="Responsible" all="All parties" testid="check-party" options=parties chosen=filter.party/>
        </div>
    }
}

#[component]
fn Choice(
    label: &'static str,
    all: &'static str,
    testid: &'static str,
    options: Vec<(&'static str, &'static str)>,
    chosen: RwSignal<String>,
) -> impl IntoView {
    let options = options.into_iter().map(|(name, words)| view! { <option value=name>{words}</option> }).collect_view();
    view! {
        <select aria-label=label data-testid=testid on:change:target=move |event| chosen.set(event.target().value())>
            <option value="">{all}</option>
            {options}
        </select>
    }
}

#[component]
fn Part(
    group: &'static Group,
    items: Vec<Item>,
    revision: Option<Revision>,
    filter: Filter,
    earlier: RwSignal<Option<Earlier>>,
) -> impl IntoView {
    let inside = items.clone();
    let hidden = move || !inside.iter().any(|it| filter.shows(it));
    let rows = items.into_iter().map(|item| view! { <Row item revision filter earlier/> }).collect_view();
    view! {
        <section data-testid="check-section" data-name=group.name hidden=hidden>
            <h2>{group.title}</h2>
            <ul class="checks">{rows}</ul>
        </section>
    }
}

#[component]
fn Row(item: Item, revision: Option<Revision>, filter: Filter, earlier: RwSignal<Option<Earlier>>) -> impl IntoView {
    let (line, verdict) = (item.line, item.verdict);
    let (title, url) = cite(line.clause, revision);
    let (filtered, compared) = (item.clone(), item.clone());
    let change = move || earlier.with(|it| it.as_ref().map(|it| it.change(&compared).name()));
    let terms = format!("{} · {} · {}", line.level.words(), line.party.words(), line.severity.words());
    let seen = match verdict {
        Verdict::Unseen => {
            view! { <pre class="wire" tabindex="0" aria-label="Command">{foreign(item.seen)}</pre> }.into_any()
        }
        _ => view! { <p>{prose(item.seen)}</p> }.into_any(),
    };
    view! {
        <li
            id=line.id data-testid="check-item" data-rule=line.id data-verdict=verdict.name() data-change=change
            hidden=move || !filter.shows(&filtered)
        >
            <span class="verdict" aria-hidden="true">{verdict.sign()}</span>
            <details>
                <summary><span class="sr">{verdict.words()}": "</span><span class="mono">{line.id}</span>" "{line.title}</summary>
                <p>{prose(line.requirement)}</p>
                <p class="small muted">{terms}</p>
                {seen}
                {item.values.map(|values| view! { <Differ values/> })}
                <Evidence proofs=item.evidence/>
            </details>
            <a class="clause" href=url target="_blank" rel="noreferrer">{title}</a>
        </li>
    }
}

/// The two values that should be one.
#[component]
fn Differ(values: [String; 2]) -> impl IntoView {
    let [one, other] = values;
    view! { <p class="mono">{foreign(one)}" ≠ "{foreign(other)}</p> }
}

#[component]
fn Evidence(proofs: Vec<Proof>) -> impl IntoView {
    let link = |proof: Proof| {
        let route = Route::Wire(Some(proof.number.to_string()));
        view! { <li><a class="mono" href=href(&route) on:click=follow(route)>{foreign(proof.outcome)}</a></li> }
    };
    (!proofs.is_empty()).then(|| view! { <ul class="small">{proofs.into_iter().map(link).collect_view()}</ul> })
}
