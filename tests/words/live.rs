//! What is said while a server works: cancelled calls, changed lists, log messages.

use super::Texts;
use flowglass::base::revision::Revision;
use flowglass::explain::agreement::{OnRevision, OnTransport};
use flowglass::explain::words::{agreement, live};
use flowglass::inspector::{Cancellation, Changed, Link, ListChange, PollingEnd};
use flowglass::mcp::jsonrpc::RpcError;
use flowglass::mcp::model::ItemKind;

pub fn texts() -> Texts {
    let mut all = Texts::default();
    let after = 120.0;
    for (name, sample) in [
        ("waiting", Cancellation::Waiting),
        ("responded", Cancellation::Responded { after }),
        ("kept-sending", Cancellation::KeptSending { after: 1_400.0 }),
        ("ended", Cancellation::Ended { after }),
        ("silent", Cancellation::Silent),
        ("closed", Cancellation::Closed),
        ("unknown", Cancellation::Unknown),
        ("left", Cancellation::Left),
    ] {
        all.add(format!("cancellation/{name}"), live::cancellation(sample));
    }
    all.add("list-change", live::change(&change(0)));
    all.add("list-change", live::change(&change(2)));
    ItemKind::ALL.into_iter().for_each(|it| all.add("list-change/of", live::list(it)));
    all.add("list-change/not-compared", live::NOT_COMPARED);
    all.add("list-change/bound", live::changes_dropped(3));
    [Link::Response, Link::OnlyOpen].into_iter().for_each(|it| all.add("log/call", live::link(it)));
    all.add("log/bound", live::logs_dropped(50));
    all.add("log/reload", live::logs_over_reload(0));
    all.add("log/reload-lost", live::logs_over_reload(12));
    all.add("log/reload-memory-only", live::LOGS_IN_MEMORY);
    all.add("progress/bound", live::progress_dropped(1));
    let offered = Revision::LATEST_WITH_HANDSHAKE;
    for why in [
        OnRevision::Chosen,
        OnRevision::Discovered,
        OnRevision::Offered { offered, refused: None },
        OnRevision::Offered { offered, refused: Some("404".to_owned()) },
        OnRevision::Offered { offered, refused: Some("200".to_owned()) },
        OnRevision::Offered { offered, refused: Some("blocked".to_owned()) },
        OnRevision::Lowered { offered },
    ] {
        all.add("agreement/revision", agreement::revision(&why));
    }
    let refused = OnTransport::Refused { status: "405".to_owned() };
    for why in [OnTransport::Chosen, OnTransport::Answered, refused, OnTransport::Known] {
        all.add("agreement/transport", agreement::transport(&why));
    }
    let error = RpcError { code: -32602, message: "Task not found".to_owned(), data: None };
    all.add("task/refused", live::task_refused(&error));
    all.add("task/polling-end/refused", live::polling_end(&PollingEnd::Refused(error)));
    all.add("task/polling-end/no-response", live::polling_end(&PollingEnd::NoResponse));
    all.add("task/polling-end/overdue", live::polling_end(&PollingEnd::Overdue));
    all.add("task/bound", live::tasks_dropped(2));
    all
}

fn change(count: usize) -> ListChange {
    let names = vec!["a".to_owned(); count];
    let changed = Changed { key: "a".to_owned(), before: "{}".into(), after: "{}".into() };
    ListChange {
        at: 0.0,
        kind: ItemKind::Tools,
        added: names.clone(),
        removed: names,
        changed: vec![changed; count / 2],
    }
}
