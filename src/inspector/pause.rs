//! Step mode: requests of the authorization that wait for the person, who may change them first.
//!
//! It is the same engine: what the flow ordered is held back, and goes out as it would have gone, or as it was edited.

use super::exchanges::Purpose;
use super::{Inspector, State};
use crate::address::Address;
use crate::http::{self, Request};
use crate::oauth::flow::{Flow, Input, Moment};
use crate::problem::{Code, Owner, Problem};
use crate::step::Step;
use crate::text::{self, Text};
use crate::trace::Event;
use serde::{Deserialize, Serialize};

/// What waits for the person.
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
}

/// A request as a person edits it: one `name=value` or `name: value` a line.
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
    /// A request as it is, secrets included: a person asked to change it.
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
        Address::given(&url).map_err(|error| format!("The address cannot be used: {error}"))?;
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

impl Inspector {
    /// What waits for the person, in step mode.
    pub const fn paused(&self) -> Option<&Paused> {
        self.paused.as_ref()
    }

    /// The authorization servers among which the person may choose now.
    pub fn choices(&self) -> &[String] {
        match &self.state {
            State::Authorizing(flow) => match flow.as_ref() {
                Flow::ServerMetadata { named, .. } if self.paused.is_some() && named.len() > 1 => named,
                _ => &[],
            },
            _ => &[],
        }
    }

    /// What the flow orders goes out, or, in step mode, waits.
    pub(super) fn order(&mut self, moment: &Moment, step: Step, request: Request) {
        let pauses = !self.automatic && self.settings.as_ref().is_some_and(|it| it.step_mode);
        match pauses {
            true => self.paused = Some(Paused { step, request }),
            false => self.release(moment, step, request),
        }
    }

    fn release(&mut self, moment: &Moment, step: Step, request: Request) {
        match step {
            Step::Authorize => self.leave(moment, request.url),
            _ => {
                self.send(moment, Some(step), Purpose::Flow(step), request);
            }
        }
    }

    /// The person lets the paused request go, changed or not.
    pub(super) fn proceed(&mut self, moment: &Moment, edited: Option<&Edited>) {
        let Some(paused) = self.paused.clone() else { return };
        let Ok(request) = edited.map_or_else(|| Ok(paused.request.clone()), |it| it.request(&paused.request)) else {
            return;
        };
        self.paused = None;
        if request != paused.request {
            let words = format!("You changed this before it was sent: {}", changed(&paused.request, &request));
            self.note(moment, Event::Noted { step: paused.step, words });
        }
        self.release(moment, paused.step, request);
    }

    /// The rest of this authorization runs by itself.
    pub(super) fn go_on_by_itself(&mut self, moment: &Moment) {
        self.automatic = true;
        self.proceed(moment, None);
    }

    /// The person stops here.
    pub(super) fn stop_here(&mut self, moment: &Moment) {
        let Some(paused) = self.paused.take() else { return };
        let problem = Problem::new(Code::AccessDenied, Owner::You, "You stopped the authorization")
            .seen("It was paused before this request, and you ended it there.")
            .cause("In step mode every request of the authorization waits for you.")
            .advice("Connect again to go through it once more.")
            .at(paused.step);
        self.stop(moment, problem);
    }

    /// Another of the authorization servers that are named.
    pub(super) fn choose(&mut self, moment: &Moment, issuer: String) {
        if self.choices().contains(&issuer) {
            self.paused = None;
            self.advance(moment, Input::Choose(issuer));
        }
    }
}

/// What of a request is another now.
fn changed(was: &Request, is: &Request) -> String {
    let parts = [("address", was.url != is.url), ("headers", was.headers != is.headers), ("body", was.body != is.body)];
    parts.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect::<Vec<_>>().join(", ")
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
        assert_eq!(changed(&was, &request), "headers, body");
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
