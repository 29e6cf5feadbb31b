//! Step mode: requests of an attempt that wait for the user, who may change them first: those of the authorization, and
//! those before and after it that open the connection.
//!
//! It is the same engine: what the flow ordered is held back, and goes out as it would have gone, or as it was edited.

use super::alarms::Alarm;
use super::attempt::Attempt;
use super::authorizing::{Authorizing, Redeemer, Waiting};
use super::context::Context;
use super::exchanges::Purpose;
use super::negotiating::Negotiating;
use crate::base::address::Address;
use crate::base::text::{self, Text};
use crate::http::{self, Request};
use crate::oauth::flow::{Flow, Input};
use crate::trace::Event;
use crate::trace::note::{Note, Part};
use crate::trace::problem::{Cause, Problem};
use crate::trace::step::Step;
use serde::{Deserialize, Serialize};

/// What waits for the user.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Paused {
    pub step: Step,
    /// The request; where the browser is to leave, the address as a GET.
    pub request: Request,
}

impl Paused {
    /// Whether the browser leaves with it.
    pub fn leaves(&self) -> bool {
        self.step == Step::Authorize
    }

    /// The request as it goes out, or why it is none, in a sentence.
    fn edited(&self, edited: Option<&Edited>) -> Result<Request, String> {
        edited.map_or_else(|| Ok(self.request.clone()), |it| it.request(&self.request))
    }

    /// Whether its body is a form.
    pub fn is_form(&self) -> bool {
        is_form(&self.request)
    }
}

/// A request as the user edits it: one `name=value` or `name: value` a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edited {
    /// Without its query.
    pub url: String,
    /// The parameters of the query, decoded.
    pub query: String,
    pub headers: String,
    /// The fields of a form, decoded, one a line; any other body as it is.
    pub body: String,
}

impl Edited {
    /// A request as it is, secrets included: the user asked to change it.
    pub fn of(request: &Request) -> Self {
        let (url, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let headers = request.headers.iter().map(|(name, value)| format!("{name}: {}", value.expose()));
        let body = request.body.as_ref().map(Text::expose).unwrap_or_default();
        Self {
            url: url.to_owned(),
            query: lines(query),
            headers: headers.collect::<Vec<_>>().join("\n"),
            body: if is_form(request) { lines(&body) } else { body },
        }
    }

    /// The request that it describes, or why it is none, in a sentence.
    pub fn request(&self, was: &Request) -> Result<Request, String> {
        let url = match fields(&self.query).as_slice() {
            [] => self.url.trim().to_owned(),
            list => format!("{}?{}", self.url.trim(), text::form(list).expose()),
        };
        Address::given(&url).map_err(|error| format!("The URL cannot be used: {error}"))?;
        let headers = self.headers.lines().map(str::trim).filter(|it| !it.is_empty());
        let headers = headers.map(|line| header(line, was)).collect::<Result<Vec<_>, _>>()?;
        let request = Request { url, headers, body: None, ..was.clone() };
        Ok(match (self.body.trim().is_empty(), is_form(&request)) {
            (true, _) => request,
            (false, true) => request.body(text::form(&fields(&self.body))),
            (false, false) => request.body(text::json(&self.body)),
        })
    }
}

fn is_form(request: &Request) -> bool {
    let form = |value: &Text| value.expose().starts_with("application/x-www-form-urlencoded");
    request.headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("content-type") && form(value))
}

fn lines(form: &str) -> String {
    let pairs = form_urlencoded::parse(form.as_bytes()).map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("\n")
}

fn fields(lines: &str) -> Vec<(String, String)> {
    let lines = lines.lines().filter(|it| !it.trim().is_empty());
    lines.map(|it| it.split_once('=').unwrap_or((it, ""))).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}

