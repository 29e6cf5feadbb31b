//! What is tested with the token of a login: the token and variants of it, sessions, refresh.

use super::Asked;
use super::requests::{NONE, with};
use super::site::Site;
use crate::base::revision::Revision;
use crate::base::secret::Secret;
use crate::base::text::Text;
use crate::http::Request;
use crate::json::members::Members;
use crate::mcp::connection::Connection;
use crate::oauth::jwt;
use crate::oauth::negative::Negative;
use crate::oauth::token::{self, Grant};
use crate::settings::TokenAuth;
use crate::trace::Trace;
use crate::trace::audit::AuditProbe;
use crate::trace::step::Step;

pub struct Tested<'a> {
    pub connection: &'a Connection,
    pub grant: &'a Grant,
    /// The session that a second `initialize` opened.
    pub second: Option<&'a Secret<String>>,
    pub trace: &'a Trace,
}

impl Tested<'_> {
    /// A list with another token, or none.
    pub fn trial(&self, token: Option<&str>) -> Request {
        self.connection.trial(token.map(Secret::from))
    }

    fn access(&self) -> &str {
        self.grant.access_token.expose()
    }

    pub fn token(&self) -> Vec<Asked> {
        vec![Asked::Probe(AuditProbe::WithToken, self.trial(Some(self.access())))]
    }

    pub fn variants(&self) -> Vec<Asked> {
        let trial = |token: &str| self.trial(Some(token));
        let lower = with_value(trial(self.access()), "authorization", Text::credentials("bearer", self.access()));
        let mut all = vec![Asked::Test(Negative::DamagedToken, trial(&jwt::damaged(self.access())))];
        all.extend(jwt::unsigned(self.access()).map(|it| Asked::Probe(AuditProbe::UnsignedToken, trial(&it))));
        all.extend(self.id_token().map(|it| Asked::Probe(AuditProbe::IdToken, trial(&it))));
        all.push(Asked::Probe(AuditProbe::LowerCaseScheme, lower));
        if self.connection.has_session() || self.connection.posts_elsewhere() {
            all.push(Asked::Test(Negative::NoToken, self.trial(None)));
        }
        all.extend(self.headers());
        all
    }

    /// Headers that differ from the body (MCP 2026-07-28, "Server Validation").
    fn headers(&self) -> Vec<Asked> {
        if self.connection.revision() != Revision::R5 {
            return Vec::new();
        }
        let good = self.trial(Some(self.access()));
        let other = with(&good, "mcp-method", NONE);
        vec![
            Asked::Probe(AuditProbe::VersionWithToken, with(&good, "mcp-protocol-version", "1900-01-01")),
            Asked::Probe(AuditProbe::MethodWithToken, other),
        ]
    }

    /// The ID token of the login, where it brought one.
    fn id_token(&self) -> Option<String> {
        let of_login = self.trace.newest().find(|it| it.step == Some(Step::TokenRequest) && it.body.is_some())?;
        Members::of(&of_login.body.as_ref()?.text.expose())?.read("id_token")
    }

    pub fn second_session(&self) -> Vec<Asked> {
        if !self.connection.has_session() {
            return Vec::new();
        }
        let (_, request) = self.connection.unopened().initialize();
        vec![Asked::Probe(AuditProbe::SecondSession, request)]
    }

    pub fn session_end(&self) -> Vec<Asked> {
        let close = self.second.and_then(|it| self.connection.in_session(it).close());
        close.map(|it| Asked::Probe(AuditProbe::SessionEnd, it)).into_iter().collect()
    }

    pub fn ended_session(&self) -> Vec<Asked> {
        let token = || Some(self.grant.access_token.clone());
        let used = self.second.map(|it| self.connection.in_session(it).trial(token()));
        used.map(|it| Asked::Probe(AuditProbe::EndedSession, it)).into_iter().collect()
    }

    pub fn refresh(&self) -> Vec<Asked> {
        self.with_refresh(AuditProbe::Refresh)
    }

    /// A refresh as the client that the token was issued to. One that proves itself with a key is not tested.
    pub fn with_refresh(&self, probe: AuditProbe) -> Vec<Asked> {
        let token = self.grant.refresh_token.as_ref().filter(|_| self.signs_nothing());
        let request = token.map(|it| token::refresh(self.grant, it.expose()));
        request.map(|it| Asked::Probe(probe, it)).into_iter().collect()
    }

    pub fn signs_nothing(&self) -> bool {
        self.grant.client.auth != TokenAuth::PrivateKeyJwt
    }

    /// A refresh for a scope that the authorization server has, and that was not granted.
    pub fn wider_scope(&self, site: &Site<'_>) -> Vec<Asked> {
        let granted = self.grant.scope.as_deref().unwrap_or_default();
        let listed = site.listed("scopes_supported").unwrap_or_default();
        let more = listed.iter().find(|it| !granted.split_whitespace().any(|granted| granted == it.as_str()));
        let (Some(more), Some(token)) = (more, &self.grant.refresh_token) else { return Vec::new() };
        let scope = format!("{granted} {more}");
        let request = token::refresh_for(self.grant, token.expose(), scope.trim());
        let asked = self.signs_nothing().then_some(Asked::Probe(AuditProbe::WiderScope, request));
        asked.into_iter().collect()
    }
}

fn with_value(mut request: Request, name: &str, value: Text) -> Request {
    request.headers.retain(|(it, _)| !it.eq_ignore_ascii_case(name));
    request.header(name, value)
}
