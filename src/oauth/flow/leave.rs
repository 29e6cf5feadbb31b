//! Steps 3 to 5: verifier and challenge, the address, and the order to leave.

use super::{Action, Config, Flow, Log, Moment, Next, Target, Turn, Wait};
use crate::base::secret::Secret;
use crate::base::text::Text;
use crate::oauth::metadata::Server;
use crate::oauth::pkce::Verifier;
use crate::oauth::registration::Client;
use crate::oauth::request::AuthorizationRequest;
use crate::oauth::rules;
use crate::trace::Event;
use crate::trace::step::Step;

/// What the state of an audit ends with: it has to come back unchanged (RFC 6749 §4.1.2).
pub(super) const ODD: &str = "+/=&%~";

pub(super) fn authorize(
    config: &Config<'_>,
    moment: &Moment,
    target: Target,
    server: Server,
    client: Client,
    log: &mut Log,
) -> Next {
    let [state, verifier] = secrets(moment);
    let odd = if config.audits { ODD } else { "" };
    let (challenge, state) = (verifier.challenge(), format!("{}{odd}", state.expose()));
    log.push(Event::Entered(Step::Pkce));
    log.push(Event::Made {
        step: Step::Pkce,
        facts: vec![
            ("code_verifier".to_owned(), Text::secret(verifier.expose())),
            ("code_challenge".to_owned(), Text::plain(challenge.as_str())),
            ("code_challenge_method".to_owned(), Text::plain("S256")),
        ],
    });
    log.push(Event::Checked(rules::challenge_of(&verifier, &challenge)));
    let request = AuthorizationRequest {
        server: &server,
        client: &client,
        challenge: &challenge,
        state: &state,
        resource: target.resource.as_deref(),
        scope: target.scope.as_deref(),
        extra: &config.settings.extra,
    };
    let url = request.url();
    let facts = request.parameters().into_iter().map(|(name, value)| (name, Text::plain(value))).collect();
    log.push(Event::Entered(Step::AuthorizationUrl));
    log.push(Event::Made { step: Step::AuthorizationUrl, facts });
    log.push(Event::Checked(rules::resource_sent(target.resource.as_deref())));
    let wait = Wait { target, client, state: Secret::new(state), verifier, challenge, url: url.clone(), server };
    Ok(Turn::on(Flow::Callback(wait), Action::Leave(url)))
}

/// Two random texts: a state and a verifier.
pub(super) fn secrets(moment: &Moment) -> [Verifier; 2] {
    let (first, second) = halves(&moment.entropy);
    [Verifier::from_entropy(second), Verifier::from_entropy(first)]
}

fn halves(entropy: &[u8; 64]) -> ([u8; 32], [u8; 32]) {
    let (mut first, mut second) = ([0; 32], [0; 32]);
    let (low, high) = entropy.split_at(32);
    first.copy_from_slice(low);
    second.copy_from_slice(high);
    (first, second)
}
