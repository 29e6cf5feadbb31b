//! What a refused client has to change, by who registered it.

use super::super::Words;
use crate::settings::TokenAuth;
use crate::trace::problem::oauth::{Requester, Scope, Subject};

/// The words with the title, reason and fix that this client gives them.
pub(super) fn narrow(words: Words, requester: &Requester, error: &str, description: Option<&str>) -> Words {
    match requester.subject(error, description) {
        Some(Subject::TypedClient) => unknown_client(requester, words.title("The client ID is not accepted")),
        Some(Subject::Scope) => refused_scope(requester, words.title("A requested scope is not allowed")),
        Some(Subject::RedirectUri) => refused_redirect(requester, words.title("The redirect URI is not registered")),
        None => words,
    }
}

fn unknown_client(requester: &Requester, words: Words) -> Words {
    let Requester { id, issuer, redirect_uri, .. } = requester;
    let register = format!("`{issuer}` with the redirect URI `{redirect_uri}`");
    let (reason, fix) = match requester.auth {
        TokenAuth::Basic | TokenAuth::Post => (
            format!(
                "The client ID `{id}` or its secret is wrong, or this client may not use {}.",
                requester.auth.name()
            ),
            format!(
                "Correct client ID and secret under Authorization settings. The client has to be registered at {register}."
            ),
        ),
        TokenAuth::PrivateKeyJwt => (
            format!("The client ID `{id}` is unknown, or its public key is not registered."),
            format!("Register the client and its public key at {register}."),
        ),
        TokenAuth::None => (
            format!("The client ID `{id}` is unknown, or needs a client secret."),
            format!(
                "Register a public client at {register} and type its client ID, or type its secret under Authorization settings."
            ),
        ),
    };
    words.reason(reason).fix(fix)
}

fn refused_scope(requester: &Requester, words: Words) -> Words {
    let Requester { id, issuer, .. } = requester;
    let (reason, fix) = match requester.asked_scope {
        Scope::Typed => (
            "A scope that you typed is unknown, or not allowed for this client.".to_owned(),
            format!("Change the scope under Authorization settings, or allow it for the client `{id}` at `{issuer}`."),
        ),
        Scope::NotListed => (
            "The MCP server requires a scope that is not in `scopes_supported` of the authorization server.".to_owned(),
            "Correct the scope in the challenge and in `scopes_supported`, or define it at the authorization server.".to_owned(),
        ),
        Scope::Listed | Scope::Unknown if requester.is_typed() => (
            format!("Likely cause: the client `{id}` is not registered for this scope."),
            format!("Allow the scope for the client `{id}` at `{issuer}`, or type another scope under Authorization settings."),
        ),
        Scope::Listed => (
            "The scope is in `scopes_supported`, but not allowed for this client.".to_owned(),
            "Allow the scope for registered clients, or remove it from `scopes_supported`.".to_owned(),
        ),
        Scope::Unknown => (
            "The MCP server requires a scope that the authorization server does not define, or does not allow for this client.".to_owned(),
            "Require scopes that the authorization server defines. To continue now, type another scope under Authorization settings.".to_owned(),
        ),
    };
    words.reason(reason).fix(fix)
}

fn refused_redirect(requester: &Requester, words: Words) -> Words {
    let Requester { id, issuer, redirect_uri, .. } = requester;
    words
        .reason(format!(
            "`{redirect_uri}` is not registered for the client `{id}`. Redirect URIs are compared as strings."
        ))
        .fix(format!("Register the redirect URI `{redirect_uri}` for the client `{id}` at `{issuer}`."))
}

/// What to do where the login showed an error and did not come back.
pub(super) fn login_advice(requester: &Requester) -> String {
    let Requester { id, issuer, redirect_uri, .. } = requester;
    format!(
        "Connect again to log in. If the login showed an error, register the redirect URI `{redirect_uri}` for the client `{id}` at `{issuer}`."
    )
}
