//! The rules that the flow applies: what was seen goes in, a verdict with its clause comes out.
//!
//! A rule whose breach ends the flow gives an [`Error`] instead of a verdict.

use super::challenge::{self, Challenge};
use super::error::Error;
use super::flow::NamedBy;
use super::metadata::Server;
use super::pkce::Verifier;
use super::registration::{Client, Origin, Registered};
use super::scope;
use super::token::{Answer, Grant, Refusal};
use crate::base::address::Address;
use crate::base::secret::Secret;
use crate::base::text::{fact, facts};
use crate::http::Head;
use crate::settings::Settings;
use crate::settings::TokenAuth;
use crate::trace::check::Check;
use crate::trace::note::Note;
use crate::trace::rule::client::ClientRule;
use crate::trace::rule::discovery::Discovery;
use crate::trace::rule::login::Login;
use crate::trace::rule::tokens::Tokens;
use crate::trace::step::Step;

/// The scope that asks for a refresh token, and that no call needs (OpenID Connect Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

pub fn challenge(challenges: Option<&[Challenge]>) -> Check {
    let step = Step::Unauthorized;
    let Some(list) = challenges else { return Check::warn(step, Discovery::ChallengeHidden) };
    match challenge::bearer(list) {
        None => {
            let schemes: Vec<&str> = list.iter().map(|it| it.scheme.as_str()).filter(|it| !it.is_empty()).collect();
            Check::warn(step, Discovery::NoBearerChallenge { schemes: facts(&schemes) })
        }
        Some(it) if it.param("resource_metadata").is_some() => Check::pass(step, Discovery::ChallengeNamesMetadata),
        Some(_) => Check::warn(step, Discovery::ChallengeLacksMetadata),
    }
}

/// RFC 9728 §3.3; the server's own origin, or a path above it, is in common use and accepted.
pub fn resource(server: &Address, found: Option<&str>) -> Result<Check, Error> {
    let step = Step::ResourceMetadata;
    let Some(text) = found else { return Ok(Check::fail(step, Discovery::NoResource)) };
    if text == server.as_given() || text == server.href() {
        return Ok(Check::pass(step, Discovery::ResourceIsServer));
    }
    match Address::given(text) {
        Ok(it) if covers(&it, server) => {
            Ok(Check::pass(step, Discovery::ResourceCoversServer { resource: fact(text) }))
        }
        _ => Err(Error::ResourceMismatch { server: server.href(), found: text.to_owned() }),
    }
}

