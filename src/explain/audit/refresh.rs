//! S-96 to S-103: refresh and revocation, which take a login.

use super::line::{Level, Line, Party, Phase, Severity};
use super::refreshed;
use super::with_token::{self, EXPIRY};
use crate::trace::check::Clause;

pub static LINES: [Line; 8] = [
    Line::new("S-96", "Refresh tokens rotate", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::RefreshReplay,
            "The refresh token of a public client is replaced when it is used.",
            "Turn rotation on.",
        )
        .by_login(refreshed::rotates),
    Line::new("S-97", "Old refresh tokens are refused", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::RefreshReplay,
            "A refresh token that was used is refused, and its family ends.",
            "Detect the reuse of refresh tokens.",
        )
        .staged(Phase::More, "one login that ends", refreshed::old_refused),
    Line::new("S-98", "Two refreshes do no harm", Level::Field, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::RefreshReplay,
            "Two refreshes at once do not end the login.",
            "Allow a short overlap of refresh tokens.",
        )
        .staged(Phase::More, "one login that may end", refreshed::survives_two),
    Line::new("S-99", "Refresh does not widen the scope", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::TokenRefresh,
            "A refresh for more scopes is refused with `invalid_scope`.",
            "Bound the scope by the grant.",
        )
        .by_login(refreshed::keeps_scope),
    Line::new("S-100", "Refresh works from a page", Level::Field, Party::Issuer, Severity::Interoperability)
        .says(
            Clause::TokenRefresh,
            "Refresh works from a page, and a dead token gets 400 `invalid_grant`.",
            "Respond 400 with `invalid_grant`, readable from other origins.",
        )
        .by_login(refreshed::works),
    Line::new("S-101", "Tokens can be revoked", Level::Field, Party::Issuer, Severity::Security)
        .says(
            Clause::Revocation,
            "There is a revocation endpoint: https, readable, 200 for unknown tokens.",
            "Add a revocation endpoint.",
        )
        .staged(Phase::More, "one login that ends", refreshed::endpoint),
    Line::new("S-102", "Revoked tokens are dead", Level::Must, Party::Issuer, Severity::Security)
        .says(
            Clause::Revocation,
            "A revoked refresh token is refused at once, and its access token soon.",
            "End the grant, and keep tokens short-lived.",
        )
        .staged(Phase::More, "one login that ends", refreshed::revoked),
    Line::new("S-103", "Expired tokens get 401", Level::Must, Party::Server, Severity::Security)
        .says(Clause::TokenExpiry, "After `exp`, a token gets 401.", "Check `exp`.")
        .staged(Phase::More, EXPIRY, with_token::taken_after_expiry),
];
