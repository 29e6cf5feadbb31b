//! What is decisive at a step, taken apart: a line in large type, and the values of this run. Nothing is here that is not
//! in the trace; a secret is a mask unless it is to be shown.

use super::Walkthrough;
use super::short::{purpose, shortened};
use super::words::Party;
use crate::base::format;
use crate::base::text::{Reveal, Text};
use crate::explain::wire::{self, words};
use crate::oauth::challenge;
use crate::oauth::jwt::Token;
use crate::trace::note::Note;
use crate::trace::step::Step;
use crate::trace::{Exchange, Trace};
use serde_json::{Map, Value};

/// See the module. Both may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisive {
    pub line: Vec<Piece>,
    pub values: Vec<Named>,
}

/// A piece of the line, with what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub label: &'static str,
    /// The party that it belongs to, for its colour.
    pub party: Option<Party>,
}

/// A parameter, a member or a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub value: String,
    /// What it is for, in a few words.
    pub purpose: Option<&'static str>,
}

impl Named {
    fn new(name: impl Into<String>, value: &str) -> Self {
        let name = name.into();
        Self { purpose: purpose(&name), value: shortened(value), name }
    }
}

/// What an access token says of itself, where it is a JWT: the members of its header and its claims that OAuth and RFC 9068
/// define, none that name a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims(Vec<Named>);

impl Claims {
    /// Of the token that the attempt ended with. The trace has to hold it unmasked.
    pub fn of(attempt: &Walkthrough, trace: &Trace) -> Option<Self> {
        let response = Evidence { attempt, trace, reveal: Reveal::Shown }.response(Step::TokenRequest)?;
        let token = Token::read(response.get("access_token")?.as_str()?);
        let jwt = token.jwt()?;
        let named = |part: &'static str, document: &Map<String, Value>, names: &[&str]| -> Vec<Named> {
            let member = |name: &&str| Some(Named::new(format!("{part}.{name}"), &written(document.get(*name)?)));
            names.iter().filter_map(member).collect()
        };
        let mut all = named("header", &jwt.header, &["alg", "typ", "kid"]);
        all.extend(named("payload", &jwt.claims, &["iss", "aud", "exp", "client_id", "scope", "scp"]));
        Some(Self(all))
    }
}

/// What is decisive at a step. `claims` are those of the access token, where they are known.
pub fn of(step: Step, attempt: &Walkthrough, trace: &Trace, reveal: Reveal, claims: Option<&Claims>) -> Decisive {
    let evidence = Evidence { attempt, trace, reveal };
    evidence.decisive(step, claims).unwrap_or_default()
}

/// The run that is looked into.
struct Evidence<'a> {
    attempt: &'a Walkthrough,
    trace: &'a Trace,
    reveal: Reveal,
}

fn piece(text: impl Into<String>, label: &'static str, party: Party) -> Piece {
    Piece { text: text.into(), label, party: Some(party) }
}

