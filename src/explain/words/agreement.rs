//! Why a connection has its revision and its transport, as sentences.

use crate::explain::agreement::{OnRevision, OnTransport};

pub fn revision(why: &OnRevision) -> String {
    match why {
        OnRevision::Chosen => "Chosen in the settings.".to_owned(),
        OnRevision::Discovered => "The server responded to `server/discover`.".to_owned(),
        OnRevision::Offered { offered, refused: Some(status) } => format!(
            "Flowglass tried 2026-07-28 first; `server/discover` {}, so `initialize` requested {}.",
            got(status),
            offered.as_str()
        ),
        OnRevision::Offered { offered, refused: None } => format!("`initialize` requested {}.", offered.as_str()),
        OnRevision::Lowered { offered } => {
            format!("`initialize` requested {}; the server chose an older revision.", offered.as_str())
        }
    }
}

pub fn transport(why: &OnTransport) -> String {
    match why {
        OnTransport::Chosen => "Chosen in the settings.".to_owned(),
        OnTransport::Answered => "The server responded to POST; HTTP+SSE was not tried.".to_owned(),
        OnTransport::Refused { status } => format!("The first POST {}, so HTTP+SSE was tried.", got(status)),
        OnTransport::Known => "The server used HTTP+SSE in an earlier attempt.".to_owned(),
    }
}

/// A status, or `blocked`.
fn got(status: &str) -> String {
    match status {
        "blocked" => "was blocked".to_owned(),
        status if status.starts_with('2') => "got a JSON-RPC error".to_owned(),
        status => format!("got status {status}"),
    }
}
