//! What the fields of OAuth and MCP are for: parameters, members and headers, a sentence each.

use crate::step::Step;

/// Why a field is there; `None` for those that need no word, or are not known. `step` is that of its exchange, if it
/// belongs to one, and `value` what it holds, with or without its name.
pub fn purpose(name: &str, step: Option<Step>, value: &str) -> Option<&'static str> {
    let placed = placed(name, step, value);
    placed.or_else(|| parameter(name)).or_else(|| answer(name)).or_else(|| metadata(name)).or_else(|| header(name))
}

/// What means something else in another place.
fn placed(name: &str, step: Option<Step>, value: &str) -> Option<&'static str> {
    let (mcp, has) = (is_mcp(step), |word: &str| value.contains(word));
    Some(match name {
        "mcp-protocol-version" if matches!(step, Some(Step::McpRequest | Step::McpRequestWithToken)) => {
            "The version of MCP that this request is written in."
        }
        "error" if mcp => {
            "What went wrong: with the token, in a word of RFC 6750 §3.1; with the message, as JSON-RPC writes it."
        }
        "content-type" if mcp => "How the body is written. An MCP answer is application/json or text/event-stream.",
        "accept" if has("text/event-stream") => {
            "How the answer may be written. MCP asks for both, because the server may answer with a stream."
        }
        "cache-control" if has("no-store") => "no-store keeps caches from holding the answer, as one with tokens.",
        "cache-control" if has("no-cache") || has("no-transform") => {
            "no-cache: no cache answers in the server's place without asking it; no-transform: nothing between rewrites the answer, or holds a stream back to pack it."
        }
        _ => return None,
    })
}

/// Whether the exchanges of a step carry MCP messages; those of no step do.
fn is_mcp(step: Option<Step>) -> bool {
    use Step::{Connected, McpRequest, McpRequestWithToken, StepUp, Unauthorized};
    step.is_none_or(|it| [McpRequest, Unauthorized, McpRequestWithToken, Connected, StepUp].contains(&it))
}

/// What the client asks with (RFC 6749, RFC 7636, RFC 8707, RFC 7591).
fn parameter(name: &str) -> Option<&'static str> {
    Some(match name {
        "response_type" => "code: the client wants a code that it can trade, never a token in an address.",
        "client_id" => "Who asks. The authorization server knows this client by it.",
        "redirect_uri" => "Where the browser is sent back to. It has to be registered, character by character.",
        "code_challenge" => "The hash of the verifier. It ties the code to whoever knows the verifier.",
        "code_challenge_method" => "S256: the challenge is the SHA-256 of the verifier.",
        "state" => "Random, and has to come back unchanged: so no answer to somebody else's request is taken for ours.",
        "resource" => "The server that the token is for. No other server may accept it.",
        "scope" => "What the token may be used for.",
        "prompt" => {
            "Which pages to show: login, consent, or select_account again; none forbids all of them. Needed where a refresh token comes only with consent."
        }
        "audience" => "The API that the token is for, in the words of servers that are older than resource.",
        "login_hint" => "Who is likely to log in, so that the name need not be typed.",
        "acr_values" => "How strong the login has to be.",
        "max_age" => "After how many seconds a login of before does not count any more.",
        "nonce" => "Random, and comes back inside the ID token. Only OpenID needs it; state and PKCE do the same here.",
        "response_mode" => "How the answer comes back: in the query of the redirect, unless it says otherwise.",
        "grant_type" => {
            "What is traded for a token. authorization_code: the code from the redirect; refresh_token: the token of before; client_credentials: nothing but who the client is."
        }
        "code" => "Stands for your consent. It can be used once, for a short time, with its verifier.",
        "code_verifier" => {
            "The random text whose hash the browser took along in step 5. Only the client that began can know it."
        }
        "client_secret" => "Proves who the client is, where the authorization server gave it a secret.",
        "client_assertion" => "A signed proof of who the client is, in the place of a secret.",
        "client_assertion_type" => "How that proof is made: a JWT.",
        "token" => "The token that is given back or asked about.",
        "token_type_hint" => "Which kind it is, so that the server need not look in both places.",
        "client_uri" => "The client's home page, for the consent page.",
        "logo_uri" => "The client's picture, for the consent page.",
        "software_id" => "The same for every installation of one program.",
        "client_name" => "What the consent page calls this client.",
        "redirect_uris" => "The addresses the browser may be sent back to, and no others.",
        "application_type" => "native: this page runs on your own machine. web: it is served from a host.",
        "grant_types" => "What this client will trade for tokens.",
        "response_types" => "What this client will ask for at the login.",
        "token_endpoint_auth_method" => {
            "How the client proves itself at the token endpoint. none: a page can keep no secret, PKCE takes its place."
        }
        _ => return None,
    })
}

