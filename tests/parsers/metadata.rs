//! The two metadata documents, and the answers of the registration and token endpoints.

use crate::address::{is_safe, like_an_address};
use crate::given::{anything, broken, deep, json, members, object, string, text, tree, treeless, trees};
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::base::address::Address;
use flowglass::oauth::metadata::{MetadataError, Resource, Server};
use flowglass::oauth::{registration, token};
use proptest::prelude::{Strategy, prop_oneof};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// The members that are read, but not the ones without which there is no document.
const OPTIONAL: [&str; 6] = [
    "registration_endpoint",
    "code_challenge_methods_supported",
    "token_endpoint_auth_methods_supported",
    "scopes_supported",
    "authorization_response_iss_parameter_supported",
    "client_id_metadata_document_supported",
];

fn quoted(text: impl Strategy<Value = String> + 'static) -> BoxedStrategy<String> {
    text.prop_map(|it| Value::from(it).to_string()).boxed()
}

fn list() -> BoxedStrategy<String> {
    let wrong = ["[]", "null", "\"S256\"", "{}", "[null]", "[[\"S256\"]]", "[\"a\",1,\"b\",{}]"];
    prop_oneof![
        proptest::collection::vec(string(), 0..4).prop_map(|it| format!("[{}]", it.join(","))),
        select(wrong.map(str::to_owned).to_vec())
    ]
    .boxed()
}

fn flag() -> BoxedStrategy<String> {
    select(["true", "false", "\"true\"", "1", "null"].map(str::to_owned).to_vec()).boxed()
}

fn good() -> BoxedStrategy<String> {
    select(
        ["https://as.example", "https://as.example/a?b=c", "http://localhost:9/x"]
            .map(|it| format!("\"{it}\""))
            .to_vec(),
    )
    .boxed()
}

/// A document of an authorization server. Its addresses are mostly good, or there would seldom be one to look at.
fn server() -> BoxedStrategy<String> {
    let address = || prop_oneof![4 => good(), 1 => quoted(like_an_address())].boxed();
    object(vec![
        ("issuer", address()),
        ("authorization_endpoint", address()),
        ("token_endpoint", address()),
        (OPTIONAL[0], address()),
        (OPTIONAL[1], list()),
        (OPTIONAL[2], list()),
        (OPTIONAL[3], list()),
        (OPTIONAL[4], flag()),
        (OPTIONAL[5], flag()),
    ])
}

fn resource() -> BoxedStrategy<String> {
    object(vec![
        ("resource", quoted(like_an_address())),
        ("authorization_servers", list()),
        ("scopes_supported", list()),
    ])
}

fn endpoints(server: &Server) -> Vec<&flowglass::base::address::Address> {
    let both = [&server.authorization_endpoint, &server.token_endpoint];
    both.into_iter().chain(&server.registration_endpoint).collect()
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

/// What holds for any text.
fn sound(text: &str) {
    let document = trees(text);
    let issuer = document.as_ref().and_then(|it| it.get("issuer")?.as_str());
    assert_eq!(Server::issuer_of(text).ok().as_deref(), issuer);
    match Server::parse(text, Address::given) {
        Ok(server) => {
            assert!(endpoints(&server).into_iter().all(is_safe), "{server:?}");
            assert_eq!(Some(server.issuer.as_str()), issuer);
        }
        Err(MetadataError::NotAnObject) => assert!(document.is_none(), "{text}"),
        Err(MetadataError::Missing(name) | MetadataError::Unsafe(name, _)) => {
            let value = document.as_ref().and_then(|it| it.get(name));
            assert!(!value.is_some_and(|it| it == "https://as.example"), "{name}: {text}");
        }
    }
    let read = Resource::parse(text);
    assert_eq!(read.is_some(), document.is_some(), "{text}");
    if let (Some(read), Some(document), Some(raw)) = (read, document, members(text)) {
        let items = |name: &str| raw.get(name).and_then(|it| serde_json::from_str::<Vec<&RawValue>>(it.get()).ok());
        let text = |it: &RawValue| serde_json::from_str::<String>(it.get()).ok();
        let of = |name: &str| items(name).unwrap_or_default().into_iter().filter_map(text).collect::<Vec<_>>();
        assert_eq!(read.resource.as_deref(), document.get("resource").and_then(Value::as_str));
        assert_eq!(read.authorization_servers, of("authorization_servers"));
        assert_eq!(read.scopes_supported, of("scopes_supported"));
    }
}

#[test]
fn no_document_gives_an_address_that_is_not_safe() {
    holds(prop_oneof![server(), broken(server())], |text| sound(&text));
}

#[test]
fn any_text_is_a_document_or_is_told_why_not() {
    holds(prop_oneof![resource(), broken(resource()), text()], |text| sound(&text));
}

#[test]
fn a_wrong_type_spoils_only_its_own_member() {
    let whole = json!({
        "issuer": "https://as.example", "authorization_endpoint": "https://as.example/a",
        "token_endpoint": "https://as.example/t", "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    let wrong = tree().prop_filter("no text", |it| !it.is_string());
    holds((select(OPTIONAL[..4].to_vec()), wrong), |(name, wrong)| {
        let read = |document: &Value| Server::parse(&document.to_string(), Address::given).expect("a document");
        let mut changed = whole.clone();
        changed[name] = wrong.clone();
        let (mut before, mut after) = (read(&whole), read(&changed));
        let lists =
            after.code_challenge_methods.iter().chain(&after.token_auth_methods).chain([&after.scopes_supported]);
        let texts = strings(&wrong);
        assert!(after.registration_endpoint.is_none());
        assert!(lists.into_iter().all(|it| *it == texts || *it == ["S256"] || it.is_empty()), "{after:?}");
        for server in [&mut before, &mut after] {
            (server.code_challenge_methods, server.token_auth_methods, server.scopes_supported) =
                (None, None, Vec::new());
        }
        assert_eq!(before, after);
    });
}

#[test]
fn a_member_that_is_hard_to_read_spoils_no_other() {
    let whole = r#"{"resource":"https://a.example","issuer":"https://a.example","authorization_endpoint":"https://a.example/a",
        "token_endpoint":"https://a.example/t","access_token":"a"}"#;
    for hard in treeless() {
        let text = whole.replacen('{', &format!(r#"{{"x":{hard},"#), 1);
        assert_eq!(Server::parse(&text, Address::given), Server::parse(whole, Address::given));
        assert_eq!(Resource::parse(&text), Resource::parse(whole));
        assert!(token::answer(&text).is_some());
    }
}

#[test]
fn an_answer_of_the_token_or_registration_endpoint_is_read_only_with_what_it_is_for() {
    let members = ["access_token", "refresh_token", "expires_in", "client_id", "client_secret", "error"];
    let answer = object(members.map(|name| (name, prop_oneof![string(), json()].boxed())).to_vec());
    holds((prop_oneof![answer, text()], anything()), |(body, uri)| {
        let document = trees(&body).unwrap_or_default();
        let said = |name: &str| document.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
        assert_eq!(token::answer(&body).is_some(), said("access_token").is_some());
        assert_eq!(token::refusal(&body).error.as_deref(), document.get("error").and_then(Value::as_str));
        let client = registration::response(&body, &uri, None);
        assert_eq!(client.map(|it| it.client.id).as_deref(), said("client_id"));
    });
}

#[test]
fn the_corpus_gives_no_address_that_is_not_safe() {
    holds_in_the_texts_of_the_corpus(sound);
    deep().iter().for_each(|text| sound(text));
}
