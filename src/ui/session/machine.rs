//! What happened goes to the machine, and what the machine orders is done.

use super::keep::{self, Keep};
use super::{Popup, Session, moment};
use crate::http::Event as HttpEvent;
use crate::inspector::{Input, Inspector, Order, Phase};
use crate::ui::later;
use crate::ui::prelude::*;
use crate::web::{clock, window};
use leptos::task::spawn_local;
use std::collections::VecDeque;
use std::task::{Context, Waker};

/// The longest time in which nothing is drawn anew for what comes in, in milliseconds.
const REST: f64 = 400.0;

impl Session {
    /// Takes what happened, keeps it, and does what the machine orders: at once where the machine is there.
    pub fn dispatch(self, input: Input) {
        self.inputs.update_value(|it| it.push_back(input));
        if self.is_held() {
            return self.awaited.set(true);
        }
        self.go_on();
    }

    /// Takes what waits, and loads the machine for it.
    pub(super) fn go_on(self) {
        let mut work = Box::pin(later::work(self));
        if work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            self.awaited.set(true);
            spawn_local(async move {
                // What could not be loaded is tried again with the next input.
                let _ = work.await;
                self.awaited.set(self.is_held());
            });
        } else if self.awaited.get_untracked() {
            self.awaited.set(self.is_held());
        }
    }

    /// The machine takes what waits for it.
    pub(in crate::ui) fn work(self) {
        if self.keep.try_update_value(Keep::begins_to_await_leave) == Some(true) {
            window::on("pagehide", move |_| self.peek(Keep::write_logs));
        }
        while !self.is_held()
            && let Some(input) = self.inputs.try_update_value(VecDeque::pop_front).flatten()
        {
            self.run(input);
        }
    }

    fn run(self, input: Input) {
        let Some(moment) = moment() else { return };
        let quiet = matches!(&input, Input::Http(_, HttpEvent::Bytes(_)));
        let called = matches!(&input, Input::Callback(_));
        let rests = matches!(&input, Input::Http(..)) && moment.now < self.rest.get_value().0;
        let before = self.inspector.with_untracked(Inspector::phase);
        let mut orders = Vec::new();
        let handled = |it: &mut Inspector| {
            let length = it.trace().entries().len();
            orders = it.handle(&moment, input);
            it.trace().entries().len() != length
        };
        let mut changed = false;
        self.inspector.maybe_update(|it| {
            // Bytes that complete nothing change nothing that is drawn.
            changed = handled(it) || !quiet;
            changed && !rests
        });
        match (changed, rests) {
            (true, true) => self.draw_later(),
            (true, false) => self.rest_after(moment.now),
            _ => {}
        }
        let kept = self.inspector.with_untracked(|it| self.keep.try_update_value(|keep| keep.write(it)));
        if called {
            keep::set_called(None);
        }
        let count = orders.len();
        if kept == Some(false) {
            orders.retain(|it| !matches!(it, Order::Leave(_)));
        }
        let stays = orders.len() < count;
        if !self.peek(|it| it.phase() == Phase::Authorizing) && self.popup.get_untracked() != Popup::None {
            self.popup.set(Popup::None);
        }
        if before != Phase::Connected && self.inspector.with_untracked(Inspector::phase) == Phase::Connected {
            self.remember_server();
            self.follow_linked();
        }
        for order in orders {
            self.perform(order);
        }
        if stays {
            self.run(Input::NotKept);
        }
    }

    /// Drawing takes a fifth of the time at most.
    fn rest_after(self, began: f64) {
        let now = clock::now();
        self.rest.update_value(|(until, _)| *until = now + (4.0 * (now - began)).min(REST));
    }

    /// What has come is drawn when the rest is over.
    fn draw_later(self) {
        let (until, due) = self.rest.get_value();
        if due {
            return;
        }
        self.rest.set_value((until, true));
        spawn_local(async move {
            clock::sleep((until - clock::now()).max(0.0) as u32).await;
            self.rest.update_value(|(_, due)| *due = false);
            let began = clock::now();
            self.inspector.update(|_| ());
            self.rest_after(began);
        });
    }
}
