use super::*;

fn draft(edit: impl FnOnce(&mut Draft)) -> Result<Settings, Vec<Field>> {
    let mut draft = Draft { server: "https://mcp.example.com/mcp".to_owned(), ..Draft::default() };
    edit(&mut draft);
    draft.settings().map_err(|refusals| refusals.into_iter().map(|it| it.field).collect())
}

#[test]
fn an_address_is_enough() {
    assert!(draft(|_| ()).is_ok());
}

#[test]
fn bad_fields_are_all_named() {
    let fields = draft(|it| {
        it.server = "javascript:alert(1)".to_owned();
        it.timeout = "soon".to_owned();
        it.extra = "state=mine".to_owned();
        it.token_endpoint = "javascript:alert(1)".to_owned();
    });
    assert_eq!(fields.err(), Some(vec![Field::Server, Field::Extra, Field::Timeout, Field::TokenEndpoint]));
}

#[test]
fn a_prompt_takes_the_place_of_another_one() {
    let mut draft = Draft { extra: "audience=x\nprompt = consent\n".to_owned(), ..Draft::default() };
    draft.set_prompt("login");
    assert_eq!(draft.extra, "audience=x\nprompt=login");
}

#[test]
fn reserved_and_malformed_headers_are_refused() {
    for (name, value) in [("Mcp-Session-Id", "1"), ("a b", "1"), ("x", ""), ("x", "a\nb"), ("Sec-Fetch", "1")] {
        let fields = draft(|it| it.headers = vec![(name.to_owned(), value.to_owned())]);
        assert_eq!(fields.err(), Some(vec![Field::Headers]), "{name}");
    }
}

#[test]
fn a_header_that_was_typed_and_not_added_counts_too() {
    let settings = draft(|it| {
        it.headers = vec![("x-key".to_owned(), "1".to_owned())];
        (it.header_name, it.header_value) = ("X-Key".to_owned(), "2".to_owned());
    });
    let Ok(settings) = settings else { panic!("refused") };
    assert_eq!(settings.headers.iter().map(|it| it.value.expose().as_str()).collect::<Vec<_>>(), ["2"]);
}

#[test]
fn a_draft_of_settings_gives_the_same_settings() {
    let settings = draft(|it| {
        it.extra = "prompt=consent\naudience=x=y".to_owned();
        it.headers = vec![("X-Key".to_owned(), "1".to_owned())];
        it.bearer = "Bearer abc".to_owned();
        it.timeout = "2.5".to_owned();
        it.transport = "sse".to_owned();
        it.roots = "file:///a\nfile:///b the second".to_owned();
        it.token_auth = "client_secret_post".to_owned();
        (it.issuer, it.resource) = ("https://as.example/x".to_owned(), "none".to_owned());
        it.token_endpoint = "https://as.example/t".to_owned();
        (it.redirect_mode, it.step_mode) = ("popup".to_owned(), true);
    });
    let Ok(settings) = settings else { panic!("refused") };
    assert_eq!(settings.bearer.as_ref().map(|it| it.expose().as_str()), Some("abc"));
    assert!(Draft::of(&settings).settings().ok() == Some(settings));
}

#[test]
fn roots_are_files_and_the_newest_revision_has_one_transport() {
    assert_eq!(draft(|it| it.roots = "/home/me".to_owned()).err(), Some(vec![Field::Roots]));
    let fields = draft(|it| (it.revision, it.transport) = ("2026-07-28".to_owned(), "sse".to_owned()));
    assert_eq!(fields.err(), Some(vec![Field::Transport]));
}

#[test]
fn client_credentials_need_an_id_and_a_secret() {
    let with = |secret: &str| {
        let secret = secret.to_owned();
        draft(|it| (it.grant, it.client_id, it.client_secret) = ("client_credentials".into(), "me".into(), secret))
    };
    assert_eq!(with("").err(), Some(vec![Field::ClientId]));
    assert!(with("geheim").is_ok());
}

#[test]
fn a_key_is_read_where_it_is_typed_and_needs_a_client_and_a_page_that_stays() {
    const KEY: &str = include_str!("../../../tests/data/keys/rfc8410-ed25519.pem");
    let with = |edit: fn(&mut Draft)| {
        draft(|it| {
            (it.grant, it.client_id, it.private_key) = ("client_credentials".into(), "me".into(), KEY.into());
            edit(it);
        })
    };
    let Ok(settings) = with(|_| ()) else { panic!("refused") };
    assert_eq!(settings.token_auth, Some(TokenAuth::PrivateKeyJwt));
    assert!(Draft::of(&settings).settings().ok() == Some(settings));
    let key = Some(vec![Field::PrivateKey]);
    assert_eq!(with(|it| it.private_key = "geheim".to_owned()).err(), key);
    assert_eq!(with(|it| it.registration = "dynamic".to_owned()).err(), key);
    assert_eq!(with(|it| it.grant = "authorization_code".to_owned()).err(), key);
    let popup = |it: &mut Draft| (it.grant, it.redirect_mode) = ("authorization_code".into(), "popup".into());
    assert!(with(popup).is_ok());
    let gone = |it: &mut Draft| {
        (it.private_key, it.client_secret) = (String::new(), "geheim".to_owned());
        it.token_auth = "private_key_jwt".to_owned();
    };
    assert_eq!(with(gone).err(), key);
}

#[test]
fn a_key_is_not_stored() {
    const KEY: &str = include_str!("../../../tests/data/keys/rfc8410-ed25519.pem");
    let settings = draft(|it| {
        (it.grant, it.client_id, it.private_key) = ("client_credentials".into(), "me".into(), KEY.into());
    });
    let stored = crate::base::stored::write(&settings.ok()).expect("it can be written");
    let lines = || KEY.lines().filter(|it| !it.starts_with('-'));
    assert!(lines().count() > 0 && lines().all(|it| !stored.contains(it)));
    let read: Option<Settings> = crate::base::stored::read(&stored).expect("it can be read");
    assert!(read.is_some_and(|it| it.private_key.is_none() && it.token_auth == Some(TokenAuth::PrivateKeyJwt)));
}

#[test]
fn a_client_registered_beforehand_needs_its_id() {
    let fields = draft(|it| it.registration = "pre-registered".to_owned());
    assert_eq!(fields.err(), Some(vec![Field::ClientId]));
}
