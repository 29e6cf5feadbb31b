//! Questions of this client's own, asked before something leaves: a typed secret for an origin that it was not typed
//! for, secrets that go through a relay of another host, and a login at one origin with a token endpoint at another.
//!
//! What is agreed to holds for this tab: it is kept as pairs of origins.

use super::context::Context;
use super::work::Work;
use crate::base::address::Address;
use crate::base::simulated;
use crate::mcp::question::{Asker, Endpoints, Question, QuestionKind, Reply, Transfer};
use crate::oauth::error::Error as OAuthError;
use crate::oauth::flow::Flow;
use crate::oauth::metadata::Server;
use crate::oauth::registration::{Client, Origin};
use crate::oauth::token::Grant;
use crate::settings::{Settings, TokenAuth, Typed};
use crate::trace::Event;
use crate::trace::note::Note;
use crate::trace::step::Step;
use serde::Serialize;

/// Two origins: what belongs to the first may go to the second.
pub(super) type Pair = (String, String);

/// What of the token waits for the user's reply.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Revoke,
    Introspect,
}

/// What may have to be asked about before it goes out.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    /// The first request of an attempt.
    Connect,
    /// A request of the flow, or the way to the login.
    Flow(&'a Flow, Step),
    Token(Held),
}

/// A question, and what follows from its replies.
struct Concern {
    kind: QuestionKind,
    params: String,
    /// What is asked, as the trace has it.
    asked: Note,
    pairs: Vec<Pair>,
    step: Step,
    declined: OAuthError,
}

impl Work {
    /// Whether something may go on at once; else it waits until the user has replied.
    pub fn may_go_on(&mut self, cx: &mut Context<'_>, subject: Subject<'_>) -> bool {
        let Some(concern) = cx.concern(subject) else { return true };
        cx.note(Event::Noted { step: concern.step, note: concern.asked });
        self.put(cx, concern.kind, &concern.params, Asker::Client);
        false
    }

    /// The same for what is done with the token in whatever phase.
    pub fn may_use_token(&mut self, cx: &mut Context<'_>, held: Held) -> bool {
        let may = self.may_go_on(cx, Subject::Token(held));
        if !may {
            self.questions.held = Some(held);
        }
        may
    }

    /// What the user said of the use of the token: it goes on, or is refused.
    pub fn consent_replied(&mut self, cx: &mut Context<'_>, question: &Question, reply: &Reply) {
        let Some(held) = self.questions.held.take() else { return };
        match (cx.consent(Subject::Token(held), question, reply), held) {
            (Some(Ok(())), Held::Revoke) => self.revoke(cx),
            (Some(Ok(())), Held::Introspect) => self.introspect(cx),
            (Some(Err(declined)), Held::Revoke) => cx.revocation_failed(&declined),
            (Some(Err(declined)), Held::Introspect) => cx.introspection_not_sent(&declined),
            (None, _) => {}
        }
    }
}

