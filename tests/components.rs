//! Parts of the page in a real browser: `cargo xtask test components`.

#![cfg(target_arch = "wasm32")]

use flowglass::explain::card::Card;
use flowglass::http::{Event, Head, HttpError, Request};
use flowglass::trace::problem::Problem;
use flowglass::trace::problem::mcp::{Error, Excerpt};
use flowglass::ui::parts::json::{JsonTree, Lines};
use flowglass::ui::parts::problem::{self, CardBody};
use flowglass::ui::prelude::*;
use flowglass::ui::route::Route;
use flowglass::ui::session::{Opened, Session};
use flowglass::web::storage::Place;
use flowglass::web::{clock, fetch, window};
use leptos::mount::{UnmountHandle, mount_to};
use leptos_router::components::Router;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, KeyboardEvent, KeyboardEventInit};

wasm_bindgen_test_configure!(run_in_browser);

/// A place of its own in the page for what a test draws.
fn stage() -> HtmlElement {
    let document = window::document().expect("a document");
    let stage: HtmlElement = document.create_element("div").expect("an element").unchecked_into();
    document.body().expect("a body").append_child(&stage).expect("it takes children");
    stage
}

/// Draws into it, until what comes back is dropped.
fn draw<V: IntoView>(stage: &HtmlElement, view: impl FnOnce() -> V + 'static) -> UnmountHandle<V::State> {
    mount_to(stage.clone(), view)
}

fn all(root: &Element, selector: &str) -> u32 {
    root.query_selector_all(selector).expect("a selector").length()
}

fn first(root: &Element, selector: &str) -> HtmlElement {
    let found = root.query_selector(selector).expect("a selector").unwrap_or_else(|| panic!("no {selector}"));
    found.unchecked_into()
}

async fn wait(milliseconds: u32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        let window = web_sys::window().expect("a window");
        let wait = i32::try_from(milliseconds).unwrap_or_default();
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, wait);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Waits until it holds; fails after five seconds.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..250 {
        if holds() {
            return;
        }
        wait(20).await;
    }
    panic!("not within five seconds: {what}");
}

fn press(element: &Element, key: &str) {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).expect("an event");
    element.dispatch_event(&event).expect("it is heard");
}

#[wasm_bindgen_test]
async fn a_million_items_are_a_few_elements() {
    let stage = stage();
    let text: Arc<str> = format!("[{}0]", "1,".repeat(1_000_000)).into();
    let drawn = draw(&stage, move || view! { <JsonTree text=text.clone() label="Numbers"/> });
    until("rows are drawn", || all(&stage, ".json-row") > 0).await;
    assert!(all(&stage, "*") < 600, "{} elements", all(&stage, "*"));
    drop(drawn);
}

#[wasm_bindgen_test]
async fn a_tree_opens_and_closes_by_keyboard() {
    let stage = stage();
    let text: Arc<str> = r#"{"a":{"b":1},"c":[true]}"#.into();
    let drawn = draw(&stage, move || view! { <JsonTree text=text.clone() label="Small"/> });
    until("rows are drawn", || all(&stage, ".json-row") > 0).await;
    let (tree, open) = (first(&stage, "[role=tree]"), all(&stage, ".json-row"));
    for key in ["Home", "ArrowDown", "ArrowLeft"] {
        press(&tree, key);
        wait(30).await;
    }
    until("a row is closed", || all(&stage, ".json-row") == open - 1).await;
    press(&tree, "ArrowRight");
    until("it is open again", || all(&stage, ".json-row") == open).await;
    drop(drawn);
}

#[wasm_bindgen_test]
async fn raw_text_of_ten_megabytes_is_a_few_elements() {
    let stage = stage();
    let text: Arc<str> = format!("\"{}\"", "x".repeat(10 * 1024 * 1024)).into();
    let drawn = draw(&stage, move || view! { <Lines text=text.clone() label="Raw"/> });
    until("lines are drawn", || all(&stage, "*") > 2).await;
    assert!(all(&stage, "*") < 600);
    drop(drawn);
}

#[component]
fn Hostile(problem: Problem) -> impl IntoView {
    provide_context(Session::open(Opened::default()));
    view! { <CardBody card=Card::alone(&problem) place=problem::Place::Page/> }
}

#[wasm_bindgen_test]
async fn words_of_a_server_never_become_elements() {
    let stage = stage();
    let hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    let head = Head { status: 400, url: hostile.to_owned(), redirected: false, headers: Vec::new() };
    let problem: Problem =
        Error::SessionHidden { head, body: Excerpt::of(hostile), page: hostile.to_owned() }.problem();
    let drawn = draw(&stage, move || {
        view! { <Router><Hostile problem=problem.clone()/></Router> }
    });
    until("it is drawn", || all(&stage, "details") == 1).await;
    assert_eq!((all(&stage, "img"), all(&stage, "script")), (0, 0));
    assert!(stage.text_content().unwrap_or_default().contains(hostile));
    drop(drawn);
}

#[wasm_bindgen_test]
async fn what_changes_is_drawn_anew_and_what_is_dropped_is_gone() {
    let stage = stage();
    let count = RwSignal::new(1_usize);
    let drawn = draw(&stage, move || {
        let (title, many) = (move || count.get().to_string(), move || count.get() > 2);
        view! { <p title=title hidden=many>"n = "{count}<b>"!"</b></p> }
    });
    let (p, b) = (first(&stage, "p"), first(&stage, "b"));
    assert_eq!(p.text_content().as_deref(), Some("n = 1!"));
    count.set(3);
    until("the new number", || p.text_content().as_deref() == Some("n = 3!")).await;
    assert_eq!((p.title(), p.has_attribute("hidden")), ("3".to_owned(), true));
    assert_eq!(first(&stage, "b"), b);
    drop(drawn);
    assert_eq!(stage.child_nodes().length(), 0);
}

