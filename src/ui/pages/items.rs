//! Resources and prompts of a server, in their first form: lists, and the reading or getting of one.

mod update;

use crate::explain::catalog::CatalogRow;
use crate::inspector::Input;
use crate::mcp::connection::{Ask, Target};
use crate::mcp::model::{Argument, BadItem, Item, ItemKind};
use crate::mcp::template;
use crate::ui::parts::arguments::{ArgumentFields, Arguments};
use crate::ui::parts::browse::{Browse, Loading, Missing, Open, Section, open};
use crate::ui::parts::describe::{Description, Icon, ItemHead, ResourceFacts};
use crate::ui::parts::result::{UseResult, is_pending};
use crate::ui::prelude::*;
use crate::ui::session::session;
use std::sync::Arc;
use update::Updated;
use web_sys::SubmitEvent;

#[component]
pub fn Resources() -> impl IntoView {
    view! { <Browse section=Section::Resources/> }
}

#[component]
pub fn Prompts() -> impl IntoView {
    view! { <Browse section=Section::Prompts/> }
}

/// A resource or a template, or a URI that no list has: it can be read all the same.
#[component]
pub fn Resource() -> impl IntoView {
    let open = open();
    let read = RwSignal::new(None::<Target>);
    let plain = move || open.key.get().map(|key| Target { kind: ItemKind::Resources, key });
    let target = Signal::derive(move || match open.row.get() {
        Some(CatalogRow::Item(ItemKind::Templates, _)) => read.get(),
        _ => plain(),
    });
    let body = move || match open.row.get() {
        Some(CatalogRow::Item(ItemKind::Templates, item)) => {
            view! { <Described item=Arc::clone(&item)/><ReadTemplate item read/> }.into_any()
        }
        Some(CatalogRow::Item(_, item)) => view! { <Described item/><Read target/> }.into_any(),
        Some(CatalogRow::Bad(_, bad)) => view! { <BadItemBody bad open/> }.into_any(),
        _ if open.lists.read().is_loading() => view! { <Loading section=Section::Resources/> }.into_any(),
        _ => view! { <Unlisted open/><Read target/> }.into_any(),
    };
    view! {
        <section class="pane detail" aria-labelledby="item-name">
            {move || anew(body())}
            <UseResult target id="resource-result"/>
        </section>
    }
}

#[component]
fn Described(item: Arc<Item>) -> impl IntoView {
    view! {
        <header class="detail-head">
            <h2 id="item-name"><Icon item=Arc::clone(&item)/>{foreign(item.display_name().to_owned())}</h2>
            <p class="small muted mono">{foreign(item.key.clone())}</p>
            <ResourceFacts item=Arc::clone(&item)/>
        </header>
        <Description text=item.description.clone()/>
    }
}

#[component]
fn Unlisted(open: Open) -> impl IntoView {
    view! {
        <header class="detail-head"><h2 id="item-name" class="mono">{move || open.key.get().map(foreign)}</h2></header>
        <p class="muted">"The server does not list this URI. You can read it anyway."</p>
    }
}

#[component]
fn BadItemBody(bad: BadItem, open: Open) -> impl IntoView {
    view! {
        <header class="detail-head"><h2 id="item-name" class="mono">{move || open.key.get().map(foreign)}</h2></header>
        <p>"This item cannot be used: "{foreign(bad.reason)}"."</p>
        <pre class="wire" tabindex="0" aria-label="As received">{foreign(bad.raw.to_string())}</pre>
    }
}

/// The buttons below the fields of a use.
#[component]
fn UseButtons(
    #[prop(into)] target: Signal<Option<Target>>,
    id: &'static str,
    words: &'static str,
    press: Callback<()>,
) -> impl IntoView {
    let session = session();
    let pending = Memo::new(move |_| target.get().is_some_and(|it| is_pending(session, &it)));
    let off = move || (pending.get() || !session.read(|it| it.is_connected())).then_some("true");
    let cancel = move |_| {
        if let Some(target) = target.get_untracked() {
            session.dispatch(Input::Cancel(target));
        }
    };
    view! {
        <div class="row">
            <button class="main" type="button" data-testid=id aria-disabled=off on:click=move |_| press.run(())>{words}</button>
            <Show when=move || pending.get()>
                <button type="button" on:click=cancel>"Cancel"</button>
            </Show>
        </div>
    }
}

