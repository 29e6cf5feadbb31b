//! What is said of each step: what happens, why, and what would break without it. For someone who sees OAuth for the first
//! time, and right enough for someone who implements it. Names of fields and values stand between backticks.

use super::{StepStatus, Walkthrough};
use crate::trace::step::Step;

/// The three sentences of a step, and a hint for somebody who presents it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub what: &'static str,
    pub why: &'static str,
    /// What would break.
    pub without: &'static str,
    pub hint: &'static str,
}

impl Step {
    pub const fn told(self) -> Told {
        match self {
            Self::McpRequest => MCP_REQUEST,
            Self::Unauthorized => UNAUTHORIZED,
            Self::ResourceMetadata => RESOURCE_METADATA,
            Self::ServerMetadata => SERVER_METADATA,
            Self::Registration => REGISTRATION,
            Self::Pkce => PKCE,
            Self::AuthorizationUrl => AUTHORIZATION_URL,
            Self::Authorize => AUTHORIZE,
            Self::Consent => CONSENT,
            Self::Callback => CALLBACK,
            Self::Code => CODE,
            Self::TokenRequest => TOKEN_REQUEST,
            Self::Token => TOKEN,
            Self::McpRequestWithToken => MCP_REQUEST_WITH_TOKEN,
            Self::Connected => CONNECTED,
            Self::Refresh => REFRESH,
            Self::StepUp => STEP_UP,
            Self::Revoke => REVOKE,
        }
    }
}

const MCP_REQUEST: Told = Told {
    what: "The client sends an MCP request without a valid token.",
    why: "It does not know yet whether this server requires authorization. The response says so.",
    without: "Without this request, each client would have to be configured in advance: which servers need a token, and where to get it.",
    hint: "MCP authorization is optional: a server that needs no token responds 200 here, and steps 2 to 11 are skipped.",
};

const UNAUTHORIZED: Told = Told {
    what: "The MCP server responds 401: it requires an access token.",
    why: "Its `WWW-Authenticate` header, the challenge, names the URL of the protected resource metadata. A browser shows this header only if the server exposes it (CORS).",
    without: "Without the challenge, the client has to try well-known URLs to find the authorization server.",
    hint: "The client knew nothing but the server's URL. Everything that follows starts from this response.",
};

const RESOURCE_METADATA: Told = Told {
    what: "The client reads the protected resource metadata of the MCP server (RFC 9728).",
    why: "It names the `resource` that tokens are issued for, and the authorization servers that issue them.",
    without: "Without it, the client does not know which authorization server issues tokens for this server. Without the check of `resource`, a server could request tokens that are meant for another one.",
    hint: "The MCP server does not log anybody in. It delegates that to an authorization server, which may belong to somebody else.",
};

const SERVER_METADATA: Told = Told {
    what: "The client reads the authorization server metadata (RFC 8414 or OpenID Connect Discovery).",
    why: "It lists the endpoints and features. Its `issuer` must equal the URL that the metadata was requested for, and it must offer PKCE with `S256`.",
    without: "Without the check of `issuer`, an attacker's server could pose as another one and receive its codes and tokens.",
    hint: "Nothing about this server was configured in the client: it has discovered all endpoints by now.",
};

const REGISTRATION: Told = Told {
    what: "The client gets a client ID: pre-registered, the URL of its metadata document, or by dynamic registration.",
    why: "The authorization server has to know the client and its redirect URIs. A public client has no secret; PKCE binds the code to this client.",
    without: "Without registered redirect URIs, an attacker could have your code sent to a URL of their own.",
    hint: "Three ways to a client ID. Dynamic registration (RFC 7591) needs no setup; a metadata document needs no registration at all.",
};

const PKCE: Told = Told {
    what: "The client creates a random `code_verifier` and computes its SHA-256 hash, the `code_challenge`.",
    why: "The challenge goes with the authorization request, the verifier only with the token request. So the code can be used only by the client that started this login.",
    without: "Without PKCE, an attacker who intercepts the code could exchange it for your tokens.",
    hint: "A hash cannot be reversed: who sees the challenge in the address bar learns nothing about the verifier.",
};

