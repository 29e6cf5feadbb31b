//! The authorization flow as one machine: from the 401 to the tokens.
//!
//! `next` consumes a state and an input, and gives the next state and one order. It sends nothing, and asks neither
//! the time nor for randomness: both come with the [`Moment`]. What it finds goes to the log, which is the trace.

mod discover;
mod leave;
mod redeem;
mod register;

pub use redeem::is_ours;

use super::challenge::Challenge;
use super::error::Error;
use super::metadata::Server;
use super::pkce::Verifier;
use super::registration::Client;
use super::request::Callback;
use super::token::Grant;
use crate::base::address::Address;
use crate::base::secret::{Secret, in_storage};
use crate::http::{HttpError, Request, Response};
use crate::settings::Settings;
use crate::trace::Event;
pub use crate::trace::problem::oauth::NamedBy;
use crate::trace::step::Step;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What the core may not ask for: the time, and randomness for one verifier and one state.
#[derive(Clone, Copy)]
pub struct Moment {
    /// Milliseconds since the epoch.
    pub now: f64,
    pub entropy: [u8; 64],
}

/// What the flow is to reach, and what it may use.
pub struct Config<'a> {
    pub settings: &'a Settings,
    pub redirect_uri: &'a str,
    /// This page's own client metadata document, where it has one that can be used.
    pub metadata_document: Option<&'a str>,
    /// What a step-up asks for, instead of what a challenge or the user named.
    pub scope: Option<&'a str>,
    /// A client that an earlier flow registered, by issuer.
    pub clients: &'a [(String, Client)],
    /// Whether the flow ends where it would register or leave.
    pub check: bool,
    /// Whether the login is one of an audit: its state has characters that a careless server changes.
    pub audits: bool,
}

/// What happened.
pub enum Input {
    /// A request was answered 401; the challenges, `None` where the browser hides them.
    Unauthorized(Option<Vec<Challenge>>),
    Response(Result<Response, HttpError>),
    Callback(Callback),
    /// The user wants to leave for the login again.
    Again,
    /// The same with a new registration: the authorization server may have forgotten the old one.
    AgainAnew,
    /// The user chose another of the authorization servers that the resource metadata names.
    Choose(String),
}

/// What is to be done.
pub enum Action {
    Send(Step, Request),
    /// Go to the authorization server; the flow waits.
    Leave(String),
    /// Nothing could be read and the browser does not say why: look into it, then stop. The flow waits for the answer
    /// still: the user may bring it.
    Investigate(Step, Request, String),
    Wait,
}

/// What a transition leads to.
pub enum Turn {
    /// The next state, and what is to be done.
    On(Box<Flow>, Action),
    /// The flow is over: here is the token.
    Granted(Box<Grant>),
    /// A check ends here: all that needs no login was seen.
    Examined,
}

impl Turn {
    fn on(flow: Flow, action: Action) -> Self {
        Self::On(Box::new(flow), action)
    }
}

/// A state, named after what it waits for.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Flow {
    Challenge,
    ResourceMetadata {
        asked: Asked,
        scope: Option<String>,
    },
    /// `named`: the authorization servers of the resource metadata.
    ServerMetadata {
        asked: Asked,
        target: Target,
        named: Vec<String>,
    },
    /// `scope`: what the registration asks for; `None` also where the authorization server refused to register it.
    Registration {
        target: Target,
        server: Server,
        scope: Option<String>,
    },
    Callback(Wait),
    Token(Wait),
}

/// Metadata addresses that are tried in order.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    now: Address,
    rest: VecDeque<Address>,
    /// The first request that the browser blocked, and what it said.
    blocked: Option<(Request, String)>,
}

/// What the token is to be good for, and where the client looks for it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Verbatim from the resource metadata; `None` where there is none (2025-03-26 knows no `resource`).
    pub resource: Option<String>,
    pub scope: Option<String>,
    /// The issuer as the resource metadata or the user names it; `None`: the server's own origin (2025-03-26).
    pub issuer: Option<String>,
    pub named_by: NamedBy,
    /// The scope was refused at the login, and the client registered again for it.
    registered_again: bool,
    /// Resource metadata that the browser kept back: there may be some.
    unread: Option<Box<Unread>>,
}

/// Resource metadata that no page may read, and the flow as it waited for it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Unread {
    asked: Asked,
    scope: Option<String>,
    request: Request,
    said: String,
}

/// All that the callback and the token request need (RFC 9207 §2.4: recorded before the redirect).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Wait {
    pub target: Target,
    pub server: Server,
    pub client: Client,
    #[serde(with = "in_storage")]
    pub state: Secret<String>,
    pub verifier: Verifier,
    pub challenge: String,
    pub url: String,
}

impl Wait {
    /// Of a flow without a login: what belongs to a redirect is made, and never used.
    fn for_nobody(moment: &Moment, target: Target, server: Server, client: Client) -> Self {
        let [state, verifier] = leave::secrets(moment);
        let (challenge, state) = (verifier.challenge(), Secret::new(state.expose().to_owned()));
        Self { target, server, client, state, verifier, challenge, url: String::new() }
    }
}

type Log = Vec<Event>;
type Next = Result<Turn, Error>;

impl Flow {
    /// One transition. On an error the flow is over.
    pub fn next(self, config: &Config<'_>, moment: &Moment, input: Input, log: &mut Log) -> Next {
        match (self, input) {
            (Self::Challenge, Input::Unauthorized(challenges)) => discover::begin(config, moment, challenges, log),
            (Self::ResourceMetadata { asked, scope }, Input::Response(it)) => {
                discover::resource(config, moment, asked, scope, it, log)
            }
            (Self::ServerMetadata { asked, target, named }, Input::Response(it)) => {
                discover::server(config, moment, (asked, target, named), it, log)
            }
            (Self::ServerMetadata { target, named, .. }, Input::Choose(issuer)) if named.contains(&issuer) => {
                discover::choose(config, target, named, issuer, log)
            }
            (Self::Registration { target, server, scope }, Input::Response(it)) => {
                register::registered(config, moment, (target, server, scope), it, log)
            }
            (Self::Callback(wait), Input::Callback(callback)) => redeem::called_back(config, wait, &callback, log),
            (Self::Callback(wait), Input::Again) => {
                leave::authorize(config, moment, wait.target, wait.server, wait.client, log)
            }
            (Self::Token(wait), Input::Response(it)) => redeem::granted(config, moment, &wait, it, log),
            (Self::Callback(wait), Input::AgainAnew) => register::register_anew(config, wait.target, wait.server, log),
            // What no state waits for changes nothing: a late answer, a second callback.
            (state, _) => Ok(Turn::on(state, Action::Wait)),
        }
    }
}