#[component]
fn Read(target: Signal<Option<Target>>) -> impl IntoView {
    let session = session();
    let press = Callback::new(move |()| {
        if let Some(target) = target.get_untracked() {
            session.dispatch(Input::Ask(Ask { target, arguments: "{}".to_owned() }));
        }
    });
    view! {
        <UseButtons target id="read-resource" words="Read" press/>
        <Subscription target/>
        <Updated target/>
    }
}

/// Being told when a resource changes, where the server offers that.
#[component]
fn Subscription(target: Signal<Option<Target>>) -> impl IntoView {
    let session = session();
    let offered = session
        .memo(|it| it.connection().and_then(|it| it.info.as_ref()).is_some_and(|it| it.has("resources", "subscribe")));
    let on = Memo::new(move |_| target.get().is_some_and(|target| session.read(|it| it.is_subscribed(&target.key))));
    let press = move |_| {
        if let Some(target) = target.get_untracked() {
            session.dispatch(Input::Subscribe(target.key));
        }
    };
    let words = move || if on.get() { "Subscribed" } else { "Subscribe" };
    view! {
        <Show when=move || offered.get()>
            <div class="row">
                <button type="button" data-testid="subscribe-resource" aria-pressed=move || on.get().to_string() on:click=press>{words}</button>
            </div>
        </Show>
    }
}

/// A template: a field for each variable, and the address that they make.
#[component]
fn ReadTemplate(item: Arc<Item>, read: RwSignal<Option<Target>>) -> impl IntoView {
    let session = session();
    let names = template::variables(&item.key);
    let list = names.into_iter().map(|name| Argument { name, description: None, required: false }).collect();
    let values = Arguments::default();
    let of = Target { kind: ItemKind::Templates, key: item.key.clone() };
    let uri = Memo::new(move |_| values.with(|all| template::expand(&item.key, |name| all.get(name))));
    read.set(None);
    let press = Callback::new(move |()| {
        let target = Target { kind: ItemKind::Resources, key: uri.get_untracked() };
        read.set(Some(target.clone()));
        session.dispatch(Input::Ask(Ask { target, arguments: "{}".to_owned() }));
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        press.run(());
    };
    view! {
        <form class="stack" novalidate on:submit=submit>
            <ArgumentFields list values of/>
            <p class="small muted">"Reads "<code>{move || foreign(uri.get())}</code></p>
            <UseButtons target=read id="read-resource" words="Read" press/>
        </form>
    }
}

/// A prompt, with a field for each of its arguments.
#[component]
pub fn Prompt() -> impl IntoView {
    let open = open();
    let target = Signal::derive(move || open.key.get().map(|key| Target { kind: ItemKind::Prompts, key }));
    let body = move || match open.row.get() {
        Some(CatalogRow::Item(_, item)) => view! { <GetPrompt item target/> }.into_any(),
        Some(CatalogRow::Bad(_, bad)) => view! { <BadItemBody bad open/> }.into_any(),
        _ => view! { <Missing open/> }.into_any(),
    };
    view! {
        <section class="pane detail" aria-labelledby="item-name">
            {move || anew(body())}
            <UseResult target id="prompt-result"/>
        </section>
    }
}

#[component]
fn GetPrompt(item: Arc<Item>, target: Signal<Option<Target>>) -> impl IntoView {
    let session = session();
    let values = Arguments::default();
    let list = item.arguments.clone();
    let of = Target { kind: ItemKind::Prompts, key: item.key.clone() };
    let asked = StoredValue::new(list.clone());
    let press = Callback::new(move |()| {
        let arguments = asked.with_value(|list| values.json(list));
        if let Some(target) = target.get_untracked() {
            session.dispatch(Input::Ask(Ask { target, arguments }));
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        press.run(());
    };
    view! {
        <ItemHead id="item-name" item=Arc::clone(&item)/>
        <Description text=item.description.clone()/>
        <form class="stack" novalidate on:submit=submit>
            <ArgumentFields list values of/>
            <UseButtons target id="get-prompt" words="Get" press/>
        </form>
    }
}
