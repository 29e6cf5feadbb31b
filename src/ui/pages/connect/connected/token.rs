//! The access token of a connection: where it is from, what it is good for, how long it lives.

use super::account::AnotherAccount;
use crate::inspector::{Input, Inspector};
use crate::trace::Millis;
use crate::ui::parts::elapsed::Left;
use crate::ui::parts::link::{follow, href};
use crate::ui::prelude::*;
use crate::ui::route::Route;
use crate::ui::session::session;

/// What is said of the token.
#[derive(Clone, PartialEq)]
pub struct Token {
    issuer: Option<String>,
    scope: Option<String>,
    expires: Option<Millis>,
    refreshes: bool,
    /// Whether it can be revoked, and the origin that it goes to then, where that is not the token endpoint's.
    revocation: Option<Option<String>>,
}

impl Token {
    pub fn of(it: &Inspector) -> Self {
        let grant = it.grant();
        Self {
            issuer: grant.map(|it| it.issuer.clone()),
            scope: grant.and_then(|it| it.scope.clone()),
            expires: grant.and_then(|it| it.expires),
            refreshes: grant.is_some_and(|it| it.refresh_token.is_some()),
            revocation: grant.and_then(|it| {
                let origin = it.revocation_endpoint.as_ref()?.origin();
                Some(Some(origin).filter(|origin| *origin != it.token_endpoint.origin()))
            }),
        }
    }
}

/// Where the token is from, what it is good for, how long it lives, and what can be done with it.
#[component]
pub fn TokenFacts(token: Option<Token>) -> impl IntoView {
    let session = session();
    let Some(token) = token else { return "none requested".into_any() };
    let Some(issuer) = token.issuer else {
        let typed = session.peek(|it| it.settings().is_some_and(|it| it.bearer.is_some()));
        return view! { {if typed { "access token entered manually " } else { "revoked " }}<ToBench/> }.into_any();
    };
    let scopes =
        token.scope.filter(|it| !it.is_empty()).map(|it| view! { ", scope "<span class="mono">{foreign(it)}</span> });
    let expires = token.expires.map(|at| view! { ", "<Left at/> });
    let refresh = token.refreshes.then(|| view! {
        <button type="button" class="quiet" data-testid="refresh-token" on:click=move |_| session.dispatch(Input::RefreshToken)>"Refresh"</button>
    });
    let revoke = token.revocation.map(|elsewhere| view! {
        <button type="button" class="quiet" data-testid="revoke-token" on:click=move |_| session.dispatch(Input::RevokeToken)>
            {elsewhere.map_or_else(|| "Revoke".to_owned(), |origin| format!("Revoke at {origin}"))}
        </button>
    });
    view! {
        "token from "<span class="mono">{foreign(issuer)}</span>{scopes}{expires}" "
        <span class="row">{refresh}{revoke}<ToBench/><AnotherAccount/></span>
    }
    .into_any()
}

#[component]
fn ToBench() -> impl IntoView {
    view! {
        <a class="button quiet" data-testid="open-bench" href=href(&Route::Bench) on:click=follow(Route::Bench)>"Open the token bench"</a>
    }
}
