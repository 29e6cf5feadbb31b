//! Steps 2 to 2b: the challenge, the resource metadata, the authorization server's metadata.

use super::register::register;
use super::{Action, Asked, Config, Flow, Log, Moment, NamedBy, Next, Target, Turn, Unread};
use crate::base::address::{Address, AddressError};
use crate::base::text::{Text, fact, facts};
use crate::http::{HttpError, Request, Response};
use crate::json::members::Members;
use crate::oauth::challenge::{self, Challenge};
use crate::oauth::discovery::{self, named};
use crate::oauth::error::Error;
use crate::oauth::metadata::{MetadataError, Resource, Server};
use crate::oauth::rules;
use crate::settings::{GrantType, ResourceMode};
use crate::trace::Event;
use crate::trace::check::Check;
use crate::trace::note::Note;
use crate::trace::rule::discovery::Discovery;
use crate::trace::step::Step;
use std::collections::VecDeque;

pub(super) fn begin(config: &Config<'_>, moment: &Moment, challenges: Option<Vec<Challenge>>, log: &mut Log) -> Next {
    log.push(Event::Entered(Step::Unauthorized));
    let bearer = challenges.as_deref().and_then(challenge::bearer);
    log.push(Event::Checked(rules::challenge(challenges.as_deref())));
    let told = bearer.and_then(|it| it.param("resource_metadata"));
    let told = told.map(|it| {
        named(it, &config.settings.server).map_err(|why| Error::UnsafeUrl {
            step: Step::Unauthorized,
            what: "resource_metadata".into(),
            why,
        })
    });
    let told = told.transpose()?;
    let scope = bearer.and_then(|it| it.param("scope")).map(str::to_owned).filter(|it| !it.is_empty());
    log.push(Event::Entered(Step::ResourceMetadata));
    let asked = Asked::all(discovery::resource_metadata(&config.settings.server, told.as_ref()));
    Ok(match asked {
        Some(asked) => {
            let request = asked.request();
            Turn::on(Flow::ResourceMetadata { asked, scope }, Action::Send(Step::ResourceMetadata, request))
        }
        None => look_for_server(config, moment, Sought::None, scope, log)?,
    })
}

impl Asked {
    fn all(addresses: Vec<Address>) -> Option<Self> {
        let mut rest = VecDeque::from(addresses);
        Some(Self { now: rest.pop_front()?, rest, blocked: None })
    }

    /// A simple request: no header that would need a preflight.
    fn request(&self) -> Request {
        Request::get(self.now.href()).header("accept", Text::plain("application/json"))
    }

    /// The next address, or what was blocked where none is left.
    fn on(mut self, failed: Result<u16, HttpError>) -> Result<Self, Option<(Request, String)>> {
        if let Err(HttpError::Blocked { said }) = failed {
            let request = self.request();
            self.blocked.get_or_insert((request, said));
        }
        match self.rest.pop_front() {
            Some(next) => Ok(Self { now: next, ..self }),
            None => Err(self.blocked),
        }
    }
}

/// A metadata answer that can be used, or why this address has none. Other failures end the flow.
fn document(
    step: Step,
    asked: &Asked,
    answer: Result<Response, HttpError>,
    log: &mut Log,
) -> Result<Result<String, Result<u16, HttpError>>, Error> {
    let url = asked.now.href();
    match answer {
        Ok(it) if it.head.redirected => redirected(step, asked, it, log).map(Ok),
        Ok(it) if it.head.ok() => Ok(Ok(it.body)),
        Ok(it) if it.head.status >= 500 => Err(Error::Status { step, url, status: it.head.status }),
        Ok(it) => Ok(Err(Ok(it.head.status))),
        Err(error @ HttpError::Blocked { .. }) => Ok(Err(Err(error))),
        Err(error) => Err(Error::Http { step, url, error }),
    }
}

