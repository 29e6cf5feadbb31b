//! What is said of the entries of a client's configuration, and of the parts of `inspector.json` that are left out.

use crate::base::format::bytes;
use crate::settings::host::{FILE, Fault, Wrong};
use crate::settings::import::{Invalid, Item, NotRead, Status};

/// What becomes of an entry.
pub fn item(item: &Item) -> String {
    match &item.status {
        Status::Ok(server) => {
            let asked: Vec<&str> =
                server.headers.iter().filter(|it| it.value.is_none()).map(|it| it.name.as_str()).collect();
            match (asked.as_slice(), server.had_query) {
                ([], false) => "Can be imported.".to_owned(),
                ([], true) => "Can be imported without its query, which you enter when you connect.".to_owned(),
                (names, false) => format!("Can be imported. You enter {} when you connect.", names.join(", ")),
                (names, true) => {
                    format!(
                        "Can be imported without its query. You enter it and {} when you connect.",
                        names.join(", ")
                    )
                }
            }
        }
        Status::Stdio(_) => "Runs over stdio. A bridge makes it reachable: run one of these commands.".to_owned(),
        Status::Duplicate { of } => format!("The URL is already in the list as {of}."),
        Status::Invalid(why) => invalid(why),
    }
}

fn invalid(why: &Invalid) -> String {
    match why {
        Invalid::NoObject => "The entry is not a JSON object.".to_owned(),
        Invalid::NoUrl => "The entry has neither `url` nor `command`.".to_owned(),
        Invalid::Transport(kind) => format!("`{kind}` is not a transport that Flowglass supports."),
        Invalid::Variable(url) => format!("The URL contains a variable: `{url}`. Replace it with its value."),
        Invalid::Url(error) => format!("{error}."),
    }
}

/// Why a text has no entries.
pub fn not_read(why: &NotRead) -> String {
    match why {
        NotRead::Empty => "Paste a configuration, or choose its file.".to_owned(),
        NotRead::TooLong => format!("The text is longer than {}.", bytes(crate::settings::import::LONGEST)),
        NotRead::NotJson { line, column } => format!("The text is not JSON: error at line {line}, column {column}."),
        NotRead::NoServers => "The text contains no servers: no `mcpServers`, and no `servers`.".to_owned(),
    }
}

/// A part of `inspector.json` that is left out, and why.
pub fn fault(fault: &Fault) -> String {
    let what = if fault.part.is_empty() { FILE } else { &fault.part };
    format!("`{what}` {}.", wrong(&fault.wrong))
}

fn wrong(wrong: &Wrong) -> String {
    match wrong {
        Wrong::Status(status) => format!("is not used: the host responded {status}"),
        Wrong::TooLong => format!("is longer than {}", bytes(crate::settings::host::LONGEST)),
        Wrong::NotJson { line, column } => format!("is not JSON: error at line {line}, column {column}"),
        Wrong::Unknown => "is unknown".to_owned(),
        Wrong::Type(expected) => format!("must be {expected}"),
        Wrong::Missing => "is missing".to_owned(),
        Wrong::Value(values) => format!("must be one of {}", values.join(", ")),
        Wrong::Url(error) => format!("is not used: {error}"),
        Wrong::Secret => "may be a secret, and the file is public".to_owned(),
        Wrong::Twice => "is the URL of another server of the list".to_owned(),
        Wrong::NoOrigin => "must be an origin: scheme, host and port".to_owned(),
        Wrong::NoRelay => "must be a path of this origin or an https URL".to_owned(),
    }
}
