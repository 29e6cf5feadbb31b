//! What the owner of a problem lacks, so that a snippet can be offered.

use super::Card;
use crate::explain::fixes::Need;
use crate::trace::problem::oauth::{self, Subject};
use crate::trace::problem::{Cause, Code, Owner, Problem};
use crate::trace::step::Step;

/// What a snippet would give; `None` where the owner has nothing to paste.
pub fn need(card: &Card, problem: &Problem) -> Option<Need> {
    by_rule(card.rule.unwrap_or_default()).or_else(|| by_code(card, problem)).filter(|it| it.owner() == card.owner)
}

fn by_rule(rule: &str) -> Option<Need> {
    Some(match rule {
        "origin-refused" | "host-refused" => Need::Origin,
        "session-id-not-exposed"
        | "forbidden-challenge-hidden"
        | "challenge-hidden"
        | "cors-absent"
        | "cors-not-for-post"
        | "cors-not-on-errors" => Need::Cors,
        "token-without-cors" | "token-errors-without-cors" | "registration-without-cors" => Need::IssuerCors,
        "redirect-uri-loopback" | "redirect-uri-not-allowed" | "login-without-return" | "redirect-uri-by-name" => {
            Need::RedirectUri
        }
        "nobody-at-fixed-endpoints"
        | "metadata-not-where-named"
        | "issuer-slash-added"
        | "issuer-other-tenant"
        | "token-missing-without-challenge" => Need::ResourceMetadata,
        _ if rule.starts_with("resource-") && !matches!(rule, "resource-refused" | "resource-not-understood") => {
            Need::ResourceMetadata
        }
        _ if rule.starts_with("authorization-servers-") => Need::ResourceMetadata,
        "registration-needs-token" | "public-client-refused" | "client-unknown" => Need::Registration,
        _ => return None,
    })
}

fn by_code(card: &Card, problem: &Problem) -> Option<Need> {
    let at_resource = card.evidence.step == Some(Step::ResourceMetadata);
    Some(match problem.code {
        Code::CorsBlocked if card.owner == Owner::Issuer => Need::IssuerCors,
        Code::CorsBlocked | Code::SessionHidden => Need::Cors,
        Code::ResourceMismatch => Need::ResourceMetadata,
        Code::MetadataInvalid if at_resource => Need::ResourceMetadata,
        Code::IssuerMismatch | Code::IssMismatch => Need::Issuer,
        Code::PkceUnsupported => Need::S256,
        Code::TokenAudience => Need::Audience,
        Code::RegistrationRefused if card.owner == Owner::Server => Need::ResourceMetadata,
        Code::RegistrationRefused => Need::Registration,
        Code::AuthorizationError | Code::TokenRefused if is_redirect(&problem.cause) => Need::RedirectUri,
        _ => return None,
    })
}

fn is_redirect(cause: &Cause) -> bool {
    let subject = match cause {
        Cause::Authorization(oauth::Error::Refused { error, description, by }) => {
            by.subject(error, description.as_deref())
        }
        Cause::Authorization(oauth::Error::TokenRefused { refusal, by, .. }) => {
            by.subject(refusal.error.as_deref().unwrap_or_default(), refusal.description.as_deref())
        }
        _ => None,
    };
    subject == Some(Subject::RedirectUri)
}