/// A redirect was followed: its final address is shown; another origin's answer is not taken.
fn redirected(step: Step, asked: &Asked, answer: Response, log: &mut Log) -> Result<String, Error> {
    let (from, to) = (asked.now.href(), answer.head.url);
    let to_address = named(&to, &asked.now);
    if let Err(why @ AddressError::Local(_)) = to_address {
        return Err(Error::UnsafeUrl { step, what: "the redirect".into(), why });
    }
    let same = to_address.is_ok_and(|it| it.origin() == asked.now.origin());
    if !same {
        return Err(Error::Redirected { step, from, to });
    }
    let rule = Discovery::MetadataRedirected { from: fact(&from), to: fact(&to) };
    log.push(Event::Checked(Check::warn(step, rule)));
    Ok(answer.body)
}

pub(super) fn resource(
    config: &Config<'_>,
    moment: &Moment,
    mut asked: Asked,
    scope: Option<String>,
    answer: Result<Response, HttpError>,
    log: &mut Log,
) -> Next {
    let url = asked.now.href();
    let failed = match document(Step::ResourceMetadata, &asked, answer, log)? {
        Ok(body) => match Resource::parse(&body) {
            Some(found) => return look_for_server(config, moment, Sought::Found(found, url), scope, log),
            None => {
                let rule = Discovery::ResourceMetadataNotObject { url: fact(&url) };
                log.push(Event::Checked(Check::fail(Step::ResourceMetadata, rule)));
                Ok(200)
            }
        },
        Err(failed) => failed,
    };
    if discovery::is_after_named(&config.settings.server, asked.rest.front()) {
        match failed {
            Ok(404) => log.push(Event::Checked(rules::not_where_named(&url))),
            // What the server named is there, or may be: nothing is guessed.
            _ => asked.rest.clear(),
        }
    }
    let last = asked.clone();
    match asked.on(failed) {
        Ok(asked) => {
            let request = asked.request();
            Ok(Turn::on(Flow::ResourceMetadata { asked, scope }, Action::Send(Step::ResourceMetadata, request)))
        }
        Err(blocked) => {
            let unread = |(request, said)| Box::new(Unread { asked: last, scope: scope.clone(), request, said });
            let sought = blocked.map(unread).map_or(Sought::None, Sought::Unread);
            look_for_server(config, moment, sought, scope, log)
        }
    }
}

/// What became of the resource metadata.
enum Sought {
    Found(Resource, String),
    /// The browser kept back what there may be.
    Unread(Box<Unread>),
    None,
}

/// Step 2b begins: at the issuer that the resource metadata names, or, without any, at the one that was set, or at the
/// server's own origin.
fn look_for_server(
    config: &Config<'_>,
    moment: &Moment,
    sought: Sought,
    challenged: Option<String>,
    log: &mut Log,
) -> Next {
    let server = &config.settings.server;
    let (target, named) = match sought {
        Sought::Found(metadata, url) => {
            log.push(Event::Checked(rules::resource(server, metadata.resource.as_deref())?));
            log.extend(rules::foreign_metadata(server, &url, metadata.resource.as_deref()).map(Event::Checked));
            let (issuer, named_by) = elected(config, &metadata.authorization_servers, url)?;
            address(config, &issuer)?;
            log.push(Event::Checked(match named_by {
                NamedBy::User => rules::set_issuer(&issuer, &metadata.authorization_servers),
                _ => rules::issuers(&metadata.authorization_servers, &issuer),
            }));
            let published = Some(metadata.scopes_supported.join(" ")).filter(|it| !it.is_empty());
            let resource = metadata.resource.or_else(|| Some(server.href()));
            let scope = challenged.or(published);
            let target = Target { resource, scope, issuer: Some(issuer), named_by, ..Target::default() };
            (target, metadata.authorization_servers)
        }
        Sought::Unread(_) | Sought::None => {
            log.push(Event::Checked(rules::no_resource_metadata(config.settings.by_hand.issuer.as_deref())));
            log.extend(rules::unbound(config.settings).map(Event::Checked));
            let issuer = config.settings.by_hand.issuer.clone();
            let unread = if let Sought::Unread(it) = sought { Some(it) } else { None };
            let named_by = if issuer.is_some() { NamedBy::User } else { NamedBy::Nobody };
            (Target { scope: challenged, issuer, named_by, unread, ..Target::default() }, Vec::new())
        }
    };
    log.push(Event::Entered(Step::ServerMetadata));
    let scope = config.scope.map(str::to_owned).or_else(|| config.settings.scope.clone()).or(target.scope);
    let resource = match config.settings.resource {
        ResourceMode::AsNamed => target.resource,
        ResourceMode::Address => Some(server.href()),
        ResourceMode::None => None,
    };
    let target = Target { scope, resource, ..target };
    match Server::by_hand(&config.settings.by_hand, target.issuer.as_deref().unwrap_or(&server.origin())) {
        Some(known) => {
            log.push(Event::Checked(rules::endpoints_by_hand()));
            register(config, moment, target, known, log)
        }
        None => ask_server(config, target, named),
    }
}

