//! Sending: fetch with streaming, a limit in time, and a way to give up.
//!
//! Every request goes out with `cache: "no-store"` and `credentials: "omit"`.

use super::clock::Timer;
use crate::http::{Event, Head, HttpError, Mode, Redirect, Request};
use js_sys::{Reflect, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit, RequestMode,
    RequestRedirect, Response,
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
    let (aborted, late) = (flight.controller.clone(), Rc::clone(&flight.late));
    spawn_local(async move {
        let outcome = match prepared {
            Ok(prepared) => run(&prepared, &report).await,
            Err(error) => Err(Broken::Start(error)),
        };
        report(match (outcome, late.get()) {
            (Ok(()), _) => Event::End,
            (Err(_), Some(after)) => Event::Failed(HttpError::Timeout { after }),
            (Err(_), _) if aborted.is_some_and(|it| it.signal().aborted()) => Event::Failed(HttpError::Aborted),
            (Err(Broken::Redirected), _) => Event::Failed(HttpError::Redirected),
            (Err(Broken::Start(error)), _) => Event::Failed(HttpError::Blocked { said: words(&error) }),
            (Err(Broken::Body(error)), _) => Event::Failed(HttpError::Cut { said: words(&error) }),
        });
    });
    flight
}

enum Broken {
    /// Before the head of an answer.
    Start(JsValue),
    /// In its body.
    Body(JsValue),
    Redirected,
}

fn prepare(request: &Request, controller: Option<&AbortController>) -> Result<web_sys::Request, JsValue> {
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
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
    init.set_headers(&headers);
    web_sys::Request::new_with_str_and_init(&request.url, &init)
}

async fn run(request: &web_sys::Request, report: &impl Fn(Event)) -> Result<(), Broken> {
    let window = web_sys::window().ok_or(Broken::Start(JsValue::NULL))?;
    let answer = JsFuture::from(window.fetch_with_request(request)).await.map_err(Broken::Start)?;
    let answer: Response = answer.dyn_into().map_err(Broken::Start)?;
    match answer.type_() {
        web_sys::ResponseType::Opaqueredirect => return Err(Broken::Redirected),
        web_sys::ResponseType::Opaque => {
            report(Event::Head(Head { status: 0, url: request.url(), redirected: false, headers: Vec::new() }));
            return Ok(());
        }
        _ => report(Event::Head(head(&answer))),
    }
    match answer.body() {
        Some(body) => read(body.get_reader().unchecked_into(), report).await.map_err(Broken::Body),
        None => Ok(()),
    }
}

fn head(answer: &Response) -> Head {
    let mut headers = Vec::new();
    for pair in answer.headers().entries().into_iter().flatten() {
        let pair = js_sys::Array::from(&pair);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            headers.push((name.to_ascii_lowercase(), value));
        }
    }
    Head { status: answer.status(), url: answer.url(), redirected: answer.redirected(), headers }
}

async fn read(reader: ReadableStreamDefaultReader, report: &impl Fn(Event)) -> Result<(), JsValue> {
    loop {
        let part = JsFuture::from(reader.read()).await?;
        if Reflect::get(&part, &"done".into())?.is_truthy() {
            return Ok(());
        }
        let bytes: Uint8Array = Reflect::get(&part, &"value".into())?.dyn_into()?;
        report(Event::Bytes(bytes.to_vec()));
    }
}

/// What the browser says of an error: `Failed to fetch`.
fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|it| it.as_string());
    message.filter(|it| !it.is_empty()).unwrap_or_else(|| "no reason given".to_owned())
}
