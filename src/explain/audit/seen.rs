//! What a check and its probes have shown, as the lines ask for it.

use super::line::Finding;
use crate::base::address::Address;
use crate::base::revision::Revision;
use crate::explain::why::evidence::{Document, Evidence, is_blocked, is_probe};
use crate::explain::words;
use crate::http::{Head, HttpError, Method};
use crate::oauth::challenge::{self, Challenge};
use crate::oauth::discovery;
use crate::oauth::negative::Negative;
use crate::trace::Exchange;
use crate::trace::audit::{AuditProbe, AuditSpan};
use crate::trace::check::Verdict;
use crate::trace::rule::Rule;
use crate::trace::rule::refusal::Refusal;
use crate::trace::step::Step;
use serde_json::Value;

/// Whether the server wants a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Guarded,
    /// It speaks MCP without a token, and publishes no metadata.
    Open,
    Unknown,
}

/// See the module.
pub struct Seen<'a> {
    pub evidence: &'a Evidence<'a>,
    pub server: &'a Address,
    pub page: &'a str,
    pub revision: Option<Revision>,
    pub access: Access,
    /// Of the open stage, the oldest first.
    pub exchanges: Vec<&'a Exchange>,
    /// Of the stages with consent, likewise.
    pub staged: Vec<&'a Exchange>,
    pub span: AuditSpan<'a>,
    /// The attempt of the login, where there was one.
    pub login: Option<&'a Evidence<'a>>,
    /// Protected resource metadata that could be read, in the order in which it came.
    pub resources: Vec<Document<'a>>,
    /// Authorization server metadata, likewise.
    pub issuers: Vec<Document<'a>>,
}

impl<'a> Seen<'a> {
    pub fn of(evidence: &'a Evidence<'a>, span: AuditSpan<'a>, login: Option<&'a Evidence<'a>>) -> Option<Self> {
        let exchanges = evidence.trace.exchanges().filter(|it| span.is_open(it)).collect();
        let staged = evidence.trace.exchanges().filter(|it| span.is_staged(it)).collect();
        let mut this = Self {
            evidence,
            server: evidence.server.as_ref()?,
            page: evidence.page.unwrap_or_default(),
            revision: evidence.attempt.revision().or_else(|| login?.attempt.revision()),
            access: Access::Unknown,
            exchanges,
            staged,
            span,
            login,
            resources: Vec::new(),
            issuers: Vec::new(),
        };
        this.resources = this.documents(Step::ResourceMetadata, AuditProbe::ResourceMetadata);
        this.issuers = this.documents(Step::ServerMetadata, AuditProbe::ServerMetadata);
        this.access = this.access();
        Some(this)
    }

    fn access(&self) -> Access {
        match self.request().map_or(0, status) {
            401 => Access::Guarded,
            200..300 if self.resources.is_empty() && self.evidence.attempt.revision().is_some() => Access::Open,
            _ if !self.resources.is_empty() => Access::Guarded,
            _ => Access::Unknown,
        }
    }