/// What only holds others together.
fn joint(text: &str) -> Piece {
    Piece { text: text.to_owned(), label: "", party: None }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// `code_challenge = BASE64URL(SHA-256(code_verifier))` (RFC 7636 §4.2).
fn formula(challenge: &'static str, hash: &'static str, verifier: &'static str, party: Party) -> Vec<Piece> {
    vec![
        piece("code_challenge", challenge, party),
        Piece { label: hash, ..joint(" = BASE64URL(SHA-256(") },
        piece("code_verifier", verifier, Party::Client),
        joint("))"),
    ]
}

impl Evidence<'_> {
    fn decisive(&self, step: Step, claims: Option<&Claims>) -> Option<Decisive> {
        Some(match step {
            Step::McpRequest => Decisive { line: self.first_request()?, values: Vec::new() },
            Step::Unauthorized => self.challenge()?,
            Step::ResourceMetadata => {
                self.document(step, "resource", &["authorization_servers", "scopes_supported"])?
            }
            Step::ServerMetadata => self.document(step, "issuer", &ENDPOINTS)?,
            Step::Registration => self.registration()?,
            Step::Pkce => Decisive {
                line: formula("sent in step 5", "computed by the client", "sent in step 9", Party::Client),
                values: self.facts(step),
            },
            Step::AuthorizationUrl => Decisive { line: self.endpoint()?, values: self.facts(step) },
            Step::Authorize => Decisive { line: self.endpoint()?, values: Vec::new() },
            Step::Consent => self.consent()?,
            Step::Callback => Decisive { line: self.redirect(), values: self.facts(step) },
            Step::Code => {
                let code = self.facts(step).into_iter().next()?;
                let value = piece(code.value, "valid once, for a short time", Party::Browser);
                Decisive { line: vec![piece("code", "", Party::Browser), joint(" = "), value], values: Vec::new() }
            }
            Step::TokenRequest => self.token_request()?,
            Step::Token => self.token(claims)?,
            Step::McpRequestWithToken => Decisive { line: self.bearer()?, values: Vec::new() },
            Step::Connected => {
                let version = piece(self.attempt.version.clone()?, "negotiated version", Party::Server);
                Decisive { line: vec![joint("MCP "), version], values: Vec::new() }
            }
            Step::Refresh | Step::Revoke => Decisive { line: Vec::new(), values: self.body(step, &REFRESHED) },
            Step::StepUp => self.step_up()?,
        })
    }

    fn last(&self, step: Step) -> Option<&Exchange> {
        let exchanges = &self.attempt.row(step)?.exchanges;
        exchanges.iter().rev().find_map(|id| self.trace.exchange(*id))
    }

    /// What the client made, or the callback brought.
    fn facts(&self, step: Step) -> Vec<Named> {
        let shown = self.attempt.row(step).map(super::StepRow::shown_facts).unwrap_or_default();
        shown.iter().map(|(name, value)| Named::new(name.as_str(), &self.written(value))).collect()
    }

    fn fact(&self, step: Step, name: &str) -> Option<String> {
        let (_, value) = self.attempt.row(step)?.facts.iter().find(|(it, _)| it == name)?;
        Some(self.written(value))
    }

    fn written(&self, text: &Text) -> String {
        text.marked().write(self.reveal)
    }

    /// The last response of a step that is a JSON object.
    fn response(&self, step: Step) -> Option<Map<String, Value>> {
        let ids = self.attempt.row(step)?.exchanges.iter().rev();
        let mut bodies = ids.filter_map(|id| self.trace.exchange(*id)?.body.as_ref());
        bodies.find_map(|it| serde_json::from_str(&self.written(&it.text)).ok())
    }

    /// Some fields of the form that a step sent, in this order.
    fn body(&self, step: Step, names: &[&str]) -> Vec<Named> {
        let Some(body) = self.last(step).and_then(|it| it.request.body.as_ref()) else { return Vec::new() };
        let form = self.written(body);
        let fields: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
        let field = |name: &&str| fields.iter().find(|(it, _)| it == *name).map(|(_, value)| Named::new(*name, value));
        names.iter().filter_map(field).collect()
    }

    fn first_request(&self) -> Option<Vec<Piece>> {
        let exchange = self.last(Step::McpRequest)?;
        let (_, path, _) = words::address(&exchange.request.url);
        let request = format!("{} {}", exchange.request.method.as_str(), shortened(path));
        let mut line = vec![piece(request, "MCP request", Party::Client)];
        if let Some(method) = wire::method_of(self.trace, exchange.id) {
            line.extend([joint("  "), piece(method, "JSON-RPC method", Party::Client)]);
        }
        let sent = exchange.request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let token = if sent { "token refused" } else { "no Authorization header" };
        line.extend([joint("  "), Piece { label: token, ..joint(if sent { "Bearer" } else { "–" }) }]);
        Some(line)
    }

    fn challenge(&self) -> Option<Decisive> {
        let (head, _) = self.last(Step::McpRequest)?.head.as_ref()?;
        let mut line = vec![piece(head.status.to_string(), "status", Party::Server), joint("  ")];
        let Some(header) = head.header("www-authenticate") else {
            line.push(Piece { label: "absent, or hidden by the browser", ..joint("WWW-Authenticate") });
            return Some(Decisive { line, values: Vec::new() });
        };
        let challenges = challenge::parse(header);
        let bearer = challenge::bearer(&challenges).or(challenges.first())?;
        line.extend([joint("WWW-Authenticate: "), piece(shortened(&bearer.scheme), "scheme", Party::Server)]);
        let values = bearer.params.iter().map(|(name, value)| Named::new(shortened(name), value)).collect();
        Some(Decisive { line, values })
    }

    /// A metadata document: the member that names it, and some of the others.
    fn document(&self, step: Step, name: &'static str, others: &[&str]) -> Option<Decisive> {
        let document = self.response(step)?;
        let (_, party) = step.route();
        let value = piece(shortened(&written(document.get(name)?)), purpose(name).unwrap_or_default(), party);
        let others = others.iter().filter_map(|name| Some(Named::new(*name, &written(document.get(*name)?))));
        Some(Decisive { line: vec![piece(name, "", party), joint(" = "), value], values: others.collect() })
    }

    fn registration(&self) -> Option<Decisive> {
        let response = self.response(Step::Registration).unwrap_or_default();
        let id = response.get("client_id").map(written).or_else(|| self.fact(Step::Registration, "client_id"))?;
        let names = ["client_name", "redirect_uris", "token_endpoint_auth_method"];
        let mut values: Vec<Named> =
            names.iter().filter_map(|name| Some(Named::new(*name, &written(response.get(*name)?)))).collect();
        if values.is_empty() {
            values = self.facts(Step::Registration).into_iter().filter(|it| it.name != "client_id").collect();
        }
        let id = piece(shortened(&id), "how the authorization server knows this client", Party::Issuer);
        Some(Decisive { line: vec![piece("client_id", "", Party::Client), joint(" = "), id], values })
    }

    /// Where the browser goes, without the parameters.
    fn endpoint(&self) -> Option<Vec<Piece>> {
        let url = &self.last(Step::Authorize)?.request.url;
        let (origin, path, _) = words::address(url);
        let path = piece(format!("{}?", shortened(path)), "authorization endpoint", Party::Issuer);
        Some(vec![piece(shortened(origin), "origin in the address bar", Party::Issuer), path])
    }

    fn consent(&self) -> Option<Decisive> {
        let away = self.attempt.away.as_ref()?;
        let host = piece(shortened(words::host(&away.url)), "the only site that sees your password", Party::Issuer);
        let took = away.back.map(|back| format::milliseconds(back - away.left));
        let values = took.map(|it| Named { name: "away".to_owned(), value: it, purpose: None });
        Some(Decisive { line: vec![host], values: values.into_iter().collect() })
    }

    fn redirect(&self) -> Vec<Piece> {
        let uri = self.fact(Step::AuthorizationUrl, "redirect_uri").unwrap_or_default();
        if uri.is_empty() {
            return Vec::new();
        }
        vec![piece(format!("{}?", shortened(&uri)), "the redirect URI of step 4", Party::Client)]
    }

    fn token_request(&self) -> Option<Decisive> {
        let values = self.body(Step::TokenRequest, &EXCHANGED);
        let has = |name: &str| values.iter().any(|it| it.name == name);
        let line = match has("code_verifier") {
            true => formula("sent in step 5", "computed by the server now", "sent now", Party::Issuer),
            false => vec![joint("grant_type = "), piece(values.first()?.value.clone(), "", Party::Client)],
        };
        Some(Decisive { line, values })
    }

    /// The three parts of a JWT; of another token, what came with it.
    fn token(&self, claims: Option<&Claims>) -> Option<Decisive> {
        let response = self.response(Step::TokenRequest)?;
        let members = |names: &[&str]| -> Vec<Named> {
            names.iter().filter_map(|name| Some(Named::new(*name, &written(response.get(*name)?)))).collect()
        };
        let Some(Claims(claims)) = claims else {
            let token = members(&["access_token"]).pop()?;
            let value = piece(token.value, "opaque to the client", Party::Issuer);
            let line = vec![piece("access_token", "", Party::Issuer), joint(" = "), value];
            return Some(Decisive { line, values: members(&["token_type", "expires_in", "refresh_token", "scope"]) });
        };
        let line = vec![
            piece("header", "algorithm and key", Party::Client),
            joint("."),
            piece("payload", "for whom, and until when", Party::Server),
            joint("."),
            piece("signature", "made by the authorization server", Party::Issuer),
        ];
        let values = claims.iter().cloned().chain(members(&["expires_in", "refresh_token"])).collect();
        Some(Decisive { line, values })
    }

    fn bearer(&self) -> Option<Vec<Piece>> {
        let headers = &self.last(Step::McpRequestWithToken)?.request.headers;
        let (_, value) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
        let value = self.written(value);
        let (scheme, token) = value.split_once(' ')?;
        let token = piece(shortened(token), "the access token of step 10", Party::Issuer);
        Some(vec![
            piece("Authorization: ", "header", Party::Client),
            piece(format!("{scheme} "), "scheme", Party::Client),
            token,
        ])
    }

    fn step_up(&self) -> Option<Decisive> {
        let mut notes = self.attempt.row(Step::StepUp)?.notes.iter();
        let (required, held) = notes.find_map(|it| match it {
            Note::ScopesWanted { required, held } => Some((required, held)),
            _ => None,
        })?;
        let line = vec![piece("403", "status", Party::Server), joint("  insufficient_scope")];
        let values = [("required", required), ("held", held)];
        let values = values.map(|(name, it)| Named { name: name.to_owned(), value: shortened(it), purpose: None });
        Some(Decisive { line, values: values.to_vec() })
    }
}

const ENDPOINTS: [&str; 4] =
    ["authorization_endpoint", "token_endpoint", "registration_endpoint", "code_challenge_methods_supported"];
/// Of a token request.
const EXCHANGED: [&str; 6] = ["grant_type", "code", "code_verifier", "redirect_uri", "client_id", "resource"];
const REFRESHED: [&str; 6] = ["grant_type", "refresh_token", "token", "token_type_hint", "client_id", "resource"];
