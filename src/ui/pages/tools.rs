//! The tools of a server: the list, and one tool with its arguments and its result.

mod as_task;
mod call;
mod copies;
pub mod drafts;
mod history;

use crate::explain::catalog::{CatalogRow, schema_of};
use crate::mcp::app::resource_of;
use crate::mcp::connection::Target;
use crate::mcp::model::{BadItem, Item, ItemKind};
use crate::ui::later;
use crate::ui::parts::browse::{Browse, Missing, Open, Section, open};
use crate::ui::parts::describe::{Description, HintChips, ItemHead};
use crate::ui::parts::result::UseResult;
use crate::ui::prelude::*;
use call::CallForm;
use drafts::Drafts;
use std::sync::Arc;

#[component]
pub fn Tools() -> impl IntoView {
    // They stay when another tool is opened.
    provide_context(Drafts::default());
    view! { <Browse section=Section::Tools/> }
}

/// One of them, open.
#[component]
pub fn Tool() -> impl IntoView {
    let (open, drafts) = (open(), expect_context::<Drafts>());
    let target = Signal::derive(move || open.key.get().map(|key| Target { kind: ItemKind::Tools, key }));
    let output = Signal::derive(move || match open.row.get() {
        Some(CatalogRow::Item(_, item)) => item.output_schema.clone(),
        _ => None,
    });
    let app = Memo::new(move |_| match open.row.get() {
        Some(CatalogRow::Item(_, item)) => Some(item).filter(|it| resource_of(it).is_some()),
        _ => None,
    });
    let body = move || match open.row.get() {
        Some(CatalogRow::Item(_, item)) => view! { <Usable item drafts open/> }.into_any(),
        Some(CatalogRow::Bad(_, bad)) => view! { <Excluded bad open/> }.into_any(),
        _ => view! { <Missing open/> }.into_any(),
    };
    view! {
        <section class="pane detail" aria-labelledby="tool-name">
            {move || anew(body())}
            <UseResult target id="call-result" schema=output/>
            {move || app.get().map(|tool| arriving(later::app(tool)))}
        </section>
    }
}

#[component]
fn Usable(item: Arc<Item>, drafts: Drafts, open: Open) -> impl IntoView {
    let hinted = Arc::clone(&item);
    view! {
        <ItemHead id="tool-name" item=Arc::clone(&item)><HintChips item=hinted/></ItemHead>
        <Description text=item.description.clone()/>
        {item.input_schema.clone().map(|text| view! { <Schema title="Input schema" id=Some("tool-schema") text/> })}
        {item.output_schema.clone().map(|text| view! { <Schema title="Output schema" id=None text/> })}
        <CallForm item drafts open/>
    }
}

/// A schema exactly as received.
#[component]
fn Schema(title: &'static str, id: Option<&'static str>, text: Arc<str>) -> impl IntoView {
    view! {
        <details>
            <summary>{title}</summary>
            <pre class="wire" tabindex="0" aria-label=title data-testid=id>{foreign(text.to_string())}</pre>
        </details>
    }
}

/// A tool that must not be called, and why.
#[component]
fn Excluded(bad: BadItem, open: Open) -> impl IntoView {
    let schema = schema_of(&bad).map(Arc::<str>::from);
    view! {
        <header class="detail-head">
            <h2 id="tool-name" class="mono">{move || open.key.get().map(foreign)}</h2>
            <ul class="chips"><li class="chip" data-tone="warn">"excluded"</li></ul>
        </header>
        <p>"This tool cannot be called, because its definition is invalid: "{foreign(bad.reason)}"."</p>
        {schema.map(|text| view! { <Schema title="Input schema" id=Some("tool-schema") text/> })}
        <Schema title="As received" id=None text=bad.raw/>
    }
}
