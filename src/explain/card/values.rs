//! The two values of a problem that had to be the same, or were not to be, below each other.

use super::differ::{Run, runs};
use crate::base::text::prefix;
use crate::trace::problem::mcp;
use crate::trace::problem::oauth::Error;
use crate::trace::problem::{Cause, FreshToken, FreshVerdict};

/// Of a longer value its beginning is shown.
const LONGEST: usize = 400;

/// Two values with their names, and in what they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    pub names: [&'static str; 2],
    pub runs: [Vec<Run>; 2],
}

impl Values {
    pub fn of(cause: &Cause) -> Option<Self> {
        match cause {
            Cause::Authorization(error) => of_authorization(error),
            Cause::Mcp(error) => of_mcp(error),
            Cause::FreshToken(token) => of_token(token),
            Cause::BothTransports { first, .. } => Self::of(first),
            Cause::Blocked(_) | Cause::NotListed { .. } | Cause::StoppedByUser => None,
        }
    }

    fn new(names: [&'static str; 2], one: &str, other: &str) -> Self {
        let (one, other) = runs(prefix(one, LONGEST), prefix(other, LONGEST));
        Self { names, runs: [one, other] }
    }

    /// The values as texts, for where nothing can be marked.
    pub fn texts(&self) -> [String; 2] {
        self.runs.each_ref().map(|runs| runs.iter().map(|it| it.text.as_str()).collect())
    }
}

fn of_authorization(error: &Error) -> Option<Values> {
    Some(match error {
        Error::ResourceMismatch { server, found } => Values::new(["server URL", "resource"], server, found),
        Error::IssuerMismatch { asked, found, .. } => Values::new(["expected issuer", "issuer"], asked, found),
        Error::IssMismatch { expected, found } => Values::new(["issuer", "iss"], expected, found),
        Error::SecretKept { transfer, .. } => {
            Values::new(["typed for", "would be sent to"], &transfer.typed_for, &transfer.to)
        }
        Error::EndpointsApart { endpoints, .. } => {
            Values::new(["authorization", "token"], &endpoints.authorization, &endpoints.token)
        }
        Error::Redirected { from, to, .. } => Values::new(["requested", "redirected to"], from, to),
        _ => return None,
    })
}

fn of_mcp(error: &mcp::Error) -> Option<Values> {
    Some(match error {
        mcp::Error::Version { offered, answered: Some(answered), .. } => {
            Values::new(["offered", "received"], offered, answered)
        }
        mcp::Error::Redirected { from, to: Some(to) } => Values::new(["requested", "redirected to"], from, to),
        mcp::Error::ForeignEndpoint { server, endpoint } => Values::new(["server URL", "endpoint"], server, endpoint),
        _ => return None,
    })
}

fn of_token(token: &FreshToken) -> Option<Values> {
    let claims = token.claims.as_ref()?;
    let resource = token.resource.as_deref().unwrap_or(&token.server);
    match token.verdict {
        FreshVerdict::OtherAudience => Some(Values::new(["resource", "aud"], resource, claims.aud.as_deref()?)),
        FreshVerdict::OtherIssuer => Some(Values::new(["issuer", "iss"], &token.issuer, claims.iss.as_deref()?)),
        _ => None,
    }
}
