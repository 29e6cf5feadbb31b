//! Files that the platform opens the installed app with (Launch Handler API, `launchQueue`; Chromium has it).

use js_sys::{Array, Function, Promise, Reflect};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

/// Calls with the first file of each launch, for as long as the page lives. One that came before is not lost.
pub fn on_file(take: impl Fn(File) + 'static) {
    let take = Rc::new(take);
    let consumer = Closure::<dyn Fn(JsValue)>::new(move |launch: JsValue| {
        let take = Rc::clone(&take);
        spawn_local(async move {
            if let Some(file) = first(&launch).await {
                take(file);
            }
        });
    });
    if consume(consumer.as_ref()).is_some() {
        consumer.forget();
    }
}

fn consume(consumer: &JsValue) -> Option<()> {
    let queue = Reflect::get(web_sys::window()?.as_ref(), &"launchQueue".into()).ok()?;
    call(&queue, "setConsumer", &Array::of1(consumer)).map(drop)
}

async fn first(launch: &JsValue) -> Option<File> {
    let files: Array = Reflect::get(launch, &"files".into()).ok()?.dyn_into().ok()?;
    let file: Promise = call(&files.get(0), "getFile", &Array::new())?.dyn_into().ok()?;
    JsFuture::from(file).await.ok()?.dyn_into().ok()
}

/// `None` too where there is no such object or function.
fn call(object: &JsValue, name: &str, arguments: &Array) -> Option<JsValue> {
    let function: Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    function.apply(object, arguments).ok()
}
