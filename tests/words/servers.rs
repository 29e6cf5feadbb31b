//! What is said of entries of a client's configuration and of `inspector.json`.

use super::Texts;
use flowglass::base::address::Address;
use flowglass::explain::words::servers::{fault, item, not_read};
use flowglass::settings::host::{Fault, Host, Wrong};
use flowglass::settings::import::{Invalid, Item, NotRead, Program, Status};
use flowglass::settings::servers::{KeptHeader, Server};

fn server(headers: &[&str], had_query: bool) -> Status {
    let headers = headers.iter().map(|it| KeptHeader { name: (*it).to_owned(), value: None }).collect();
    Status::Ok(Box::new(Server { headers, had_query, ..Server::default() }))
}

pub fn texts() -> Texts {
    let mut all = Texts::default();
    let url = Address::typed("ftp://a.example").expect_err("no URL of a server");
    let invalid = [
        Invalid::NoObject,
        Invalid::NoUrl,
        Invalid::Transport("ws".to_owned()),
        Invalid::Variable("${BASE}/mcp".to_owned()),
        Invalid::Url(url.clone()),
    ];
    let keys = ["Authorization", "X-Api-Key"];
    let ok = [server(&[], false), server(&[], true), server(&keys, false), server(&keys, true)];
    let others = [Status::Stdio(Program::default()), Status::Duplicate { of: "Orders".to_owned() }];
    for status in ok.into_iter().chain(others).chain(invalid.map(Status::Invalid)) {
        all.add(format!("import {}", status.name()), item(&Item { name: "a".to_owned(), status }));
    }
    for why in [NotRead::Empty, NotRead::TooLong, NotRead::NotJson { line: 2, column: 7 }, NotRead::NoServers] {
        all.add("import not read", not_read(&why));
    }
    for wrong in [
        Wrong::Unknown,
        Wrong::Type("an object"),
        Wrong::Missing,
        Wrong::Value(["auto", "sse"].map(str::to_owned).into()),
        Wrong::Url(url),
        Wrong::Secret,
        Wrong::Twice,
        Wrong::NoOrigin,
        Wrong::NoRelay,
    ] {
        all.add("inspector.json", fault(&Fault { part: "servers[0].url".to_owned(), wrong }));
    }
    let whole = [Host::failed(503), Host::read("{"), Host::read(&" ".repeat(2 << 20))];
    whole.iter().flat_map(|it| &it.faults).for_each(|it| all.add("inspector.json", fault(it)));
    all
}
