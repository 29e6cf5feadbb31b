//! The sentences of registration and client authentication.

use crate::trace::rule::client::ClientRule;
use std::borrow::Cow;

pub fn words(rule: &ClientRule) -> Cow<'static, str> {
    match rule {
        ClientRule::AuthMethodUnlisted { used, listed } => {
            unlisted("token_endpoint_auth_methods_supported", listed, used.name()).into()
        }
        ClientRule::SigningAlgorithmUnlisted { used, listed } => {
            unlisted("token_endpoint_auth_signing_alg_values_supported", listed, used).into()
        }
        ClientRule::CredentialsInPage { set: Some(issuer) } => format!(
            "A web page cannot keep a secret, so use client credentials for testing only. They are sent to {issuer} alone"
        )
        .into(),
        ClientRule::CredentialsInPage { set: None } => {
            "A web page cannot keep a secret, so use client credentials for testing only. Set the authorization server; otherwise they are sent to the one that the MCP server names".into()
        }
        ClientRule::ScopeNotRegistrable { status, error, description } => {
            let error = error.as_deref().unwrap_or("no error code");
            let description = description.as_ref().map(|it| format!(": \"{it}\"")).unwrap_or_default();
            format!("The scope was rejected ({status} {error}{description}): registering again without it")
                .into()
        }
        ClientRule::RegistrationStatus { status } => format!("A registration response has status 201, not {status}").into(),
        ClientRule::RedirectNotRegistered => "redirect_uris in the response does not contain the redirect URI of Flowglass".into(),
        ClientRule::RedirectRegistered => "redirect_uris in the response contains the redirect URI of Flowglass exactly".into(),
        ClientRule::RedirectUnsaid => "The response has no redirect_uris".into(),
        ClientRule::PublicClient => "Registered as a public client (token_endpoint_auth_method none)".into(),
        ClientRule::NotPublicClient { method } => {
            format!("Requested token_endpoint_auth_method none, but registered with {}", method.name()).into()
        }
        ClientRule::ScopeNarrower { registered, asked } => {
            format!("Registered for the scope \"{registered}\"; requested: \"{asked}\"").into()
        }
        ClientRule::Signed { algorithm, client, issuer } => {
            format!("Signed with {algorithm}: iss and sub are {client}, aud is {issuer}").into()
        }
    }
}

fn unlisted(member: &str, listed: &[String], used: &str) -> String {
    format!("{member} is [{}], but {used} is used", listed.join(", "))
}
