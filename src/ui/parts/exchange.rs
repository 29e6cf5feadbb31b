//! An exchange: what was sent, what came back, and what its fields are for.

use super::link::{follow, href};
use crate::base::format;
use crate::base::text::Reveal;
use crate::explain::walkthrough::fields;
use crate::explain::walkthrough::words::Party;
use crate::explain::wire::lines::{self, Block, Line, Run, Tone};
use crate::explain::wire::{self, words};
use crate::http::Method;
use crate::trace::step::Step;
use crate::trace::{Exchange, ExchangeId};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::window;

#[component]
pub fn ExchangeView(id: ExchangeId, #[prop(into)] open: Signal<bool>) -> impl IntoView {
    let session = session();
    // Once it is over it is not looked at again, so that many of them cost nothing.
    let exchange = Memo::new(move |last: Option<&Option<Exchange>>| match last {
        Some(Some(it)) if it.ended.is_some() => Some(it.clone()),
        _ => session.trace(|it| it.exchange(id).cloned()),
    });
    // The message is there as soon as the request is.
    let method = session.peek_trace(|it| wire::method_of(it, id).map(str::to_owned));
    let (opened, set_opened) = signal(open.get_untracked());
    let toggle = move |event: web_sys::Event| {
        set_opened.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    };
    let body = move || {
        let exchange = exchange.get().filter(|_| opened.get())?;
        Some(view! { <Body exchange reveal=session.reveal()/> })
    };
    view! {
        <details class="exchange" open=open on:toggle=toggle>
            <summary>{move || exchange.get().map(|it| heading(&it, method.clone()))}</summary>
            {body}
        </details>
    }
}

/// The mark of a request that went through a relay of the host.
pub fn relayed() -> impl IntoView {
    view! { " "<i class="via">"relayed"</i> }
}

fn heading(exchange: &Exchange, method: Option<String>) -> impl IntoView + use<> {
    let address = format!("{} {}", exchange.request.method.as_str(), exchange.request.url);
    let status = exchange.status();
    let class = words::class(status.as_deref());
    let waiting = (exchange.error.is_none() && !exchange.navigation).then(|| "…".to_owned());
    let took = exchange.took().map(format::milliseconds);
    let via = exchange.request.via.is_some().then(relayed);
    view! {
        <span class="url">{foreign(address)}{via}" "<span class="muted">{method}</span></span>
        <span class="code" data-class=class>{status.or(waiting)}</span>
        <span class="number">{took}</span>
    }
}

#[component]
fn Body(exchange: Exchange, reveal: Reveal) -> impl IntoView {
    let (from, to) = exchange.step.map_or((Party::Client, Party::Server), |it| it.route());
    let central = exchange.step.map_or(&[][..], fields::central);
    let (request, answer) = (lines::request(&exchange.request, reveal), lines::answer(&exchange, reveal));
    let known = known(exchange.step, &request, &answer);
    view! {
        <h3>"Request"</h3>
        <WireText block=request party=from.name() label="Request" central reveal/>
        {(!answer.lines.is_empty()).then(|| view! {
            <h3>"Response"</h3>
            <WireText block=answer party=to.name() label="Response" central reveal/>
        })}
        <Rest exchange/>
        {(!known.is_empty()).then(|| view! { <Purposes known/> })}
    }
}