const AUTHORIZATION_URL: Told = Told {
    what: "The client builds the URL of the authorization request.",
    why: "Its parameters say who asks, for which resource and scopes, and where to return. The URL is visible in the address bar and in logs, so it must not contain secrets.",
    without: "Without `state`, an attacker could complete a login of their own in your browser. Without `resource`, the token could be valid for other servers too.",
    hint: "Read the URL aloud, parameter by parameter: it is the whole request.",
};

const AUTHORIZE: Told = Told {
    what: "The browser navigates to the authorization endpoint.",
    why: "You log in at the authorization server itself, and this client never sees your password. The page unloads, so the client stores `state`, the verifier and the issuer in this tab first.",
    without: "Without the redirect, you would type your password into the client.",
    hint: "From here on the client does not run. Another site is in the address bar.",
};

const CONSENT: Told = Told {
    what: "You log in at the authorization server and allow or deny the access.",
    why: "The authorization server has to know who you are, and that you agree to this client and these scopes. It may send you to another identity provider, such as Google or GitHub.",
    without: "Without your consent, any client could get access to your data unnoticed.",
    hint: "What happens here is not part of OAuth: a password, a passkey, a second factor. The client sees none of it.",
};

const CALLBACK: Told = Told {
    what: "The authorization server redirects the browser back to the client, with a `code` or an `error`.",
    why: "The code passes through the browser, where others may see it. The client checks `state`, `iss` and `error`, in this order, before it uses it.",
    without: "Without the check of `state`, the client could accept the response to another login. Without `iss`, it could send the code of one authorization server to another (mix-up attack).",
    hint: "The response comes through the browser, so anybody could have written it. That is why it is checked before it is used.",
};

const CODE: Told = Told {
    what: "The client takes the code from the URL.",
    why: "A code is not a token: it is valid once, for a short time (RFC 6749 recommends ten minutes at most), and only together with the verifier.",
    without: "Without the code, the token itself would be in the URL, where browser history and logs keep it.",
    hint: "This detour is the difference between the authorization code grant and the deprecated implicit grant.",
};

const TOKEN_REQUEST: Told = Told {
    what: "The client sends the code and the `code_verifier` to the token endpoint.",
    why: "The authorization server hashes the verifier and compares the result with the `code_challenge` of step 3. Only the client that started this login knows the verifier.",
    without: "Without the verifier, anybody who saw the code in the browser or in a log could use it.",
    hint: "Not a redirect but a direct request: code and verifier meet here for the first time.",
};

const TOKEN: Told = Told {
    what: "The authorization server returns an access token, and often a refresh token.",
    why: "The MCP server can check this token without seeing your password. Its scopes and its lifetime are limited, and it stays in this tab.",
    without: "Without tokens, you would give this client your password, and could not limit or revoke its access.",
    hint: "For a client, an access token is opaque. Flowglass decodes it only to show and check it.",
};

const MCP_REQUEST_WITH_TOKEN: Told = Told {
    what: "The client repeats its MCP request with the token in the `Authorization` header.",
    why: "The server checks who issued the token, whether it has expired, and whether it was issued for this server.",
    without: "Without the check of the audience, a token that you gave to one server could be used by that server at another one.",
    hint: "The same request as in step 1, with one more header.",
};

const CONNECTED: Told = Told {
    what: "Client and server agree on a protocol version, and the client lists its tools, resources and prompts.",
    why: "Each side has to know which features the other one supports before it uses them.",
    without: "Without a negotiated version, client and server could read the same message differently.",
    hint: "Authorization is done. All that follows is plain MCP, with the token on each request.",
};

const REFRESH: Told = Told {
    what: "The client exchanges its refresh token for a new access token.",
    why: "Access tokens are short-lived, so that a stolen one soon expires. A public client gets a new refresh token as well, and the old one must become invalid.",
    without: "Without a refresh token, you would have to log in each time the access token expires.",
    hint: "You notice nothing of it: no redirect, no consent.",
};

