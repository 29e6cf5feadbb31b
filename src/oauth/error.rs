//! How a peer, or the person, can end an authorization, and what is said of it.

mod refusals;

use super::assertion::NotSigned;
use super::token::Refusal;
use crate::address::AddressError;
use crate::checks::Clause;
use crate::http::HttpError;
use crate::problem::{Code, Owner, Problem};
use crate::step::Step;

/// What is wrong with the code of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCode {
    Missing,
    Empty,
    Repeated,
}

/// Why the flow stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    ResourceMismatch {
        server: String,
        found: String,
    },
    NoAuthorizationServer {
        url: String,
    },
    UnsafeUrl {
        step: Step,
        what: &'static str,
        why: AddressError,
    },
    /// The person set another authorization server than those that are named, and a secret for it.
    NotNamed {
        set: String,
        named: Vec<String>,
    },
    /// `named`: whether resource metadata names the one that was asked for.
    IssuerMismatch {
        asked: String,
        found: String,
        named: bool,
    },
    /// Nothing is at any of the places for metadata; the last answer.
    NoMetadata {
        issuer: String,
        last: String,
        status: u16,
    },
    MetadataUnreadable {
        url: String,
    },
    MetadataInvalid {
        url: String,
        lacks: &'static str,
    },
    NoPkce {
        found: Option<Vec<String>>,
    },
    /// `document`: whether this client has a metadata document, which the server does not take.
    NoRegistration {
        issuer: String,
        document: bool,
    },
    RegistrationRefused {
        status: u16,
        refusal: Refusal,
    },
    /// There is no metadata, and the fixed address of 2025-03-26 knows nothing of registrations.
    NobodyRegisters {
        url: String,
    },
    RegistrationUnreadable {
        status: u16,
    },
    /// `awaited`: whether a flow of this tab waits for a callback at all.
    StateMismatch {
        awaited: bool,
    },
    /// A flow of this tab waits, and the callback has no state that could be compared.
    StateMissing,
    IssMismatch {
        expected: String,
        found: String,
    },
    IssMissing {
        expected: String,
    },
    Denied {
        description: Option<String>,
    },
    /// The person came back without an answer, and ended it.
    GivenUp,
    Refused {
        error: String,
        description: Option<String>,
    },
    NoCode(NoCode),
    TokenRefused {
        status: u16,
        refusal: Refusal,
    },
    TokenUnreadable {
        status: u16,
        /// The media type of the answer.
        kind: String,
    },
    TokenType {
        found: Option<String>,
    },
    /// No header can carry it.
    TokenText,
    /// The tab's storage does not take what the page after the login needs.
    NotKept,
    /// The client's assertion could not be signed.
    NotSigned {
        step: Step,
        why: NotSigned,
    },
    Http {
        step: Step,
        url: String,
        error: HttpError,
    },
    Redirected {
        step: Step,
        from: String,
        to: String,
    },
    Status {
        step: Step,
        url: String,
        status: u16,
    },
}

