//! Step 2c: the client's id, by the way that was set or in the specification's order of preference.

use super::leave::authorize;
use super::{Action, Config, Flow, Log, Moment, Next, Target, Turn, Wait};
use crate::base::address::Address;
use crate::base::text::{Text, fact};
use crate::http::{HttpError, Response};
use crate::oauth::error::Error;
use crate::oauth::metadata::Server;
use crate::oauth::registration::{self, Client, Origin};
use crate::oauth::token::Refusal;
use crate::oauth::{rules, token};
use crate::settings::{GrantType, Registration};
use crate::trace::Event;
use crate::trace::note::Note;
use crate::trace::step::Step;

/// Step 2c: the client's id, by the way that was set, or in the specification's order of preference.
pub(super) fn register(config: &Config<'_>, moment: &Moment, target: Target, server: Server, log: &mut Log) -> Next {
    log.push(Event::Entered(Step::Registration));
    let settings = config.settings;
    let offered = server.token_auth_methods.as_deref();
    let by_hand = || {
        let id = settings.client_id.as_deref()?;
        Some(Client::known(id, settings.client_secret.clone(), Origin::ByHand, offered, config.redirect_uri))
    };
    let document = || {
        let url = settings.client_metadata_url.as_deref().or(config.metadata_document)?;
        Some(Client::known(url, None, Origin::MetadataDocument, offered, config.redirect_uri))
    };
    let offered_document = || document().filter(|_| server.takes_metadata_documents);
    let stored = || {
        let mine =
            |(issuer, it): &&(String, Client)| *issuer == server.issuer && it.redirect_uri == config.redirect_uri;
        config.clients.iter().find(mine).map(|(_, client)| client)
    };
    let scope = registrable(&server, &target);
    let reusable = || stored().filter(|it| it.registered_for(scope.as_deref())).cloned();
    let client = match settings.registration {
        Registration::PreRegistered => by_hand(),
        Registration::MetadataDocument => document(),
        Registration::Dynamic => reusable(),
        Registration::Auto => by_hand().or_else(offered_document).or_else(reusable),
    };
    if config.check {
        // Nothing is sent; where connecting would find no way to a client id, the check ends as that would.
        let way = if client.is_some() { Ok(()) } else { ask(config, target, server, log).map(drop) };
        return way.map(|()| Turn::Examined);
    }
    if let Some(client) = client {
        let client = as_set(config, &server, client);
        log.push(noted(rules::known_client(client.origin)));
        log.push(Event::Made { step: Step::Registration, facts: facts(&client) });
        if settings.grant == GrantType::ClientCredentials {
            return Ok(client_credentials(config, moment, target, server, client, log));
        }
        return authorize(config, moment, target, server, client, log);
    }
    if stored().is_some() {
        let scope = fact(target.scope.as_deref().unwrap_or_default());
        log.push(noted(Note::RegistrationTooNarrow { scope }));
    }
    ask(config, target, server, log)
}

const fn noted(note: Note) -> Event {
    Event::Noted { step: Step::Registration, note }
}

/// The scope that the registration can carry: none where the metadata lists other scopes than all of these, as
/// authorization servers refuse to register what they do not list (RFC 7591 §2, RFC 8414 §2).
fn registrable(server: &Server, target: &Target) -> Option<String> {
    let listed = &server.scopes_supported;
    let lists = |scope: &str| scope.split_whitespace().all(|it| listed.iter().any(|listed| listed == it));
    target.scope.clone().filter(|scope| listed.is_empty() || lists(scope))
}

/// The client as the user set it.
fn as_set(config: &Config<'_>, server: &Server, client: Client) -> Client {
    let settings = config.settings;
    client.proving(settings.token_auth, settings.private_key.as_ref(), server.token_auth_algs.as_deref())
}

/// Of a client that is not registered here: its id, and how it will prove itself.
fn facts(client: &Client) -> Vec<(String, Text)> {
    let facts = [("client_id", client.id.as_str()), ("token_endpoint_auth_method", client.auth.name())];
    facts.map(|(name, value)| (name.to_owned(), Text::plain(value))).to_vec()
}

/// No user and no redirect: the client's own secret is traded for a token (MCP extension, OAuth client credentials).
fn client_credentials(
    config: &Config<'_>,
    moment: &Moment,
    target: Target,
    server: Server,
    client: Client,
    log: &mut Log,
) -> Turn {
    log.push(Event::Checked(rules::client_credentials(config.settings.by_hand.issuer.as_deref())));
    log.push(Event::Entered(Step::TokenRequest));
    log.extend(rules::assertion(&server, &client).into_iter().map(Event::Checked));
    let (resource, scope) = (target.resource.as_deref(), target.scope.as_deref());
    let request = token::client_credentials(&server.token_endpoint, &client, resource, scope);
    let wait = Wait::for_nobody(moment, target, server, client);
    Turn::on(Flow::Token(wait), Action::Send(Step::TokenRequest, request))
}