    fn documents(&self, step: Step, probe: AuditProbe) -> Vec<Document<'a>> {
        // As in connecting, what another origin sent, to which a redirect led, is not taken for this one's.
        let taken = self.metadata(step, probe).filter(|it| is_success(it) && it.stayed());
        taken.filter_map(Document::of).collect()
    }

    /// The requests for metadata, of the check and of the probes.
    fn metadata(&self, step: Step, probe: AuditProbe) -> impl Iterator<Item = &'a Exchange> {
        let asked = move |it: &&Exchange| it.probe == Some(probe) || (it.step == Some(step) && !is_probe(it));
        self.exchanges.iter().copied().filter(asked)
    }

    pub fn resource_requests(&self) -> impl Iterator<Item = &'a Exchange> {
        self.metadata(Step::ResourceMetadata, AuditProbe::ResourceMetadata)
    }

    pub fn issuer_requests(&self) -> impl Iterator<Item = &'a Exchange> {
        self.metadata(Step::ServerMetadata, AuditProbe::ServerMetadata)
    }

    pub fn probe(&self, probe: AuditProbe) -> Option<&'a Exchange> {
        self.exchanges.iter().chain(&self.staged).copied().find(|it| it.probe == Some(probe))
    }

    pub fn probes(&self, probe: AuditProbe) -> impl Iterator<Item = &'a Exchange> {
        self.exchanges.iter().chain(&self.staged).copied().filter(move |it| it.probe == Some(probe))
    }

    /// The same with its response.
    pub fn responded(&self, probe: AuditProbe) -> Option<&'a Exchange> {
        self.probe(probe).filter(|it| status(it) != 0)
    }

    /// What a negative test of the stages found, in the words of the token bench.
    pub fn tested(&self, kind: Negative) -> Option<Finding> {
        let tested = self.span.tested(kind)?;
        let said = words::rule(&tested.check.rule);
        let unproven = |it: &Refusal| {
            matches!(it, Refusal::NotMade { .. } | Refusal::TestHidden | Refusal::TestUnanswered { .. })
                || matches!(it, Refusal::GrantClientRefused { .. })
        };
        let finding = match (&tested.check.rule, tested.check.verdict) {
            (Rule::Refusal { found, .. }, _) if unproven(found) => Finding::not_tested(said),
            (_, Verdict::Pass) => Finding::pass(said),
            (_, Verdict::Warn) => Finding::warn(said),
            (_, Verdict::Fail) => Finding::fail(said),
        };
        Some(match tested.exchange.and_then(|it| self.evidence.trace.exchange(it)) {
            Some(exchange) => finding.by(exchange),
            None => finding,
        })
    }

    /// The response that brought the tokens of the login.
    pub fn tokens(&self) -> Option<&'a Document<'a>> {
        self.login?.token.as_ref()
    }

    /// The request without token: the first that got a 401, or else the last.
    pub fn request(&self) -> Option<&'a Exchange> {
        let asked = || {
            let posted = |it: &&Exchange| {
                it.step == Some(Step::McpRequest) && it.request.method == Method::Post && !is_probe(it)
            };
            self.exchanges.iter().copied().filter(posted)
        };
        asked().find(|it| status(it) == 401).or_else(|| asked().next_back())
    }

    /// The request that got a 401 for want of a token.
    pub fn refused(&self) -> Option<&'a Exchange> {
        self.request().filter(|it| status(it) == 401)
    }

    /// `WWW-Authenticate` of that 401, where a page may read it.
    pub fn challenge(&self) -> Option<(&'a Exchange, &'a str)> {
        let refused = self.refused()?;
        Some((refused, header(refused, "www-authenticate")?))
    }

    pub fn bearer(&self) -> Option<(&'a Exchange, Challenge)> {
        let (exchange, value) = self.challenge()?;
        Some((exchange, challenge::bearer(&challenge::parse(value))?.clone()))
    }

    /// The metadata that a client would use: that of the challenge, of the path, or of the root.
    pub fn resource(&self) -> Option<&Document<'a>> {
        let used = self.evidence.resource.as_ref().map(Document::url);
        self.resources.iter().find(|it| Some(it.url()) == used).or_else(|| self.resources.first())
    }

    /// The authorization servers as they are named.
    pub fn named(&self) -> Vec<&str> {
        self.resource().and_then(|it| it.list("authorization_servers")).unwrap_or_default()
    }

    /// The documents of the first server that is named; without any, of the MCP server's own origin (MCP 2025-03-26).
    pub fn issuer_documents(&self) -> Vec<&Document<'a>> {
        let origin = self.server.origin();
        let asked = self.named().first().map_or(origin, |it| (*it).to_owned());
        discovery::named(&asked, self.server).map(|it| self.of_issuer(&it)).unwrap_or_default()
    }

    /// The one of them that a client would use.
    pub fn issuer(&self) -> Option<&Document<'a>> {
        self.issuer_documents().first().copied()
    }

    /// The documents at the locations of an issuer, in the order of the locations.
    pub fn of_issuer(&self, issuer: &Address) -> Vec<&Document<'a>> {
        let places = discovery::server_metadata(issuer);
        let at = |place: Address| self.issuers.iter().find(|it| it.url() == place.href());
        places.into_iter().filter_map(at).collect()
    }

    /// Where the resource metadata belongs: the path inserted (RFC 9728 §3.1), and the root.
    pub fn places(&self) -> Vec<String> {
        discovery::resource_metadata(self.server, None).iter().map(Address::href).collect()
    }

    /// Requests to the MCP URL that the browser let through.
    pub fn reads(&self, exchange: Option<&Exchange>) -> bool {
        exchange.is_some_and(|it| status(it) != 0)
    }

    pub fn is_alive(&self) -> bool {
        let probe = self.probe(AuditProbe::Alive);
        let reported = |it: &Exchange| {
            it.head.is_some()
                || matches!(it.error, Some(HttpError::Redirected | HttpError::Withheld { responded: true }))
        };
        probe.is_some_and(reported) || self.server_requests().any(|it| status(it) != 0)
    }

    /// All requests to the MCP URL that a page wants to read.
    pub fn server_requests(&self) -> impl Iterator<Item = &'a Exchange> {
        let url = self.server.href();
        let asked = move |it: &&Exchange| it.request.url == url && it.request.mode == crate::http::Mode::Readable;
        self.exchanges.iter().copied().filter(asked)
    }

    /// The page is on the origin of the server, or reaches it through a relay: CORS does not apply.
    pub fn is_own(&self) -> bool {
        self.server.origin() == self.page || self.is_relayed()
    }

    pub fn is_relayed(&self) -> bool {
        self.request().is_some_and(|it| it.request.via.is_some())
    }

    pub fn metadata_url(&self) -> String {
        self.places().into_iter().next().unwrap_or_default()
    }

    /// A URL of the authorization server's metadata, for commands.
    pub fn endpoint(&self, name: &str) -> String {
        let found = self.issuer().and_then(|it| it.text(name));
        found.and_then(|it| Address::given(it).ok()).map_or_else(|| name.to_uppercase(), |it| it.href())
    }
}