impl Error {
    /// The whole of what is said: seen, cause, owner, advice, clause.
    pub fn problem(&self) -> Problem {
        match self {
            Self::ResourceMismatch { server, found } => problem(Code::ResourceMismatch, Owner::Server, "The resource metadata speaks of another server", Step::ResourceMetadata, Clause::ResourceIdentical)
                .seen(format!("Its \"resource\" is {found}; you are connecting to {server}."))
                .cause("A token for that resource would be good for another server: this is how a hostile server would borrow one.")
                .advice("Let \"resource\" be the address of this server, or its origin."),
            Self::NoAuthorizationServer { url } => problem(Code::MetadataInvalid, Owner::Server, "The resource metadata names no authorization server", Step::ResourceMetadata, Clause::ResourceMetadata)
                .seen(format!("{url} has no entry in \"authorization_servers\"."))
                .cause("Without one this client cannot know where to log in.")
                .advice("Add \"authorization_servers\" with the issuer of the authorization server."),
            Self::UnsafeUrl { step, what, why } => problem(Code::UnsafeUrl, if *step == Step::ResourceMetadata || *step == Step::Unauthorized { Owner::Server } else { Owner::Issuer }, "An address that the server gave is not safe to use", *step, Clause::AuthorizationUrlSafe)
                .seen(format!("{what}: {why}."))
                .cause("Addresses in metadata must be https, or http on this machine; anything else could run script or leak a code.")
                .advice(format!("Correct {what} in the metadata.")),
            Self::NotNamed { set, named } => problem(Code::IssuerMismatch, Owner::You, "This server does not name the authorization server that you set", Step::ResourceMetadata, Clause::McpRegistration)
                .seen(format!("You set {set}; the resource metadata names {}.", named.join(", ")))
                .cause("A client secret is good at one authorization server and is shown to no other.")
                .advice("Set the authorization server that the metadata names if the secret is of that one, or take the secret out."),
            Self::IssuerMismatch { asked, found, named } => problem(Code::IssuerMismatch, Owner::Issuer, "The metadata belongs to another issuer", Step::ServerMetadata, Clause::IssuerIdentical)
                .seen(format!("Asked for {asked}, and the document says its issuer is {found}."))
                .cause("The two must be the same string, to the last slash; otherwise one server could pose as another.")
                .advice(match named {
                    true => "Let \"issuer\" in the metadata and \"authorization_servers\" in the resource metadata be the same string.",
                    false => "Let \"issuer\" be the origin of the MCP server, or publish resource metadata that names the other issuer.",
                }),
            Self::NoMetadata { issuer, last, status } => problem(Code::MetadataInvalid, Owner::Issuer, "The authorization server has no metadata", Step::ServerMetadata, Clause::MetadataPlaces)
                .seen(format!("{issuer} has none at its well-known addresses; the last, {last}, answered {status}."))
                .cause("Without it this client does not know where to log in. Or the resource metadata names an issuer that is none.")
                .advice("Publish the metadata at one of these addresses, or correct authorization_servers; else set both endpoints by hand under Authorization settings."),
            Self::MetadataUnreadable { url } => problem(Code::MetadataInvalid, Owner::Issuer, "The authorization server's metadata is not usable", Step::ServerMetadata, Clause::MetadataAnswer)
                .seen(format!("{url} answered, but not with a JSON object."))
                .cause("Metadata is one JSON object, answered with status 200 as application/json.")
                .advice("Answer with the metadata document, or with 404 where there is none."),
            Self::MetadataInvalid { url, lacks } => problem(Code::MetadataInvalid, Owner::Issuer, "The authorization server's metadata is not usable", Step::ServerMetadata, Clause::MetadataPlaces)
                .seen(format!("{url} answered, but {lacks} is missing or of a wrong type."))
                .cause("The flow needs that member to go on.")
                .advice(format!("Add {lacks} to the metadata document.")),
            Self::NoPkce { found } => no_pkce(found.as_deref()),
            Self::NoRegistration { issuer, document } => problem(Code::RegistrationUnavailable, Owner::You, "There is no way to register this client by itself", Step::Registration, Clause::McpRegistration)
                .seen(match document {
                    true => format!("The metadata of {issuer} has no registration_endpoint, and does not say that client metadata documents are taken."),
                    false => format!("The metadata of {issuer} has no registration_endpoint, and no client id was given."),
                })
                .cause("This authorization server wants clients to be registered beforehand.")
                .advice("Register a public client there with this page's redirect URI, then type its client id under Authorization settings."),
            Self::RegistrationRefused { status, refusal } => refused(Code::RegistrationRefused, "The authorization server refused the registration", Step::Registration, Clause::RegistrationError, *status, refusal)
                .advice(refusals::registration_advice(*status, refusal.error.as_deref())),
            Self::NobodyRegisters { url } => problem(Code::RegistrationRefused, Owner::Server, "Nobody answers at the address for registrations", Step::Registration, Clause::ResourceMetadata)
                .seen(format!("{url} answered 404. No resource metadata was found, so this address is a guess: the fixed one of 2025-03-26."))
                .cause("The server says nowhere who its authorization server is, and likely is none itself. What is wrong is not the registration but the resource metadata: it is missing, or not where clients look for it.")
                .advice("Publish the resource metadata at /.well-known/oauth-protected-resource followed by the server's path, and name its address in the challenge (resource_metadata)."),
            Self::RegistrationUnreadable { status } => problem(Code::RegistrationRefused, Owner::Issuer, "The registration's answer has no client id", Step::Registration, Clause::RegistrationResponse)
                .seen(format!("It answered {status} with a body in which no client_id could be read."))
                .cause("A registration response is a JSON object with at least client_id, and status 201.")
                .advice("Correct the registration endpoint, or give a client id by hand."),
            Self::StateMismatch { awaited } => state_mismatch(*awaited),
            Self::StateMissing => problem(Code::StateMismatch, Owner::Issuer, "The callback has no state", Step::Callback, Clause::AuthorizationResponse)
                .seen("This flow sent a state, and the callback has none.")
                .cause("Likely the authorization server left it out. Without it nobody knows whether the callback answers this tab's request or slips in somebody else's code (cross-site request forgery). Nothing of it was used.")
                .advice("Send state back as it came, with codes and with errors. The flow that waits is untouched."),
            Self::IssMismatch { expected, found } => problem(Code::IssMismatch, Owner::Issuer, "The callback comes from another issuer", Step::Callback, Clause::IssuerParameter)
                .seen(format!("iss is {found}; this flow was started with {expected}."))
                .cause("Either the authorization server sends a wrong iss, or a code of one server was slipped into the flow of another (a mix-up attack). The code was not used, and nothing else of the callback is shown.")
                .advice("Let the authorization server send its issuer, to the last character, as iss."),
            Self::IssMissing { expected } => problem(Code::IssMissing, Owner::Issuer, "The callback does not say who sent it", Step::Callback, Clause::IssuerParameter)
                .seen(format!("The metadata of {expected} promises iss in the callback, and there is none."))
                .cause("A promised iss that is missing may have been taken away by an attacker; the code was not used.")
                .advice("Send iss with every authorization response, or do not advertise authorization_response_iss_parameter_supported."),
            Self::Denied { description } => problem(Code::AccessDenied, Owner::You, "Access was denied at the login", Step::Callback, Clause::ErrorResponse)
                .seen(format!("The callback carries error=access_denied{}.", said(description.as_ref())))
                .cause("The person did not consent, or the authorization server has a rule that forbids it.")
                .advice("Connect again and allow the access, or ask the authorization server's owner for the right to do so."),
            Self::GivenUp => problem(Code::AccessDenied, Owner::You, "You gave the login up", Step::Consent, Clause::AuthorizationEndpoint)
                .seen("You came back from the login without an answer, and ended the authorization.")
                .cause("Nobody said no: the login did not lead back. Either you left it, or it showed a page that leads nowhere, as for a redirect URI or a client that it does not know.")
                .advice("Connect again to log in. If the login showed an error, compare what it said with the redirect URI and the client id of step 4."),
            Self::Refused { error, description } => problem(Code::AuthorizationError, Owner::Issuer, "The authorization server answered with an error", Step::Callback, clause_of(Some(error), Clause::ErrorResponse))
                .seen(format!("The callback carries error={error}{}.", said(description.as_ref())))
                .cause(refusals::authorization_cause(error))
                .advice(refusals::authorization_advice(error)),
            Self::NoCode(how) => problem(Code::CodeMissing, Owner::Issuer, "The callback has neither a code nor an error", Step::Callback, Clause::AuthorizationResponse)
                .seen(match how {
                    NoCode::Missing => "state is right, and code is missing.",
                    NoCode::Empty => "state is right, and code is empty.",
                    NoCode::Repeated => "state is right, and code is there more than once.",
                })
                .cause("The authorization server did not finish the response.")
                .advice("Redirect back with exactly one code, or with error."),
            Self::TokenRefused { status, refusal } => refused(Code::TokenRefused, "The token endpoint refused the request", Step::TokenRequest, clause_of(refusal.error.as_deref(), Clause::TokenError), *status, refusal)
                .advice(refusals::token_advice(*status, refusal.error.as_deref())),
            Self::TokenUnreadable { status, kind } => token_unreadable(*status, kind),
            Self::TokenType { found } => problem(Code::TokenInvalid, Owner::Issuer, "The token is not a bearer token", Step::Token, Clause::TokenResponse)
                .seen(format!("token_type is {}.", found.as_deref().unwrap_or("missing")))
                .cause("MCP sends tokens as Authorization: Bearer; a token of another type must not be used that way.")
                .advice("Issue tokens with token_type Bearer."),
            Self::TokenText => problem(Code::TokenInvalid, Owner::Issuer, "The token cannot be sent", Step::Token, Clause::TokenResponse)
                .seen("The access token holds a character that is not printable ASCII: a line end, a control character, or a letter of another script.")
                .cause("The token goes out in a header, and such a character would end the header or is refused by the browser.")
                .advice("Issue tokens of printable ASCII characters alone."),
            Self::NotKept => problem(Code::StorageFull, Owner::Browser, "This tab cannot keep what the way back needs", Step::Authorize, Clause::State)
                .seen("sessionStorage took nothing more, even after the trace was given up.")
                .cause("The browser keeps no data for this site, or the storage is full. State and verifier would be lost with this page, so it did not leave.")
                .advice("Allow site data for this page, or let the login open in a popup: this page stays then."),
            Self::NotSigned { step, why } => not_signed(*step, why),
            Self::Http { step, url, error } => http(*step, url, error),
            Self::Redirected { step, from, to } => problem(Code::Redirected, owner(*step), "The address leads elsewhere", *step, Clause::AuthorizationUrlSafe)
                .seen(format!("{from} redirected to {to}."))
                .cause("The answer of another origin must not be taken for this one's.")
                .advice("Publish the final address instead."),
            Self::Status { step, url, status } => problem(Code::HttpStatus, owner(*step), &format!("The server answered {status}"), *step, step.clause())
                .seen(format!("{url} answered {status}."))
                .cause(if *status >= 500 { "The server failed while answering." } else { "The server refused the request." })
                .advice("Look into the server's log for this request."),
        }
    }
}

