//! Addresses: what is taken is read as browsers read it, and what is refused on top of that makes no other address of
//! one. `tests/data/urls.txt` says how browsers read.

use crate::given::anything;
use crate::{holds, holds_in_the_texts_of_the_corpus};
use flowglass::base::address::Address;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;
use url::{Host, Url};

/// Texts that look like addresses, right and wrong.
pub fn like_an_address() -> impl Strategy<Value = String> {
    let start = select(vec![
        "https://",
        "http://",
        "HTTPS://",
        "https:",
        "javascript:",
        "//",
        "",
        " https://",
        "ftp://",
        "data:",
    ]);
    let host = select(vec![
        "a.example",
        "A.Example",
        "localhost",
        "x.localhost",
        "localhost.evil.example",
        "127.0.0.1",
        "127.1",
        "0x7f.0.0.1",
        "127.0.0.1.evil.example",
        "2130706433",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::1",
        "u:p@a.example",
        "localhost@a.example",
        "",
        "a..b",
        "xn--bcher-kva.example",
        "bücher.example",
        "a\\.example",
        "a b",
        "a%2eb",
        "１27.0.0.1",
        "192.168.0.1",
    ]);
    let port = select(vec!["", "", "", ":80", ":443", ":8080", ":0", ":99999", ":", ":a"]);
    let path = select(vec![
        "", "", "/", "/a/b", "/a/../b", "/%2e%2E/", "\\a", "//b", "?q='1'", "#f", "/\0", "/\n", "/ä", "/a:b@c",
    ]);
    (start, host, port, path).prop_map(|(start, host, port, path)| format!("{start}{host}{port}{path}"))
}

/// References of characters that every reader takes for the same.
fn harmless_reference() -> impl Strategy<Value = String> {
    let segment =
        select(vec!["a", "b.c", "..", ".", "", "messages", "...", "~x", "a..", ".a", "x-y_z", "%41", "c;d=1,2"]);
    let path = (any::<bool>(), vec(segment, 0..6)).prop_map(|(rooted, segments)| {
        let path = segments.join("/");
        // Two slashes are the start of a host, and more are read differently by everybody.
        let path = path.trim_start_matches('/');
        if rooted { format!("/{path}") } else { path.to_owned() }
    });
    let query = select(vec!["", "", "?", "?sessionId=1", "?x=/../y", "?a?b", "?a=%20&b", "?x:y"]);
    let fragment = select(vec!["", "", "#", "#f", "#a/../b?c"]);
    (path, query, fragment).prop_map(|(path, query, fragment)| format!("{path}{query}{fragment}"))
}

/// References of any characters.
fn odd_reference() -> impl Strategy<Value = String> {
    let odd =
        select(vec!["/", "//", "..", ".", "%2e", "\\", ":", "@", "?", "#", " ", "\t", "a", "ä", "https:", "[", "\0"]);
    let odd = vec(odd, 0..8).prop_map(|it| it.concat());
    prop_oneof![odd, like_an_address(), anything()]
}

fn base() -> impl Strategy<Value = &'static str> {
    select(vec![
        "https://a.example",
        "https://a.example/b/c?d=1",
        "https://a.example/b/c/#f",
        "http://localhost:3001/sse",
        "https://a.example:8443//b//c",
        "http://[::1]:80/x/",
        "https://a.example/b;c/d=e?x=/y/z",
    ])
}

/// Without its fragment, which is never sent.
fn asked(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.into()
}

/// Whether a server may name it: https, or http to this machine, and nobody's name in it.
pub fn is_safe(address: &Address) -> bool {
    let safe = |text: &str| {
        let Ok(url) = Url::parse(text) else { return text.contains("xn--") };
        let here = match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        let scheme = url.scheme() == "https" || url.scheme() == "http" && here;
        scheme && url.username().is_empty() && url.password().is_none()
    };
    safe(address.as_given()) && safe(&address.href()) && safe(&address.origin())
}

/// What holds for any text as a reference.
fn resolved(base: &str, reference: &str) {
    let Some(ours) = Address::typed(base).expect("an address").resolve(reference) else { return };
    let theirs = Url::parse(base).expect("an address").join(reference).map(|it| asked(&it));
    let same = theirs.as_ref() == Ok(&ours.href()) || reference.contains("xn--");
    assert!(same, "{base} {reference:?}: {ours:?} {theirs:?}");
}

