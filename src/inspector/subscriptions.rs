//! Resources that the user subscribed to, and what the server told of them (MCP, resources, "Subscriptions").

use super::asks::Status;
use super::connected::Connected;
use super::context::Context;
use super::exchanges::Purpose;
use crate::json::members::Members;
use crate::mcp::connection::{Ask, Target};
use crate::mcp::model::ItemKind;
use crate::trace::Millis;
use serde_json::json;
use std::sync::Arc;

/// The request that subscribes (up to 2025-11-25).
pub(super) const SUBSCRIBE: &str = "resources/subscribe";
const UNSUBSCRIBE: &str = "resources/unsubscribe";

/// The subscriptions in the order in which they were made.
#[derive(Default)]
pub(super) struct Subscriptions(Vec<Subscription>);

struct Subscription {
    uri: String,
    updated: Option<ResourceUpdate>,
}

/// What `notifications/resources/updated` told of a resource.
#[derive(Clone, PartialEq)]
pub struct ResourceUpdate {
    /// When it came last, and how often it came.
    pub at: Millis,
    pub times: u32,
    /// What was read before it, where that is known.
    pub before: Option<Arc<str>>,
}

impl Subscriptions {
    pub fn uris(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|it| it.uri.as_str())
    }

    pub fn has(&self, uri: &str) -> bool {
        self.uris().any(|it| it == uri)
    }

    pub fn updated(&self, uri: &str) -> Option<&ResourceUpdate> {
        self.0.iter().find(|it| it.uri == uri)?.updated.as_ref()
    }

    /// The last one did not come about.
    pub fn drop_last(&mut self) {
        self.0.pop();
    }

    /// Begins one, or ends the one that is there.
    fn toggle(&mut self, uri: String) {
        match self.has(&uri) {
            true => self.0.retain(|it| it.uri != uri),
            false => self.0.push(Subscription { uri, updated: None }),
        }
    }

    /// The server told of a resource. `before` is what it was; none while it is being read again.
    fn note(&mut self, uri: &str, at: Millis, before: Option<Arc<str>>) {
        let Some(subscription) = self.0.iter_mut().find(|it| it.uri == uri) else { return };
        let last = subscription.updated.take();
        let times = last.as_ref().map_or(1, |it| it.times.saturating_add(1));
        let before = before.or_else(|| last.and_then(|it| it.before));
        subscription.updated = Some(ResourceUpdate { at, times, before });
    }
}

impl Connected {
    /// A resource that was subscribed to changed: read again where it was read before (E-23).
    pub fn resource_updated(&mut self, cx: &mut Context<'_>, params: &str) {
        let Some(uri) = Members::of(params).and_then(|it| it.read::<String>("uri")) else { return };
        let target = Target { kind: ItemKind::Resources, key: uri };
        let read = self.work.outcomes.get(&target).filter(|it| it.status == Status::Ok);
        let before = read.and_then(|it| it.result.clone());
        self.work.subscriptions.note(&target.key, cx.moment.now, before);
        if self.work.outcomes.get(&target).is_some_and(|it| !it.status.is_open()) {
            self.ask(cx, Ask { target, arguments: "{}".to_owned() });
        }
    }

    /// Subscribes to a resource, or ends that, as the revision has it (E-23).
    pub fn subscribe(&mut self, cx: &mut Context<'_>, uri: String) {
        let connection = &mut self.connection;
        let modern = !connection.revision().has_handshake();
        let method = if self.work.subscriptions.has(&uri) { UNSUBSCRIBE } else { SUBSCRIBE };
        let call = (!modern).then(|| connection.call(method, &json!({ "uri": uri })));
        self.work.subscriptions.toggle(uri);
        match call {
            Some((id, request)) => {
                cx.send(None, Purpose::Setting(method, id), request);
            }
            None => self.listen(cx),
        }
    }
}
