use super::*;
use proptest::prelude::*;

fn unused(query: &str) -> Vec<(String, Why)> {
    read(query).map(|it| it.unused.into_iter().map(|it| (it.name, it.why)).collect()).unwrap_or_default()
}

fn filled(query: &str) -> Draft {
    read(query).and_then(|it| it.draft).expect("it fills the form")
}

#[test]
fn a_link_fills_what_it_may() {
    let query = "?server=https%3A%2F%2Fa%2Fmcp&bearer=geheim&scope=a+b&header=X-Key&header=x-team&step-mode=true";
    let draft = filled(query);
    assert_eq!((draft.server.as_str(), draft.scope.as_str(), draft.step_mode), ("https://a/mcp", "a b", true));
    assert_eq!((draft.header_name.as_str(), draft.header_value.as_str()), ("X-Key", ""));
    assert_eq!((draft.asked, draft.bearer.as_str()), (vec!["x-team".to_owned()], ""));
    assert_eq!(unused(query), [("bearer".to_owned(), Why::Secret)]);
}

#[test]
fn what_cannot_be_used_is_named_and_its_value_is_not() {
    let secrets = ["bearer-token", "client-secret", "private-key", "header-value", "token", "access_token", "api-key"];
    for name in secrets {
        assert_eq!(unused(&format!("?server=https://a&{name}=geheim")), [(name.to_owned(), Why::Secret)], "{name}");
    }
    for (query, name) in [
        ("server=javascript:alert(1)", "server"),
        ("server=data:text/html,x", "server"),
        ("server=https://me:geheim@a/mcp", "server"),
        ("issuer=javascript:alert(1)", "issuer"),
        ("token-endpoint=http://a.example/t", "token-endpoint"),
        ("client-metadata-url=x", "client-metadata-url"),
        ("version=geheim", "version"),
        ("transport=x", "transport"),
        ("step-mode=x", "step-mode"),
        ("extra-params=state%3Dmine", "extra-params"),
        ("extra-params=api_key%3Dgeheim", "extra-params"),
        ("header=Authorization:geheim", "header"),
        ("header=Cookie", "header"),
        ("request-timeout=soon", "request-timeout"),
        ("scope=a%00b", "scope"),
        ("scope=a&nothing=x", "nothing"),
        ("scope=a&scope=b", "scope"),
    ] {
        let found = unused(query);
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), [name], "{query}");
        assert!(found.iter().all(|(_, why)| !why.to_string().contains("geheim")), "{query}: {found:?}");
    }
    assert_eq!(filled("scope=a&scope=b").scope, "a");
}

#[test]
fn one_that_is_too_long_fills_nothing_and_says_so() {
    let long = read(&format!("?server=https://a&scope={}", "x".repeat(LONGEST))).expect("a link");
    assert!(long.draft.is_none() && long.unused.iter().all(|it| it.why == Why::TooLong));
    // Arguments have their own limit.
    assert!(filled(&format!("?server=https://a&args={}", "x".repeat(LONGEST))).server == "https://a");
}

#[test]
fn where_a_login_leads_is_not_typed_by_the_user_until_it_is_edited() {
    let query = "server=https://a/mcp&issuer=https://b/&token-endpoint=https://c/t";
    let mut draft = filled(query);
    let by_hand = |draft: &Draft| draft.settings().expect("settings").by_hand;
    assert_eq!(by_hand(&draft).linked, ["https://b", "https://c"]);
    assert!(by_hand(&draft).origins().is_empty());
    let again = Draft::of(&draft.settings().expect("settings"));
    assert_eq!(by_hand(&again).linked, ["https://b", "https://c"]);
    draft.token_endpoint = "https://c/token".to_owned();
    assert_eq!(
        (by_hand(&draft).linked, by_hand(&draft).origins()),
        (vec!["https://b".to_owned()], vec!["https://c".to_owned()])
    );
}

#[test]
fn what_a_link_says_of_the_client_and_of_the_token_is_told() {
    let draft = filled("server=https://a&client-id=x&resource=none&extra-params=prompt%3Dlogin%0AAudience%3Dhttps://b");
    assert_eq!(
        binding(&draft),
        [
            ("client-id", "x".to_owned()),
            ("resource", "none".to_owned()),
            ("extra-params", "Audience=https://b".to_owned())
        ]
    );
    assert!(binding(&filled("server=https://a&scope=b")).is_empty());
}

