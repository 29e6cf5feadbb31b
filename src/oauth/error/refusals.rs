//! What an authorization server's refusals mean, and what to do about them, by their error codes.

/// Why an endpoint refused a request, by its error code, or by the status where it gave none.
pub fn cause(status: u16, error: Option<&str>) -> &'static str {
    match error {
        Some("invalid_grant") => {
            "The code is unknown, expired, already used, issued to another client or redirect URI, or the verifier does not match."
        }
        Some("invalid_client") => {
            "The authorization server does not know this client any more, or wants it to authenticate in another way."
        }
        Some("invalid_target") => "The authorization server does not accept the resource that was asked for.",
        Some("invalid_redirect_uri") => "The redirect URI is not one that the authorization server allows.",
        Some("invalid_client_metadata") => "Something in the client's metadata is not accepted.",
        Some("unauthorized_client" | "unsupported_grant_type") => {
            "This client may not use the authorization code grant."
        }
        _ if status >= 500 => "The authorization server, or a proxy before it, failed while answering.",
        _ if is_nowhere(status) => "This endpoint is not at that address, or does not take POST.",
        _ => "The authorization server did not accept the request.",
    }
}

const fn is_nowhere(status: u16) -> bool {
    matches!(status, 404 | 405 | 410)
}

pub fn registration_advice(status: u16, error: Option<&str>) -> &'static str {
    match error {
        Some("invalid_redirect_uri" | "invalid_client_metadata") => ALLOW,
        _ if status >= 500 => "Look into the authorization server's log for this request, or give a client id by hand.",
        _ if is_nowhere(status) => {
            "Take registrations there, or name the right registration_endpoint in the metadata; or give a client id by hand under Authorization settings."
        }
        _ => ALLOW,
    }
}

const ALLOW: &str = "Allow this redirect URI and public clients (token_endpoint_auth_method none) in dynamic registration, or give a client id by hand under Authorization settings.";

pub fn token_advice(status: u16, error: Option<&str>) -> &'static str {
    match error {
        Some("unauthorized_client" | "unsupported_grant_type") => {
            "Allow the authorization code grant to this client at the authorization server."
        }
        Some("invalid_client") => {
            "Connect again: a client that registers itself is registered anew. With a client id given by hand, check id, secret and method; with a metadata document, that the authorization server can read it."
        }
        Some("invalid_target") => {
            "Let the authorization server know this resource, or correct \"resource\" in the resource metadata."
        }
        _ if status >= 500 => "Look into the authorization server's log for this request, then connect again.",
        _ if is_nowhere(status) => "Take token requests there, or name the right token_endpoint in the metadata.",
        _ => {
            "Connect again for a fresh code. If it happens every time, compare redirect_uri, client_id and the verifier with what the authorization server stored."
        }
    }
}

pub fn authorization_cause(error: &str) -> &'static str {
    match error {
        "invalid_scope" => "A scope that was asked for is unknown or not allowed to this client.",
        "invalid_target" => "The authorization server does not accept the resource that was asked for.",
        "invalid_request" => "The authorization server found a parameter missing, malformed, or there twice.",
        "unauthorized_client" | "unsupported_response_type" => "This client may not use the authorization code flow.",
        "server_error" | "temporarily_unavailable" => "The authorization server failed on its own side.",
        "login_required" | "consent_required" | "interaction_required" => {
            "prompt=none was asked for, and the person has to act."
        }
        _ => "The authorization server did not grant the request.",
    }
}

pub fn authorization_advice(error: &str) -> &'static str {
    match error {
        "invalid_scope" => {
            "Set another scope under Authorization settings, or let the server publish the right scopes_supported."
        }
        "invalid_target" => "Let the authorization server know the resource of step 4.",
        "server_error" | "temporarily_unavailable" => {
            "Try again; if it stays, look into the authorization server's log."
        }
        _ => "Compare the parameters of step 4 with what this client was registered with.",
    }
}
