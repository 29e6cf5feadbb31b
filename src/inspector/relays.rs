//! Requests that go through a relay of the page's host, and failures of the relay, for which no server is responsible.

use super::context::Context;
use super::exchanges::{Purpose, Running};
use crate::base::address::Address;
use crate::base::simulated;
use crate::http::{Head, HttpError, RelayFailure, Request};
use crate::mcp::error::Error;
use crate::trace::note::Note;
use crate::trace::step::Step;
use crate::trace::{Event, ExchangeId};

impl Context<'_> {
    /// A request as it goes out. What is wrong with the CORS headers of a server is asked of the server itself: a probe
    /// that its investigation does not give a relay has none. The demo is in the page.
    pub fn relayed(&mut self, step: Option<Step>, purpose: &Purpose, request: Request) -> Request {
        if *purpose == Purpose::Probe {
            return request;
        }
        let relays = &self.network.relays;
        let via = relays.via(&request.url).filter(|_| !simulated::is_ours(&request.url)).cloned().map(Box::new);
        if let Some(via) = &via {
            self.note_relay(step.unwrap_or(Step::McpRequest), &request.url, &via.to);
        }
        Request { via, ..request }
    }

    /// Once an attempt for each origin, before the first request that goes there.
    fn note_relay(&mut self, step: Step, url: &str, to: &str) {
        let Ok(origin) = Address::typed(url).map(|it| it.origin()) else { return };
        let note = Note::Relayed { origin, relay: to.to_owned() };
        let of_attempt = self.trace.entries().iter().rev();
        let mut of_attempt = of_attempt.take_while(|it| !matches!(it.event, Event::Began { .. }));
        let is_said = of_attempt.any(|it| matches!(&it.event, Event::Noted { note: said, .. } if *said == note));
        if !is_said {
            self.note(Event::Noted { step, note });
        }
    }

    /// Where the browser shows no response of a relay, the server was not asked by the browser at all.
    pub fn of_relay(&self, exchange: ExchangeId, error: HttpError) -> HttpError {
        let via = self.network.running.get(&exchange).and_then(|it| it.request.via.as_ref());
        match (error, via) {
            (HttpError::Blocked { said }, Some(via)) => {
                HttpError::Relay { to: via.to.clone(), failure: RelayFailure::NoResponse { said } }
            }
            (error, _) => error,
        }
    }

    /// What a response to MCP shows of the host, where that responds instead of relaying.
    pub fn told_of_relay(&self, exchange: ExchangeId) -> Option<Error> {
        let running = self.network.running.get(&exchange)?;
        Some(Error::Http { url: running.request.url.clone(), error: running.no_relay()? })
    }
}

impl Running {
    /// The relay has no response of the server.
    pub fn gateway_error(&self, head: &Head) -> Option<HttpError> {
        let via = self.request.via.as_ref()?;
        let failure = RelayFailure::Gateway { status: via.gateway_error(head)? };
        Some(HttpError::Relay { to: via.to.clone(), failure })
    }

    /// The host responded itself.
    pub fn no_relay(&self) -> Option<HttpError> {
        let (via, head) = (self.request.via.as_ref()?, self.head.as_ref()?);
        let failure = RelayFailure::NoRelay { status: head.status };
        via.is_missing(self.request.method, head).then(|| HttpError::Relay { to: via.to.clone(), failure })
    }
}
