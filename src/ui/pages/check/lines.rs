//! All lines that apply, by group: requirement, verdict, what was seen, and the exchanges that show it.

use super::unseen::Unseen;
use crate::base::revision::Revision;
use crate::explain::audit::json::Earlier;
use crate::explain::audit::pasted::Outputs;
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

/// What all lines are drawn with.
#[derive(Clone, Copy)]
struct Beside {
    revision: Option<Revision>,
    filter: Filter,
    earlier: RwSignal<Option<Earlier>>,
    outputs: RwSignal<Outputs>,
}

#[component]
pub fn Lines(audit: Audit, earlier: RwSignal<Option<Earlier>>, outputs: RwSignal<Outputs>) -> impl IntoView {
    let empty = || RwSignal::new(String::new());
    let filter = Filter { verdict: empty(), severity: empty(), party: empty() };
    let beside = Beside { revision: audit.revision, filter, earlier, outputs };
    let groups = GROUPS.iter().map(|group| (group, audit.group(group))).filter(|(_, items)| !items.is_empty());
    let groups = groups.map(|(group, items)| view! { <Part group items beside/> }).collect_view();
    view! {
        <section>
            <h2>"Requirements"</h2>
            <Filters filter/>
        </section>
        {groups}
    }
}

impl Beside {
    /// A line with what was pasted for it.
    fn now(self, item: &Item) -> Memo<Item> {
        let item = item.clone();
        let is_fixed = !item.has_command();
        Memo::new(move |_| if is_fixed { item.clone() } else { self.outputs.with(|it| item.with(it)) })
    }

    /// A line that is pasted for stays where it was, so that its box does not go while somebody types.
    fn shows(self, item: &Item) -> bool {
        self.filter.shows(item) || (item.has_command() && self.outputs.with(|it| self.filter.shows(&item.with(it))))
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
fn Part(group: &'static Group, items: Vec<Item>, beside: Beside) -> impl IntoView {
    let inside = items.clone();
    let hidden = move || !inside.iter().any(|it| beside.shows(it));
    let rows = items.into_iter().map(|item| view! { <Row item beside/> }).collect_view();
    view! {
        <section data-testid="check-section" data-name=group.name hidden=hidden>
            <h2>{group.title}</h2>
            <ul class="checks">{rows}</ul>
        </section>
    }
}

#[component]
fn Row(item: Item, beside: Beside) -> impl IntoView {
    let line = item.line;
    let (title, url) = cite(line.clause, beside.revision);
    let filtered = item.clone();
    let now = beside.now(&item);
    let verdict = move || now.read().verdict;
    let change = move || beside.earlier.with(|it| it.as_ref().map(|it| it.change(&now.read()).name()));
    let terms = format!("{} · {} · {}", line.level.words(), line.party.words(), line.severity.words());
    let evidence = item.evidence.clone();
    let command = item.has_command().then(|| view! { <Unseen item=item.clone() outputs=beside.outputs/> });
    view! {
        <li
            id=line.id data-testid="check-item" data-rule=line.id data-verdict=move || verdict().name() data-change=change
            data-pasted=move || now.read().is_pasted.to_string() hidden=move || !beside.shows(&filtered)
        >
            <span class="verdict" aria-hidden="true">{move || verdict().sign()}</span>
            <details>
                <summary><span class="sr">{move || verdict().words()}": "</span><span class="mono">{line.id}</span>" "{line.title}</summary>
                <p>{prose(line.requirement)}</p>
                <p><b>"Why"</b>": "{prose(line.why())}</p>
                <p class="small muted">{terms}</p>
                {move || view! { <Seen item=now.get()/> }}
                {command}
                <Evidence proofs=evidence/>
            </details>
            <a class="clause" href=url target="_blank" rel="noreferrer">{title}</a>
        </li>
    }
}

/// What was seen. A command has a place of its own.
#[component]
fn Seen(item: Item) -> impl IntoView {
    let shown = !item.has_command() && !item.seen.is_empty();
    view! {
        {shown.then(|| view! { <p>{prose(item.seen)}{item.is_pasted.then_some(" From pasted output.")}</p> })}
        {item.values.map(|values| view! { <Differ values/> })}
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
