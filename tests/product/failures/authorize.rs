//! Steps 5 to 8: the login, and what comes back from it.

use super::{Except, Failure, When, Wrong};
use flowglass::trace::problem::{Code, Owner};

pub const FAILURES: &[Failure] = &[
    back("denied", Code::AccessDenied, Owner::You, "error=access_denied&state={state}&iss={issuer}"),
    Failure::new("given-up", When::Always, Code::AccessDenied, Owner::You, Wrong::GaveUp),
    back("login-failed", Code::AuthorizationError, Owner::Issuer, "error=server_error&state={state}&iss={issuer}"),
    back("scope-refused", Code::AuthorizationError, Owner::Server, "error=invalid_scope&state={state}&iss={issuer}")
        .except(TYPED),
    back(
        "client-refused-at-login",
        Code::AuthorizationError,
        Owner::Issuer,
        "error=unauthorized_client&state={state}&iss={issuer}",
    ),
    Failure::new(
        "resource-refused-at-login",
        When::Resource,
        Code::AuthorizationError,
        Owner::Issuer,
        Wrong::Back("error=invalid_target&state={state}&iss={issuer}"),
    ),
    back("foreign-state", Code::StateMismatch, Owner::You, "code=c0de&state=foreign&iss={issuer}"),
    back("no-state", Code::StateMismatch, Owner::Issuer, "code=c0de&iss={issuer}"),
    Failure::new("callback-used-twice", When::Always, Code::StateMismatch, Owner::You, Wrong::BackTwice),
    back("foreign-iss", Code::IssMismatch, Owner::Issuer, "code=c0de&state={state}&iss=https://other.example"),
    back(
        "foreign-iss-with-an-error",
        Code::IssMismatch,
        Owner::Issuer,
        "error=access_denied&error_description=markup&state={state}&iss=https://other.example",
    ),
    Failure::new(
        "promised-iss-missing",
        When::IssuerMetadata,
        Code::IssMissing,
        Owner::Issuer,
        Wrong::Back("code=c0de&state={state}"),
    ),
    back("no-code", Code::CodeMissing, Owner::Issuer, "state={state}&iss={issuer}"),
    back("two-codes", Code::CodeMissing, Owner::Issuer, "code=c0de&code=c0de&state={state}&iss={issuer}"),
];

const fn back(name: &'static str, code: Code, owner: Owner, query: &'static str) -> Failure {
    Failure::new(name, When::Always, code, owner, Wrong::Back(query))
}

const TYPED: &[Except] = &[Except {
    when: When::ByHand,
    code: Code::AuthorizationError,
    owner: Owner::You,
    why: "the client id was typed: it is not registered for the scope",
}];