const STEP_UP: Told = Told {
    what: "The server responds 403 `insufficient_scope`: this call needs scopes that the token does not have.",
    why: "A client requests few scopes at first. When a call needs more, you decide, and another authorization follows for all scopes together.",
    without: "Without step-up, a client would have to request every scope at the first login.",
    hint: "Least privilege in practice: permission is requested when it is needed.",
};

const REVOKE: Told = Told {
    what: "The client asks the authorization server to revoke its tokens (RFC 7009).",
    why: "A token that is no longer needed should not stay valid.",
    without: "Without revocation, a copy of the token could be used until it expires.",
    hint: "Closing the tab forgets the tokens; only revocation makes them invalid.",
};

/// The token request of a client that gets a token for itself (RFC 6749 §4.4).
const CLIENT_CREDENTIALS: Told = Told {
    what: "The client sends its own credentials to the token endpoint (grant type `client_credentials`).",
    why: "It gets a token for itself, not for a user, so there is no login and no code.",
    without: "Without a user who can log in, a client could get no token at all.",
    hint: "Between machines: no browser, no consent.",
};

/// Why a step was not needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unneeded {
    /// The client had a token before the attempt began.
    HasToken,
    NoTokenRequired,
    /// The user set what discovery would have found.
    Overridden,
    ClientCredentials,
    /// The attempt took another way.
    OtherWay,
}

impl Unneeded {
    /// A few words for the row.
    pub const fn words(self) -> &'static str {
        match self {
            Self::HasToken => "skipped: the client already has a token",
            Self::NoTokenRequired => "skipped: the server requires no token",
            Self::Overridden => "skipped: set manually",
            Self::ClientCredentials => "skipped: grant type client_credentials",
            Self::OtherWay => "skipped",
        }
    }

    pub const fn sentence(self) -> &'static str {
        match self {
            Self::HasToken => {
                "Skipped: this tab already had an access token for this server, so no authorization was needed."
            }
            Self::NoTokenRequired => "Skipped: the server responded without requiring a token.",
            Self::Overridden => "Skipped: you set manually what this request would have found.",
            Self::ClientCredentials => {
                "Skipped: with the grant type `client_credentials` the client gets a token for itself, without a user, a browser or a code."
            }
            Self::OtherWay => "Skipped: this attempt did not need it.",
        }
    }
}

impl Walkthrough {
    /// What is said of a step in this attempt.
    pub fn told(&self, step: Step) -> Told {
        match step {
            Step::TokenRequest if self.unneeded(Step::Code) == Some(Unneeded::ClientCredentials) => CLIENT_CREDENTIALS,
            _ => step.told(),
        }
    }

    /// Why a step was skipped; `None` where it was not.
    pub fn unneeded(&self, step: Step) -> Option<Unneeded> {
        let skipped = |step: Step| self.row(step).is_some_and(|it| it.status == StepStatus::Skipped);
        if !skipped(step) {
            return None;
        }
        Some(match step {
            _ if skipped(Step::McpRequest) => Unneeded::HasToken,
            _ if skipped(Step::Unauthorized) => Unneeded::NoTokenRequired,
            Step::ResourceMetadata | Step::ServerMetadata => Unneeded::Overridden,
            _ if (Step::Pkce..=Step::Code).contains(&step) => Unneeded::ClientCredentials,
            _ => Unneeded::OtherWay,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = Step> {
        Step::ALL.into_iter().chain(Step::LATER)
    }

    #[test]
    fn every_step_says_what_happens_in_one_sentence_and_what_breaks_without_it() {
        for step in all() {
            let Told { what, why, without, hint } = step.told();
            assert!(what.ends_with('.') && !what.trim_end_matches('.').contains(". "), "{what}");
            assert!(without.starts_with("Without "), "{without}");
            for text in [what, why, without, hint] {
                assert!(text.matches(". ").count() <= 1, "more than two sentences: {text}");
                assert_eq!(text.matches('`').count() % 2, 0, "{text}");
            }
        }
    }
}
