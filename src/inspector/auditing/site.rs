//! What the check has seen so far: which requests are left to send follows from it.

use crate::base::address::Address;
use crate::http::{Method, Request};
use crate::inspector::context::Context;
use crate::json::members::Members;
use crate::oauth::{challenge, discovery};
use crate::trace::step::Step;
use crate::trace::{Entry, Event, Exchange};

/// Servers of which the metadata is asked for: more of them are more requests.
const ISSUERS: usize = 2;

pub struct Site<'a> {
    pub server: &'a Address,
    pub redirect_uri: &'a str,
    /// Of this attempt, the oldest first.
    exchanges: Vec<&'a Exchange>,
}

impl<'a> Site<'a> {
    pub fn of(cx: &'a Context<'_>) -> Self {
        let began = |it: &&Entry| matches!(it.event, Event::Began { .. });
        let from = cx.trace.entries().iter().rev().find(began).map_or(0, |it| it.number);
        let exchanges = cx.trace.exchanges().filter(|it| it.number > from).collect();
        Self { server: &cx.visit.settings.server, redirect_uri: &cx.place.redirect_uri, exchanges }
    }

    /// Whether anything came back from anywhere, as far as a page can see that.
    pub fn responds(&self) -> bool {
        self.exchanges.iter().any(|it| it.head.is_some() || it.error.as_ref().is_some_and(proves))
    }

    /// The request without token, by which the server was asked what it speaks.
    pub fn request(&self) -> Option<&'a Exchange> {
        let posted = |it: &&&Exchange| {
            let request = &it.request;
            let own = request.headers.iter().any(|(name, _)| name == "accept");
            it.step == Some(Step::McpRequest) && request.method == Method::Post && own
        };
        let posted = || self.exchanges.iter().filter(posted).copied();
        posted().find(|it| status(it) == 401).or_else(|| posted().last())
    }

    /// Whether the server answered without a token.
    pub fn is_open(&self) -> bool {
        self.exchanges.iter().any(|it| it.step == Some(Step::Connected) && it.head.is_some())
            || self.request().is_some_and(|it| (200..300).contains(&status(it)))
    }

    pub fn was_asked(&self, url: &Address) -> bool {
        let url = url.href();
        self.exchanges.iter().any(|it| it.request.url == url && it.request.method == Method::Get)
    }

    /// Where the challenge says that the resource metadata is.
    pub fn challenged(&self) -> Option<Address> {
        // Only the server itself speaks for it.
        let server = self.server.href();
        let refused = self.exchanges.iter().filter(|it| status(it) == 401 && it.request.url == server);
        let headers = refused.filter_map(|it| {
            let (head, _) = it.head.as_ref()?;
            head.header("www-authenticate")
        });
        let named = headers.map(challenge::parse).find_map(|it| {
            let bearer = challenge::bearer(&it)?;
            bearer.param("resource_metadata").map(str::to_owned)
        });
        discovery::named(&named?, self.server).ok()
    }

    /// The authorization servers that the resource metadata names; without any, the server's own origin.
    pub fn issuers(&self) -> Vec<Address> {
        let named = self.challenged().map(|it| it.href());
        let documents = self
            .documents(|url| url.contains("/.well-known/oauth-protected-resource") || named.as_deref() == Some(url));
        let lists = documents.into_iter().filter_map(|(_, text)| Members::of(&text)?.strings("authorization_servers"));
        let mut issuers: Vec<Address> = Vec::new();
        for issuer in lists.flatten().filter_map(|it| discovery::named(&it, self.server).ok()) {
            if issuers.len() < ISSUERS && !issuers.contains(&issuer) {
                issuers.push(issuer);
            }
        }
        match issuers.is_empty() {
            true => Address::typed(&self.server.origin()).into_iter().collect(),
            false => issuers,
        }
    }

    /// An endpoint of the first authorization server: a URL that its document may name.
    pub fn endpoint(&self, name: &str) -> Option<Address> {
        let places = discovery::server_metadata(self.issuers().first()?);
        let documents = places.into_iter().map(|it| it.href()).flat_map(|it| self.documents(|url| url == it));
        documents.into_iter().find_map(|(url, text)| {
            let by = Address::typed(&url).ok()?;
            discovery::named(&Members::of(&text)?.read::<String>(name)?, &by).ok()
        })
    }

    /// The documents that came from such URLs, with their URLs; none that a redirect brought from another origin.
    fn documents(&self, is_asked: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let from =
            |it: &&&Exchange| (200..300).contains(&status(it)) && it.stayed() && is_asked(it.request.url.as_str());
        let bodies = self.exchanges.iter().filter(from);
        bodies.filter_map(|it| Some((it.request.url.clone(), it.body.as_ref()?.text.expose()))).collect()
    }

    /// URLs that responded 429 already.
    pub fn limited(&self) -> impl Iterator<Item = &'a str> {
        self.exchanges.iter().filter(|it| status(it) == 429).map(|it| it.request.url.as_str())
    }

    pub fn base(&self) -> Option<&'a Request> {
        self.request().map(|it| &it.request)
    }
}

fn status(exchange: &Exchange) -> u16 {
    exchange.head.as_ref().map_or(0, |(head, _)| head.status)
}

/// A redirect that was not followed is a response.
const fn proves(error: &crate::http::HttpError) -> bool {
    use crate::http::HttpError::{Redirected, Withheld};
    matches!(error, Redirected | Withheld { responded: true })
}
