//! A link to a tool with its arguments. Whoever opens it finds the form filled; it calls nothing.

use super::known;
use crate::base::address::Address;
use crate::base::text::names;
use crate::inspector::Inspector;
use crate::json::members::Members;
use crate::mcp::connection::Ask;
use serde_json::value::RawValue;

/// The longest query. Web servers take lines of 8 KB and not more (nginx, `large_client_header_buffers`).
const LONGEST: usize = 6 << 10;
/// Deeper values are looked at as a whole.
const DEPTH: usize = 32;

/// What a link has behind the path of its tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// With its question mark.
    pub query: String,
    pub left: Left,
}

/// What a link does without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    Nothing,
    /// Members and parameters whose names say that they are secret.
    Secrets,
    /// The arguments: they hold a secret elsewhere.
    SecretArguments,
    /// The arguments: they are too long for a URL.
    LongArguments,
}

/// `None` where no server is known.
pub fn link(inspector: &Inspector, ask: &Ask) -> Option<Link> {
    let secrets = known(inspector);
    let server = &inspector.settings()?.server;
    let mut left = Left::Nothing;
    let server = open_server(server, &mut left);
    let arguments = open_arguments(&ask.arguments, 0, &mut left);
    let query = |arguments: Option<&str>| {
        let mut query = form_urlencoded::Serializer::for_suffix("?".to_owned(), 1);
        query.append_pair("server", &server).extend_pairs(arguments.map(|it| ("args", it)));
        query.finish()
    };
    let whole = query(Some(&arguments));
    let link = |query: String, left: Left| Some(Link { query, left });
    match () {
        () if !secrets.is_none_in(&arguments) => link(query(None), Left::SecretArguments),
        () if whole.len() > LONGEST => link(query(None), Left::LongArguments),
        () => link(whole, left),
    }
}

/// The URL of a server without the parameters of its query that are secret.
fn open_server(server: &Address, left: &mut Left) -> String {
    let given = server.as_given();
    let given = given.split('#').next().unwrap_or_default();
    let Some((path, query)) = given.split_once('?') else { return given.to_owned() };
    let is_open = |field: &&str| !names::is_secret(field.split('=').next().unwrap_or_default());
    let open: Vec<&str> = query.split('&').filter(is_open).collect();
    if open.len() < query.split('&').count() {
        *left = Left::Secrets;
    }
    if open.is_empty() { path.to_owned() } else { format!("{path}?{}", open.join("&")) }
}

/// Arguments without the members that are secret. All else stays as it is written.
fn open_arguments(text: &str, depth: usize, left: &mut Left) -> String {
    let text = text.trim();
    if depth >= DEPTH {
        return text.to_owned();
    }
    if let Some(members) = Members::of(text) {
        let all = members.once();
        let count = all.len();
        let open = all.into_iter().filter(|(name, _)| !names::is_secret_member(name));
        let open: Vec<String> = open.map(|(name, value)| member(&name, value, depth, left)).collect();
        if open.len() < count {
            *left = Left::Secrets;
        }
        return format!("{{{}}}", open.join(","));
    }
    match serde_json::from_str::<Vec<&RawValue>>(text) {
        Ok(items) => {
            let items: Vec<String> = items.into_iter().map(|it| open_arguments(it.get(), depth + 1, left)).collect();
            format!("[{}]", items.join(","))
        }
        Err(_) => text.to_owned(),
    }
}

fn member(name: &str, value: &RawValue, depth: usize, left: &mut Left) -> String {
    let name = serde_json::to_string(name).unwrap_or_default();
    format!("{name}:{}", open_arguments(value.get(), depth + 1, left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_with_secret_names_are_left_out_at_any_depth_and_nothing_else_changes() {
        let mut left = Left::Nothing;
        let text = r#" {"a": 1.50, "apiKey":"x", "b":[{"password":1,"key":"k"}], "c": {"z":"\u00e4"}} "#;
        assert_eq!(open_arguments(text, 0, &mut left), r#"{"a":1.50,"b":[{"key":"k"}],"c":{"z":"\u00e4"}}"#);
        assert_eq!(left, Left::Secrets);
        left = Left::Nothing;
        assert_eq!((open_arguments("[1, 2]", 0, &mut left), left), ("[1,2]".to_owned(), Left::Nothing));
    }

    #[test]
    fn the_url_of_a_server_loses_its_secret_parameters() {
        let open = |url: &str| {
            let mut left = Left::Nothing;
            (open_server(&Address::typed(url).expect("an address"), &mut left), left)
        };
        assert_eq!(open("https://a.example/mcp?key=x&b=2"), ("https://a.example/mcp?b=2".to_owned(), Left::Secrets));
        assert_eq!(open("https://a.example/mcp?key=x"), ("https://a.example/mcp".to_owned(), Left::Secrets));
        assert_eq!(open("https://a.example/mcp"), ("https://a.example/mcp".to_owned(), Left::Nothing));
    }
}