/// A header line; one that was there keeps its secret marked.
fn header(line: &str, was: &Request) -> Result<(String, Text), String> {
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    let (name, value) = (name.trim(), value.trim());
    if name.is_empty() || !name.bytes().all(http::is_token) {
        return Err(format!("\"{name}\" is not a header name"));
    }
    let same = was.headers.iter().find(|(it, old)| it == name && old.expose() == value);
    let secret = was.headers.iter().any(|(it, old)| it.eq_ignore_ascii_case(name) && old.has_secret());
    let fresh = if secret { Text::secret(value) } else { Text::plain(value) };
    Ok((name.to_owned(), same.map_or(fresh, |(_, old)| old.clone())))
}

impl Authorizing {
    /// What waits for the user, in step mode.
    pub(super) const fn paused(&self) -> Option<&Paused> {
        match &self.waiting {
            Waiting::Step(paused, _) => Some(paused),
            _ => None,
        }
    }

    /// The authorization servers among which the user may choose now.
    pub(super) fn choices(&self) -> &[String] {
        match (&self.flow, &self.waiting) {
            (Flow::ServerMetadata { named, .. }, Waiting::Step(..)) if named.len() > 1 => named,
            _ => &[],
        }
    }

    /// What the flow orders goes out, or, in step mode, waits.
    pub(super) fn order(mut self, cx: &mut Context<'_>, step: Step, request: Request) -> Attempt {
        let redeemer = self.waiting.redeemer();
        if step == Step::TokenRequest && redeemer == Redeemer::User {
            return self.hand_over_code(cx, step, request);
        }
        if cx.visit.automatic || !cx.visit.settings.step_mode {
            return self.release(cx, step, request);
        }
        self.waiting = Waiting::Step(Paused { step, request }, redeemer);
        self.into()
    }

    fn release(self, cx: &mut Context<'_>, step: Step, request: Request) -> Attempt {
        match step {
            Step::Authorize => self.leave(cx, request.url),
            _ => {
                cx.send(Some(step), Purpose::Flow(step), request);
                self.into()
            }
        }
    }

    /// The user lets the paused request go, changed or not.
    pub(super) fn proceed(mut self, cx: &mut Context<'_>, edited: Option<&Edited>) -> Attempt {
        let Some(paused) = self.paused().cloned() else { return self.into() };
        let Ok(request) = paused.edited(edited) else { return self.into() };
        self.waiting = Waiting::Peer(self.waiting.redeemer());
        cx.note_edited(&paused, &request);
        self.release(cx, paused.step, request)
    }

    /// The user stops here.
    pub(super) fn stop_here(self, cx: &mut Context<'_>) -> Attempt {
        let step = match &self.waiting {
            Waiting::Step(paused, _) => paused.step,
            Waiting::Manual(handed) => handed.step,
            Waiting::Peer(_) | Waiting::Consent(..) => return self.into(),
        };
        Attempt::from(self).stop(cx, Problem::new(Cause::StoppedByUser).at(step))
    }

    /// Another of the authorization servers that are named.
    pub(super) fn choose(mut self, cx: &mut Context<'_>, issuer: String) -> Attempt {
        if !self.choices().contains(&issuer) {
            return self.into();
        }
        self.waiting = Waiting::Peer(self.waiting.redeemer());
        self.advance(cx, Input::Choose(issuer))
    }
}

impl Negotiating {
    /// A request that opens the connection goes out, or, in step mode, waits.
    pub(super) fn order(mut self, cx: &mut Context<'_>, purpose: Purpose, request: Request) -> Attempt {
        let step = self.connection.first_step();
        if self.pauses(cx) {
            self.held = Some(Box::new((Paused { step, request }, purpose)));
            return self.into();
        }
        self.release(cx, step, purpose, request)
    }

    /// A connection that is made again, after a reload or a lost session, does not wait: it was let go before.
    fn pauses(&self, cx: &Context<'_>) -> bool {
        let steps = cx.visit.settings.step_mode && !cx.visit.automatic && !cx.visit.checks();
        steps && !cx.memory.resuming && self.work.lists.is_empty()
    }

