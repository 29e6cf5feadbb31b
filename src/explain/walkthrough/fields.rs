//! What the fields of OAuth and MCP are for: parameters, members and headers, a sentence each.

use crate::trace::step::Step;

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
            "The MCP revision that this request uses."
        }
        "error" if mcp => {
            "What failed: an error code of RFC 6750 §3.1 for the token, or a JSON-RPC error for the message."
        }
        "content-type" if mcp => "The format of the body. An MCP response is application/json or text/event-stream.",
        "accept" if has("text/event-stream") => {
            "The formats that the client accepts. MCP requires both, because the server may respond with a stream."
        }
        "cache-control" if has("no-store") => "no-store keeps a response with tokens out of caches.",
        "cache-control" if has("no-cache") || has("no-transform") => {
            "no-cache: caches must revalidate with the server. no-transform: proxies must not rewrite the response or buffer a stream to compress it."
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
        "response_type" => {
            "code: the client requests a code that it exchanges for a token, so that no token is in a URL."
        }
        "client_id" => "Which client sends the request: its ID at the authorization server.",
        "redirect_uri" => "Where the browser returns to. It must match a registered redirect URI exactly.",
        "code_challenge" => "The hash of the verifier. It binds the code to the client that knows the verifier.",
        "code_challenge_method" => "S256: the challenge is the SHA-256 hash of the verifier.",
        "state" => {
            "A random value that must come back unchanged. It protects against responses to another client's request (CSRF)."
        }
        "resource" => "The MCP server that the token is for. No other server may accept it.",
        "scope" => "The permissions that the token is limited to.",
        "prompt" => {
            "Which pages to show again: login, consent or select_account; none forbids them all. Some servers issue a refresh token only after consent."
        }
        "audience" => "The API that the token is for, on servers without support for resource.",
        "login_hint" => "The expected user, to prefill the login form.",
        "acr_values" => "The required strength of the login.",
        "max_age" => "The maximum age of an earlier login, in seconds.",
        "nonce" => "A random value that comes back in the ID token. Only OpenID Connect needs it.",
        "response_mode" => "How the response is returned. The default is the query of the redirect URI.",
        "grant_type" => {
            "What is exchanged for a token: authorization_code (the code from the redirect), refresh_token, or client_credentials (the client itself)."
        }
        "code" => "Represents your consent. It is valid once, for a short time, and only with the verifier.",
        "code_verifier" => {
            "The random value behind the code_challenge of step 3. Only the client that started this login knows it."
        }
        "client_secret" => "Authenticates a confidential client.",
        "client_assertion" => "A signed JWT that authenticates the client instead of a secret.",
        "client_assertion_type" => "The format of the client assertion: a JWT.",
        "token" => "The token to revoke or to introspect.",
        "token_type_hint" => "The kind of token, so that the server finds it faster.",
        "client_uri" => "The client's home page, shown on the consent page.",
        "logo_uri" => "The client's logo, shown on the consent page.",
        "software_id" => "Identifies the software, the same for all its installations.",
        "client_name" => "The client's name on the consent page.",
        "redirect_uris" => "The only URLs that the browser may return to.",
        "application_type" => "native: Flowglass runs on your own machine. web: it is served by a host.",
        "grant_types" => "The grant types that this client uses.",
        "response_types" => "The response types that this client uses.",
        "token_endpoint_auth_method" => {
            "How the client authenticates at the token endpoint. none: a public client has no secret; PKCE binds the code to it."
        }
        _ => return None,
    })
}

/// What it is answered with (RFC 6749, RFC 9207, RFC 7591).
fn answer(name: &str) -> Option<&'static str> {
    Some(match name {
        "access_token" => "The token that the client sends with each request.",
        "token_type" => "Bearer: anybody who has the token can use it, so it is sent in a header only.",
        "expires_in" => "The lifetime of the token, in seconds.",
        "refresh_token" => "Gets the next access token without another login.",
        "id_token" => "Identifies the user (OpenID Connect). Flowglass shows the account that it names.",
        "iss" => "The authorization server that responds. It must be the one that the request was sent to.",
        "error" => "The error code, as listed in RFC 6749.",
        "error_uri" => "A page about the error.",
        "session_state" => "OpenID Connect session management. Flowglass does not use it.",
        "aud" => "The audience: the server that the token is for. It must be the requested resource.",
        "exp" => "When the token expires, in seconds since 1970.",
        "nbf" => "The token is not valid before this time, in seconds since 1970.",
        "iat" => "When the token was issued, in seconds since 1970.",
        "error_description" => "Details for developers, in the server's words.",
        "client_id_issued_at" => "When the client was registered.",
        "client_secret_expires_at" => "When the secret expires; 0 means never.",
        "registration_access_token" => "Authorizes the client to change its registration.",
        "registration_client_uri" => "Where the client reads or changes its registration.",
        _ => return None,
    })
}

