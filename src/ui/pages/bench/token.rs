//! The access token: decoded, judged, and what can be done with it.

use crate::base::text::{Reveal, Text};
use crate::explain::walkthrough::Walkthrough;
use crate::explain::wire::lines;
use crate::inspector::{Input, Inspector, Introspection, Signature};
use crate::oauth::bench::{self, Known};
use crate::oauth::jwt::Token;
use crate::trace::check::Check;
use crate::trace::step::Step;
use crate::trace::{Body, Millis};
use crate::ui::parts::checks::Checks;
use crate::ui::parts::exchange::{WireText, runs};
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;
use crate::web::clock;
use std::time::Duration;

/// What is drawn of the token itself.
#[derive(Clone, PartialEq)]
struct Seen {
    raw: Text,
    words: &'static str,
    /// What can be read of it, with its name.
    parts: Vec<(&'static str, String)>,
}

fn seen(it: &Inspector) -> Option<Seen> {
    let token = it.access_token()?.expose();
    let read = Token::read(token);
    let (raw, parts) = match &read {
        // The claims may be seen, and so may what they are written in; without its signature a token is worth nothing.
        Token::Signed(jwt) => {
            let signed = jwt.signed_part(token);
            let signature = token.get(signed.len() + 1..).unwrap_or_default();
            let parts = vec![("Header", jwt.header_text.clone()), ("Claims", jwt.claims_text.clone())];
            (Text::plain(format!("{signed}.")).and(Text::secret(signature)), parts)
        }
        Token::Encrypted { header } => (Text::secret(token.as_str()), vec![("Header", header.clone())]),
        Token::Opaque => (Text::secret(token.as_str()), Vec::new()),
    };
    Some(Seen { raw, words: read.words(), parts })
}

fn judged(it: &Inspector, now: Millis) -> Vec<Check> {
    let read = it.access_token().map(|it| Token::read(it.expose()));
    match (read.as_ref().and_then(Token::jwt), it.grant()) {
        (Some(jwt), Some(grant)) => bench::judge(jwt, &Known::of(grant, now)),
        _ => Vec::new(),
    }
}

#[component]
pub fn AccessToken() -> impl IntoView {
    let token = session().memo(seen);
    view! {
        {move || match token.get() {
            Some(seen) => view! { <Decoded seen/> <Judged/> <Actions/> }.into_any(),
            None => view! { <NoToken/> }.into_any(),
        }}
        <Happened step=Step::Refresh title="Last refresh"/>
        <Happened step=Step::Revoke title="Revocation"/>
    }
}

#[component]
fn NoToken() -> impl IntoView {
    view! {
        <p class="muted">
            "This tab holds no access token. "
            <a href=href(&Route::Connect) on:click=follow(Route::Connect)>"Connect to a server with OAuth"</a>"."
        </p>
    }
}

#[component]
fn Decoded(seen: Seen) -> impl IntoView {
    let session = session();
    let raw = seen.raw;
    let parts = seen.parts;
    let part = |(name, text): (&'static str, String), reveal| {
        let block = lines::message(&Body::new(Text::plain(text)), reveal);
        view! { <div><h3>{name}</h3><WireText block party="issuer" label=name reveal/></div> }
    };
    let parts = move || {
        let reveal = session.reveal();
        parts.clone().into_iter().map(|it| part(it, reveal)).collect_view()
    };
    view! {
        <p>{seen.words}</p>
        <p class="mono token" tabindex="0" data-testid="token-raw">{move || {
            let reveal = session.reveal();
            runs(lines::value(&raw, reveal), reveal)
        }}</p>
        <div class="halves" data-testid="token-decoded">{parts}</div>
    }
}

/// The rules, with the clock.
#[component]
fn Judged() -> impl IntoView {
    let session = session();
    let (now, set_now) = signal(clock::now());
    let ticking = set_interval_with_handle(move || set_now.set(clock::now()), Duration::from_secs(1)).ok();
    on_cleanup(move || {
        if let Some(ticking) = ticking {
            ticking.clear();
        }
    });
    let checks = Memo::new(move |_| session.read(|it| judged(it, now.get())));
    view! { <div data-testid="token-checks">{move || view! { <Checks checks=checks.get()/> }}</div> }
}

/// What can be done with the token, by its grant.
#[derive(Clone, Default, PartialEq)]
struct Offered {
    refresh: bool,
    revoke: bool,
    introspect: bool,
}

fn offered(it: &Inspector) -> Offered {
    it.grant().map_or_else(Offered::default, |it| Offered {
        refresh: it.refresh_token.is_some(),
        revoke: it.revocation_endpoint.is_some(),
        introspect: it.introspection_endpoint.is_some(),
    })
}

#[component]
fn Actions() -> impl IntoView {
    let session = session();
    let offered = session.memo(offered);
    let button = move |id: &'static str, words: &'static str, input: fn() -> Input| {
        view! { <button type="button" data-testid=id on:click=move |_| session.dispatch(input())>{words}</button> }
    };
    view! {
        <div class="row">
            {button("check-signature", "Verify signature", || Input::CheckSignature)}
            {move || offered.read().introspect.then(|| button("introspect-token", "Introspect", || Input::Introspect))}
            {move || offered.read().refresh.then(|| button("refresh-token", "Refresh", || Input::RefreshToken))}
            {move || offered.read().revoke.then(|| button("revoke-token", "Revoke", || Input::RevokeToken))}
        </div>
        <SignatureFound/>
        <IntrospectionFound/>
    }
}

#[component]
fn SignatureFound() -> impl IntoView {
    let session = session();
    let found = session.memo(|it| it.bench().signature().cloned());
    view! {
        <div data-testid="signature-result" aria-live="polite">{move || found.get().map(|it| match it {
            Signature::Known(check) => view! { <Checks checks=vec![check]/> }.into_any(),
            Signature::Waiting(_) => view! { <p class="muted">"Requesting the JWK Set"</p> }.into_any(),
        })}</div>
    }
}

#[component]
fn IntrospectionFound() -> impl IntoView {
    let session = session();
    let found = session.memo(|it| it.bench().introspection().cloned());
    let draw = |it: Introspection| match it {
        Introspection::Waiting => view! { <p class="muted">"Requesting introspection"</p> }.into_any(),
        Introspection::Failed(check) => view! { <Checks checks=vec![check]/> }.into_any(),
        Introspection::Answered { status, body, checks } => {
            let block = lines::message(&Body::new(body), Reveal::Masked);
            view! {
                <h3>{format!("Introspection: {status}")}</h3>
                <WireText block party="issuer" label="Introspection"/>
                <Checks checks/>
            }
            .into_any()
        }
    };
    view! { <div class="stack" data-testid="introspection-result" aria-live="polite">{move || found.get().map(draw)}</div> }
}

/// What the last step of that kind did, and whether it should have.
#[component]
fn Happened(step: Step, title: &'static str) -> impl IntoView {
    let session = session();
    let checks = session.memo(move |it| {
        let attempt = Walkthrough::of(it.trace());
        attempt.and_then(|it| it.row(step).map(|it| it.checks.clone())).unwrap_or_default()
    });
    move || {
        (!checks.read().is_empty()).then(|| {
            view! { <div class="stack" data-testid=format!("{}-result", step.name())><h3>{title}</h3><Checks checks=checks.get()/></div> }
        })
    }
}
