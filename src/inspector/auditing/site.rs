//! What the check has seen so far: which requests are left to send follows from it.

use crate::base::address::Address;
use crate::http::{Method, Request};
use crate::inspector::context::Context;
use crate::json::members::Members;
use crate::oauth::{challenge, discovery, rules, scope};
use crate::trace::audit::{AuditProbe, AuditSpan};
use crate::trace::step::Step;
use crate::trace::{Exchange, Trace};

/// Servers of which the metadata is asked for: more of them are more requests.
const ISSUERS: usize = 2;

pub struct Site<'a> {
    pub server: &'a Address,
    pub redirect_uri: &'a str,
    /// Of the open stage, the oldest first.
    exchanges: Vec<&'a Exchange>,
    staged: Vec<&'a Exchange>,
}

impl<'a> Site<'a> {
    pub fn of(cx: &'a Context<'_>) -> Self {
        Self::new(cx.trace, &cx.visit.settings.server, &cx.place.redirect_uri)
    }

    pub fn new(trace: &'a Trace, server: &'a Address, redirect_uri: &'a str) -> Self {
        let span = AuditSpan::of(trace);
        let is_open = |it: &&Exchange| span.is_some_and(|span| span.is_open(it));
        let is_staged = |it: &&Exchange| span.is_some_and(|span| span.is_staged(it));
        let exchanges = trace.exchanges().filter(is_open).collect();
        let staged = trace.exchanges().filter(is_staged).collect();
        Self { server, redirect_uri, exchanges, staged }
    }

    /// What a stage with consent asked.
    pub fn probe(&self, probe: AuditProbe) -> Option<&'a Exchange> {
        self.staged.iter().copied().find(|it| it.probe == Some(probe))
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
        self.metadata().into_iter().find_map(|(url, text)| {
            let by = Address::typed(&url).ok()?;
            discovery::named(&Members::of(&text)?.read::<String>(name)?, &by).ok()
        })
    }

    /// The documents of the first authorization server.
    fn metadata(&self) -> Vec<(String, String)> {
        let places = self.issuers().first().map(discovery::server_metadata).unwrap_or_default();
        places.into_iter().map(|it| it.href()).flat_map(|it| self.documents(|url| url == it)).collect()
    }

    /// As it names itself.
    pub fn issuer(&self) -> Option<String> {
        self.metadata().iter().find_map(|(_, text)| Members::of(text)?.read("issuer"))
    }

    /// The same where it is the one that was asked, but for a slash at the end. Clients are kept by issuer, and a document
    /// speaks for no other (RFC 8414 §3.3).
    pub fn own_issuer(&self) -> Option<String> {
        let bare = |it: &str| it.trim_end_matches('/').to_owned();
        let asked = self.issuers().first().map(|it| bare(it.as_given()));
        self.issuer().filter(|it| asked == Some(bare(it)))
    }

    pub fn listed(&self, name: &str) -> Option<Vec<String>> {
        self.metadata().iter().find_map(|(_, text)| Members::of(text)?.strings(name))
    }

    /// The scope that a login would ask for: the one that was set, that of the challenge, or all of the resource metadata;
    /// none where the authorization server does not list it.
    pub fn scope(&self, set: Option<&str>) -> Option<String> {
        let listed = self.listed("scopes_supported").unwrap_or_default();
        let offline = listed.iter().find(|it| *it == rules::OFFLINE_ACCESS && set.is_none());
        let found = set.map(str::to_owned).or_else(|| self.challenged_scope()).or_else(|| self.published_scope())?;
        let scope = scope::union(&found, offline.map_or("", String::as_str));
        let lists = |it: &str| listed.is_empty() || listed.iter().any(|listed| listed == it);
        scope.split_whitespace().all(lists).then_some(scope)
    }

    fn challenged_scope(&self) -> Option<String> {
        let server = self.server.href();
        let refused = self.exchanges.iter().filter(|it| status(it) == 401 && it.request.url == server);
        let mut values = refused.filter_map(|it| it.head.as_ref()?.0.header("www-authenticate"));
        let scope = values.find_map(|it| challenge::bearer(&challenge::parse(it))?.param("scope").map(str::to_owned));
        scope.filter(|it| !it.is_empty())
    }

    fn published_scope(&self) -> Option<String> {
        let documents = self.documents(|url| url.contains("/.well-known/oauth-protected-resource"));
        let mut lists = documents.iter().filter_map(|(_, text)| Members::of(text)?.strings("scopes_supported"));
        lists.next().map(|it| it.join(" ")).filter(|it| !it.is_empty())
    }

    /// The documents that came from such URLs, with their URLs; none that a redirect brought from another origin.
    fn documents(&self, is_asked: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let from =
            |it: &&&Exchange| (200..300).contains(&status(it)) && it.stayed() && is_asked(it.request.url.as_str());
        let bodies = self.exchanges.iter().filter(from);
        bodies.filter_map(|it| Some((it.request.url.clone(), it.body.as_ref()?.text.expose()))).collect()
    }

    /// A request for the resource metadata that brought a document.
    pub fn resource_metadata_request(&self) -> Option<&'a Request> {
        let asked =
            |it: &&&Exchange| it.step == Some(Step::ResourceMetadata) || it.probe == Some(AuditProbe::ResourceMetadata);
        let read = |it: &&&Exchange| (200..300).contains(&status(it));
        self.exchanges.iter().find(|it| asked(it) && read(it)).map(|it| &it.request)
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
