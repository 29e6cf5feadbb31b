//! Where metadata may lie, in the order in which it is looked for.

use crate::base::address::{Address, AddressError};
use crate::base::simulated;

const RESOURCE: &str = "/.well-known/oauth-protected-resource";

/// The addresses of protected resource metadata (MCP, "Protected Resource Metadata Discovery"; RFC 9728 §3.1).
///
/// A `resource_metadata` of the challenge comes first, and the path's own well-known address only where nothing is there
/// ([`is_after_named`]); else the path's own well-known address, then the root's.
pub fn resource_metadata(server: &Address, challenged: Option<&Address>) -> Vec<Address> {
    let own = of_path(server);
    match challenged {
        Some(address) if address.href() == own.href() => vec![address.clone()],
        Some(address) => vec![address.clone(), own],
        None if server.path().is_empty() => vec![own],
        None => vec![own, server.at(RESOURCE)],
    }
}

fn of_path(server: &Address) -> Address {
    server.at(&format!("{RESOURCE}{}", server.path()))
}

/// Whether that address is the one which is asked where the challenge names one and nothing is there.
pub fn is_after_named(server: &Address, next: Option<&Address>) -> bool {
    next.is_some_and(|it| *it == of_path(server))
}

/// A URL that a server names. The demo's servers are a part of this page, and their login is at its origin.
pub fn named(text: &str, by: &Address) -> Result<Address, AddressError> {
    if simulated::is_ours(&by.href()) { Address::given(text) } else { Address::named(text, by) }
}

/// The addresses of authorization server metadata (RFC 8414 §3.1 and §5, OpenID Connect Discovery §4).
pub fn server_metadata(issuer: &Address) -> Vec<Address> {
    let (oauth, openid) = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration");
    match issuer.path() {
        "" => vec![issuer.at(oauth), issuer.at(openid)],
        path => vec![
            issuer.at(&format!("{oauth}{path}")),
            issuer.at(&format!("{openid}{path}")),
            issuer.at(&format!("{path}{openid}")),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hrefs(list: &[Address]) -> Vec<String> {
        list.iter().map(Address::href).collect()
    }

    fn at(text: &str) -> Address {
        Address::given(text).expect("valid")
    }

    #[test]
    fn a_challenged_address_comes_first_and_the_root_is_not_asked() {
        let own = "https://a.example/.well-known/oauth-protected-resource/mcp";
        let challenged = |it: &str| hrefs(&resource_metadata(&at("https://a.example/mcp"), Some(&at(it))));
        assert_eq!(challenged("https://a.example/meta"), ["https://a.example/meta", own]);
        assert_eq!(challenged(own), [own]);
    }

    #[test]
    fn the_path_comes_before_the_root() {
        assert_eq!(
            hrefs(&resource_metadata(&at("https://a.example/x/mcp/?q=1"), None)),
            [
                "https://a.example/.well-known/oauth-protected-resource/x/mcp",
                "https://a.example/.well-known/oauth-protected-resource",
            ]
        );
        assert_eq!(resource_metadata(&at("https://a.example"), None).len(), 1);
    }

    #[test]
    fn an_issuer_with_a_path_has_three_addresses_in_order() {
        assert_eq!(
            hrefs(&server_metadata(&at("https://as.example/tenant1"))),
            [
                "https://as.example/.well-known/oauth-authorization-server/tenant1",
                "https://as.example/.well-known/openid-configuration/tenant1",
                "https://as.example/tenant1/.well-known/openid-configuration",
            ]
        );
    }

    #[test]
    fn an_issuer_without_a_path_has_two() {
        assert_eq!(
            hrefs(&server_metadata(&at("https://as.example:8443"))),
            [
                "https://as.example:8443/.well-known/oauth-authorization-server",
                "https://as.example:8443/.well-known/openid-configuration",
            ]
        );
    }
}