/// The authorization server to use: the one that was set, else the first that is named.
///
/// A secret that was typed for one is shown to no other (MCP 2026-07-28, binding): the one that was set is the one.
fn elected(config: &Config<'_>, named: &[String], url: String) -> Result<(String, NamedBy), Error> {
    match &config.settings.by_hand.issuer {
        Some(set) if named.contains(set) => Ok((set.clone(), NamedBy::ResourceMetadata)),
        Some(set) => Ok((set.clone(), NamedBy::User)),
        None => {
            let first = named.first().ok_or(Error::NoAuthorizationServer { url })?;
            Ok((first.clone(), NamedBy::ResourceMetadata))
        }
    }
}

fn ask_server(config: &Config<'_>, target: Target, named: Vec<String>) -> Next {
    let issuer = match &target.issuer {
        Some(issuer) => address(config, issuer)?,
        None => config.settings.server.at("/"),
    };
    match Asked::all(discovery::server_metadata(&issuer)) {
        Some(asked) => {
            let request = asked.request();
            Ok(Turn::on(Flow::ServerMetadata { asked, target, named }, Action::Send(Step::ServerMetadata, request)))
        }
        None => Err(Error::MetadataInvalid { url: issuer.href(), lacks: "a URL".into() }),
    }
}

/// An issuer that the resource metadata names, as an address that is safe to ask. One that was typed is the user's to
/// choose.
fn address(config: &Config<'_>, issuer: &str) -> Result<Address, Error> {
    let unsafe_url = |why| Error::UnsafeUrl { step: Step::ResourceMetadata, what: "authorization_servers".into(), why };
    match config.settings.by_hand.issuer.as_deref() {
        Some(typed) if typed == issuer => Address::given(issuer),
        _ => named(issuer, &config.settings.server),
    }
    .map_err(unsafe_url)
}

/// Another of the authorization servers that the resource metadata names (RFC 9728 §7.6: the client selects).
pub(super) fn choose(config: &Config<'_>, target: Target, named: Vec<String>, issuer: String, log: &mut Log) -> Next {
    log.push(noted(Note::IssuerChosen { issuer: issuer.clone() }));
    ask_server(config, Target { issuer: Some(issuer), named_by: NamedBy::ResourceMetadata, ..target }, named)
}