/// The registration endpoint is asked for a client that may have the scope, whatever client is known.
fn ask(config: &Config<'_>, target: Target, server: Server, log: &mut Log) -> Next {
    let scope = registrable(&server, &target);
    if let (None, Some(asked)) = (&scope, &target.scope) {
        log.push(noted(Note::ScopeUnlisted { scope: fact(asked) }));
    }
    ask_for(config, target, server, scope)
}

fn ask_for(config: &Config<'_>, target: Target, server: Server, scope: Option<String>) -> Next {
    let document = config.settings.client_metadata_url.is_some() || config.metadata_document.is_some();
    let nowhere = || Error::NoRegistration { issuer: server.issuer.clone(), document };
    let endpoint = server.registration_endpoint.clone().ok_or_else(nowhere)?;
    let request = registration::request(&endpoint, config.redirect_uri, scope.as_deref());
    Ok(Turn::on(Flow::Registration { target, server, scope }, Action::Send(Step::Registration, request)))
}

/// The login never answered: perhaps the authorization server does not know this client any more.
pub(super) fn register_anew(config: &Config<'_>, target: Target, server: Server, log: &mut Log) -> Next {
    log.push(Event::Entered(Step::Registration));
    log.push(noted(Note::NewRegistration));
    ask(config, target, server, log)
}

/// The login refused the scope of a client that was registered here: perhaps it was registered without it. Tried once.
pub(super) fn register_for_scope(config: &Config<'_>, target: Target, server: Server, log: &mut Log) -> Next {
    log.push(Event::Entered(Step::Registration));
    log.push(noted(Note::ScopeRefused { scope: fact(target.scope.as_deref().unwrap_or_default()) }));
    // Whatever the metadata lists: the login has shown that the scope has to be registered.
    let scope = target.scope.clone();
    ask_for(config, Target { registered_again: true, ..target }, server, scope)
}

pub(super) fn registered(
    config: &Config<'_>,
    moment: &Moment,
    (target, server, scope): (Target, Server, Option<String>),
    answer: Result<Response, HttpError>,
    log: &mut Log,
) -> Next {
    let endpoint = server.registration_endpoint.as_ref().map(Address::href).unwrap_or_default();
    let answer = match answer {
        Ok(answer) => answer,
        Err(HttpError::Blocked { said }) => {
            return Ok(match ask_for(config, target, server, scope)? {
                Turn::On(flow, Action::Send(step, request)) => Turn::On(flow, Action::Investigate(step, request, said)),
                other => other,
            });
        }
        Err(error) => return Err(Error::Http { step: Step::Registration, url: endpoint, error }),
    };
    let status = answer.head.status;
    if answer.head.redirected {
        return Err(Error::Redirected { step: Step::Registration, from: endpoint, to: answer.head.url });
    }
    let refusal = token::refusal(&answer.body);
    if !answer.head.ok() && scope.is_some() && refuses_scope(status, &refusal) {
        log.push(Event::Checked(rules::scope_not_registrable(status, &refusal)));
        return ask_for(config, target, server, None);
    }
    let redirect_uri = config.redirect_uri.to_owned();
    let guessed = server == Server::defaults(&config.settings.server);
    if guessed && !registration::is_response(status, &answer.body) {
        return Err(Error::NobodyRegisters { url: endpoint, status, refusal, redirect_uri });
    }
    if !answer.head.ok() {
        return Err(Error::RegistrationRefused { status, refusal, redirect_uri });
    }
    let read = registration::response(&answer.body, config.redirect_uri, server.token_auth_methods.as_deref());
    let registered = read.ok_or(Error::RegistrationUnreadable { status })?;
    log.extend(rules::registered(status, &registered, scope.as_deref()).into_iter().map(Event::Checked));
    let client = Client { scope: target.scope.clone(), ..as_set(config, &server, registered.client) };
    authorize(config, moment, target, server, client, log)
}

/// Whether a registration was refused because of its scope. RFC 7591 has no error code of its own for that.
fn refuses_scope(status: u16, refusal: &Refusal) -> bool {
    let said = [refusal.error.as_deref(), refusal.description.as_deref()];
    let about_scope = said.into_iter().flatten().any(|it| it.to_ascii_lowercase().contains("scope"));
    // Keycloak's policies answer 403.
    matches!(status, 400 | 403 | 422) && about_scope
}
