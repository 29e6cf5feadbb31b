//! Settings as parameters of a link, and the arguments of a tool: what one may fill into the form, and how it is written.
//! Never a secret, and it never connects.

use super::servers::{Server, secrets};
use super::{Draft, GrantType, Leaving, Pinned, Registration, ResourceMode, TOKEN_AUTH, draft};
use crate::base::address::{Address, AddressError};
use crate::base::revision::Revision;
use crate::base::text::{names, prefix};
use std::fmt;

/// The longest settings of a link, in bytes. Web servers take lines of 8 KB and not more (nginx,
/// `large_client_header_buffers`).
pub const LONGEST: usize = 8 << 10;
/// How many parameters are named that were not used, and the longest name of one, in bytes.
const NAMED: usize = 20;
const NAME: usize = 80;

/// The parameter that is there once for each header, with its name.
const HEADER: &str = "header";
/// What else a link may have: the arguments of a tool.
const ARGS: &str = "args";

type Check = fn(&str) -> Result<(), String>;

/// A text of the form: its parameter, named as its control is, its place, and what it may be.
type Parameter = (&'static str, fn(&mut Draft) -> &mut String, Check);

const PARAMETERS: [Parameter; 18] = [
    ("server", |it| &mut it.server, server),
    ("label", |it| &mut it.label, line),
    ("version", |it| &mut it.revision, |it| one(it == "auto" || Revision::parse(it).is_some())),
    ("transport", |it| &mut it.transport, |it| one(it == "auto" || Pinned::parse(it).is_some())),
    ("registration", |it| &mut it.registration, |it| one(Registration::parse(it).is_some())),
    ("token-auth", |it| &mut it.token_auth, |it| one(TOKEN_AUTH.iter().any(|(name, _)| *name == it))),
    ("client-id", |it| &mut it.client_id, line),
    ("client-metadata-url", |it| &mut it.client_metadata_url, url),
    ("scope", |it| &mut it.scope, line),
    ("extra-params", |it| &mut it.extra, extra),
    ("redirect-mode", |it| &mut it.redirect_mode, |it| one(Leaving::parse(it).is_some())),
    ("grant", |it| &mut it.grant, |it| one(GrantType::parse(it).is_some())),
    ("resource", |it| &mut it.resource, |it| one(ResourceMode::parse(it).is_some())),
    ("request-timeout", |it| &mut it.timeout, |it| draft::timeout(it).map(drop).map_err(|it| it.words)),
    ("issuer", |it| &mut it.issuer, url),
    ("authorization-endpoint", |it| &mut it.authorization_endpoint, url),
    ("token-endpoint", |it| &mut it.token_endpoint, url),
    ("registration-endpoint", |it| &mut it.registration_endpoint, url),
];

/// Those that say where a login leads, and where its code goes: the user has not typed them.
const LEADING: [&str; 4] = ["issuer", "authorization-endpoint", "token-endpoint", "registration-endpoint"];

/// Those that say for which client and for what the token is.
const BINDING: [&str; 3] = ["client-id", "client-metadata-url", "resource"];
/// The same among the extra parameters.
const TARGETS: [&str; 2] = ["audience", "resource"];

type CheckBox = (&'static str, fn(&mut Draft) -> &mut bool);

const BOXES: [CheckBox; 2] = [("step-mode", |it| &mut it.step_mode), ("memory-only", |it| &mut it.memory_only)];

/// What a link brings.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Linked {
    /// The form as it fills it; `None` where it fills nothing.
    pub draft: Option<Draft>,
    pub unused: Vec<Unused>,
}

/// A parameter that was not used. Its value is not here: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    pub name: String,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// All settings together.
    TooLong,
    Secret,
    Unknown,
    Repeated,
    /// What is wrong with the value, in a sentence.
    Value(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "The settings of a link have at most {} KB; none was used", LONGEST >> 10),
            Self::Secret => f.write_str("Secrets are never read from a link: URLs end up in logs"),
            Self::Unknown => f.write_str("There is no such setting"),
            Self::Repeated => f.write_str("It is there more than once; the first one was used"),
            Self::Value(words) => f.write_str(words),
        }
    }
}

/// Reads the query of a link; `None` where no parameter of it is a setting.
pub fn read(query: &str) -> Option<Linked> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let pairs = || form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != ARGS);
    if !pairs().any(|(name, _)| is_setting(&name)) {
        return None;
    }
    if pairs().map(|(name, value)| name.len() + value.len()).sum::<usize>() > LONGEST {
        let all = Unused { name: "settings".to_owned(), why: Why::TooLong };
        return Some(Linked { draft: None, unused: vec![all] });
    }
    let (mut draft, mut used, mut unused) = (Draft::default(), Vec::new(), Vec::new());
    for (name, value) in pairs() {
        match draft.take(&name, value.trim(), &used) {
            Ok(()) => used.push(name.into_owned()),
            Err(why) => unused.push(Unused { name: prefix(&name, NAME).to_owned(), why }),
        }
    }
    unused.truncate(NAMED);
    draft.ask_next();
    Some(Linked { draft: (!used.is_empty()).then_some(draft), unused })
}

/// What of a form says for which client and for what the token is: the names of the parameters, and their values.
pub fn binding(draft: &Draft) -> Vec<(&'static str, String)> {
    let (mut draft, mut default) = (draft.clone(), Draft::default());
    let mut all = Vec::new();
    for (name, place, _) in PARAMETERS.iter().filter(|(name, ..)| BINDING.contains(name)) {
        let value = place(&mut draft).clone();
        if value != *place(&mut default) {
            all.push((*name, value));
        }
    }
    let targets = |line: &&str| {
        line.split_once('=').is_some_and(|(name, _)| TARGETS.iter().any(|it| name.trim().eq_ignore_ascii_case(it)))
    };
    all.extend(draft.extra.lines().filter(targets).map(|line| ("extra-params", line.to_owned())));
    all
}