/// The fields of an exchange that there is something to say about, each once.
pub fn known(step: Option<Step>, request: &Block, answer: &Block) -> Vec<(String, &'static str)> {
    let mut known: Vec<(String, &'static str)> = Vec::new();
    for line in request.lines.iter().chain(&answer.lines) {
        let Some(name) = line.name.as_ref().filter(|name| known.iter().all(|(it, _)| it != *name)) else { continue };
        known.extend(fields::purpose(name, step, &line.written()).map(|it| (name.clone(), it)));
    }
    known
}

/// What was on the wire, line by line. The fields that the step is about are marked.
#[component]
pub fn WireText(
    block: Block,
    party: &'static str,
    label: &'static str,
    #[prop(optional)] central: &'static [&'static str],
    #[prop(default = Reveal::Masked)] reveal: Reveal,
) -> impl IntoView {
    let draw = move |mut line: Line| {
        let head = head(&mut line);
        let marked = line.name.is_some_and(|name| central.contains(&name.as_str()));
        let indent = match head {
            Some(head) => view! { <span class="head">{line.indent}{self::runs(vec![head], reveal)}</span> }.into_any(),
            None => line.indent.into_any(),
        };
        let runs = runs(line.runs, reveal);
        match marked {
            true => view! { <span>{indent}<mark>{runs}</mark></span> }.into_any(),
            false => view! { <span>{indent}{runs}</span> }.into_any(),
        }
    };
    view! {
        <pre class="wire" data-party=party tabindex="0" aria-label=label>{block.lines.into_iter().map(draw).collect_view()}</pre>
        {block.note.map(|note| view! { <p class="small muted">{note}</p> })}
    }
}

/// A name of so many characters may not fit into a line, and would leave its indent behind in an empty one.
const LONG_NAME: usize = 28;

/// The first character of such a name, taken off it: with the indent it makes a piece that does not break.
fn head(line: &mut Line) -> Option<Run> {
    let first = line.runs.first_mut().filter(|it| it.tone == Tone::Name && it.text.len() >= LONG_NAME)?;
    let rest = first.text.chars().next().filter(|_| !line.indent.is_empty())?.len_utf8();
    let rest = first.text.split_off(rest);
    let head = std::mem::replace(&mut first.text, rest);
    Some(Run::new(Tone::Name, head))
}

/// The pieces of a line. Whatever a server wrote becomes a text node, and nothing else.
pub fn runs(runs: Vec<Run>, reveal: Reveal) -> impl IntoView {
    let draw = move |run: Run| match run.tone {
        Tone::Plain => foreign(run.text),
        Tone::Name => view! { <span class="k">{foreign(run.text)}</span> }.into_any(),
        Tone::Secret => {
            view! { <span class="secret" data-shown=(reveal == Reveal::Shown).then_some("")>{foreign(run.text)}</span> }
                .into_any()
        }
    };
    runs.into_iter().map(draw).collect_view()
}

/// What else there is to say: why there is no answer, how many events came, where the rest of a body is.
#[component]
pub fn Rest(exchange: Exchange) -> impl IntoView {
    let row = session().peek_trace(|it| wire::request_of(it, exchange.id));
    let on_wire = Route::Wire(row.map(|it| it.to_string()));
    let events = format::counted(exchange.events as usize, "event", "events");
    view! {
        <Missing exchange=exchange.clone()/>
        {(exchange.events > 0).then(|| view! {
            <p class="small muted">
                {format!("A stream with {events} so far. See the ")}
                <a href=href(&on_wire) on:click=follow(on_wire)>"Wire page"</a>"."
            </p>
        })}
        <WholeBody exchange/>
    }
}

/// Why there is no answer, or only a part of one.
#[component]
pub fn Missing(exchange: Exchange) -> impl IntoView {
    let left = exchange.request.method == Method::Get && exchange.navigation;
    view! {
        {exchange.error.map(|it| view! { <p class="small muted">{foreign(format!("Incomplete response: {it}."))}</p> })}
        {left.then(|| view! {
            <p class="small muted">"Browser navigation: a web page cannot see the response."</p>
        })}
    }
}

/// A body that is shown in part only, as a file.
#[component]
pub fn WholeBody(exchange: Exchange) -> impl IntoView {
    let session = session();
    let long = exchange.body.filter(|it| it.text.len() > lines::SHOWN && !it.is_cut());
    long.map(|body| {
        let save = move |_| {
            let text = body.text.marked().write(untrack(|| session.reveal()));
            window::download("body.txt", "text/plain", &text);
        };
        view! { <div><button type="button" on:click=save>"Download body"</button></div> }
    })
}

/// A sentence for each field.
#[component]
pub fn Purposes(known: Vec<(String, &'static str)>) -> impl IntoView {
    let rows =
        known.into_iter().map(|(name, purpose)| view! { <dt class="mono">{foreign(name)}</dt><dd>{purpose}</dd> });
    view! {
        <details class="purposes">
            <summary class="small">"Field meanings"</summary>
            <dl class="facts small">{rows.collect_view()}</dl>
        </details>
    }
}