#[wasm_bindgen_test]
async fn items_of_a_list_are_moved_and_not_drawn_again() {
    let stage = stage();
    let keys = RwSignal::new(vec![1_usize, 2, 3]);
    let drawn =
        draw(&stage, move || view! { <Keyed keys draw=|key: usize| view! { <input value=key.to_string()/> }/> });
    let values = || {
        let inputs = stage.query_selector_all("input").expect("a selector");
        let value = |index| inputs.get(index).and_then(|it| it.unchecked_into::<Element>().get_attribute("value"));
        (0..inputs.length()).filter_map(value).collect::<Vec<_>>().join(" ")
    };
    let two = first(&stage, "input[value='2']");
    two.focus().expect("it takes the focus");
    for (next, drawn) in [(vec![2, 3, 4], "2 3 4"), (vec![4, 2], "4 2"), (vec![], ""), (vec![5], "5")] {
        keys.set(next);
        until(drawn, || values() == drawn).await;
        let here = keys.get_untracked().contains(&2);
        assert_eq!(two.is_connected(), here);
        assert_eq!(window::document().and_then(|it| it.active_element()).as_ref() == Some(two.as_ref()), here);
    }
    drop(drawn);
}

/// Sends, and gives what was reported.
fn send(url: &str, limit: u32) -> (fetch::Flight, Receiver<Event>) {
    let (heard, events) = channel();
    let flight = fetch::send(&Request::get(url), Some(limit), move |event| {
        let _ = heard.send(event);
    });
    (flight, events)
}

#[wasm_bindgen_test]
async fn an_answer_comes_in_order_and_ends() {
    let (_flight, events) = send("data:application/json,%7B%7D", 5_000);
    let mut heard = Vec::new();
    until("the end", || {
        heard.extend(events.try_iter());
        matches!(heard.last(), Some(Event::End | Event::Failed(_)))
    })
    .await;
    assert!(matches!(heard.first(), Some(Event::Head(head)) if head.status == 200));
    assert_eq!(heard.get(1), Some(&Event::Bytes(b"{}".to_vec())));
    assert_eq!(heard.last(), Some(&Event::End));
}

#[wasm_bindgen_test]
async fn what_nobody_answers_is_blocked_and_what_is_given_up_is_aborted() {
    // Port 9 is one that browsers never ask.
    let (_flight, events) = send("http://127.0.0.1:9/", 5_000);
    let mut last = None;
    until("a failure", || {
        last = events.try_iter().last().or(last.take());
        last.is_some()
    })
    .await;
    assert!(matches!(last, Some(Event::Failed(HttpError::Blocked { .. }))));
    let (flight, events) = send("data:text/plain,x", 5_000);
    flight.abort();
    until("the end of it", || matches!(events.try_iter().last(), Some(Event::Failed(HttpError::Aborted)))).await;
}

#[wasm_bindgen_test]
async fn a_timer_that_is_dropped_does_not_ring() {
    let (ring, rings) = channel();
    let again = ring.clone();
    let dropped = clock::Timer::after(10, move || ring.send("dropped").expect("it is heard"));
    let kept = clock::Timer::after(10, move || again.send("kept").expect("it is heard"));
    drop(dropped);
    wait(100).await;
    assert_eq!(rings.try_iter().collect::<Vec<_>>(), ["kept"]);
    drop(kept);
}

#[wasm_bindgen_test]
fn the_storage_lists_its_keys_in_order_and_says_when_it_is_full() {
    for key in ["t.b", "t.a", "u"] {
        assert!(Place::Tab.set(key, "1"));
    }
    assert_eq!(Place::Tab.keys("t."), ["t.a", "t.b"]);
    assert!(!Place::Tab.set("t.c", &"x".repeat(20 * 1024 * 1024)));
    assert_eq!(Place::Tab.get("t.c"), None);
}

#[wasm_bindgen_test]
fn the_browser_writes_international_names_in_ascii() {
    assert_eq!(window::normal("https://bücher.example/mcp").as_deref(), Some("https://xn--bcher-kva.example/mcp"));
    assert_eq!(window::normal("no address"), None);
}

#[wasm_bindgen_test]
fn every_route_reads_what_it_writes() {
    let names =
        ["echo", "a/b", "ä ö", "100%", "?x#y", "a+b", ".", "..", "~", "~..", "%2e%2e", "%41", "...", "\\", "a\0b"];
    let tools = names.map(|it| Route::Tools(Some(it.to_owned())));
    let plain = [
        Route::Connect,
        Route::Walkthrough(None),
        Route::Tools(None),
        Route::Wire(None),
        Route::Callback,
        Route::DemoAuthorize,
        Route::Bench,
        Route::Check,
    ];
    for route in tools.into_iter().chain(plain) {
        assert_eq!(Route::parse(&route.path()), route);
        assert!(route.path().trim_end_matches('/').matches('/').count() <= 1, "{}", route.path());
        let seen = web_sys::Url::new_with_base(&route.path(), "https://a.example/b/").expect("an address");
        assert_eq!(seen.pathname(), format!("/b/{}", route.path()), "as the browser reads it");
    }
}

#[wasm_bindgen_test]
fn foreign_paths_are_unknown() {
    assert_eq!(Route::parse("/x/y"), Route::Unknown);
    assert_eq!(Route::parse("/oauth/x"), Route::Unknown);
}
