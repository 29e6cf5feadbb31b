//! Apps of the server: what they log, what they ask the user for, and what they send over the connection. The bridge to
//! each is a machine of its own (`mcp::app::bridge`); here is what it needs of the connection.

use super::Order;
use super::connected::Connected;
use super::context::Context;
use super::exchanges::Answer;
use super::logs::Logged;
use super::work::Work;
use crate::base::text::fact;
use crate::mcp::app::AppCall;
use crate::mcp::app::bridge::{self, Line, Wish};
use crate::mcp::question::{AppsCall, Asker, QuestionKind, Reply};
use crate::mcp::raw::RawMessage;
use crate::trace::ExchangeId;
use serde_json::json;
use std::sync::Arc;

/// What comes of an app.
pub enum AppInput {
    /// Messages between the app and this client.
    Log(Vec<Line>),
    /// It wants something that the user has to allow.
    Ask(AppCall, Wish),
    /// It sends a request to the server. The response is an exchange like any other, and goes to the app.
    Send(AppCall, Box<RawMessage>),
    /// It is gone, by the number of its frame.
    Closed(u32),
}

impl Connected {
    pub fn app(&mut self, cx: &mut Context<'_>, input: AppInput) {
        match input {
            AppInput::Send(call, raw) => {
                let exchange = self.send_raw(cx, *raw);
                cx.network.apps.insert(exchange, call);
            }
            AppInput::Ask(call, wish) => {
                let (kind, params) = question(wish);
                self.work.put(cx, kind, &params, Asker::App(call));
            }
            other => self.work.app_said(cx, other),
        }
    }
}

impl Work {
    /// The same without a connection.
    pub fn app_said(&mut self, cx: &mut Context<'_>, input: AppInput) {
        match input {
            AppInput::Log(lines) => lines.into_iter().for_each(|it| self.logs.push(Arc::new(logged(cx, it)))),
            AppInput::Ask(call, _) | AppInput::Send(call, _) => cx.tell_app(call, bridge::Answer::Unanswered),
            AppInput::Closed(frame) => {
                self.questions.drop_of_app(frame);
                cx.network.apps.retain(|_, call| call.frame != frame);
            }
        }
    }
}

fn logged(cx: &Context<'_>, Line { by, level, text, is_json }: Line) -> Logged {
    let (at, logger) = (cx.moment.now, Some(by.logger().to_owned()));
    Logged { at, level: fact(&level), logger, data: text.into(), is_json, call: None }
}

fn question(wish: Wish) -> (QuestionKind, String) {
    match wish {
        Wish::Call { tool, arguments } => (QuestionKind::AppCall, json!(AppsCall { tool, arguments }).to_string()),
        Wish::Link(page) => (QuestionKind::AppLink, json!({ "url": page.href() }).to_string()),
        Wish::Fullscreen => (QuestionKind::AppFullscreen, "{}".to_owned()),
    }
}

/// What a reply of the user's is to the app.
pub(super) const fn answer(reply: &Reply) -> bridge::Answer {
    match reply {
        Reply::Accept(_) => bridge::Answer::Allowed,
        Reply::ToolUse { .. } | Reply::Decline | Reply::Cancel => bridge::Answer::Declined,
    }
}

impl Context<'_> {
    pub fn tell_app(&mut self, call: AppCall, answer: bridge::Answer) {
        self.network.orders.push(Order::App(call, answer));
    }

    /// A message that the user or an app sent has its response.
    pub fn raw_answered(&mut self, exchange: ExchangeId, answer: Answer) {
        self.token_worked();
        if let Some(call) = self.network.apps.remove(&exchange) {
            self.tell_app(call, answer.map_or_else(bridge::Answer::Error, bridge::Answer::Result));
        }
    }

    /// An exchange has no response for the app that asked for it; says whether one did.
    pub fn app_unanswered(&mut self, exchange: ExchangeId) -> bool {
        let call = self.network.apps.remove(&exchange);
        if let Some(call) = call {
            self.tell_app(call, bridge::Answer::Unanswered);
        }
        call.is_some()
    }
}
