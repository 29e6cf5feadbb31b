//! Fields of OAuth in a few words each, and values in one line: what a stage has room for.

/// The longest value that is shown, in characters.
const LONGEST: usize = 72;

/// One line, cut where it is longer than a stage is wide.
pub fn shortened(value: &str) -> String {
    let line: String = value.chars().map(|it| if it.is_control() { ' ' } else { it }).take(LONGEST * 2).collect();
    match line.chars().nth(LONGEST) {
        Some(_) => format!("{}…", line.chars().take(LONGEST - 1).collect::<String>()),
        None => line,
    }
}

/// What a field is for; `None` for one that is not known. Claims have the part of their token before their name.
pub fn purpose(name: &str) -> Option<&'static str> {
    let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
    request(name).or_else(|| response(name))
}

fn request(name: &str) -> Option<&'static str> {
    Some(match name {
        "response_type" => "the client wants a code",
        "client_id" => "which client asks",
        "redirect_uri" => "where to return",
        "redirect_uris" => "where codes may be sent",
        "client_name" => "shown on the consent page",
        "token_endpoint_auth_method" => "how the client authenticates",
        "code_challenge" => "hash of the verifier",
        "code_challenge_method" => "how it was hashed",
        "code_verifier" => "known only to this client",
        "state" => "must come back unchanged",
        "resource" => "the server that tokens are for",
        "scope" | "scp" => "what the token allows",
        "prompt" => "which pages to show",
        "grant_type" => "what is exchanged",
        "code" => "valid once",
        "token_type_hint" => "which kind of token",
        "token" => "the token to revoke",
        _ => return None,
    })
}

fn response(name: &str) -> Option<&'static str> {
    Some(match name {
        "resource_metadata" => "where to read on",
        "realm" => "a name for users",
        "error" => "what went wrong",
        "error_description" => "details for developers",
        "authorization_servers" => "who issues tokens",
        "scopes_supported" => "scopes to request",
        "issuer" => "must equal the requested URL",
        "authorization_endpoint" => "where the browser goes",
        "token_endpoint" => "where codes are exchanged",
        "registration_endpoint" => "where clients register",
        "code_challenge_methods_supported" => "PKCE methods",
        "access_token" => "sent with each request",
        "refresh_token" => "for the next access token",
        "token_type" => "how it is sent",
        "expires_in" => "lifetime in seconds",
        "iss" => "who issued this",
        "aud" => "which server it is for",
        "exp" => "expiry, seconds since 1970",
        "alg" => "how it is signed",
        "kid" => "with which key",
        "typ" => "type of token",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_and_a_line_stays_one() {
        assert_eq!(shortened("a\nb"), "a b");
        let cut = shortened(&"é".repeat(200));
        assert_eq!((cut.chars().count(), cut.ends_with('…')), (LONGEST, true));
    }

    #[test]
    fn a_claim_is_known_by_its_name_alone() {
        assert_eq!(purpose("payload.aud"), purpose("aud"));
        assert_eq!(purpose("x"), None);
    }
}