pub(super) fn server(
    config: &Config<'_>,
    moment: &Moment,
    (asked, target, named): (Asked, Target, Vec<String>),
    answer: Result<Response, HttpError>,
    log: &mut Log,
) -> Next {
    let (url, by) = (asked.now.href(), asked.now.clone());
    let failed = match document(Step::ServerMetadata, &asked, answer, log)? {
        // A page where metadata could be is what many hosts show for any address: there may be some at the next.
        Ok(body) if Members::of(&body).is_none() && !asked.rest.is_empty() => {
            let rule = Discovery::ServerMetadataNotObject { url: fact(&url) };
            log.push(Event::Checked(Check::warn(Step::ServerMetadata, rule)));
            Ok(200)
        }
        Ok(body) => return take_server(config, moment, &by, target, &body, log),
        Err(failed) => failed,
    };
    let status = failed.as_ref().ok().copied().unwrap_or_default();
    let last = asked.clone();
    // Kept back before; where there is nothing at the server's own origin either, it is the likelier place.
    let unread = target.unread.clone().filter(|_| target.issuer.is_none());
    match (asked.on(failed), unread) {
        (Ok(asked), _) => {
            let request = asked.request();
            Ok(Turn::on(Flow::ServerMetadata { asked, target, named }, Action::Send(Step::ServerMetadata, request)))
        }
        (Err(_), Some(unread)) => {
            let Unread { asked, scope, request, said } = *unread;
            log.push(noted(Note::MetadataHidden));
            log.push(Event::Entered(Step::ResourceMetadata));
            let flow = Flow::ResourceMetadata { asked, scope };
            Ok(Turn::on(flow, Action::Investigate(Step::ResourceMetadata, request, said)))
        }
        (Err(Some((request, said))), None) => {
            let flow = Flow::ServerMetadata { asked: last, target, named };
            Ok(Turn::on(flow, Action::Investigate(Step::ServerMetadata, request, said)))
        }
        (Err(None), None) => match target.issuer {
            Some(issuer) => Err(Error::NoMetadata { issuer, by: target.named_by, last: url, status }),
            None => {
                log.push(Event::Checked(rules::default_endpoints()));
                register(config, moment, target, Server::defaults(&config.settings.server), log)
            }
        },
    }
}

fn take_server(config: &Config<'_>, moment: &Moment, by: &Address, target: Target, body: &str, log: &mut Log) -> Next {
    let url = by.href();
    // The issuer comes first: nothing of another issuer's document is used (RFC 8414 §3.3).
    let found = Server::issuer_of(body).map_err(|error| unusable(&url, error))?;
    let origin = config.settings.server.origin();
    log.push(Event::Checked(rules::issuer(target.issuer.as_deref(), target.named_by, &origin, &found)?));
    let server = Server::parse(body, |it| named(it, by)).map_err(|error| unusable(&url, error))?;
    // Where nobody logs in there is no code to protect.
    if config.settings.grant == GrantType::AuthorizationCode {
        log.push(Event::Checked(rules::pkce(server.code_challenge_methods.as_deref())?));
    }
    log.extend(rules::elsewhere(&server).map(noted));
    let scope = with_offline_access(config, target.scope, &server);
    let (server, replaced) = server.overridden(&config.settings.by_hand);
    if !replaced.is_empty() {
        log.push(noted(Note::SetByHand { members: facts(&replaced) }));
    }
    register(config, moment, Target { scope, ..target }, server, log)
}

const fn noted(note: Note) -> Event {
    Event::Noted { step: Step::ServerMetadata, note }
}

fn unusable(url: &str, error: MetadataError) -> Error {
    let url = url.to_owned();
    match error {
        MetadataError::NotAnObject => Error::MetadataUnreadable { url },
        MetadataError::Missing(lacks) => Error::MetadataInvalid { url, lacks: lacks.into() },
        MetadataError::Unsafe(what, why) => Error::UnsafeUrl { step: Step::ServerMetadata, what: what.into(), why },
    }
}

/// A refresh token is asked for where the authorization server says that it can be (MCP, "Refresh Tokens"). A scope
/// that the user set stays as it is.
fn with_offline_access(config: &Config<'_>, scope: Option<String>, server: &Server) -> Option<String> {
    let offered =
        server.scopes_supported.iter().any(|it| it == rules::OFFLINE_ACCESS) && config.settings.scope.is_none();
    let lacks = |scope: &String| !scope.split_whitespace().any(|it| it == rules::OFFLINE_ACCESS);
    match scope {
        Some(scope) if offered && lacks(&scope) => Some(format!("{scope} {}", rules::OFFLINE_ACCESS)),
        scope => scope,
    }
}
