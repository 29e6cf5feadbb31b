//! Where metadata may lie, in the order in which it is looked for.

use crate::address::Address;

/// The addresses of protected resource metadata (MCP, "Protected Resource Metadata Discovery"; RFC 9728 §3.1).
///
/// A `resource_metadata` of the challenge is the only one; else the path's own well-known address, then the root's.
pub fn resource_metadata(server: &Address, challenged: Option<&Address>) -> Vec<Address> {
    if let Some(address) = challenged {
        return vec![address.clone()];
    }
    let root = "/.well-known/oauth-protected-resource";
    match server.path() {
        "" => vec![server.at(root)],
        path => vec![server.at(&format!("{root}{path}")), server.at(root)],
    }
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
    fn a_challenged_address_is_the_only_one() {
        let challenged = at("https://a.example/meta");
        assert_eq!(
            hrefs(&resource_metadata(&at("https://a.example/mcp"), Some(&challenged))),
            ["https://a.example/meta"]
        );
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
