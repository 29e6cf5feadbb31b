//! The rules that the flow applies: what was seen goes in, a verdict with its clause comes out.
//!
//! A rule whose breach ends the flow gives an [`Error`] instead of a verdict.

use super::challenge::{self, Challenge};
use super::error::Error;
use super::metadata::Server;
use super::pkce::Verifier;
use super::registration::{Client, Origin, TokenAuth};
use super::token::{Answer, Grant};
use crate::address::Address;
use crate::checks::{Check, Clause};
use crate::http::Head;
use crate::secret::Secret;
use crate::settings::Settings;
use crate::step::Step;

/// The scope that asks for a refresh token, and that no call needs (OpenID Connect Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

pub fn challenge(challenges: Option<&[Challenge]>) -> Check {
    let (step, clause) = (Step::Unauthorized, Clause::BearerChallenge);
    match challenges {
        None => Check::warn(
            step,
            Clause::Exposed,
            "WWW-Authenticate is not exposed to pages; going on with the well-known addresses",
        ),
        Some(list) => match challenge::bearer(list) {
            None => Check::warn(step, clause, "WWW-Authenticate has no Bearer challenge"),
            Some(it) if it.param("resource_metadata").is_some() => {
                Check::pass(step, Clause::ResourceChallenge, "The Bearer challenge names the resource metadata")
            }
            Some(_) => Check::warn(step, Clause::ResourceChallenge, "The Bearer challenge has no resource_metadata"),
        },
    }
}

/// RFC 9728 §3.3; the server's own origin, or a path above it, is in common use and accepted.
pub fn resource(server: &Address, found: Option<&str>) -> Result<Check, Error> {
    let (step, clause) = (Step::ResourceMetadata, Clause::ResourceIdentical);
    let Some(text) = found else {
        return Ok(Check::fail(step, clause, "The metadata has no \"resource\"; the server's address is used"));
    };
    if text == server.as_given() || text == server.href() {
        return Ok(Check::pass(step, clause, "resource is the address of this server"));
    }
    match Address::given(text) {
        Ok(it) if covers(&it, server) => {
            Ok(Check::pass(step, clause, format!("resource is {text}, which covers this server")))
        }
        _ => Err(Error::ResourceMismatch { server: server.href(), found: text.to_owned() }),
    }
}

fn covers(resource: &Address, server: &Address) -> bool {
    let below = server.path().strip_prefix(resource.path());
    resource.origin() == server.origin() && below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

pub fn issuers(list: &[String], used: &str) -> Check {
    let words = match list {
        [_] => format!("The authorization server is {used}"),
        _ => format!("{} authorization servers are named: {}. Used is {used}", list.len(), list.join(", ")),
    };
    Check::pass(Step::ResourceMetadata, Clause::ResourceMetadata, words)
}

pub fn no_resource_metadata(set: Option<&str>) -> Check {
    let words = match set {
        Some(issuer) => {
            format!("No resource metadata was found; going on with the authorization server that you set, {issuer}")
        }
        None => "No resource metadata was found; going on as with a server of 2025-03-26, at its own origin".to_owned(),
    };
    Check::warn(Step::ResourceMetadata, Clause::McpFallback, words)
}

/// A secret that is bound to no authorization server is shown to the MCP server itself, where that names none.
pub fn unbound(settings: &Settings) -> Option<Check> {
    let unbound = settings.has_credentials() && settings.by_hand.issuer.is_none();
    let words = || {
        let origin = settings.server.origin();
        format!("The client's secret goes to {origin}: set the authorization server, and it is shown to no other")
    };
    unbound.then(|| Check::warn(Step::ResourceMetadata, Clause::McpRegistration, words()))
}

pub fn endpoints_by_hand() -> Check {
    let words = "Metadata is not asked for: both endpoints were set by hand, and PKCE with S256 is hoped for";
    Check::warn(Step::ServerMetadata, Clause::MetadataPlaces, words)
}

pub fn default_endpoints() -> Check {
    let words = "No metadata at all: the fixed addresses /authorize, /token and /register are used, and PKCE with S256 is hoped for";
    Check::warn(Step::ServerMetadata, Clause::McpFallback, words)
}

/// RFC 8414 §3.3: identical strings. Only the origin that this client made up itself may differ by its last slash.
pub fn issuer(asked: Option<&str>, origin: &str, found: &str) -> Result<Check, Error> {
    let same = asked.map_or_else(|| found.strip_suffix('/').unwrap_or(found) == origin, |asked| asked == found);
    if same {
        return Ok(Check::pass(Step::ServerMetadata, Clause::IssuerIdentical, "issuer is the one that was asked for"));
    }
    let named = asked.is_some();
    Err(Error::IssuerMismatch { asked: asked.unwrap_or(origin).to_owned(), found: found.to_owned(), named })
}

/// The endpoints that lie on another origin than the issuer. That is allowed and common, so it is no verdict; a forged
/// document looks the same, so it is said.
pub fn elsewhere(server: &Server) -> Option<String> {
    let issuer = Address::typed(&server.issuer).ok()?.origin();
    let endpoints = [
        ("authorization_endpoint", Some(&server.authorization_endpoint)),
        ("token_endpoint", Some(&server.token_endpoint)),
        ("registration_endpoint", server.registration_endpoint.as_ref()),
    ];
    let foreign = endpoints.into_iter().filter(|(_, it)| it.is_some_and(|it| it.origin() != issuer));
    let named: Vec<String> = foreign.filter_map(|(name, it)| Some(format!("{name} at {}", it?.origin()))).collect();
    (!named.is_empty()).then(|| format!("On another origin than the issuer, as is allowed: {}", named.join(", ")))
}

pub fn pkce(methods: Option<&[String]>) -> Result<Check, Error> {
    if methods.is_some_and(|list| list.iter().any(|it| it == "S256")) {
        return Ok(Check::pass(Step::ServerMetadata, Clause::PkceAdvertised, "PKCE with S256 is advertised"));
    }
    Err(Error::NoPkce { found: methods.map(<[_]>::to_vec) })
}

pub const fn client_words(origin: Origin) -> &'static str {
    match origin {
        Origin::ByHand => "Nothing to register: the client id was given by hand",
        Origin::MetadataDocument => "Nothing to register: the client id is the address of its metadata document",
        Origin::Dynamic => {
            "Nothing to register: this tab's earlier registration with this authorization server is used again"
        }
    }
}