/// What it is answered with (RFC 6749, RFC 9207, RFC 7591).
fn answer(name: &str) -> Option<&'static str> {
    Some(match name {
        "access_token" => "What the client shows with every request from now on.",
        "token_type" => "Bearer: whoever has the token may use it, so it travels in a header and nowhere else.",
        "expires_in" => "For how many seconds the token is good.",
        "refresh_token" => "Gets the next access token without asking you again.",
        "id_token" => "Says who logged in (OpenID). This client does not use it.",
        "iss" => "Which authorization server answers. It has to be the one that was asked.",
        "error" => "Why there is no code or token, in one of the words that the RFC lists.",
        "error_uri" => "A page that says more of the error.",
        "session_state" => "OpenID session management. This client does not use it.",
        "aud" => "Whom the token is made out to. It has to be the resource that was asked for.",
        "exp" => "When the token ends, in seconds since 1970.",
        "nbf" => "From when on the token is good, in seconds since 1970.",
        "iat" => "When the token was issued, in seconds since 1970.",
        "error_description" => "The same for a developer, in the server's own words.",
        "client_id_issued_at" => "When the client was registered.",
        "client_secret_expires_at" => "When the secret ends; 0 is never.",
        "registration_access_token" => "Lets the client change its registration.",
        "registration_client_uri" => "Where the client can read and change its registration.",
        _ => return None,
    })
}

/// What servers publish of themselves (RFC 9728, RFC 8414, OpenID Connect Discovery).
fn metadata(name: &str) -> Option<&'static str> {
    Some(match name {
        "authorization_servers" => "Whom this server trusts to issue tokens for it.",
        "resource_name" => "What this server calls itself.",
        "resource_documentation" => "Where a developer can read about this server.",
        "resource_signing_alg_values_supported" => "How this server may sign its answers. MCP does not use it.",
        "bearer_methods_supported" => "How a token may be sent. header is the only one MCP allows.",
        "scopes_supported" => "The scopes that can be asked for.",
        "issuer" => "The authorization server's name. It has to be the very address it was asked for by.",
        "authorization_endpoint" => "Where the browser goes for login and consent.",
        "token_endpoint" => "Where a code is traded for tokens.",
        "registration_endpoint" => "Where a client can register itself.",
        "revocation_endpoint" => "Where a token can be given back.",
        "introspection_endpoint" => "Where a server asks whether a token is good. Clients have no part in it.",
        "userinfo_endpoint" => "Where OpenID tells who logged in. This client does not ask.",
        "end_session_endpoint" => "Where a browser logs out of the authorization server (OpenID).",
        "device_authorization_endpoint" => "For devices without a browser.",
        "pushed_authorization_request_endpoint" => {
            "Where the parameters can be sent before the browser leaves (RFC 9126)."
        }
        "require_pushed_authorization_requests" => "Whether they must be. Then the address of step 4 alone is refused.",
        "service_documentation" => "Where a developer can read about the authorization server.",
        "jwks_uri" => "The keys that tokens are signed with. Servers check them, clients need not.",
        "code_challenge_methods_supported" => "Whether PKCE is on offer. Without S256 here a client must stop.",
        "grant_types_supported" => "What can be traded for tokens.",
        "response_types_supported" => "What can be asked for at the login.",
        "response_modes_supported" => "How the answer may come back. A page needs query.",
        "subject_types_supported" => "Whether all clients see the same name for one person (OpenID).",
        "id_token_signing_alg_values_supported" => "How ID tokens are signed (OpenID).",
        "token_endpoint_auth_methods_supported" => "How a client may prove itself. A page needs none.",
        "authorization_response_iss_parameter_supported" => "Whether the redirect back says whom it comes from (iss).",
        "client_id_metadata_document_supported" => {
            "Whether a client may use the address of its own description as its id."
        }
        _ => return None,
    })
}

