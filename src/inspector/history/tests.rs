use super::*;
use crate::mcp::model::ItemKind;

fn target(tool: &str) -> Target {
    Target { kind: ItemKind::Tools, key: tool.to_owned() }
}

fn outcome(tool: &str, result: &str) -> Outcome {
    let ask = Ask { target: target(tool), arguments: "{}".to_owned() };
    let pending = Outcome::pending(ask, 10.0);
    Outcome { status: Status::Ok, ended: Some(22.4), result: Some(result.into()), ..pending }
}

fn numbers(history: &History, tool: &str) -> Vec<u32> {
    history.of("s", &target(tool)).map(|it| it.number).collect()
}

fn called(times: usize, result: &str) -> History {
    let mut history = History::default();
    for _ in 0..times {
        history.push("s".to_owned(), &outcome("echo", result));
    }
    history
}

#[test]
fn calls_are_those_of_a_server_and_a_tool_the_newest_first() {
    let mut history = called(2, "{}");
    history.push("s".to_owned(), &outcome("add", "{}"));
    history.push("another".to_owned(), &outcome("echo", "{}"));
    assert_eq!((numbers(&history, "echo"), numbers(&history, "add")), (vec![2, 1], vec![3]));
    assert_eq!(history.numbered(4).map(|it| (it.took(), it.server.as_str())), Some((12, "another")));
}

#[test]
fn the_oldest_of_a_tool_go_beyond_the_bound_and_no_other() {
    let mut history = called(1, "{}");
    history.push("s".to_owned(), &outcome("add", "{}"));
    for _ in 0..History::OF_TOOL {
        history.push("s".to_owned(), &outcome("echo", "{}"));
    }
    assert_eq!((numbers(&history, "echo").len(), numbers(&history, "add")), (History::OF_TOOL, vec![2]));
    assert!(history.numbered(1).is_none());
    for tool in 0..History::OF_ALL {
        history.push("s".to_owned(), &outcome(&tool.to_string(), "{}"));
    }
    assert_eq!(history.calls.len(), History::OF_ALL);
}

#[test]
fn the_storage_gets_short_results_until_it_is_full_and_the_arguments_of_the_others() {
    let mut history = called(6, &"x".repeat(History::ONE - (4 << 10)));
    history.push("s".to_owned(), &outcome("echo", &"x".repeat(History::ONE)));
    let stored = history.stored();
    assert_eq!(stored.get(&7), Some(&Extent::WithoutResult));
    let whole: Vec<u32> = stored.iter().filter(|(_, it)| **it == Extent::Whole).map(|(it, _)| *it).collect();
    assert_eq!((whole, stored.len()), (vec![3, 4, 5, 6], 7));
    let call = history.numbered(7).expect("it is kept");
    let short = call.to_extent(Extent::WithoutResult);
    assert_eq!((short.dropped, short.result.is_none(), call.is_storable()), (Some(History::ONE), true, false));
}

#[test]
fn in_memory_the_oldest_results_go_first() {
    let history = called(5, &"x".repeat(History::IN_MEMORY / 4));
    let kept: Vec<bool> = history.calls.iter().map(|it| it.result.is_some()).collect();
    assert_eq!(kept, [false, false, true, true, true]);
}

#[test]
fn the_newest_is_shown_until_another_is_opened_and_again_after_the_next_call() {
    let mut history = called(2, "{}");
    let live = outcome("echo", "live");
    let echo = target("echo");
    let shown = |history: &History| history.outcome(&echo, Some(&live)).and_then(|it| it.result.clone());
    assert_eq!(shown(&history).as_deref(), Some("live"));
    history.show(&echo, 1);
    assert_eq!((shown(&history).as_deref(), history.shown(&echo)), (Some("{}"), Some(1)));
    history.show(&target("add"), 2);
    assert_eq!(history.shown(&target("add")), None);
    history.show(&echo, 2);
    assert_eq!(shown(&history).as_deref(), Some("live"));
    history.show(&echo, 1);
    history.push("s".to_owned(), &outcome("echo", "{}"));
    assert_eq!(history.shown(&echo), Some(3));
    history.close();
    assert_eq!((history.shown(&echo), history.calls.len()), (None, 3));
}

#[test]
fn a_call_is_taken_out_and_put_back_in_its_place() {
    let mut history = called(3, "{}");
    let echo = target("echo");
    let newest = history.remove(3).expect("it is kept");
    assert_eq!((numbers(&history, "echo"), history.shown(&echo)), (vec![2, 1], None));
    history.put_back(newest);
    assert_eq!((numbers(&history, "echo"), history.shown(&echo)), (vec![3, 2, 1], None));
    let first = history.remove(1).expect("it is kept");
    history.push("s".to_owned(), &outcome("echo", "{}"));
    history.put_back(first);
    assert_eq!((numbers(&history, "echo"), history.shown(&echo)), (vec![4, 3, 2, 1], Some(4)));
    assert!(history.remove(9).is_none());
}

#[test]
fn a_page_goes_on_where_the_last_one_stopped() {
    let mut history = called(3, "[1]");
    history.show(&target("echo"), 2);
    let text = serde_json::to_string(&Vec::from(history.calls.clone())).expect("it can be written");
    let calls: Vec<Call> = serde_json::from_str(&text).expect("it can be read");
    let mut restored = History::restored(calls, history.all_shown());
    assert_eq!((numbers(&restored, "echo"), restored.shown(&target("echo"))), (vec![3, 2, 1], Some(2)));
    assert_eq!(restored.outcome(&target("echo"), None).map(|it| it.status), Some(Status::Ok));
    restored.push("s".to_owned(), &outcome("echo", "{}"));
    assert_eq!(numbers(&restored, "echo"), [4, 3, 2, 1]);
}
