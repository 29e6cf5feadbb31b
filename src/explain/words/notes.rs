//! The sentences of notes.

use crate::trace::note::{Era, Note, Older, Part};
use std::borrow::Cow;

pub fn words(note: &Note) -> Cow<'static, str> {
    match note {
        Note::Accepted => "You accepted".into(),
        Note::CheckEnds => "The check ends here: no client was registered and no login started.".into(),
        Note::ClientByHand => "No registration needed: you entered a client ID".into(),
        Note::ClientIsDocument => "No registration needed: the client ID is the URL of the client ID metadata document".into(),
        Note::ClientRegisteredBefore => "No registration needed: this tab reuses its earlier registration with this authorization server".into(),
        Note::CodeHeldBack => "Flowglass stops before it redeems the code, because the browser would block the token response. Send the token request with curl instead.".into(),
        Note::Declined => "You declined; nothing was sent".into(),
        Note::Ended => "You ended the attempt here.".into(),
        Note::EraForgotten => "What was remembered of the server no longer applies; detecting it again".into(),
        Note::MetadataHidden => "No metadata at the server's own origin. The blocked resource metadata may name another authorization server".into(),
        Note::NewRegistration => "You requested a new registration".into(),
        Note::PopupInFrame => "Flowglass is embedded in another site, and most login pages refuse to load in a frame: a popup is used instead.".into(),
        Note::PopupWithoutStorage => "The browser blocks storage for Flowglass, so a login in this window would lose its state: a popup is used instead.".into(),
        Note::PopupChosen => "The login opens in a popup; this window stays open.".into(),
        Note::Pasted => "You pasted this response, which the browser had blocked.".into(),
        Note::AskedForCode { from, to } => {
            format!("You were asked whether a code from {from} may be sent to {to}: iss is not advertised").into()
        }
        Note::AskedForRelay { origins, to } => {
            format!("You were asked whether the relay {to} may receive what is sent to {origins}").into()
        }
        Note::AskedForSecret { what, typed_for, to } => {
            format!("You were asked whether what you entered for {typed_for} may be sent to {to}: {what}").into()
        }
        Note::Edited { parts } => {
            let parts: Vec<&str> = parts.iter().map(|it| part(*it)).collect();
            format!("Edited before sending: {}", parts.join(", ")).into()
        }
        Note::EndpointsElsewhere { endpoints } => {
            let named: Vec<String> = endpoints.iter().map(|(name, origin)| format!("{name} at {origin}")).collect();
            format!("Endpoints on another origin than the issuer, which is allowed: {}", named.join(", ")).into()
        }
        Note::EraRemembered { era } => format!("Remembered from an earlier connection: {}", self::era(*era)).into(),
        Note::EraOlder { why } => format!("Older than 2026-07-28, so initialize follows: {}", older(why)).into(),
        Note::IssuerChosen { issuer } => format!("You chose {issuer}").into(),
        Note::Relayed { origin, relay } => format!(
            "Requests to {origin} go through the relay {relay} of this host, which can read their secrets. Without it, the browser would send them directly and show only what CORS headers allow."
        )
        .into(),
        Note::RegistrationTooNarrow { scope } => {
            format!("The earlier registration does not cover the scope {scope}: registering again").into()
        }
        Note::ScopeRefused { scope } => {
            format!("The authorization response was invalid_scope: registering once more with the scope {scope}").into()
        }
        Note::ScopeUnlisted { scope } => {
            format!("scopes_supported does not contain all of {scope}: registering without a scope").into()
        }
        Note::ScopesWanted { required, held } => {
            format!("Required scopes: {required}; held: {}", if held.is_empty() { "none" } else { held }).into()
        }
        Note::SetByHand { members } => format!("Set manually, overriding the metadata: {}", members.join(", ")).into(),
        Note::StreamGivenUp { times } => {
            format!("The stream ended {times} times in a row without a message; it is not reopened").into()
        }
        Note::StreamPauseLonger { asked, pause } => {
            format!("The server requests reconnecting after {asked} ms; Flowglass waits {pause} ms").into()
        }
        Note::StreamResumed { pause } => {
            format!("The stream ended before the response; resuming after {pause} ms").into()
        }
        Note::TestLogin { test } => format!("Login for a negative test: {}", test.title()).into(),
    }
}

/// What showed that a server is older, a clause of a sentence.
pub fn older(why: &Older) -> String {
    match why {
        Older::OtherResult => "the result of server/discover has an unexpected shape".to_owned(),
        Older::Lists { versions } => format!("the server lists {}", versions.join(", ")),
        Older::Speaks { versions } => format!("the server supports {}", versions.join(", ")),
        Older::ListsNone => "the server rejected the version without listing those that it supports".to_owned(),
        Older::UnknownMethod => "the server does not know the method server/discover".to_owned(),
        Older::OtherError { number } => {
            format!("server/discover returned error {number}, which 2026-07-28 does not define")
        }
        Older::Status { status } => format!("it returned {status} without a JSON-RPC error of 2026-07-28"),
        Older::Empty { status } => format!("it returned {status} with an empty body"),
        Older::NotAnAnswer => "it returned JSON that is not a response to server/discover".to_owned(),
        Older::Hidden => {
            "the browser blocked the response to server/discover; Access-Control-Allow-Headers may lack mcp-method"
                .to_owned()
        }
    }
}

const fn part(part: Part) -> &'static str {
    match part {
        Part::Address => "URL",
        Part::Headers => "headers",
        Part::Body => "body",
    }
}

/// What is known of a server.
pub const fn era(era: Era) -> &'static str {
    match era {
        Era::Modern => "stateless, no handshake",
        Era::Handshake => "starts with initialize",
        Era::Sse => "HTTP+SSE, deprecated since 2025-03-26",
    }
}