fn header(name: &str) -> Option<&'static str> {
    Some(match name {
        "www-authenticate" => "The challenge: which kind of token is wanted, and where to read more.",
        "authorization" => "The token. It travels here and never in an address.",
        "mcp-session-id" => "Which session this is. Whoever has it can speak in it.",
        "mcp-protocol-version" => "The version that was agreed on, repeated with every request.",
        "mcp-method" => "The method of the message, for gateways that do not read bodies (2026-07-28).",
        "mcp-name" => "Which tool, prompt or resource it is about, for the same gateways.",
        "last-event-id" => "The last event that came: the stream goes on after it.",
        "retry-after" => "How long to wait before the next attempt.",
        "cache-control" => "How long caches may keep the answer.",
        "content-type" => "How the body is written.",
        "accept" => "How the answer may be written.",
        "access-control-allow-origin" => "Which pages may read the answer.",
        "access-control-allow-methods" => "Which methods pages may use, beside GET and POST.",
        "access-control-allow-headers" => "Which headers pages may send. * does not cover authorization.",
        "access-control-expose-headers" => "Which headers of the answer pages may read.",
        "access-control-max-age" => "For how many seconds the browser need not ask again.",
        _ => return None,
    })
}

/// The fields that a step is about.
pub const fn central(step: Step) -> &'static [&'static str] {
    match step {
        Step::McpRequest | Step::Unauthorized => &["www-authenticate"],
        Step::ResourceMetadata => &["resource", "authorization_servers"],
        Step::ServerMetadata => {
            &["issuer", "authorization_endpoint", "token_endpoint", "code_challenge_methods_supported"]
        }
        Step::Registration => &["client_id", "redirect_uris"],
        Step::Pkce | Step::AuthorizationUrl | Step::Authorize => &["code_challenge", "state", "resource"],
        Step::Callback | Step::Code => &["code", "state", "iss"],
        Step::TokenRequest | Step::Token => &["code_verifier", "access_token"],
        Step::McpRequestWithToken => &["authorization"],
        Step::Refresh => &["refresh_token", "access_token"],
        Step::StepUp => &["www-authenticate"],
        Step::Revoke => &["token", "token_type_hint"],
        Step::Consent | Step::Connected => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_step_is_about_is_explained() {
        for name in Step::ALL.into_iter().chain(Step::LATER).flat_map(central) {
            assert!(purpose(name, None, "").is_some_and(|it| it.ends_with('.')), "{name}");
        }
        assert_eq!(purpose("x-unknown", None, ""), None);
    }

    #[test]
    fn a_field_is_explained_where_it_stands() {
        let says = |name, step, value, word| {
            let said = purpose(name, step, value).expect("known");
            assert!(said.contains(word) && said.ends_with('.'), "{name} at {step:?}: {said}");
        };
        let (first, token, callback) = (Some(Step::McpRequest), Some(Step::TokenRequest), Some(Step::Callback));
        says("mcp-protocol-version", first, "2026-07-28", "written in");
        says("mcp-protocol-version", Some(Step::Connected), "2025-11-25", "agreed on");
        says("error", first, "invalid_token", "RFC 6750");
        says("error", callback, "access_denied", "no code or token");
        says("content-type", None, "text/event-stream", "MCP");
        says("accept", first, "application/json, text/event-stream", "stream");
        says("cache-control", token, "no-store", "tokens");
        says("cache-control", first, "no-cache, no-transform", "no-transform");
        for name in ["content-type", "accept"] {
            let said = purpose(name, token, "application/json").expect("known");
            assert!(!said.contains("MCP") && !said.contains("stream"), "{said}");
        }
    }
}
