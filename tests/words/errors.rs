//! Errors of single values: what is typed into the form, URLs, requests, files, messages.

use super::Texts;
use flowglass::base::address::AddressError;
use flowglass::base::stored::Unread;
use flowglass::export::file::FileError;
use flowglass::http::{HttpError, RelayFailure, Rule};
use flowglass::mcp::jsonrpc::NotAMessage;
use flowglass::mcp::mirror::BadHeader;
use flowglass::settings::Draft;
use flowglass::settings::private_key::KeyError;

fn text(it: &str) -> String {
    it.to_owned()
}

pub fn texts() -> Texts {
    let mut all = Texts::default();
    fields(&mut all);
    values(&mut all);
    files(&mut all);
    all
}

/// What the form says of each field that cannot be used.
fn fields(all: &mut Texts) {
    for draft in drafts() {
        let refusals = draft.settings().err().expect("a field cannot be used");
        refusals.into_iter().for_each(|it| all.add(format!("field/{:?}", it.field), it.words));
    }
}

fn draft(edit: impl FnOnce(&mut Draft)) -> Draft {
    let mut draft = Draft { server: text("https://mcp.example/mcp"), ..Draft::default() };
    edit(&mut draft);
    draft
}

fn header(name: &str, value: &str) -> Draft {
    draft(|it| it.headers = vec![(text(name), text(value))])
}

fn drafts() -> Vec<Draft> {
    let key = |it: &mut Draft| it.private_key = text("{}");
    vec![
        draft(|it| it.server.clear()),
        header("two words", "x"),
        header("accept", "x"),
        header("x-api-key", "é"),
        draft(|it| it.bearer = text("two words")),
        draft(|it| it.extra = text("=x")),
        draft(|it| it.extra = text("state=x")),
        draft(|it| it.roots = text("https://x")),
        draft(|it| it.timeout = text("0")),
        draft(|it| it.issuer = text("http://as.example")),
        draft(|it| (it.revision, it.transport) = (text("2026-07-28"), text("sse"))),
        draft(|it| it.registration = text("pre-registered")),
        draft(|it| it.registration = text("client-metadata-document")),
        draft(|it| it.grant = text("client_credentials")),
        draft(|it| it.token_auth = text("private_key_jwt")),
        draft(key),
        draft(|it| {
            key(it);
            it.client_id = text("c-1");
        }),
    ]
}

fn values(all: &mut Texts) {
    for error in [
        AddressError::Empty,
        AddressError::Malformed,
        AddressError::NoScheme,
        AddressError::Scheme(text("ftp")),
        AddressError::Plain(text("as.example")),
        AddressError::Local(text("192.168.0.1")),
        AddressError::UserInfo,
    ] {
        all.add("url", error.to_string());
    }
    for error in [
        KeyError::Unknown,
        KeyError::Label(text("RSA PRIVATE KEY")),
        KeyError::Label(text("CERTIFICATE")),
        KeyError::Unusable,
        KeyError::Public,
    ] {
        all.add("private-key", error.to_string());
    }
    for error in [
        HttpError::Timeout { after: 30_000 },
        HttpError::Redirected,
        HttpError::Cut { said: text("network error") },
        HttpError::TooLarge { limit: 1024 * 1024 },
        HttpError::Blocked { said: text("Failed to fetch") },
        HttpError::Withheld { responded: false },
        HttpError::Withheld { responded: true },
        HttpError::Aborted,
        HttpError::Forbidden { rule: Rule::ContentSecurityPolicy { directive: text("connect-src") } },
        HttpError::Forbidden { rule: Rule::LoopbackFromHttps },
        HttpError::Forbidden { rule: Rule::LocalNetwork },
        relay(RelayFailure::NoResponse { said: text("Failed to fetch") }),
        relay(RelayFailure::Gateway { status: 502 }),
        relay(RelayFailure::NoRelay { status: 405 }),
    ] {
        all.add("request", error.to_string());
    }
}

fn relay(failure: RelayFailure) -> HttpError {
    HttpError::Relay { to: text("https://inspector.example/relay/legacy"), failure }
}

fn files(all: &mut Texts) {
    for error in [
        FileError::TooLong { bytes: 1 << 26 },
        FileError::TooMany { entries: 20_000 },
        FileError::NotJson,
        FileError::NotATrace,
        FileError::Version(2),
        FileError::Unreadable,
    ] {
        all.add("trace-file", error.to_string());
    }
    [Unread::OtherVersion, Unread::Damaged].into_iter().for_each(|it| all.add("stored", it.to_string()));
    for error in [NotAMessage::NotJson(text("line 1")), NotAMessage::Truncated(text("EOF")), NotAMessage::NotRpc] {
        all.add("message", error.to_string());
    }
    let (at, name) = (|| text("/city"), || text("Mcp-Param-City"));
    for error in [
        BadHeader::NotAString(at()),
        BadHeader::NotAName { at: at(), name: text("two words") },
        BadHeader::Twice(name()),
        BadHeader::Type { at: at(), name: name() },
        BadHeader::Unreachable(at()),
    ] {
        all.add("x-mcp-header", error.to_string());
    }
}