impl Context<'_> {
    /// What the user said to a question: what was agreed to holds from now on. `None`: it was another question.
    pub fn consent(
        &mut self,
        subject: Subject<'_>,
        question: &Question,
        reply: &Reply,
    ) -> Option<Result<(), OAuthError>> {
        let concern = self.concern(subject).filter(|it| it.kind == question.kind)?;
        let accepted = matches!(reply, Reply::Accept(_));
        let note = if accepted { Note::Accepted } else { Note::Declined };
        self.note(Event::Noted { step: concern.step, note });
        if !accepted {
            return Some(Err(concern.declined));
        }
        self.memory.allowed.extend(concern.pairs);
        Some(Ok(()))
    }

    /// What has to be asked before this goes on.
    fn concern(&self, subject: Subject<'_>) -> Option<Concern> {
        let settings = &self.visit.settings;
        if simulated::is_ours(&settings.server.href()) || self.visit.checks() {
            return None;
        }
        match subject {
            Subject::Connect => self.moved_secrets(settings).or_else(|| {
                let sends = self.access_token().is_some() || !settings.headers.is_empty();
                sends.then(|| self.relayed_elsewhere(&[settings.server.origin()], Step::McpRequest)).flatten()
            }),
            Subject::Flow(flow, step) => self.concern_of_flow(settings, flow, step),
            Subject::Token(Held::Revoke) => {
                let grant = self.grant()?;
                self.token_receiver(settings, grant, grant.revocation_endpoint.as_ref()?, Step::Revoke)
            }
            Subject::Token(Held::Introspect) => {
                let grant = self.grant()?;
                self.token_receiver(settings, grant, grant.introspection_endpoint.as_ref()?, Step::Token)
            }
        }
    }

    /// A token, and with it the client's secret, goes to an endpoint of the authorization server.
    fn token_receiver(&self, settings: &Settings, grant: &Grant, to: &Address, step: Step) -> Option<Concern> {
        let client = (&grant.client, grant.issuer.as_str());
        self.relayed_elsewhere(&[to.origin()], step).or_else(|| self.client_secret(settings, client, to, step))
    }

    fn concern_of_flow(&self, settings: &Settings, flow: &Flow, step: Step) -> Option<Concern> {
        let (Flow::Callback(wait) | Flow::Token(wait)) = flow else { return None };
        let endpoints = (step == Step::Authorize).then(|| self.mix_up(settings, &wait.server, step)).flatten();
        let receivers = [wait.server.token_endpoint.origin(), settings.server.origin()];
        let client = (&wait.client, wait.server.issuer.as_str());
        let endpoints = endpoints.or_else(|| self.assertion(settings, wait.client.auth, &wait.server, step));
        let endpoints = endpoints.or_else(|| self.relayed_elsewhere(&receivers, step));
        endpoints.or_else(|| self.client_secret(settings, client, &wait.server.token_endpoint, step))
    }

    /// A code of one authorization server would go to the token endpoint of another, and no `iss` would show it
    /// (RFC 9207 §1).
    fn mix_up(&self, settings: &Settings, server: &Server, step: Step) -> Option<Concern> {
        let by_hand = &settings.by_hand;
        let pair = (server.authorization_endpoint.origin(), server.token_endpoint.origin());
        let set = by_hand.authorization_endpoint.is_some() || by_hand.token_endpoint.is_some();
        // What a link filled in was typed by whoever made it: `iss` says nothing of the endpoint that the code goes to.
        let linked = by_hand.is_linked(&pair.0) || by_hand.is_linked(&pair.1);
        let known = !linked && (set || server.sends_iss);
        if pair.0 == pair.1 || known || self.memory.allowed.contains(&pair) {
            return None;
        }
        let (authorization, token) = pair.clone();
        let asked = Note::AskedForCode { from: authorization.clone(), to: token.clone() };
        let endpoints = Endpoints { issuer: server.issuer.clone(), authorization, token };
        let declined = OAuthError::EndpointsApart { endpoints: endpoints.clone(), step };
        Some(Concern {
            kind: QuestionKind::Endpoint,
            params: json(&endpoints),
            asked,
            pairs: vec![pair],
            step,
            declined,
        })
    }

    /// An assertion is good at its issuer for whoever receives it (RFC 7523 §3, `aud`), so it does not go unasked where a
    /// link says.
    fn assertion(&self, settings: &Settings, auth: TokenAuth, server: &Server, step: Step) -> Option<Concern> {
        let to = server.token_endpoint.origin();
        let signs = auth == TokenAuth::PrivateKeyJwt && settings.by_hand.is_linked(&to);
        let issuer = Address::typed(&server.issuer).ok().filter(|_| signs)?;
        self.transfer(vec!["client assertion".to_owned()], vec![(issuer.origin(), to)], step)
    }

    /// A client secret that was typed, before it goes to an endpoint.
    fn client_secret(
        &self,
        settings: &Settings,
        (client, issuer): (&Client, &str),
        to: &Address,
        step: Step,
    ) -> Option<Concern> {
        let typed_for = settings.typed_for(&Typed::ClientSecret)?;
        let (to, own) = (to.origin(), settings.server.origin());
        // The metadata of an issuer that the user typed says where its endpoints are.
        let bare = |it: &str| it.trim_end_matches('/').to_owned();
        let issuer_typed =
            settings.by_hand.issuer.as_deref().map(bare) == Some(bare(issuer)) && !settings.by_hand.is_linked(issuer);
        let known = issuer_typed || to == own || settings.by_hand.origins().contains(&to);
        let goes = client.origin == Origin::ByHand && client.secret.is_some() && client.auth.sends_secret();
        if !goes || known {
            return None;
        }
        self.transfer(vec!["client secret".to_owned()], vec![(typed_for.to_owned(), to)], step)
    }

    /// The server URL was edited after secrets were typed.
    fn moved_secrets(&self, settings: &Settings) -> Option<Concern> {
        let to = settings.server.origin();
        let moved = settings.typed.iter().filter(|(_, origin)| *origin != to);
        let moved = moved.filter(|(_, origin)| !self.memory.allowed.contains(&(origin.clone(), to.clone())));
        let (what, pairs) = moved.map(|(typed, origin)| (typed.words(), (origin.clone(), to.clone()))).unzip();
        self.transfer(what, pairs, Step::McpRequest)
    }

    /// A relay of another origin than the page receives codes, tokens and headers before the server does. For one of the
    /// page's own origin a note is enough: that host serves the code which holds them anyway.
    fn relayed_elsewhere(&self, origins: &[String], step: Step) -> Option<Concern> {
        let relays = &self.network.relays;
        let pair = |origin: &String| Some((origin.clone(), relays.elsewhere(origin)?.origin()));
        let mut pairs = self.not_agreed(origins.iter().filter_map(pair).collect());
        let to = pairs.first()?.1.clone();
        pairs.retain(|pair| pair.1 == to);
        let transfer = Transfer { by_relay: true, ..transfer("all requests, with headers, codes and tokens", &pairs)? };
        let asked = Note::AskedForRelay { origins: transfer.typed_for.clone(), to };
        Some(Concern::of_secret(asked, transfer, pairs, step))
    }

    fn transfer(&self, what: Vec<String>, pairs: Vec<Pair>, step: Step) -> Option<Concern> {
        let pairs = self.not_agreed(pairs);
        let transfer = transfer(&what.join(", "), &pairs)?;
        let Transfer { what, typed_for, to, .. } = transfer.clone();
        Some(Concern::of_secret(Note::AskedForSecret { what, typed_for, to }, transfer, pairs, step))
    }

    fn not_agreed(&self, mut pairs: Vec<Pair>) -> Vec<Pair> {
        pairs.retain(|pair| pair.0 != pair.1 && !self.memory.allowed.contains(pair));
        pairs.dedup();
        pairs
    }
}

impl Concern {
    fn of_secret(asked: Note, transfer: Transfer, pairs: Vec<Pair>, step: Step) -> Self {
        let params = json(&transfer);
        Self {
            kind: QuestionKind::Secret,
            params,
            asked,
            pairs,
            step,
            declined: OAuthError::SecretKept { transfer, step },
        }
    }
}

/// What goes from the first origin of each pair to the second.
fn transfer(what: &str, pairs: &[Pair]) -> Option<Transfer> {
    let to = pairs.first()?.1.clone();
    let origins: Vec<&str> = pairs.iter().map(|(origin, _)| origin.as_str()).collect();
    Some(Transfer { what: what.to_owned(), typed_for: origins.join(", "), to, by_relay: false })
}

fn json(facts: &impl Serialize) -> String {
    serde_json::to_string(facts).unwrap_or_default()
}
