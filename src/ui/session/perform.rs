//! Carrying out what the machine orders: by fetch, or, for the demo's servers, in the page itself.

use super::{Answered, Hearing, Session, keep, moment};
use crate::demo::{self, Said};
use crate::http::{Event as HttpEvent, Request};
use crate::inspector::{AlarmId, Input, Order};
use crate::mcp::app::AppCall;
use crate::trace::ExchangeId;
use crate::ui::later;
use crate::ui::prelude::*;
use crate::web::clock::{self, Timer};
use crate::web::play::Play;
use crate::web::{fetch, signature, window};
use leptos::task::spawn_local;

impl Session {
    pub(super) fn perform(self, order: Order) {
        match order {
            Order::Send { exchange, request, limit } if demo::is_ours(&request.url) => {
                self.play(exchange, *request, limit);
            }
            Order::Send { exchange, request, limit } => {
                let flight = fetch::send(&request, limit, move |event| self.heard(exchange, event));
                self.flights.update_value(|it| {
                    it.insert(exchange, flight);
                });
            }
            Order::Limit { exchange, limit } => {
                self.flights.update_value(|it| {
                    if let Some(flight) = it.get_mut(&exchange) {
                        flight.limit(limit);
                    }
                });
                self.plays.update_value(|it| {
                    if let Some(play) = it.get_mut(&exchange) {
                        play.limit(limit);
                    }
                });
            }
            Order::Wake { alarm, after } => {
                let timer = Timer::after(after, move || self.woken(alarm));
                self.timers.update_value(|it| drop(it.insert(alarm, timer)));
            }
            Order::Abort(exchange) => {
                let flight = self.flights.try_update_value(|it| it.remove(&exchange)).flatten();
                if let Some(flight) = flight {
                    flight.abort();
                }
                if let Some(play) = self.plays.try_update_value(|it| it.remove(&exchange)).flatten() {
                    play.end();
                }
            }
            Order::Verify(signed) => signature::verify(signed, Box::new(move |it| self.dispatch(Input::Verified(it)))),
            Order::Sign { id, unsigned } => {
                signature::sign(unsigned, Box::new(move |it| self.dispatch(Input::Signed(id, it))));
            }
            // When the input that led here is done: what it is told may be the next input.
            Order::App(call, answer) => clock::soon(move || self.tell_app(call, answer)),
            // Outside the queue of promises: Firefox runs them inside `window.open`, which would enter the queue again.
            Order::Popup(_) => clock::soon(move || self.open_popup()),
            Order::Leave(url) => {
                keep::set_return_to(&self.here().path());
                window::leave(&url);
            }
        }
    }

    /// From now on this one is told what comes of the requests of apps.
    pub fn hear_apps(self, hearing: Hearing) {
        self.app.set_value(Some(hearing));
    }

    fn tell_app(self, call: AppCall, answer: Answered) {
        if let Some(hearing) = self.app.get_value() {
            hearing.run((call, answer));
        }
    }

    /// A request to one of the demo's servers. What they say may also be for a request that has been waiting.
    fn play(self, exchange: ExchangeId, request: Request, limit: Option<u32>) {
        let Some(moment) = moment() else { return };
        let mut play = Play::new(move |event| self.heard(exchange, event));
        play.limit(limit);
        self.plays.update_value(|it| drop(it.insert(exchange, play)));
        spawn_local(async move {
            // Where they do not come, the page is broken, and says so.
            let Ok(said) = later::answer(moment, exchange, request).await else { return };
            self.said(said);
        });
    }

    fn said(self, said: Vec<Said>) {
        let mut due = 0;
        for Said { exchange, after, event } in said {
            due += after;
            self.plays.with_value(|it| {
                if let Some(play) = it.get(&exchange) {
                    play.say(due, event);
                }
            });
        }
    }

    fn woken(self, alarm: AlarmId) {
        // The timer is at work just now: it goes when its work is done.
        let timer = self.timers.try_update_value(|it| it.remove(&alarm));
        self.dispatch(Input::Woken(alarm));
        request_animation_frame(move || drop(timer));
    }

    fn heard(self, exchange: ExchangeId, event: HttpEvent) {
        let over = matches!(event, HttpEvent::End | HttpEvent::Failed(_));
        self.dispatch(Input::Http(exchange, event));
        if over {
            self.flights.try_update_value(|it| it.remove(&exchange));
            self.plays.try_update_value(|it| it.remove(&exchange));
        }
    }
}