    fn release(self, cx: &mut Context<'_>, step: Step, purpose: Purpose, request: Request) -> Attempt {
        let stream = matches!(purpose, Purpose::Channel(_));
        let exchange = cx.send(Some(step), purpose, request);
        if stream {
            cx.network.wake_after(cx.visit.limit(), Alarm::Overdue(exchange));
        }
        self.into()
    }

    /// The user lets the paused request go, changed or not.
    pub(super) fn proceed(mut self, cx: &mut Context<'_>, edited: Option<&Edited>) -> Attempt {
        let Some(held) = self.held.take() else { return self.into() };
        let (paused, purpose) = *held;
        match paused.edited(edited) {
            Ok(request) => {
                cx.note_edited(&paused, &request);
                self.release(cx, paused.step, purpose, request)
            }
            Err(_) => {
                self.held = Some(Box::new((paused, purpose)));
                self.into()
            }
        }
    }

    /// Nothing waits any more until the attempt is over.
    pub(super) fn go_on_by_itself(self, cx: &mut Context<'_>) -> Attempt {
        cx.visit.automatic = true;
        self.proceed(cx, None)
    }

    pub(super) fn stop_here(self, cx: &mut Context<'_>) -> Attempt {
        let Some(step) = self.held.as_ref().map(|it| it.0.step) else { return self.into() };
        Attempt::from(self).stop(cx, Problem::new(Cause::StoppedByUser).at(step))
    }
}

impl Context<'_> {
    /// What the user changed of a request before it was sent.
    fn note_edited(&mut self, paused: &Paused, request: &Request) {
        if *request != paused.request {
            let note = Note::Edited { parts: changed(&paused.request, request) };
            self.note(Event::Noted { step: paused.step, note });
        }
    }
}

/// What of a request is another now.
fn changed(was: &Request, is: &Request) -> Vec<Part> {
    let (url, headers, body) = (was.url != is.url, was.headers != is.headers, was.body != is.body);
    let parts = [(Part::Address, url), (Part::Headers, headers), (Part::Body, body)];
    parts.into_iter().filter(|(_, changed)| *changed).map(|(part, _)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;

    fn token_request() -> Request {
        let fields = [("grant_type", "authorization_code"), ("code", "a b")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        Request::new(Method::Post, "https://as.example/token?x=1")
            .header("content-type", Text::plain("application/x-www-form-urlencoded"))
            .header("authorization", Text::credentials("Basic", "geheim"))
            .body(text::form(&fields))
    }

    #[test]
    fn a_request_that_is_not_changed_goes_out_as_it_was() {
        let was = token_request();
        let edited = Edited::of(&was);
        assert_eq!((edited.query.as_str(), edited.body.as_str()), ("x=1", "grant_type=authorization_code\ncode=a b"));
        assert!(edited.request(&was).is_ok_and(|it| it == was));
    }

    #[test]
    fn what_is_changed_goes_out_changed_and_its_secrets_stay_marked() {
        let was = token_request();
        let edited = Edited {
            body: "code=new".to_owned(),
            headers: "authorization: Basic other\nX-Trace: 1".to_owned(),
            ..Edited::of(&was)
        };
        let Ok(request) = edited.request(&was) else { panic!("refused") };
        let [(_, credentials), _] = request.headers.as_slice() else { panic!("headers") };
        assert!(credentials.has_secret() && !credentials.masked().contains("other"));
        assert_eq!(changed(&was, &request), [Part::Headers, Part::Body]);
    }

    #[test]
    fn an_address_that_is_not_safe_and_a_header_that_is_none_are_refused() {
        let was = token_request();
        for (url, headers) in [("javascript:alert(1)", ""), ("http://far.example/", ""), ("https://a/", "a b: c")] {
            let edited = Edited { url: url.to_owned(), headers: headers.to_owned(), ..Edited::of(&was) };
            assert!(edited.request(&was).is_err(), "{url}");
        }
    }
}