fn problem(code: Code, owner: Owner, title: &str, step: Step, clause: Clause) -> Problem {
    Problem::new(code, owner, title).at(step).clause(clause)
}

/// Who answers at that step.
pub const fn owner(step: Step) -> Owner {
    match step {
        Step::McpRequest
        | Step::Unauthorized
        | Step::ResourceMetadata
        | Step::McpRequestWithToken
        | Step::Connected => Owner::Server,
        _ => Owner::Issuer,
    }
}

/// Where an error code is written down: `invalid_target` is not of OAuth itself.
fn clause_of(error: Option<&str>, others: Clause) -> Clause {
    if error == Some("invalid_target") { Clause::ResourceIndicator } else { others }
}

fn said(description: Option<&String>) -> String {
    description.map(|it| format!(", and says \"{it}\"")).unwrap_or_default()
}

fn refused(code: Code, title: &str, step: Step, clause: Clause, status: u16, refusal: &Refusal) -> Problem {
    let error = refusal.error.as_deref().unwrap_or("no error code");
    problem(code, Owner::Issuer, title, step, clause)
        .seen(format!("It answered {status} with {error}{}.", said(refusal.description.as_ref())))
        .cause(refusals::cause(status, refusal.error.as_deref()))
}

fn no_pkce(found: Option<&[String]>) -> Problem {
    let seen = match found {
        None => "Its metadata has no code_challenge_methods_supported.".to_owned(),
        Some(methods) => format!("code_challenge_methods_supported is [{}].", methods.join(", ")),
    };
    problem(
        Code::PkceUnsupported,
        Owner::Issuer,
        "The authorization server does not offer PKCE with S256",
        Step::ServerMetadata,
        Clause::PkceAdvertised,
    )
    .seen(seen)
    .cause("Without PKCE a stolen code is as good as a token; MCP clients must refuse to go on.")
    .advice("Support PKCE with S256, and advertise \"code_challenge_methods_supported\": [\"S256\"].")
}

