//! Sending: fetch with streaming, a limit in time, and a way to give up.
//!
//! Every request goes out with `cache: "no-store"`, and with `credentials: "omit"` unless the user let an audit send
//! cookies, to the relay's URL where it goes through one. gloo-net carries it; the request itself and the stream of its body are the browser's own. gloo-net's builder would
//! add to a query and panic on a bad header.

use super::clock::{self, Timer};
use super::{embedder, policy};
use crate::http::relay::MARK;
use crate::http::{Event, Head, HttpError, Mode, Redirect, Request};
use gloo_net::http::{Request as Prepared, Response};
use js_sys::{Reflect, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit, RequestMode,
    RequestRedirect, ResponseType,
};

/// A request on its way. Dropping it does not end it: [`Flight::abort`] does.
pub struct Flight {
    controller: Option<AbortController>,
    /// The limit that passed, in milliseconds.
    late: Rc<Cell<Option<u32>>>,
    timer: Option<Timer>,
}

impl Flight {
    /// From now on it has that much time, in milliseconds, or no limit.
    pub fn limit(&mut self, limit: Option<u32>) {
        self.timer = limit.and_then(|limit| {
            let (stop, late) = (self.controller.clone(), Rc::clone(&self.late));
            Timer::after(limit, move || {
                late.set(Some(limit));
                if let Some(controller) = &stop {
                    controller.abort();
                }
            })
        });
    }

    pub fn abort(&self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

/// Sends a request and reports what comes of it; the last report is `End` or `Failed`.
///
/// `limit` is the time for the whole answer, in milliseconds.
pub fn send(request: &Request, limit: Option<u32>, report: impl Fn(Event) + 'static) -> Flight {
    let mut flight = Flight { controller: AbortController::new().ok(), late: Rc::default(), timer: None };
    flight.limit(limit);
    let prepared = prepare(request, flight.controller.as_ref());
    let (aborted, late, url) = (flight.controller.clone(), Rc::clone(&flight.late), request.fetched().into_owned());
    let mode = request.mode;
    spawn_local(async move {
        let outcome = match prepared {
            Ok(prepared) => run(prepared, &report).await,
            Err(error) => Err(Broken::Start(words(&error))),
        };
        // A page that goes away fails what is on its way, and does not come to what a timer brings: that it was left is for
        // the next page to say.
        if outcome.is_err() {
            clock::sleep(0).await;
        }
        let why = match &outcome {
            Err(Broken::Start(_)) if late.get().is_none() => explained(&url, mode).await,
            _ => None,
        };
        report(match (outcome, late.get()) {
            (Ok(()), _) => Event::End,
            (Err(_), Some(after)) => Event::Failed(HttpError::Timeout { after }),
            (Err(_), _) if aborted.is_some_and(|it| it.signal().aborted()) => Event::Failed(HttpError::Aborted),
            (Err(Broken::Redirected), _) => Event::Failed(HttpError::Redirected),
            (Err(Broken::Start(_)), _) if let Some(why) = why => Event::Failed(why),
            (Err(Broken::Start(said)), _) => Event::Failed(HttpError::Blocked { said }),
            (Err(Broken::Body(error)), _) => Event::Failed(HttpError::Cut { said: words(&error) }),
        });
    });
    flight
}

/// Why there is no response, where that is not the other side's doing.
async fn explained(url: &str, mode: Mode) -> Option<HttpError> {
    if let Some(rule) = policy::forbids(url).await {
        return Some(HttpError::Forbidden { rule });
    }
    match mode {
        Mode::Opaque => embedder::withholds(url).await.map(|responded| HttpError::Withheld { responded }),
        Mode::Readable => None,
    }
}

enum Broken {
    /// Before the head of an answer, and what the browser says of it.
    Start(String),
    /// In its body.
    Body(JsValue),
    Redirected,
}

fn prepare(request: &Request, controller: Option<&AbortController>) -> Result<Prepared, JsValue> {
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(match request.cookies {
        true => RequestCredentials::Include,
        false => RequestCredentials::Omit,
    });
    init.set_redirect(match request.redirect {
        Redirect::Stop => RequestRedirect::Manual,
        Redirect::Follow => RequestRedirect::Follow,
    });
    init.set_mode(match request.mode {
        Mode::Readable => RequestMode::Cors,
        Mode::Opaque => RequestMode::NoCors,
    });
    if let Some(body) = &request.body {
        init.set_body(&JsValue::from_str(&body.expose()));
    }
    init.set_signal(controller.map(AbortController::signal).as_ref());
    let headers = web_sys::Headers::new()?;
    for (name, value) in &request.headers {
        headers.append(name, &value.expose())?;
    }
    if request.is_own() {
        headers.append(MARK.0, MARK.1)?;
    }
    init.set_headers(&headers);
    web_sys::Request::new_with_str_and_init(&request.fetched(), &init).map(Prepared::from)
}

/// The media type of a stream of events.
const STREAM: &str = "text/event-stream";

async fn run(request: Prepared, report: &impl Fn(Event)) -> Result<(), Broken> {
    let url = request.url();
    let answer = request.send().await.map_err(|error| Broken::Start(said(&error)))?;
    match answer.type_() {
        ResponseType::Opaqueredirect => return Err(Broken::Redirected),
        ResponseType::Opaque => {
            report(Event::Head(Head { status: 0, url, redirected: false, headers: Vec::new() }));
            return Ok(());
        }
        _ => report(Event::Head(head(&answer))),
    }
    let streams = answer.headers().get("content-type").is_some_and(|it| it.starts_with(STREAM));
    let slice = if streams { SLICE } else { u32::MAX };
    match answer.body() {
        Some(body) => read(body.get_reader().unchecked_into(), slice, report).await.map_err(Broken::Body),
        None => Ok(()),
    }
}

fn head(answer: &Response) -> Head {
    let headers = answer.headers().entries().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    Head { status: answer.status(), url: answer.url(), redirected: answer.redirected(), headers }
}

/// How much of a stream is reported at once, in bytes: its events are worked on one by one.
const SLICE: u32 = 16 << 10;
/// How long the page is kept busy in a row, in milliseconds.
const BUSY: f64 = 25.0;

async fn read(reader: ReadableStreamDefaultReader, slice: u32, report: &impl Fn(Event)) -> Result<(), JsValue> {
    let mut busy_since = clock::now();
    loop {
        let part = JsFuture::from(reader.read()).await?;
        if Reflect::get(&part, &"done".into())?.is_truthy() {
            return Ok(());
        }
        let bytes: Uint8Array = Reflect::get(&part, &"value".into())?.dyn_into()?;
        let mut from = 0;
        while from < bytes.length() {
            let to = from.saturating_add(slice).min(bytes.length());
            report(Event::Bytes(bytes.subarray(from, to).to_vec()));
            from = to;
            // What has come is read without a pause. Under a flood, presses and drawing would wait for its end.
            if clock::now() - busy_since > BUSY {
                clock::sleep(0).await;
                busy_since = clock::now();
            }
        }
    }
}

/// What the browser says of an error: `Failed to fetch`.
fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|it| it.as_string());
    or_nothing(message.unwrap_or_default())
}

fn said(error: &gloo_net::Error) -> String {
    match error {
        gloo_net::Error::JsError(error) => or_nothing(error.message.clone()),
        other => other.to_string(),
    }
}

fn or_nothing(message: String) -> String {
    if message.is_empty() { "no reason given".to_owned() } else { message }
}