/// Whether the authorization server says that it takes what a client with a key sends (RFC 8414 §2).
pub fn assertion(server: &Server, client: &Client) -> Vec<Check> {
    let method = TokenAuth::PrivateKeyJwt;
    if client.auth != method {
        return Vec::new();
    }
    let offers = [
        ("token_endpoint_auth_methods_supported", &server.token_auth_methods, Some(method.name())),
        ("token_endpoint_auth_signing_alg_values_supported", &server.token_auth_algs, client.signing_alg.as_deref()),
    ];
    let lacking = offers.into_iter().filter_map(|(member, offered, used)| {
        let (offered, used) = (offered.as_ref()?, used?);
        let words = || format!("{member} is [{}], and {used} is used", offered.join(", "));
        let lacks = !offered.iter().any(|it| it == used);
        lacks.then(|| Check::warn(Step::TokenRequest, Clause::ServerMembers, words()))
    });
    lacking.collect()
}

/// A secret in a page is for testing, and goes to whatever authorization server is named unless one was set.
pub fn client_credentials(issuer: Option<&str>) -> Check {
    let (step, clause) = (Step::Registration, Clause::McpRegistration);
    match issuer {
        Some(issuer) => Check::warn(
            step,
            clause,
            format!("A page can keep no secret: client credentials are for testing. They are shown to {issuer} alone"),
        ),
        None => Check::warn(
            step,
            clause,
            "A page can keep no secret: client credentials are for testing. Set the authorization server, or they are shown to whichever this server names",
        ),
    }
}

/// What a refresh brought (RFC 6749 §6; OAuth 2.1 §4.3.1: rotation for public clients).
pub fn refreshed(grant: &Grant, answer: &Answer) -> Vec<Check> {
    let (step, clause) = (Step::Refresh, Clause::TokenRefresh);
    let same = |new: &Secret<String>| grant.refresh_token.as_ref().is_some_and(|old| old.expose() == new.expose());
    let public = grant.client.auth == TokenAuth::None;
    let rotation = match &answer.refresh_token {
        Some(new) if !same(new) => {
            Check::pass(step, clause, "A new refresh token came; the old one must not work again")
        }
        _ if public => Check::warn(
            step,
            clause,
            "The refresh token stays the same; for a client without a secret each should work once",
        ),
        _ => Check::pass(step, clause, "The refresh token stays the same"),
    };
    let life = match answer.expires_in {
        Some(seconds) => {
            Check::pass(step, Clause::TokenResponse, format!("expires_in gives the new token {seconds} s"))
        }
        None => Check::warn(step, Clause::TokenResponse, "The answer does not say how long the new token lives"),
    };
    vec![rotation, life]
}

