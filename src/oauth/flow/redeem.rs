//! Steps 7 to 10: the callback, the code, the token request, the tokens.

use super::leave::ODD;
use super::register::register_for_scope;
use super::{Action, Config, Flow, Log, Moment, Next, Turn, Wait};
use crate::base::text::Text;
use crate::http::{HttpError, Response};
use crate::oauth::account;
use crate::oauth::bench;
use crate::oauth::error::{Error, NoCode, Requester};
use crate::oauth::registration::Origin;
use crate::oauth::request::Callback;
use crate::oauth::rules;
use crate::oauth::token::{self, Grant};
use crate::trace::Event;
use crate::trace::check::Check;
use crate::trace::rule::login::Login;
use crate::trace::step::Step;

/// Steps 7 to 9: state, then iss, then error, then code; nothing of a foreign callback is used.
pub(super) fn called_back(config: &Config<'_>, wait: Wait, callback: &Callback, log: &mut Log) -> Next {
    log.push(Event::Entered(Step::Callback));
    log.push(Event::Returned { callback: Some(callback.texts()) });
    if callback.get("state") == Some(wait.state.expose()) {
        log.push(Event::Checked(Check::pass(Step::Callback, Login::StateReturned)));
    }
    log.push(Event::Checked(rules::iss(&wait.server, callback.get("iss"))?));
    if let Some(error) = callback.get("error") {
        if error == "invalid_scope" && may_register_again(&wait) {
            return register_for_scope(config, wait.target, wait.server, log);
        }
        let description = callback.get("error_description").map(str::to_owned);
        return Err(match error {
            "access_denied" => Error::Denied { description },
            other => Error::Refused { error: other.to_owned(), description, by: requester(config, &wait) },
        });
    }
    let code = code(callback).map_err(Error::NoCode)?;
    log.push(Event::Entered(Step::Code));
    log.push(Event::Made { step: Step::Code, facts: vec![("code".to_owned(), Text::secret(code))] });
    log.push(Event::Entered(Step::TokenRequest));
    log.push(Event::Checked(rules::challenge_sent(&wait.verifier, &wait.challenge)));
    log.extend(rules::assertion(&wait.server, &wait.client).into_iter().map(Event::Checked));
    let resource = wait.target.resource.as_deref();
    let request = token::exchange(&wait.server.token_endpoint, &wait.client, code, wait.verifier.expose(), resource);
    Ok(Turn::on(Flow::Token(wait), Action::Send(Step::TokenRequest, request)))
}

fn requester(config: &Config<'_>, wait: &Wait) -> Box<Requester> {
    let typed = config.settings.scope.is_some() && config.scope.is_none();
    Box::new(Requester::of_flow(wait, typed))
}

/// Whether a registration with the scope may help, which was not tried yet.
fn may_register_again(wait: &Wait) -> bool {
    wait.client.origin == Origin::Dynamic && wait.target.scope.is_some() && !wait.target.registered_again
}

/// The one code of a callback, or what is wrong with it.
fn code(callback: &Callback) -> Result<&str, NoCode> {
    match (callback.count("code"), callback.get("code")) {
        (0, _) => Err(NoCode::Missing),
        (1, Some("")) => Err(NoCode::Empty),
        (_, Some(code)) => Ok(code),
        (_, None) => Err(NoCode::Repeated),
    }
}

/// Whether a callback belongs to the flow that waits (RFC 6749 §10.12). Asked before anything else of it is read.
///
/// The random part of the state decides. What an audit adds to it may have been changed on the way, which is told.
pub fn is_ours(wait: &Wait, callback: &Callback) -> bool {
    let state = wait.state.expose();
    match (callback.get("state"), state.strip_suffix(ODD)) {
        (Some(came), Some(random)) => came.starts_with(random),
        (came, _) => came == Some(state),
    }
}

pub(super) fn granted(
    config: &Config<'_>,
    moment: &Moment,
    wait: &Wait,
    answer: Result<Response, HttpError>,
    log: &mut Log,
) -> Next {
    let endpoint = wait.server.token_endpoint.href();
    let answer = match answer {
        Ok(answer) => answer,
        Err(HttpError::Blocked { said }) => {
            let request = token::exchange(&wait.server.token_endpoint, &wait.client, "", "", None);
            return Ok(Turn::on(Flow::Token(wait.clone()), Action::Investigate(Step::TokenRequest, request, said)));
        }
        Err(error) => return Err(Error::Http { step: Step::TokenRequest, url: endpoint, error }),
    };
    let status = answer.head.status;
    if !answer.head.ok() {
        let (refusal, by) = (token::refusal(&answer.body), requester(config, wait));
        return Err(Error::TokenRefused { status, refusal, by });
    }
    log.push(Event::Entered(Step::Token));
    let tokens = token::answer(&answer.body)
        .ok_or_else(|| Error::TokenUnreadable { status, media: answer.head.media_type() })?;
    log.push(Event::Checked(rules::token_type(tokens.token_type.as_deref())?));
    rules::token_text(&tokens.access_token)?;
    log.extend(rules::token(&tokens, wait.target.scope.as_deref(), &answer.head).into_iter().map(Event::Checked));
    let id_token = tokens.id_token.as_ref().map(|it| it.expose().as_str());
    let account = id_token.and_then(|it| account::of_id_token(it, &wait.server.issuer, &wait.client.id));
    let grant = Grant {
        account,
        prompt_values: wait.server.prompt_values.clone(),
        server: config.settings.server.href(),
        issuer: wait.server.issuer.clone(),
        client: wait.client.clone(),
        token_endpoint: wait.server.token_endpoint.clone(),
        revocation_endpoint: wait.server.revocation_endpoint.clone(),
        introspection_endpoint: wait.server.introspection_endpoint.clone(),
        jwks_uri: wait.server.jwks_uri.clone(),
        asked: wait.target.scope.clone(),
        resource: wait.target.resource.clone(),
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        scope: tokens.scope.or_else(|| wait.target.scope.clone()),
        expires: tokens.expires_in.map(|it| moment.now + it as f64 * 1000.0),
    };
    log.extend(bench::audience_of(&grant).map(Event::Checked));
    Ok(Turn::Granted(Box::new(grant)))
}