fn is_setting(name: &str) -> bool {
    name == HEADER || PARAMETERS.iter().any(|(it, ..)| *it == name) || BOXES.iter().any(|(it, _)| *it == name)
}

impl Draft {
    /// Takes one parameter, or says why not.
    fn take(&mut self, name: &str, value: &str, used: &[String]) -> Result<(), Why> {
        if name == HEADER {
            // The words of the form repeat the name, which may be a whole header here.
            draft::header(value, "x")
                .map_err(|_| Why::Value("It is no name of a header that can be set".to_owned()))?;
            self.asked.push(value.to_owned());
            return Ok(());
        }
        if used.iter().any(|it| it == name) {
            return Err(Why::Repeated);
        }
        if let Some((_, place)) = BOXES.iter().find(|(it, _)| *it == name) {
            *place(self) = boxed(value)?;
            return Ok(());
        }
        let Some((_, place, check)) = PARAMETERS.iter().find(|(it, ..)| *it == name) else {
            return Err(if may_be_secret(name) { Why::Secret } else { Why::Unknown });
        };
        check(value).map_err(Why::Value)?;
        if name == "extra-params" && value.lines().any(is_secret_line) {
            return Err(Why::Secret);
        }
        if LEADING.contains(&name) {
            self.linked.push(value.to_owned());
        }
        value.clone_into(place(self));
        Ok(())
    }
}

fn may_be_secret(name: &str) -> bool {
    secrets::may_be_secret(name, "") || ["bearer", "header-value"].contains(&name) || names::is_secret(name)
}

fn is_secret_line(line: &str) -> bool {
    line.split_once('=').is_some_and(|(name, value)| secrets::is_secret_parameter(name.trim(), value))
}

fn boxed(value: &str) -> Result<bool, Why> {
    value.parse().map_err(|_| Why::Value("It is either true or false".to_owned()))
}

fn one(known: bool) -> Result<(), String> {
    if known { Ok(()) } else { Err("This is none of its values".to_owned()) }
}

fn line(text: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) { Err("It contains control characters".to_owned()) } else { Ok(()) }
}

/// What is not whole is filled in: the form says what is wrong, once it is used.
fn server(text: &str) -> Result<(), String> {
    match Address::typed(text) {
        Err(error @ (AddressError::Scheme(_) | AddressError::UserInfo)) => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn url(text: &str) -> Result<(), String> {
    Address::given(text).map(drop).map_err(|it| it.to_string())
}

fn extra(text: &str) -> Result<(), String> {
    draft::extra(text).map(drop).map_err(|it| it.words)
}

/// Settings as the query of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// With its question mark; empty where nothing is set.
    pub query: String,
    pub left: Left,
}

/// What a link of settings does without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    Nothing,
    /// Secrets of fields of their own: values of headers, access token, client secret, private key, parameters.
    Secrets,
    /// The query of the server's URL, where some servers expect a token.
    Query,
    /// All of it: it would not be read.
    TooLong,
}

/// All that is set and is no secret. Of headers the names alone: whoever opens the link is asked for the values. Roots
/// are left out, too: they name folders of this machine.
pub fn write(draft: &Draft) -> Written {
    let kept = Server::of(draft);
    let had_query = kept.had_query;
    let mut open = kept.draft();
    open.label.clone_from(&kept.name);
    let mut default = Draft::default();
    let mut query = form_urlencoded::Serializer::for_suffix("?".to_owned(), 1);
    for (name, place, check) in PARAMETERS {
        let value = place(&mut open).trim().to_owned();
        if value != *place(&mut default) && !value.is_empty() && check(&value).is_ok() {
            query.append_pair(name, &value);
        }
    }
    for (name, place) in BOXES {
        if *place(&mut open) {
            query.append_pair(name, "true");
        }
    }
    for header in kept.headers.iter().filter(|it| draft::header(&it.name, "x").is_ok()) {
        query.append_pair(HEADER, &header.name);
    }
    let query = query.finish();
    match () {
        () if query.len() > LONGEST => Written { query: String::new(), left: Left::TooLong },
        () if query == "?" => Written { query: String::new(), left: Left::Nothing },
        () if had_query => Written { query, left: Left::Query },
        () if has_secrets(draft) => Written { query, left: Left::Secrets },
        () => Written { query, left: Left::Nothing },
    }
}

fn has_secrets(draft: &Draft) -> bool {
    let fields = [&draft.bearer, &draft.client_secret, &draft.private_key, &draft.header_value];
    fields.iter().any(|it| !it.trim().is_empty())
        || !draft.headers.is_empty()
        || draft.extra.lines().any(is_secret_line)
}

/// The longest arguments that a link brings, in bytes.
const ARGUMENTS: usize = 64 << 10;

/// The arguments of the tool that a link leads to, as they stand there.
pub fn arguments(query: &str) -> Option<String> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let mut fields = form_urlencoded::parse(query.as_bytes());
    let (_, arguments) = fields.find(|(name, _)| name == ARGS)?;
    Some(arguments.into_owned()).filter(|it| !it.is_empty() && it.len() <= ARGUMENTS)
}

#[cfg(test)]
mod tests;