fn token_unreadable(status: u16, kind: &str) -> Problem {
    let (cause, advice) = match kind {
        "text/html" => (
            "This is a web page: something before the token endpoint, a login page or a wrong route, took the request.",
            "Check the address of the token endpoint, and exempt it from login pages and fallbacks.",
        ),
        _ => (
            "A token response is a JSON object with access_token and token_type.",
            "Answer with application/json as the RFC shows.",
        ),
    };
    let what = if kind.is_empty() { "a body" } else { kind };
    problem(
        Code::TokenInvalid,
        Owner::Issuer,
        "The token answer has no access token",
        Step::Token,
        Clause::TokenResponse,
    )
    .seen(format!("The token endpoint answered {status} with {what}, in which no access_token could be read."))
    .cause(cause)
    .advice(advice)
}

fn not_signed(step: Step, why: &NotSigned) -> Problem {
    let (owner, seen, cause, advice) = match why {
        NotSigned::NoKey => (
            Owner::You,
            "This page has no key to sign with.".to_owned(),
            "A private key stays in memory, and went when the page was left or loaded again.",
            "Paste the key again under Authorization settings, and connect.",
        ),
        NotSigned::Key(error) => (
            Owner::You,
            format!("{error}."),
            "A client proves itself by what it signs, and nothing can be signed with this.",
            "Paste the whole key, as PKCS#8 or as a JWK, under Authorization settings, and connect.",
        ),
        NotSigned::NoCrypto => (
            Owner::Browser,
            "This page has no crypto.subtle.".to_owned(),
            "Browsers give pages their cryptography on https and on localhost only.",
            "Open this page by https, or on localhost.",
        ),
        NotSigned::Unable(said) => (
            Owner::You,
            format!("The browser cannot sign with this key: {said}."),
            "The key is damaged, or of a kind that this browser does not know.",
            "Paste the whole key, as PKCS#8 or as a JWK; RSA and P-256 keys work in every browser.",
        ),
    };
    let title = "The client's assertion could not be signed";
    problem(Code::KeyUnusable, owner, title, step, Clause::ClientAssertion).seen(seen).cause(cause).advice(advice)
}