pub fn registered(status: u16, client: &Client, uris: Option<&[String]>) -> Vec<Check> {
    let (step, clause) = (Step::Registration, Clause::RegistrationResponse);
    let mut checks = Vec::new();
    if status != 201 {
        checks.push(Check::warn(step, clause, format!("A registration is answered 201, not {status}")));
    }
    checks.push(match uris {
        Some(list) if !list.contains(&client.redirect_uri) => {
            Check::fail(step, clause, "The redirect URIs that were registered do not hold this page's")
        }
        Some(_) => Check::pass(step, clause, "This page's redirect URI is registered, character by character"),
        None => Check::warn(step, clause, "The answer does not say which redirect URIs were registered"),
    });
    checks.push(match client.auth {
        TokenAuth::None => Check::pass(
            step,
            Clause::McpRegistration,
            "Registered as a public client (token_endpoint_auth_method none)",
        ),
        method => {
            Check::warn(step, Clause::McpRegistration, format!("Asked for a public client and got {}", method.name()))
        }
    });
    checks
}

/// The challenge is what the verifier gives, said with the length that RFC 7636 §4.1 asks for.
pub fn challenge_of(verifier: &Verifier, challenge: &str) -> Check {
    let (step, clause, length) = (Step::Pkce, Clause::PkceChallenge, verifier.expose().len());
    match verifier.challenge() == challenge && (43..=128).contains(&length) {
        true => Check::pass(
            step,
            clause,
            format!("challenge = BASE64URL(SHA256(verifier)); the verifier has {length} characters"),
        ),
        false => Check::fail(step, clause, "The challenge is not that of the verifier"),
    }
}

pub fn challenge_sent(verifier: &Verifier, challenge: &str) -> Check {
    let (step, clause) = (Step::TokenRequest, Clause::PkceVerified);
    match verifier.challenge() == challenge {
        true => Check::pass(step, clause, "S256(verifier) equals the challenge of step 4"),
        false => Check::fail(step, clause, "S256(verifier) is not the challenge of step 4"),
    }
}

pub fn resource_sent(resource: Option<&str>) -> Check {
    let (step, clause) = (Step::AuthorizationUrl, Clause::ResourceIndicator);
    match resource {
        Some(it) => Check::pass(step, clause, format!("resource is sent as the metadata writes it: {it}")),
        None => Check::warn(step, clause, "No resource is sent: servers of 2025-03-26 know none"),
    }
}

/// The table of RFC 9207 §2.4 as MCP sharpens it: compared as strings, normalized in no way.
pub fn iss(server: &Server, found: Option<&str>) -> Result<Check, Error> {
    let (step, clause, expected) = (Step::Callback, Clause::IssuerParameter, server.issuer.clone());
    match found {
        Some(it) if it == expected => {
            Ok(Check::pass(step, clause, "iss is the issuer that was recorded before the redirect"))
        }
        Some(it) => Err(Error::IssMismatch { expected, found: it.to_owned() }),
        None if server.sends_iss => Err(Error::IssMissing { expected }),
        None => Ok(Check::warn(
            step,
            clause,
            "The authorization server neither promises nor sends iss; mix-ups cannot be noticed",
        )),
    }
}