/// Whether a server is at a URL, or below it.
pub fn covers(resource: &Address, server: &Address) -> bool {
    let below = server.path().strip_prefix(resource.path());
    resource.origin() == server.origin() && below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

pub fn issuers(list: &[String], used: &str) -> Check {
    let rule = Discovery::AuthorizationServers { named: facts(list), count: list.len(), used: fact(used) };
    Check::pass(Step::ResourceMetadata, rule)
}

/// Not there where the challenge says; servers that name a wrong address still serve the document where clients look
/// for it that cannot read the challenge (MCP, "Protected Resource Metadata Discovery Requirements").
pub fn not_where_named(url: &str) -> Check {
    Check::warn(Step::ResourceMetadata, Discovery::NotWhereNamed { url: fact(url) })
}

pub fn no_resource_metadata(set: Option<&str>) -> Check {
    Check::warn(Step::ResourceMetadata, Discovery::NoResourceMetadata { set: set.map(fact) })
}

/// A secret that is bound to no authorization server is shown to the MCP server itself, where that names none.
pub fn unbound(settings: &Settings) -> Option<Check> {
    let unbound = settings.has_credentials() && settings.by_hand.issuer.is_none();
    let rule = || Discovery::CredentialsUnbound { origin: settings.server.origin() };
    unbound.then(|| Check::warn(Step::ResourceMetadata, rule()))
}

pub fn endpoints_by_hand() -> Check {
    Check::warn(Step::ServerMetadata, Discovery::EndpointsByHand)
}

pub fn default_endpoints() -> Check {
    Check::warn(Step::ServerMetadata, Discovery::DefaultEndpoints)
}

/// RFC 8414 §3.3: identical strings. Only the origin that this client made up itself may differ by its last slash, and
/// one that was named as an origin with a slash behind it, because URL types as pydantic's add that.
pub fn issuer(asked: Option<&str>, by: NamedBy, origin: &str, found: &str) -> Result<Check, Error> {
    let step = Step::ServerMetadata;
    let same = asked.map_or_else(|| found.strip_suffix('/').unwrap_or(found) == origin, |asked| asked == found);
    if same {
        return Ok(Check::pass(step, Discovery::IssuerIdentical));
    }
    if let Some(asked) = asked.filter(|it| is_origin_with_slash(it, found)) {
        return Ok(Check::warn(step, Discovery::IssuerSlash { found: fact(found), asked: fact(asked) }));
    }
    let (asked, found) = (asked.unwrap_or(origin).to_owned(), found.to_owned());
    Err(Error::IssuerMismatch { asked, found, by })
}

/// Whether an issuer is the other one, which is an origin and nothing more, with a slash added.
pub fn is_origin_with_slash(asked: &str, found: &str) -> bool {
    let bare = Address::typed(found).is_ok_and(|it| it.origin() == found);
    bare && asked.strip_suffix('/') == Some(found)
}

/// An authorization server that the user set is used, also where the resource metadata names others.
pub fn set_issuer(set: &str, named: &[String]) -> Check {
    Check::warn(Step::ResourceMetadata, Discovery::IssuerSet { set: fact(set), named: facts(named) })
}

/// Metadata on another origin may claim a resource here (the challenge names it), but a whole origin is a lot to claim.
pub fn foreign_metadata(server: &Address, url: &str, resource: Option<&str>) -> Option<Check> {
    let is_root = |it: &Address| matches!(it.path(), "" | "/");
    let root = resource.and_then(|it| Address::given(it).ok()).filter(|it| is_root(it) && !is_root(server))?;
    let foreign = Address::given(url).ok().filter(|it| it.origin() != root.origin())?;
    let rule = Discovery::ForeignMetadata { metadata: foreign.origin(), resource: root.origin() };
    Some(Check::warn(Step::ResourceMetadata, rule))
}

/// The endpoints that lie on another origin than the issuer. That is allowed and common, so it is no verdict; a forged
/// document looks the same, so it is said.
pub fn elsewhere(server: &Server) -> Option<Note> {
    let issuer = Address::typed(&server.issuer).ok()?.origin();
    let endpoints = [
        ("authorization_endpoint", Some(&server.authorization_endpoint)),
        ("token_endpoint", Some(&server.token_endpoint)),
        ("registration_endpoint", server.registration_endpoint.as_ref()),
    ];
    let foreign = endpoints.into_iter().filter(|(_, it)| it.is_some_and(|it| it.origin() != issuer));
    let endpoints: Vec<_> = foreign.filter_map(|(name, it)| Some((name.to_owned(), it?.origin()))).collect();
    (!endpoints.is_empty()).then_some(Note::EndpointsElsewhere { endpoints })
}

pub fn pkce(methods: Option<&[String]>) -> Result<Check, Error> {
    if methods.is_some_and(|list| list.iter().any(|it| it == "S256")) {
        return Ok(Check::pass(Step::ServerMetadata, Discovery::PkceAdvertised));
    }
    Err(Error::NoPkce { found: methods.map(<[_]>::to_vec) })
}

/// Why nothing is registered.
pub const fn known_client(origin: Origin) -> Note {
    match origin {
        Origin::ByHand => Note::ClientByHand,
        Origin::MetadataDocument => Note::ClientIsDocument,
        Origin::Dynamic => Note::ClientRegisteredBefore,
    }
}

/// Whether the authorization server says that it takes what a client with a key sends (RFC 8414 §2).
pub fn assertion(server: &Server, client: &Client) -> Vec<Check> {
    let used = TokenAuth::PrivateKeyJwt;
    if client.auth != used {
        return Vec::new();
    }
    let lacks = |listed: &Option<Vec<String>>, used: &str| {
        listed.as_ref().filter(|it| !it.iter().any(|it| it == used)).map(|it| facts(it))
    };
    let method = lacks(&server.token_auth_methods, used.name());
    let method = method.map(|listed| ClientRule::AuthMethodUnlisted { used, listed });
    let algorithm = client.signing_alg.as_deref().and_then(|used| {
        let listed = lacks(&server.token_auth_algs, used)?;
        Some(ClientRule::SigningAlgorithmUnlisted { used: fact(used), listed })
    });
    method.into_iter().chain(algorithm).map(|it| Check::warn(Step::TokenRequest, it)).collect()
}

/// A secret in a page is for testing, and goes to whatever authorization server is named unless one was set.
pub fn client_credentials(issuer: Option<&str>) -> Check {
    Check::warn(Step::Registration, ClientRule::CredentialsInPage { set: issuer.map(fact) })
}

/// What a refresh brought (RFC 6749 §6; OAuth 2.1 §4.3.1: rotation for public clients).
pub fn refreshed(grant: &Grant, answer: &Answer) -> Vec<Check> {
    let step = Step::Refresh;
    let same = |new: &Secret<String>| grant.refresh_token.as_ref().is_some_and(|old| old.expose() == new.expose());
    let public = grant.client.auth == TokenAuth::None;
    let rotation = match &answer.refresh_token {
        Some(new) if !same(new) => Check::pass(step, Tokens::RefreshRotated),
        _ if public => Check::warn(step, Tokens::RefreshUnchangedPublic),
        _ => Check::pass(step, Tokens::RefreshUnchanged),
    };
    let life = match answer.expires_in {
        Some(seconds) => Check::pass(step, Tokens::RefreshedLifetime { seconds }),
        None => Check::warn(step, Tokens::RefreshedNoLifetime),
    };
    vec![rotation, life]
}

/// Some authorization servers register no scope that is not their own, and give it at the login all the same.
pub fn scope_not_registrable(status: u16, refusal: &Refusal) -> Check {
    let said = |it: &Option<String>| it.as_deref().map(fact);
    let (error, description) = (said(&refusal.error), said(&refusal.description));
    Check::warn(Step::Registration, ClientRule::ScopeNotRegistrable { status, error, description })
}

/// `scope` is what was asked for.
pub fn registered(status: u16, registered: &Registered, scope: Option<&str>) -> Vec<Check> {
    let (client, uris) = (&registered.client, registered.redirect_uris.as_deref());
    let step = Step::Registration;
    let mut checks = Vec::new();
    if status != 201 {
        checks.push(Check::warn(step, ClientRule::RegistrationStatus { status }));
    }
    checks.push(match uris {
        Some(list) if !list.contains(&client.redirect_uri) => Check::fail(step, ClientRule::RedirectNotRegistered),
        Some(_) => Check::pass(step, ClientRule::RedirectRegistered),
        None => Check::warn(step, ClientRule::RedirectUnsaid),
    });
    checks.push(match client.auth {
        TokenAuth::None => Check::pass(step, ClientRule::PublicClient),
        method => Check::warn(step, ClientRule::NotPublicClient { method }),
    });
    let asked = scope.unwrap_or_default();
    let narrower = registered.scope.as_deref().filter(|it| !scope::covers(it, asked));
    checks.extend(
        narrower.map(|it| Check::warn(step, ClientRule::ScopeNarrower { registered: fact(it), asked: fact(asked) })),
    );
    checks
}

/// The challenge is what the verifier gives, said with the length that RFC 7636 §4.1 asks for.
pub fn challenge_of(verifier: &Verifier, challenge: &str) -> Check {
    let (step, length) = (Step::Pkce, verifier.expose().len());
    match verifier.challenge() == challenge && (43..=128).contains(&length) {
        true => Check::pass(step, Login::ChallengeOfVerifier { length }),
        false => Check::fail(step, Login::ChallengeNotOfVerifier),
    }
}

pub fn challenge_sent(verifier: &Verifier, challenge: &str) -> Check {
    match verifier.challenge() == challenge {
        true => Check::pass(Step::TokenRequest, Login::VerifierMatches),
        false => Check::fail(Step::TokenRequest, Login::VerifierDiffers),
    }
}

pub fn resource_sent(resource: Option<&str>) -> Check {
    match resource {
        Some(it) => Check::pass(Step::AuthorizationUrl, Login::ResourceSent { resource: fact(it) }),
        None => Check::warn(Step::AuthorizationUrl, Login::NoResourceSent),
    }
}

/// The table of RFC 9207 §2.4 as MCP sharpens it: compared as strings, normalized in no way.
pub fn iss(server: &Server, found: Option<&str>) -> Result<Check, Error> {
    let (step, expected) = (Step::Callback, server.issuer.clone());
    match found {
        Some(it) if it == expected => Ok(Check::pass(step, Login::IssMatches)),
        Some(it) => Err(Error::IssMismatch { expected, found: it.to_owned() }),
        None if server.sends_iss => Err(Error::IssMissing { expected }),
        None => Ok(Check::warn(step, Login::IssUnpromised)),
    }
}

pub fn token_type(found: Option<&str>) -> Result<Check, Error> {
    match found {
        Some(it) if it.eq_ignore_ascii_case("bearer") => Ok(Check::pass(Step::Token, Tokens::TypeBearer)),
        None => Ok(Check::fail(Step::Token, Tokens::TypeMissing)),
        Some(other) => Err(Error::TokenType { found: Some(other.to_owned()) }),
    }
}

/// RFC 6749 appendix A.12: visible characters and the space.
pub fn token_text(token: &Secret<String>) -> Result<(), Error> {
    match token.expose().bytes().all(|it| matches!(it, b' '..=b'~')) {
        true => Ok(()),
        false => Err(Error::TokenText),
    }
}

pub fn token(answer: &Answer, asked: Option<&str>, head: &Head) -> Vec<Check> {
    let mut checks = vec![scope(answer.scope.as_deref(), asked), life(answer)];
    // An answer that was pasted came without its headers.
    checks.extend((!head.headers.is_empty()).then(|| cache(head)));
    checks
}

fn scope(granted: Option<&str>, asked: Option<&str>) -> Check {
    let step = Step::Token;
    let Some(granted) = granted else { return Check::pass(step, Tokens::AllScopesGranted) };
    let has: Vec<&str> = granted.split_whitespace().collect();
    let lacks: Vec<&str> = asked.unwrap_or_default().split_whitespace().filter(|it| !has.contains(it)).collect();
    match lacks.as_slice() {
        [] => Check::pass(step, Tokens::ScopesGranted { granted: fact(granted) }),
        [OFFLINE_ACCESS] => Check::pass(step, Tokens::OfflineAccessNotGranted { granted: fact(granted) }),
        _ => {
            let named: Vec<&str> = lacks.into_iter().filter(|it| *it != OFFLINE_ACCESS).collect();
            Check::warn(step, Tokens::ScopesNotGranted { missing: fact(&named.join(" ")) })
        }
    }
}

fn life(answer: &Answer) -> Check {
    let refreshable = answer.refresh_token.is_some();
    match answer.expires_in {
        Some(seconds) => Check::pass(Step::Token, Tokens::Lifetime { seconds, refreshable }),
        None => Check::warn(Step::Token, Tokens::NoLifetime { refreshable }),
    }
}

fn cache(head: &Head) -> Check {
    match head.header("cache-control").map(str::to_ascii_lowercase) {
        Some(it) if it.contains("no-store") => Check::pass(Step::Token, Tokens::NotCached),
        _ => Check::warn(Step::Token, Tokens::MayBeCached),
    }
}

#[cfg(test)]
mod tests;
