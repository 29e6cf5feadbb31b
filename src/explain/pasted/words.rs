//! What is said of a pasted output.

use super::{Part, Wrong};
use crate::base::text::{prefix, sentence};

/// Of a longer value its beginning is shown.
const LONGEST: usize = 200;

impl Part {
    const fn words(self) -> &'static str {
        match self {
            Self::Preflight => "The preflight response",
            Self::Response => "The response",
        }
    }
}

impl Wrong {
    pub fn words(&self) -> String {
        let said = match self {
            Self::NoResponse => {
                "No HTTP response was found. Paste all of the output, from the line `HTTP/…` on.".to_owned()
            }
            Self::NoPreflight => "The response to OPTIONS is missing. Paste the output of both commands.".to_owned(),
            Self::PreflightStatus { status } => {
                format!(
                    "The preflight response has status {status}; it needs 2xx. Likely cause: no CORS middleware runs, or authentication comes first."
                )
            }
            Self::Redirect { part, status, to } => {
                let to = to.as_deref().map(|it| format!(" to `{}`", prefix(it, LONGEST))).unwrap_or_default();
                format!("{} is a redirect ({status}){to}. Respond at this URL instead.", part.words())
            }
            Self::NoOrigin(part) => format!("{} has no `Access-Control-Allow-Origin`.", part.words()),
            Self::OtherOrigin { part, found } => {
                format!(
                    "{} has `Access-Control-Allow-Origin: {}`, which is another origin.",
                    part.words(),
                    prefix(found, LONGEST)
                )
            }
            Self::SeveralOrigins { part, count } => {
                format!(
                    "{} has `Access-Control-Allow-Origin` {count} times; browsers accept it once. Send it in the server or in the proxy.",
                    part.words()
                )
            }
            Self::Method { asked } => format!("`Access-Control-Allow-Methods` lacks `{asked}`."),
            Self::Headers { names } => format!("`Access-Control-Allow-Headers` lacks `{}`.", names.join("`, `")),
            Self::Wildcard => {
                "`Access-Control-Allow-Headers: *` does not cover `authorization`; list it by name.".to_owned()
            }
            Self::NotExposed { names } => format!("`Access-Control-Expose-Headers` lacks `{}`.", names.join("`, `")),
            Self::NoChallenge => "The 401 has no `WWW-Authenticate`.".to_owned(),
        };
        sentence(&said)
    }
}
