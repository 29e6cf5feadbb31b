//! The schema check, in a worker of its own: `assets/schema/check.mjs` with its validator, which loads when something is
//! first checked. A schema can make a validator run for ever (a pattern, a choice within a choice); the worker is then
//! ended, and the page has not noticed.

use super::clock::Timer;
use super::window::document;
use crate::schema::verdict::{self, Checked, Unchecked};
use js_sys::{Array, Function, Promise};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

/// Long enough for a slow network.
const LOADING: u32 = 60_000;
/// How long a check may take, in seconds.
const LIMIT: u32 = 5;
/// How much is checked, in bytes of schema and value.
const LARGEST: usize = 16 << 20;
/// The number of the message with which the module says that it is there.
const READY: u32 = 0;

/// Checks a value against a schema, both as JSON texts.
pub async fn check(schema: &str, value: &str) -> Checked {
    if schema.len() + value.len() > LARGEST {
        return Err(Unchecked::TooLarge { limit: LARGEST });
    }
    let running = Running::now().ok_or(Unchecked::NotLoaded)?;
    if running.ready().await.is_none() {
        running.end();
        BROKEN.set(true);
        return Err(Unchecked::NotLoaded);
    }
    match running.ask(schema, value).await {
        Some(said) => verdict::read(&said),
        None => {
            running.end();
            Err(Unchecked::TooLong { seconds: LIMIT })
        }
    }
}

thread_local! {
    static RUNNING: RefCell<Option<Rc<Running>>> = const { RefCell::new(None) };
    /// That it did not load: a reload of the page is the next attempt.
    static BROKEN: Cell<bool> = const { Cell::new(false) };
}

/// Those who wait for an answer, by the number of their question.
type Waiting = Rc<RefCell<BTreeMap<u32, Function>>>;

/// The worker, and what it was asked.
struct Running {
    worker: Worker,
    waiting: Waiting,
    ready: Promise,
    asked: Cell<u32>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(Event)>,
}

impl Running {
    /// The one that runs, or a new one.
    fn now() -> Option<Rc<Self>> {
        if BROKEN.get() {
            return None;
        }
        RUNNING.with_borrow_mut(|it| {
            if it.is_none() {
                *it = Self::start();
            }
            it.clone()
        })
    }

    fn start() -> Option<Rc<Self>> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&module()?, &options).ok()?;
        let waiting = Waiting::default();
        let ready = expected(&waiting, READY);
        let heard = Rc::clone(&waiting);
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let said: Array = event.data().unchecked_into();
            let number = said.get(0).as_f64().unwrap_or_default() as u32;
            answer(&heard, number, &said.get(1));
        });
        let failed = Rc::clone(&waiting);
        let error = Closure::<dyn FnMut(Event)>::new(move |_| answer_all(&failed));
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        let asked = Cell::new(READY);
        Some(Rc::new(Self { worker, waiting, ready, asked, _message: message, _error: error }))
    }

    async fn ready(&self) -> Option<String> {
        self.answered(READY, &self.ready, LOADING).await
    }

    async fn ask(&self, schema: &str, value: &str) -> Option<String> {
        let number = self.asked.get() + 1;
        self.asked.set(number);
        let promise = expected(&self.waiting, number);
        let question = Array::of3(&number.into(), &schema.into(), &value.into());
        self.worker.post_message(&question).ok()?;
        self.answered(number, &promise, LIMIT * 1000).await
    }

    /// The answer, where it comes in time.
    async fn answered(&self, number: u32, promise: &Promise, milliseconds: u32) -> Option<String> {
        let waiting = Rc::clone(&self.waiting);
        let _timer = Timer::after(milliseconds, move || answer(&waiting, number, &JsValue::UNDEFINED));
        JsFuture::from(promise.clone()).await.ok()?.as_string()
    }

    /// Ends it, with all that it was asked.
    fn end(self: &Rc<Self>) {
        self.worker.terminate();
        answer_all(&self.waiting);
        RUNNING.with_borrow_mut(|it| {
            if it.as_ref().is_some_and(|it| Rc::ptr_eq(it, self)) {
                *it = None;
            }
        });
    }
}

fn expected(waiting: &Waiting, number: u32) -> Promise {
    Promise::new(&mut |resolve, _| drop(waiting.borrow_mut().insert(number, resolve)))
}

fn answer(waiting: &Waiting, number: u32, said: &JsValue) {
    let resolve = waiting.borrow_mut().remove(&number);
    if let Some(resolve) = resolve {
        let _ = resolve.call1(&JsValue::UNDEFINED, said);
    }
}

fn answer_all(waiting: &Waiting) {
    for resolve in waiting.take().into_values() {
        let _ = resolve.call1(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
    }
}

/// Where the module is: the page names all parts that it loads later.
fn module() -> Option<String> {
    let document = document()?;
    let named = document.query_selector("meta[name=later-parts]").ok()??.get_attribute("content")?;
    let name = named.split_whitespace().find(|it| it.starts_with("schema") && it.ends_with(".js"))?;
    Url::new_with_base(name, &document.base_uri().ok()??).ok().map(|it| it.href())
}
