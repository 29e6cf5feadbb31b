//! A failure as it is shown on every page, and in the place of what failed: title, fix, reason, evidence.

mod body;
mod repeat;
pub mod snippets;

pub use body::{CardBody, Failed, Place};

use crate::explain::card::Card;
use crate::inspector::{Inspector, Phase};
use crate::trace::problem::Code;
use crate::ui::parts::prose::prose;
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::window;

/// The rule of a server that may take a fixed token instead of OAuth.
const NO_METADATA: &str = "nobody-at-fixed-endpoints";
/// Earlier problems that are listed.
const EARLIER: usize = 20;

/// The newest problem of the present attempt; the older ones are inside it.
#[component]
pub fn Problems() -> impl IntoView {
    let session = session();
    let changed = session.memo(change);
    let cards = Memo::new(move |_| {
        let _read = changed.get();
        session.peek(|it| Card::all(it.trace(), it.problems().get(..=EARLIER).unwrap_or(it.problems())))
    });
    let folded = RwSignal::new(None::<usize>);
    move || {
        let mut cards = cards.get();
        (!cards.is_empty()).then(|| {
            let earlier = cards.split_off(1);
            cards.pop().map(|card| anew(view! { <Newest card earlier folded/> }))
        })
    }
}

/// What a card may depend on. While a connection stands, its calls change no card.
fn change(it: &Inspector) -> (usize, Option<usize>) {
    let growing = (it.phase() != Phase::Connected).then(|| it.trace().entries().len());
    (it.problems().len(), growing)
}

#[component]
fn Newest(
    card: Card,
    earlier: Vec<Card>,
    /// How many problems there were when the user folded the card: the next one is open again.
    folded: RwSignal<Option<usize>>,
) -> impl IntoView {
    let count = earlier.len();
    let (code, owner, rule) = (card.code, card.owner.id(), card.rule);
    let shut = Memo::new(move |_| folded.get() == Some(count));
    let title = card.title.clone();
    let parts = StoredValue::new((card, earlier));
    let body = move || {
        let (card, earlier) = parts.get_value();
        anew(view! { <CardBody card earlier place=Place::Page/> })
    };
    view! {
        <section class="problem" id="problem" tabindex="-1" role="alert" data-testid="problem" data-code=code.as_str() data-owner=owner data-rule=rule>
            <header>
                <h2 data-testid="problem-title">{prose(title)}</h2>
                <code>{code.as_str()}</code>
                <span class="grow"></span>
                <Actions code rule/>
                <Fold folded count/>
            </header>
            {move || (!shut.get()).then(body)}
        </section>
    }
}

/// Folds the card to its title.
#[component]
fn Fold(folded: RwSignal<Option<usize>>, count: usize) -> impl IntoView {
    let shut = move || folded.get() == Some(count);
    let press = move |_| folded.set((!shut()).then_some(count));
    view! {
        <button type="button" class="quiet" data-testid="problem-fold" aria-expanded=move || (!shut()).to_string() on:click=press>
            {move || if shut() { "Show" } else { "Fold" }}
        </button>
    }
}

/// What can be done about it here.
#[component]
fn Actions(code: Code, rule: Option<&'static str>) -> impl IntoView {
    let session = session();
    let open = move |field: &'static str| {
        session.go(Route::Connect);
        request_animation_frame(move || window::reveal(field));
    };
    view! {
        {(code == Code::Unauthorized).then(|| view! {
            <button type="button" data-testid="add-header" on:click=move |_| open("#header-name")>"Add a header"</button>
        })}
        {(rule == Some(NO_METADATA)).then(|| view! {
            <button type="button" data-testid="add-token" on:click=move |_| open("#bearer-token")>"Enter a token"</button>
        })}
        <button type="button" on:click=move |_| session.try_again()>"Try again"</button>
    }
}