/// What servers publish of themselves (RFC 9728, RFC 8414, OpenID Connect Discovery).
fn metadata(name: &str) -> Option<&'static str> {
    Some(match name {
        "authorization_servers" => "The authorization servers that issue tokens for this server.",
        "resource_name" => "The name of this server.",
        "resource_documentation" => "Documentation for developers.",
        "resource_signing_alg_values_supported" => "How this server may sign its responses. MCP does not use it.",
        "bearer_methods_supported" => "How a token may be sent. MCP allows only header.",
        "scopes_supported" => "The scopes that can be requested.",
        "issuer" => {
            "The identifier of the authorization server. It must equal the URL that its metadata was requested for."
        }
        "authorization_endpoint" => "Where the browser goes for login and consent.",
        "token_endpoint" => "Where a code is exchanged for tokens.",
        "registration_endpoint" => "Where a client registers itself.",
        "revocation_endpoint" => "Where tokens are revoked.",
        "introspection_endpoint" => "Where a server checks whether a token is active.",
        "userinfo_endpoint" => "Where OpenID Connect returns claims about the user. Flowglass does not use it.",
        "end_session_endpoint" => "Where a browser logs out (OpenID Connect).",
        "device_authorization_endpoint" => "For devices without a browser.",
        "pushed_authorization_request_endpoint" => "Where a client can send the parameters in advance (PAR, RFC 9126).",
        "require_pushed_authorization_requests" => "Whether PAR is required. Then the plain URL of step 4 is refused.",
        "service_documentation" => "Documentation of the authorization server.",
        "jwks_uri" => "The public keys for the signatures of tokens.",
        "code_challenge_methods_supported" => "The supported PKCE methods. Without S256 a client must stop.",
        "grant_types_supported" => "The supported grant types.",
        "response_types_supported" => "The supported response types.",
        "response_modes_supported" => "How the response can be returned. Flowglass needs query.",
        "subject_types_supported" => "Whether all clients get the same identifier for a user (OpenID Connect).",
        "id_token_signing_alg_values_supported" => "How ID tokens are signed (OpenID Connect).",
        "token_endpoint_auth_methods_supported" => "How clients may authenticate. A public client needs none.",
        "authorization_response_iss_parameter_supported" => "Whether the authorization response contains iss.",
        "client_id_metadata_document_supported" => {
            "Whether the URL of a client metadata document may be the client ID."
        }
        _ => return None,
    })
}

fn header(name: &str) -> Option<&'static str> {
    Some(match name {
        "www-authenticate" => "The challenge: which kind of token is required, and where the metadata is.",
        "authorization" => "The token. It is sent here, never in a URL.",
        "mcp-session-id" => "The session. Anybody who has this value can use it.",
        "mcp-protocol-version" => "The negotiated version, repeated with each request.",
        "mcp-method" => "The method of the message, for gateways that do not read bodies (2026-07-28).",
        "mcp-name" => "The tool, prompt or resource, for the same gateways.",
        "last-event-id" => "The last received event: the stream resumes after it.",
        "retry-after" => "How long to wait before the next attempt.",
        "cache-control" => "How long caches may keep the response.",
        "content-type" => "The format of the body.",
        "accept" => "The formats that the client accepts.",
        "access-control-allow-origin" => "Which origins may read the response (CORS).",
        "access-control-allow-methods" => "Which methods pages may use, besides GET and POST (CORS).",
        "access-control-allow-headers" => {
            "Which request headers pages may send (CORS). * does not cover authorization."
        }
        "access-control-expose-headers" => "Which response headers pages may read (CORS).",
        "access-control-max-age" => "For how many seconds the browser may cache the preflight.",
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
        says("mcp-protocol-version", first, "2026-07-28", "this request");
        says("mcp-protocol-version", Some(Step::Connected), "2025-11-25", "negotiated");
        says("error", first, "invalid_token", "RFC 6750");
        says("error", callback, "access_denied", "RFC 6749");
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
