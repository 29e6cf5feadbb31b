//! Step 2c: the client's id, by the way that was set or in the specification's order of preference.

use super::leave::authorize;
use super::{Action, Config, Flow, Log, Moment, Next, Target, Wait};
use crate::address::Address;
use crate::http::{HttpError, Response};
use crate::oauth::error::Error;
use crate::oauth::metadata::Server;
use crate::oauth::registration::{self, Client, Origin};
use crate::oauth::{rules, token};
use crate::settings::{GrantType, Registration};
use crate::step::Step;
use crate::text::Text;
use crate::trace::Event;

/// Step 2c: the client's id, by the way that was set, or in the specification's order of preference.
pub(super) fn register(config: &Config<'_>, moment: &Moment, target: Target, server: Server, log: &mut Log) -> Next {
    log.push(Event::Entered(Step::Registration));
    if config.check {
        return Ok((Flow::Over, Action::Conclude));
    }
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
        let known = config
            .clients
            .iter()
            .find(|(issuer, it)| *issuer == server.issuer && it.redirect_uri == config.redirect_uri);
        known.map(|(_, client)| client.clone())
    };
    let client = match settings.registration {
        Registration::PreRegistered => by_hand(),
        Registration::MetadataDocument => document(),
        Registration::Dynamic => stored(),
        Registration::Auto => by_hand().or_else(offered_document).or_else(stored),
    };
    if let Some(client) = client {
        let client = as_set(config, &server, client);
        log.push(Event::Noted { step: Step::Registration, words: rules::client_words(client.origin).to_owned() });
        log.push(Event::Made { step: Step::Registration, facts: facts(&client) });
        if settings.grant == GrantType::ClientCredentials {
            return Ok(client_credentials(config, moment, target, server, client, log));
        }
        return authorize(config, moment, target, server, client, log);
    }
    ask(config, target, server)
}

/// The client as the person set it.
fn as_set(config: &Config<'_>, server: &Server, client: Client) -> Client {
    let settings = config.settings;
    client.proving(settings.token_auth, settings.private_key.as_ref(), server.token_auth_algs.as_deref())
}

/// Of a client that is not registered here: its id, and how it will prove itself.
fn facts(client: &Client) -> Vec<(String, Text)> {
    let facts = [("client_id", client.id.as_str()), ("token_endpoint_auth_method", client.auth.name())];
    facts.map(|(name, value)| (name.to_owned(), Text::plain(value))).to_vec()
}

/// No person and no redirect: the client's own secret is traded for a token (MCP extension, OAuth client credentials).
fn client_credentials(
    config: &Config<'_>,
    moment: &Moment,
    target: Target,
    server: Server,
    client: Client,
    log: &mut Log,
) -> (Flow, Action) {
    log.push(Event::Checked(rules::client_credentials(config.settings.by_hand.issuer.as_deref())));
    log.push(Event::Entered(Step::TokenRequest));
    log.extend(rules::assertion(&server, &client).into_iter().map(Event::Checked));
    let (resource, scope) = (target.resource.as_deref(), target.scope.as_deref());
    let request = token::client_credentials(&server.token_endpoint, &client, resource, scope);
    (Flow::Token(Wait::for_nobody(moment, target, server, client)), Action::Send(Step::TokenRequest, request))
}

/// The registration endpoint is asked, whatever client is known.
fn ask(config: &Config<'_>, target: Target, server: Server) -> Next {
    let document = config.settings.client_metadata_url.is_some() || config.metadata_document.is_some();
    let nowhere = || Error::NoRegistration { issuer: server.issuer.clone(), document };
    let endpoint = server.registration_endpoint.clone().ok_or_else(nowhere)?;
    let request = registration::request(&endpoint, config.redirect_uri);
    Ok((Flow::Registration { target, server }, Action::Send(Step::Registration, request)))
}

/// The login never answered: perhaps the authorization server does not know this client any more.
pub(super) fn register_anew(config: &Config<'_>, target: Target, server: Server, log: &mut Log) -> Next {
    log.push(Event::Entered(Step::Registration));
    log.push(Event::Noted { step: Step::Registration, words: "You asked for a new registration".to_owned() });
    ask(config, target, server)
}

pub(super) fn registered(
    config: &Config<'_>,
    moment: &Moment,
    target: Target,
    server: Server,
    answer: Result<Response, HttpError>,
    log: &mut Log,
) -> Next {
    let endpoint = server.registration_endpoint.as_ref().map(Address::href).unwrap_or_default();
    let answer = match answer {
        Ok(answer) => answer,
        Err(HttpError::Blocked { said }) => {
            let (flow, action) = ask(config, target, server)?;
            return Ok(match action {
                Action::Send(step, request) => (flow, Action::Investigate(step, request, said)),
                other => (flow, other),
            });
        }
        Err(error) => return Err(Error::Http { step: Step::Registration, url: endpoint, error }),
    };
    let status = answer.head.status;
    if answer.head.redirected {
        return Err(Error::Redirected { step: Step::Registration, from: endpoint, to: answer.head.url });
    }
    if status == 404 && server == Server::defaults(&config.settings.server) {
        return Err(Error::NobodyRegisters { url: endpoint });
    }
    if !answer.head.ok() {
        return Err(Error::RegistrationRefused { status, refusal: token::refusal(&answer.body) });
    }
    let read = registration::response(&answer.body, config.redirect_uri, server.token_auth_methods.as_deref());
    let (client, uris) = read.ok_or(Error::RegistrationUnreadable { status })?;
    let client = as_set(config, &server, client);
    log.extend(rules::registered(status, &client, uris.as_deref()).into_iter().map(Event::Checked));
    authorize(config, moment, target, server, client, log)
}
