//! The account of a login, as far as the authorization server tells: by an ID token (OpenID Connect Core 1.0 §2), and how
//! another account is asked for (§3.1.2.1, `prompt`).

use super::jwt::{self, Token};
use crate::base::text::prefix;
use crate::json::members::string;
use serde::{Deserialize, Serialize};

/// The longest name that is kept, in bytes.
const LONGEST: usize = 200;

/// Who logged in, in the words of the authorization server. It is shown, and nothing is decided by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// `email`, `preferred_username` or `name`; else `sub`.
    pub name: String,
    /// The claim that it is from.
    pub claim: String,
}

/// Of an ID token that came from the token endpoint of this issuer, for this client (§3.1.3.7: there, TLS may stand for
/// the signature). `None` where it is for somebody else, or says nothing.
pub fn of_id_token(token: &str, issuer: &str, client_id: &str) -> Option<Account> {
    let token = Token::read(token);
    let claims = &token.jwt()?.claims;
    let for_client = jwt::list(claims, "aud")?.iter().any(|it| it == client_id);
    if string(claims, "iss").as_deref() != Some(issuer) || !for_client {
        return None;
    }
    ["email", "preferred_username", "name", "sub"].into_iter().find_map(|claim| {
        let name = string(claims, claim).map(|it| clean(&it)).filter(|it| !it.is_empty())?;
        Some(Account { name, claim: claim.to_owned() })
    })
}

fn clean(name: &str) -> String {
    let name: String = name.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    prefix(name.trim(), LONGEST).to_owned()
}

/// The `prompt` that lets the user log in as somebody else, of those that the metadata lists
/// (`prompt_values_supported`, Initiating User Registration via OpenID Connect 1.0). `None`: the authorization server
/// decides.
pub fn prompt_for_another(supported: &[String]) -> Option<&'static str> {
    ["select_account", "login"].into_iter().find(|prompt| supported.iter().any(|it| it == prompt))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    fn account(claims: Value) -> Option<Account> {
        let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()));
        of_id_token(&token, "https://as.example", "me")
    }

    #[test]
    fn an_id_token_names_the_account_by_what_people_know_best() {
        let named = |more: Value| {
            let mut claims = json!({ "iss": "https://as.example", "aud": "me", "sub": "248289761001" });
            claims.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            account(claims).map(|it| (it.claim, it.name))
        };
        let pair = |claim: &str, name: &str| Some((claim.to_owned(), name.to_owned()));
        assert_eq!(named(json!({})), pair("sub", "248289761001"));
        assert_eq!(named(json!({ "name": "Ada", "email": "ada@example.com" })), pair("email", "ada@example.com"));
        assert_eq!(named(json!({ "preferred_username": "ada\u{0}\n", "email": 7 })), pair("preferred_username", "ada"));
        assert_eq!(named(json!({ "email": "x".repeat(10_000) })).map(|it| it.1.len()), Some(LONGEST));
    }

    #[test]
    fn an_id_token_of_another_issuer_or_client_says_nothing() {
        assert!(account(json!({ "iss": "https://as.example/", "aud": "me", "sub": "a" })).is_none());
        assert!(account(json!({ "iss": "https://as.example", "aud": ["you"], "sub": "a" })).is_none());
        assert!(account(json!({ "iss": "https://as.example", "sub": "a" })).is_none());
        assert!(account(json!({ "iss": "https://as.example", "aud": ["you", "me"], "sub": "" })).is_none());
        assert!(of_id_token("opaque", "https://as.example", "me").is_none());
    }

    #[test]
    fn another_account_is_asked_for_where_the_metadata_lists_how() {
        let prompt =
            |values: &[&str]| prompt_for_another(&values.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert_eq!(prompt(&["none", "login", "consent", "select_account"]), Some("select_account"));
        assert_eq!(prompt(&["none", "login"]), Some("login"));
        assert_eq!((prompt(&["none", "create"]), prompt(&[])), (None, None));
    }
}