pub fn token_type(found: Option<&str>) -> Result<Check, Error> {
    match found {
        Some(it) if it.eq_ignore_ascii_case("bearer") => {
            Ok(Check::pass(Step::Token, Clause::TokenResponse, "token_type is Bearer"))
        }
        None => Ok(Check::fail(Step::Token, Clause::TokenResponse, "token_type is missing; Bearer is assumed")),
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
    let (step, clause) = (Step::Token, Clause::McpScope);
    let Some(granted) = granted else {
        return Check::pass(step, clause, "The answer names no scope: all that was asked for is granted");
    };
    let has: Vec<&str> = granted.split_whitespace().collect();
    let lacks: Vec<&str> = asked.unwrap_or_default().split_whitespace().filter(|it| !has.contains(it)).collect();
    match lacks.as_slice() {
        [] => Check::pass(step, clause, format!("Granted: {granted}")),
        [OFFLINE_ACCESS] => Check::pass(
            step,
            Clause::OfflineAccess,
            format!("Granted: {granted}. offline_access was not, which OpenID gives with prompt=consent"),
        ),
        _ => {
            let named: Vec<&str> = lacks.into_iter().filter(|it| *it != OFFLINE_ACCESS).collect();
            Check::warn(step, clause, format!("Asked for and not granted: {}", named.join(" ")))
        }
    }
}

fn life(answer: &Answer) -> Check {
    let (step, clause) = (Step::Token, Clause::TokenResponse);
    let refresh = if answer.refresh_token.is_some() { "with" } else { "without" };
    match answer.expires_in {
        Some(seconds) => {
            Check::pass(step, clause, format!("expires_in gives the token {seconds} s, {refresh} a refresh token"))
        }
        None => Check::warn(
            step,
            clause,
            format!("expires_in is missing: how long the token lives is not said ({refresh} a refresh token)"),
        ),
    }
}

fn cache(head: &Head) -> Check {
    let (step, clause) = (Step::Token, Clause::TokenCache);
    match head.header("cache-control").map(str::to_ascii_lowercase) {
        Some(it) if it.contains("no-store") => {
            Check::pass(step, clause, "The answer forbids caches to keep it (cache-control: no-store)")
        }
        _ => Check::warn(step, clause, "The answer has no cache-control: no-store"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Verdict;

    fn at(text: &str) -> Address {
        Address::typed(text).expect("valid")
    }

    #[test]
    fn d_05_a_resource_covers_what_lies_below_it_and_nothing_else() {
        let server = at("https://a.example/x/mcp");
        for good in ["https://a.example/x/mcp", "https://a.example", "https://a.example/", "https://a.example/x"] {
            assert!(resource(&server, Some(good)).is_ok_and(|it| it.verdict == Verdict::Pass), "{good}");
        }
        for bad in ["https://b.example", "https://a.example/x/m", "https://a.example:8443/x", "http://a.example/x", "x"]
        {
            assert!(resource(&server, Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn issuers_are_compared_as_strings() {
        assert!(issuer(Some("https://as"), "https://a", "https://as").is_ok());
        assert!(issuer(Some("https://as"), "https://a", "https://as/").is_err());
        assert!(issuer(None, "https://a", "https://a/").is_ok());
    }

    #[test]
    fn d_30_the_table_of_rfc_9207() {
        let mut server = Server::defaults(&at("https://as.example"));
        assert!(iss(&server, None).is_ok());
        assert!(iss(&server, Some("https://as.example")).is_ok());
        assert!(matches!(iss(&server, Some("https://AS.example")), Err(Error::IssMismatch { .. })));
        server.sends_iss = true;
        assert!(matches!(iss(&server, None), Err(Error::IssMissing { .. })));
        assert!(matches!(iss(&server, Some("https://as.example/")), Err(Error::IssMismatch { .. })));
    }

    #[test]
    fn a_token_that_no_header_can_carry_is_refused() {
        for good in ["a", "a.b-c_d~e+f/g==", "{\"a\": 1}"] {
            assert!(token_text(&good.into()).is_ok(), "{good}");
        }
        for bad in ["a\r\nX-Injected: yes", "a\0", "\u{7f}", "é", "😀", "\u{202e}x"] {
            assert!(matches!(token_text(&bad.into()), Err(Error::TokenText)), "{bad:?}");
        }
    }

    #[test]
    fn offline_access_is_missed_by_no_call() {
        let verdict = |asked: &str| scope(Some("a"), Some(asked)).verdict;
        assert_eq!(verdict("a offline_access"), Verdict::Pass);
        assert_eq!(verdict("a b"), Verdict::Warn);
        assert!(!scope(Some("a"), Some("a b c")).words.contains("offline"));
    }

    #[test]
    fn endpoints_on_another_host_are_said() {
        let mut server = Server::defaults(&at("https://as.example"));
        assert_eq!(elsewhere(&server), None);
        server.token_endpoint = at("https://api.example.net/token");
        let said = elsewhere(&server).expect("a note");
        assert!(said.ends_with("token_endpoint at https://api.example.net"), "{said}");
    }

    #[test]
    fn s256_must_be_advertised() {
        assert!(matches!(pkce(None), Err(Error::NoPkce { found: None })));
        assert!(pkce(Some(&["plain".to_owned()])).is_err());
        assert!(pkce(Some(&["plain".to_owned(), "S256".to_owned()])).is_ok());
    }
}