/// What holds for any text as an address.
fn sound(text: &str) {
    if let Ok(address) = Address::given(text) {
        assert!(is_safe(&address), "{text:?}");
    }
    let text = text.trim();
    let Ok(address) = Address::typed(text) else { return };
    assert_eq!(address.as_given(), text);
    assert_eq!(Address::typed(&address.href()).map(|it| it.href()), Ok(address.href()), "{text:?}");
    assert_eq!(address.is_encrypted(), address.href().starts_with("https://"));
    assert!(address.href().starts_with(&format!("{}/", address.origin())), "{text:?}");
}

/// The vectors: a base or none, an input, and what browsers make of it or nothing.
fn vectors() -> impl Iterator<Item = (Option<&'static str>, &'static str, Option<&'static str>)> {
    let given = |text: &'static str| (text != "-").then_some(text);
    include_str!("../data/urls.txt").lines().filter(|it| !it.starts_with('#')).map(move |line| {
        let mut fields = line.split('\t');
        let mut field = || fields.next().expect("three fields");
        let (base, input, expected) = (field(), field(), field());
        (given(base), if input == "\"\"" { "" } else { input }, given(expected))
    })
}

#[test]
fn the_vectors_of_the_url_standard_are_read_as_browsers_do_or_not_at_all() {
    let mut read = [0, 0];
    for (base, input, expected) in vectors() {
        let ours = match base {
            None => Address::typed(input).ok(),
            Some(base) => Address::typed(base).ok().and_then(|it| it.resolve(input)),
        };
        // Whether an encoded international name decodes is the browser's to say.
        let is_the_browsers = expected.is_none() && input.to_ascii_lowercase().contains("xn--");
        let Some(ours) = ours.filter(|_| !is_the_browsers) else { continue };
        assert_eq!(Some(ours.href().as_str()), expected, "{input:?} on {base:?}");
        read[usize::from(base.is_some())] += 1;
    }
    // Those that are not read have a user, dots, an odd host or an odd character in them.
    assert_eq!(read, [35, 51]);
}

#[test]
fn harmless_references_are_resolved_as_browsers_do() {
    holds((base(), harmless_reference()), |(base, reference)| {
        let ours = Address::typed(base).expect("an address").resolve(&reference);
        let theirs = Url::parse(base).expect("an address").join(&reference).expect("a reference");
        assert_eq!(ours.map(|it| it.href()), Some(asked(&theirs)), "{base} {reference}");
    });
}

#[test]
fn a_reference_is_resolved_as_browsers_do_or_not_at_all() {
    holds((base(), odd_reference()), |(base, reference)| {
        let plain = reference.bytes().all(|it| it.is_ascii_graphic() && it != b'\\');
        if plain && !reference.to_ascii_lowercase().contains("%2e") {
            resolved(base, &reference);
        }
    });
}

#[test]
fn a_reference_with_any_character_is_resolved_as_browsers_do_or_not_at_all() {
    holds((base(), odd_reference()), |(base, reference)| resolved(base, &reference));
    holds_in_the_texts_of_the_corpus(|text| {
        text.split('\n').for_each(|line| resolved("https://a.example/b/c?d=1", line))
    });
}

#[test]
fn any_text_is_read_as_browsers_do_or_not_at_all() {
    holds(prop_oneof![3 => like_an_address(), 1 => anything()], |text| sound(&text));
}

#[test]
fn parameters_are_added_to_whatever_query_there_is() {
    let pairs = vec((anything(), anything()), 0..4);
    holds((base(), harmless_reference(), pairs), |(base, reference, pairs)| {
        let address = Address::typed(base).ok().and_then(|it| it.resolve(&reference)).expect("an address");
        let url = Url::parse(&address.with_query(&pairs)).expect("an address");
        let before = Url::parse(&address.href()).expect("an address");
        let there: Vec<_> = before.query_pairs().into_owned().collect();
        assert_eq!(url.query_pairs().into_owned().collect::<Vec<_>>(), [there, pairs].concat());
        assert_eq!(url.path(), before.path());
    });
}

#[test]
fn the_corpus_is_read_as_browsers_do_or_not_at_all() {
    holds_in_the_texts_of_the_corpus(|text| text.split('\n').for_each(sound));
}
