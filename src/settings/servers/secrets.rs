//! Which values of headers may be secrets: when in doubt, they are. They are not kept, and asked for again.

use crate::base::text::names;

/// Parts of names, in lower case.
const NAMES: [&str; 9] = ["auth", "key", "token", "secret", "cookie", "session", "password", "credential", "signature"];

/// What tokens of known services begin with.
const BEGINNINGS: [&str; 9] = ["bearer ", "basic ", "dpop ", "sk-", "ghp_", "gho_", "github_pat_", "xox", "eyj"];

/// From this length on, in bytes, letters with digits look like a token.
const LONG: usize = 20;

pub fn may_be_secret(name: &str, value: &str) -> bool {
    let (name, lower) = (name.to_ascii_lowercase(), value.trim().to_ascii_lowercase());
    names::is_secret(&name)
        || NAMES.iter().any(|it| name.contains(it))
        || begins_as_secret(&lower)
        || is_variable(value)
        || lower.split_whitespace().any(is_token)
}

/// The same of a parameter of the authorization request, where an identifier is no secret, however long.
pub fn is_secret_parameter(name: &str, value: &str) -> bool {
    names::is_secret(name) || begins_as_secret(&value.trim().to_ascii_lowercase()) || is_variable(value)
}

fn begins_as_secret(lower: &str) -> bool {
    BEGINNINGS.iter().any(|it| lower.starts_with(it))
}

/// `${input:token}`, `${env:TOKEN}`, `${TOKEN:-default}`: what the client that the file is from fills in.
pub fn is_variable(value: &str) -> bool {
    value.contains("${")
}

fn is_token(word: &str) -> bool {
    word.len() >= LONG
        && word.bytes().any(|it| it.is_ascii_digit())
        && word.bytes().any(|it| it.is_ascii_alphabetic())
        && !word.contains(',')
        && !word.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_tell() {
        for (name, value) in [
            ("Authorization", "x"),
            ("x-goog-api-key", "x"),
            ("X-Keyring", "x"),
            ("MyToken", "x"),
            ("client-secret-id", "x"),
            ("Cookie", "x"),
            ("x-team", "Bearer abc"),
            ("x-team", "${input:team}"),
            ("x-team", "${TEAM:-a}"),
            ("x-team", "sk-abc"),
            ("x-team", "eyJhbGciOiJIUzI1NiJ9"),
            ("x-id", "0f8fad5b-d9cb-469f-a165-70867728950e"),
            ("x-acme", "q83vEjRW/eJCrze8abc123=="),
        ] {
            assert!(may_be_secret(name, value), "{name}: {value}");
        }
        for (name, value) in
            [("x-team", "a"), ("X-MCP-Toolsets", "repos,issues,pull_requests"), ("accept-language", "de-CH, de;q=0.9")]
        {
            assert!(!may_be_secret(name, value), "{name}: {value}");
        }
    }

    #[test]
    fn of_parameters_tokens_are_secrets_and_identifiers_are_not() {
        for (name, value) in
            [("id_token_hint", "eyJhbGciOiJIUzI1NiJ9.e30."), ("client_secret", "x"), ("a", "${input:a}")]
        {
            assert!(is_secret_parameter(name, value), "{name}: {value}");
        }
        for (name, value) in [("audience", "0f8fad5b-d9cb-469f-a165-70867728950e"), ("prompt", "consent")] {
            assert!(!is_secret_parameter(name, value), "{name}: {value}");
        }
    }
}