#[test]
fn the_arguments_of_a_link_are_taken_as_they_stand() {
    assert_eq!(arguments("?server=https://a&args=%7B%22a%22:+1%7D").as_deref(), Some(r#"{"a": 1}"#));
    assert_eq!((arguments("?args="), arguments("?arg=1")), (None, None));
    assert_eq!(arguments(&format!("?args={}", "x".repeat(ARGUMENTS + 1))), None);
}

#[test]
fn a_link_without_a_field_of_the_form_fills_nothing() {
    for query in ["", "?", "?code=x&state=y", "?Server=https://a", "?utm_source=x"] {
        assert!(read(query).is_none(), "{query}");
    }
}

const SECRET: &str = "geheim";

/// A form holds secrets, so it has no `Debug` of its own.
struct Form(Draft);

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write(&self.0).query)
    }
}

prop_compose! {
    /// A form with every field set to something that it takes, secrets among them.
    fn forms()(
        texts in prop::collection::vec("[a-zA-Z0-9 äß&=+%#?.:/-]{0,20}", 3),
        choices in prop::collection::vec(0..4usize, 6),
        path in "[a-z0-9]{0,8}",
        boxes in any::<(bool, bool)>(),
        headers in prop::collection::vec("X-[A-Z][a-z]{1,6}-[a-z]{1,6}", 0..4),
        timeout in 1..3600u32,
    ) -> Form {
        let [name, id, scope] = [0, 1, 2].map(|at| texts[at].trim().to_owned());
        let url = |kind: &str| format!("https://as.example/{kind}/{path}");
        Form(Draft {
            server: format!("https://mcp.example/{path}?token={SECRET}"),
            label: name,
            client_id: id,
            scope,
            revision: ["auto", "2024-11-05", "2025-06-18", "2026-07-28"][choices[0]].to_owned(),
            transport: ["auto", "streamable-http", "sse", "auto"][choices[1]].to_owned(),
            registration: Registration::ALL[choices[2]].1.to_owned(),
            token_auth: TOKEN_AUTH[choices[3]].0.to_owned(),
            resource: ["auto", "address", "none", "auto"][choices[4]].to_owned(),
            redirect_mode: ["same-window", "popup"][choices[5] % 2].to_owned(),
            extra: format!("audience={path}\napi_key={SECRET}"),
            issuer: url("issuer"),
            authorization_endpoint: url("a"),
            token_endpoint: url("t"),
            registration_endpoint: url("r"),
            client_metadata_url: url("c"),
            timeout: timeout.to_string(),
            step_mode: boxes.0,
            memory_only: boxes.1,
            bearer: SECRET.to_owned(),
            client_secret: SECRET.to_owned(),
            private_key: SECRET.to_owned(),
            roots: format!("file:///home/{SECRET}"),
            headers: headers.into_iter().map(|it| (it, SECRET.to_owned())).collect(),
            ..Draft::default()
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_link_of_settings_fills_the_form_as_it_was_without_a_secret(Form(mut form) in forms()) {
        let written = write(&form);
        prop_assert!(!written.query.contains(SECRET), "{}", written.query);
        prop_assert_eq!(written.left, Left::Query);
        let linked = read(&written.query).expect("a link");
        prop_assert!(linked.unused.is_empty(), "{:?}", linked.unused);
        let mut again = linked.draft.expect("a form");
        prop_assert_eq!(&write(&again).query, &written.query);
        for (name, place, _) in PARAMETERS.into_iter().filter(|(name, ..)| !["server", "extra-params"].contains(name)) {
            prop_assert_eq!(place(&mut again).clone(), place(&mut form).clone(), "{}", name);
        }
        for (name, place) in BOXES {
            prop_assert_eq!(*place(&mut again), *place(&mut form), "{}", name);
        }
        let names: Vec<String> = form.headers.iter().map(|it| it.0.clone()).collect();
        let asked = [again.header_name.clone()].into_iter().filter(|it| !it.is_empty()).chain(again.asked.clone());
        prop_assert_eq!(asked.collect::<Vec<_>>(), names);
        prop_assert_eq!(again.server.split('?').next(), form.server.split('?').next());
    }

    #[test]
    fn no_query_breaks_the_reader(query in "\\PC{0,200}") {
        let linked = read(&query);
        prop_assert!(linked.is_none_or(|it| it.unused.len() <= NAMED));
    }
}
