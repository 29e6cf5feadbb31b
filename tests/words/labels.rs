//! Labels, and sentences without facts in them: options, steps, tests, exports, secrets, the demo.

use super::Texts;
use flowglass::demo::Fault;
use flowglass::demo::lesson::Lesson;
use flowglass::explain::ledger::{LedgerEntry, SecretKind, Stored};
use flowglass::explain::walkthrough::words::Party;
use flowglass::explain::wire;
use flowglass::explain::wire::exchanges::{Hidden, Shown};
use flowglass::export::{Export, Scope};
use flowglass::inspector::Status;
use flowglass::mcp::raw::NotSent;
use flowglass::oauth::jwt::Token;
use flowglass::settings::{GrantType, Leaving, Pinned, Registration, ResourceMode, TOKEN_AUTH, Typed};
use flowglass::trace::Dropped;
use flowglass::trace::negative::Negative;
use flowglass::trace::problem::Owner;
use flowglass::trace::step::Step;

pub fn texts() -> Texts {
    let mut all = Texts::default();
    options(&mut all);
    steps(&mut all);
    tests(&mut all);
    exports(&mut all);
    secrets(&mut all);
    demo(&mut all);
    exchanges(&mut all);
    for (texts, entries) in [(3, 0), (1, 1), (0, 7)] {
        all.add("trace-bound", wire::words::dropped(Dropped { texts, entries }).expect("something was dropped"));
    }
    all
}

fn options(all: &mut Texts) {
    let mut add = |select: &str, name: &str, label: &str| all.add(format!("option/{select}/{name}"), label);
    Registration::ALL.into_iter().for_each(|(_, name, label)| add("registration", name, label));
    Pinned::ALL.into_iter().for_each(|(_, name, label)| add("transport", name, label));
    ResourceMode::ALL.into_iter().for_each(|(_, name, label)| add("resource", name, label));
    Leaving::ALL.into_iter().for_each(|(_, name, label)| add("redirect-mode", name, label));
    GrantType::ALL.into_iter().for_each(|(_, name, label)| add("grant", name, label));
    TOKEN_AUTH.into_iter().for_each(|(name, label)| add("token-auth", name, label));
    Scope::ALL.into_iter().for_each(|(_, name, label)| add("export-scope", name, label));
    Shown::ALL.into_iter().for_each(|it| add("exchange-status", it.name(), it.title()));
}

fn steps(all: &mut Texts) {
    for step in Step::ALL.into_iter().chain(Step::LATER) {
        let (id, told) = (format!("step/{}", step.name()), step.told());
        [step.title(), told.what, told.why, told.without, told.hint].into_iter().for_each(|it| all.add(&id, it));
        step.without_pause().into_iter().for_each(|it| all.add(&id, it));
    }
    Party::ALL.into_iter().for_each(|it| all.add(format!("party/{}", it.name()), it.title()));
    let owners = [Owner::Server, Owner::Issuer, Owner::Network, Owner::Browser, Owner::Host, Owner::You];
    owners.into_iter().for_each(|it| all.add(format!("owner/{it:?}"), it.words()));
}

fn tests(all: &mut Texts) {
    for test in Negative::ALL {
        let id = format!("negative/{}", test.name());
        all.add(&id, test.title());
        all.add(&id, test.should());
        test.warning().into_iter().for_each(|it| all.add(&id, it));
    }
    for (name, token) in [
        ("opaque", "opaque"),
        ("encrypted", "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d"),
        ("signed", "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"),
    ] {
        all.add(format!("token/{name}"), Token::read(token).words());
    }
}

fn exports(all: &mut Texts) {
    for export in Export::ALL {
        all.add(export.name(), export.title());
        all.add(export.name(), export.purpose());
    }
}

fn secrets(all: &mut Texts) {
    for kind in [
        SecretKind::AccessToken,
        SecretKind::RefreshToken,
        SecretKind::IdToken,
        SecretKind::Code,
        SecretKind::Verifier,
        SecretKind::ClientSecret,
        SecretKind::PrivateKey,
        SecretKind::Assertion,
        SecretKind::RegistrationToken,
        SecretKind::Session,
        SecretKind::Header("x-api-key".to_owned()),
        SecretKind::Other("id_token_hint".to_owned()),
    ] {
        let id = format!("secret/{}", kind.name());
        all.add(&id, kind.words());
        all.add(&id, kind.ends());
        for (live, times) in [(true, 1), (false, 0), (false, 1)] {
            let (kind, stored, sent) = (kind.clone(), Stored::Tab, Vec::new());
            let entry = LedgerEntry { kind, value: "x".into(), stored, sent, times, live, expires: None };
            all.add(&id, entry.state());
        }
    }
    for stored in [Stored::Memory, Stored::Tab] {
        all.add(format!("stored/{stored:?}"), stored.words());
    }
    let typed = [Typed::Bearer, Typed::ClientSecret, Typed::Header("x-api-key".to_owned())];
    typed.into_iter().for_each(|it| all.add("typed-secret", it.words()));
}

fn demo(all: &mut Texts) {
    for (fault, name, words) in Fault::ALL {
        all.add(format!("fault/{name}"), words);
        all.add(format!("fault/{name}"), Lesson::of(fault).words);
    }
}

fn exchanges(all: &mut Texts) {
    for status in [
        Status::Pending,
        Status::Ok,
        Status::NeedsInput,
        Status::ToolError,
        Status::RpcError,
        Status::HttpError,
        Status::Cancelled,
        Status::Refused,
    ] {
        for http in [None, Some("200"), Some("404")] {
            all.add(format!("exchange/{}", status.name()), wire::words::stands(http, status, false));
        }
    }
    all.add("exchange/navigation", wire::words::stands(None, Status::Ok, true));
    let hidden = wire::words::hidden(Hidden::Some { wanted: Some("www-authenticate") });
    hidden.into_iter().chain([wire::words::ADDED.to_owned()]).for_each(|it| all.add("exchange/headers", it));
    for error in [NotSent::NoMethod, NotSent::NotJson("EOF while parsing an object at line 1 column 1".to_owned())] {
        all.add("raw-params", error.to_string());
    }
}