fn state_mismatch(awaited: bool) -> Problem {
    let (seen, advice) = match awaited {
        true => (
            "A callback came without the state that this flow sent.",
            "The flow that waits is untouched: finish the login in the page where it was started, or connect again.",
        ),
        false => (
            "A callback came, and no authorization of this tab waits for one.",
            "Connect from this tab, and finish the login in the same tab. An old callback cannot be used again.",
        ),
    };
    problem(
        Code::StateMismatch,
        Owner::You,
        "This callback is not an answer to this tab's request",
        Step::Callback,
        Clause::State,
    )
    .seen(seen)
    .cause("An old link, another tab, or somebody else's code (cross-site request forgery). Nothing of it was used.")
    .advice(advice)
}

fn http(step: Step, url: &str, error: &HttpError) -> Problem {
    let (code, title, cause, advice) = match error {
        HttpError::Timeout { .. } => (
            Code::Timeout,
            "No answer in time",
            "The server took longer than the time-out allows, or its answer got stuck on the way.",
            "Look into the server's log, or allow more time under Version, transport, headers.",
        ),
        HttpError::Redirected => (
            Code::Redirected,
            "The address redirects",
            "A request with a secret is not sent on to another address.",
            "Publish the final address; often only the last slash differs.",
        ),
        HttpError::Cut { .. } => (
            Code::Truncated,
            "The answer broke off",
            "The connection ended in the middle of the body.",
            "Look into the server's log, and at proxies between.",
        ),
        _ => {
            (Code::Unreachable, "No answer", "The connection did not come about.", "Check the address and the server.")
        }
    };
    problem(code, owner(step), title, step, step.clause()).seen(format!("{url}: {error}.")).cause(cause).advice(advice)
}
