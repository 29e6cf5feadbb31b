//! What an authorization server's refusals mean, and what to do about them, by their error codes.

use crate::trace::problem::oauth::is_nowhere;

/// Why an endpoint refused a request, by its error code, or by the status where it gave none.
pub(super) fn cause(status: u16, error: Option<&str>) -> &'static str {
    match error {
        Some("invalid_grant") => {
            "The code is unknown, expired, already used, or issued to another client or redirect URI, or the verifier does not match."
        }
        Some("invalid_client") => "The client is unknown, or has to authenticate with another method.",
        Some("invalid_target") => "The authorization server does not accept the requested `resource` (RFC 8707 §2).",
        Some("invalid_redirect_uri") => "The redirect URI is not allowed.",
        Some("invalid_client_metadata") => "A member of the client metadata is not accepted.",
        Some("unauthorized_client" | "unsupported_grant_type") => {
            "This client may not use the authorization code grant."
        }
        _ if status >= 500 => "The authorization server, or a proxy in front of it, failed.",
        _ if is_nowhere(status) => "There is no endpoint at this URL, or it does not accept POST.",
        _ => "The authorization server does not accept the request.",
    }
}

pub(super) fn registration_advice(status: u16, error: Option<&str>, redirect_uri: &str) -> String {
    let allow = || {
        format!(
            "Allow the redirect URI `{redirect_uri}` and `token_endpoint_auth_method: none` in dynamic registration. To continue now, register a client manually and type its client ID."
        )
    };
    match error {
        Some("invalid_redirect_uri" | "invalid_client_metadata") => allow(),
        _ if status >= 500 => "Find this request in the authorization server's log. To continue now, type a client ID under Authorization settings.".to_owned(),
        _ if is_nowhere(status) => {
            "Accept registrations at this URL, or correct `registration_endpoint` in the metadata. To continue now, type a client ID under Authorization settings.".to_owned()
        }
        _ => allow(),
    }
}

pub(super) fn token_advice(status: u16, error: Option<&str>) -> &'static str {
    match error {
        Some("unauthorized_client" | "unsupported_grant_type") => "Allow the authorization code grant for this client.",
        Some("invalid_client") => {
            "Keep client registrations, and allow the authentication method of this client. To continue now, connect again: Flowglass registers again."
        }
        Some("invalid_target") => "Accept this `resource`, or correct it in the resource metadata.",
        _ if status >= 500 => "Find this request in the authorization server's log, then connect again.",
        _ if is_nowhere(status) => "Accept token requests at this URL, or correct `token_endpoint` in the metadata.",
        _ => {
            "Connect again for a new code. If it happens every time, compare `redirect_uri`, `client_id` and verifier with what is stored with the code."
        }
    }
}

pub(super) fn authorization_cause(error: &str) -> &'static str {
    match error {
        "invalid_scope" => "A requested scope is unknown, or not allowed for this client.",
        "invalid_target" => "The authorization server does not accept the requested `resource` (RFC 8707 §2).",
        "invalid_request" => "A parameter is missing, malformed, or occurs twice.",
        "unauthorized_client" | "unsupported_response_type" => "This client may not use the authorization code grant.",
        "server_error" | "temporarily_unavailable" => "The authorization server failed.",
        "login_required" | "consent_required" | "interaction_required" => {
            "`prompt=none` was sent, and the login needs you."
        }
        _ => "The authorization server did not grant the request.",
    }
}

pub(super) fn authorization_advice(error: &str) -> &'static str {
    match error {
        "invalid_scope" => {
            "Publish the correct `scopes_supported`. To continue now, type another scope under Authorization settings."
        }
        "invalid_target" => "Accept the `resource` of step 4, or correct it in the resource metadata.",
        "server_error" | "temporarily_unavailable" => {
            "Find this login in the authorization server's log, then connect again."
        }
        _ => "Compare the parameters of step 4 with the registration of this client.",
    }
}
