//! Reports that come in their time, as those of fetch do: for servers that are a part of the page.

use super::clock::{self, Timer};
use crate::http::{Event, HttpError};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// A request that is answered in the page. Dropping it does not end it: [`Play::end`] does.
pub struct Play {
    over: Rc<Cell<bool>>,
    report: Rc<dyn Fn(Event)>,
    timer: Option<Timer>,
}

impl Play {
    /// `report` is called as [`super::fetch::send`] does: the last time with `End` or `Failed`.
    pub fn new(report: impl Fn(Event) + 'static) -> Self {
        Self { over: Rc::default(), report: Rc::new(report), timer: None }
    }

    /// Reports an event after so many milliseconds, unless it is over by then.
    pub fn say(&self, after: u32, event: Event) {
        let (over, report) = (Rc::clone(&self.over), Rc::clone(&self.report));
        spawn_local(async move {
            clock::sleep(after).await;
            if !over.get() {
                over.set(matches!(event, Event::End | Event::Failed(_)));
                report(event);
            }
        });
    }

    /// From now on it has that much time, in milliseconds, or no limit.
    pub fn limit(&mut self, limit: Option<u32>) {
        let (over, report) = (Rc::clone(&self.over), Rc::clone(&self.report));
        self.timer = limit.and_then(|after| {
            Timer::after(after, move || {
                let (over, report) = (Rc::clone(&over), Rc::clone(&report));
                // The report may drop this timer, so it comes when the timer's work is done.
                spawn_local(async move {
                    if !over.replace(true) {
                        report(Event::Failed(HttpError::Timeout { after }));
                    }
                });
            })
        });
    }

    /// Nothing more is reported.
    pub fn end(&self) {
        self.over.set(true);
    }
}
