use super::*;
use crate::trace::check::Verdict;

fn at(text: &str) -> Address {
    Address::typed(text).expect("valid")
}

#[test]
fn d_05_a_resource_covers_what_lies_below_it_and_nothing_else() {
    let server = at("https://a.example/x/mcp");
    for good in ["https://a.example/x/mcp", "https://a.example", "https://a.example/", "https://a.example/x"] {
        assert!(resource(&server, Some(good)).is_ok_and(|it| it.verdict == Verdict::Pass), "{good}");
    }
    for bad in ["https://b.example", "https://a.example/x/m", "https://a.example:8443/x", "http://a.example/x", "x"] {
        assert!(resource(&server, Some(bad)).is_err(), "{bad}");
    }
}

#[test]
fn issuers_are_compared_as_strings() {
    let verdict = |asked: Option<&str>, found: &str| {
        issuer(asked, NamedBy::ResourceMetadata, "https://a", found).ok().map(|it| it.verdict)
    };
    assert_eq!(verdict(Some("https://as"), "https://as"), Some(Verdict::Pass));
    assert_eq!(verdict(None, "https://a/"), Some(Verdict::Pass));
    assert_eq!(verdict(Some("https://as/"), "https://as"), Some(Verdict::Warn));
    let refused = [
        ("https://as", "https://as/"),
        ("https://as//", "https://as"),
        ("https://as/x/", "https://as/x"),
        ("https://as/?", "https://as"),
        ("https://AS/", "https://as"),
        ("http://as/", "https://as"),
        ("https://as:443/", "https://as"),
    ];
    for (asked, found) in refused {
        assert_eq!(verdict(Some(asked), found), None, "{asked} {found}");
    }
}

#[test]
fn metadata_of_another_origin_that_claims_a_whole_origin_is_a_warning() {
    let (server, near, far) = (at("https://a.example/mcp"), "https://a.example/m", "https://b.example/m");
    assert!(foreign_metadata(&server, far, Some("https://a.example")).is_some());
    assert!(foreign_metadata(&server, far, Some("https://a.example/")).is_some());
    assert!(foreign_metadata(&server, far, Some("https://a.example/mcp")).is_none());
    assert!(foreign_metadata(&server, near, Some("https://a.example")).is_none());
    assert!(foreign_metadata(&at("https://a.example/"), far, Some("https://a.example/")).is_none());
}

#[test]
fn d_30_the_table_of_rfc_9207() {
    let mut server = Server::defaults(&at("https://as.example"));
    assert!(iss(&server, None).is_ok());
    assert!(iss(&server, Some("https://as.example")).is_ok());
    assert!(matches!(iss(&server, Some("https://AS.example")), Err(Error::IssMismatch { .. })));
    server.sends_iss = true;
    assert!(matches!(iss(&server, None), Err(Error::IssMissing { .. })));
    assert!(matches!(iss(&server, Some("https://as.example/")), Err(Error::IssMismatch { .. })));
}

#[test]
fn a_token_that_no_header_can_carry_is_refused() {
    for good in ["a", "a.b-c_d~e+f/g==", "{\"a\": 1}"] {
        assert!(token_text(&good.into()).is_ok(), "{good}");
    }
    for bad in ["a\r\nX-Injected: yes", "a\0", "\u{7f}", "é", "😀", "\u{202e}x"] {
        assert!(matches!(token_text(&bad.into()), Err(Error::TokenText)), "{bad:?}");
    }
}

#[test]
fn offline_access_is_missed_by_no_call() {
    let verdict = |asked: &str| scope(Some("a"), Some(asked)).verdict;
    assert_eq!(verdict("a offline_access"), Verdict::Pass);
    assert_eq!(verdict("a b"), Verdict::Warn);
    let missing = scope(Some("a"), Some("a offline_access c")).rule;
    assert_eq!(missing, Tokens::ScopesNotGranted { missing: "c".to_owned() }.into());
}

#[test]
fn endpoints_on_another_host_are_said() {
    let mut server = Server::defaults(&at("https://as.example"));
    assert_eq!(elsewhere(&server), None);
    server.token_endpoint = at("https://api.example.net/token");
    let endpoints = vec![("token_endpoint".to_owned(), "https://api.example.net".to_owned())];
    assert_eq!(elsewhere(&server), Some(Note::EndpointsElsewhere { endpoints }));
}

#[test]
fn s256_must_be_advertised() {
    assert!(matches!(pkce(None), Err(Error::NoPkce { found: None })));
    assert!(pkce(Some(&["plain".to_owned()])).is_err());
    assert!(pkce(Some(&["plain".to_owned(), "S256".to_owned()])).is_ok());
}