pub fn status(exchange: &Exchange) -> u16 {
    exchange.head.as_ref().map_or(0, |(head, _)| head.status)
}

pub fn is_success(exchange: &Exchange) -> bool {
    (200..300).contains(&status(exchange))
}

pub fn head(exchange: &Exchange) -> Option<&Head> {
    exchange.head.as_ref().map(|(head, _)| head)
}

pub fn header<'a>(exchange: &'a Exchange, name: &str) -> Option<&'a str> {
    head(exchange)?.header(name)
}

/// A list of texts. Unlike [`Document::list`], it takes nothing else for one: `Err` says so.
pub fn array<'a>(document: &'a Document<'_>, name: &str) -> Result<Option<Vec<&'a str>>, String> {
    match document.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(_)) => Ok(document.list(name)),
        Some(_) => Err(format!("`{name}` is no array.")),
    }
}

/// The browser kept back the response, whatever it was.
pub fn is_hidden(exchange: &Exchange) -> bool {
    is_blocked(exchange)
}

/// There is no response: what it would have said is not known.
pub fn is_unread(exchange: &Exchange) -> bool {
    exchange.head.is_none()
}

/// `POST https://…: 401`.
pub fn outcome(exchange: &Exchange) -> String {
    let status = exchange.status().unwrap_or_else(|| "no response".to_owned());
    let url = exchange.request.url.split(['?', '#']).next().unwrap_or_default();
    format!("{} {}: {status}", exchange.request.method.as_str(), crate::base::text::fact(url))
}
