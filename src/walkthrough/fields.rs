//! What the fields of OAuth and MCP are for: parameters, members and headers, a sentence each.

use crate::step::Step;

/// Why a field is there; `None` for those that need no word, or are not known.
pub fn purpose(name: &str) -> Option<&'static str> {
    parameter(name).or_else(|| answer(name)).or_else(|| metadata(name)).or_else(|| header(name))
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
        "prompt" => "Asks the authorization server to show its login or consent again.",
        "grant_type" => "What is traded for a token. authorization_code: the code from the redirect.",
        "code" => "Stands for your consent. It can be used once, for a short time, with its verifier.",
        "code_verifier" => "The random text whose hash was sent in step 4. Only the client that began can know it.",
        "client_secret" => "Proves who the client is, where the authorization server gave it a secret.",
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
        "error" => "Why there is no code or token.",
        "error_description" => "The same for a developer, in the server's own words.",
        "client_id_issued_at" => "When the client was registered.",
        "client_secret_expires_at" => "When the secret ends; 0 is never.",
        "registration_access_token" => "Lets the client change its registration.",
        _ => return None,
    })
}

/// What servers publish of themselves (RFC 9728, RFC 8414, OpenID Connect Discovery).
fn metadata(name: &str) -> Option<&'static str> {
    Some(match name {
        "authorization_servers" => "Whom this server trusts to issue tokens for it.",
        "bearer_methods_supported" => "How a token may be sent. header is the only one MCP allows.",
        "scopes_supported" => "The scopes that can be asked for.",
        "issuer" => "The authorization server's name. It has to be the very address it was asked for by.",
        "authorization_endpoint" => "Where the browser goes for login and consent.",
        "token_endpoint" => "Where a code is traded for tokens.",
        "registration_endpoint" => "Where a client can register itself.",
        "revocation_endpoint" => "Where a token can be given back.",
        "jwks_uri" => "The keys that tokens are signed with. Servers check them, clients need not.",
        "code_challenge_methods_supported" => "Whether PKCE is on offer. Without S256 here a client must stop.",
        "grant_types_supported" => "What can be traded for tokens.",
        "response_types_supported" => "What can be asked for at the login.",
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
        Step::Revoke => &["token"],
        Step::Consent | Step::Connected => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_step_is_about_is_explained() {
        for name in Step::ALL.into_iter().flat_map(central) {
            assert!(purpose(name).is_some_and(|it| it.ends_with('.')), "{name}");
        }
        assert_eq!(purpose("x-unknown"), None);
    }
}
