//! Stages that need consent and no login: a client registration with those that must be refused, and cookies.

use super::requests;
use super::site::Site;
use crate::base::address::Address;
use crate::base::text::Text;
use crate::http::{Method, Redirect, Request};
use crate::inspector::context::Context;
use crate::json::members::Members;
use crate::oauth::registration::{self, Client};
use crate::trace::Exchange;
use crate::trace::audit::AuditProbe;

type Probes = Vec<(AuditProbe, Request)>;

/// The registration that a login would make.
pub fn register(cx: &Context<'_>, site: &Site<'_>) -> Probes {
    let scope = site.scope(cx.visit.settings.scope.as_deref());
    let endpoint = site.endpoint("registration_endpoint");
    let request =
        |it: Address| registration::request(&it, site.redirect_uri, scope.as_deref()).redirect(Redirect::Stop);
    endpoint.map(request).map(|it| (AuditProbe::Register, it)).into_iter().collect()
}

/// The same with another redirect URI each, where the first was taken.
pub fn refusals(cx: &Context<'_>, site: &Site<'_>) -> Probes {
    let taken = site.probe(AuditProbe::Register).and_then(client_id).is_some();
    let Some((_, good)) = register(cx, site).pop().filter(|_| taken) else { return Vec::new() };
    let body = good.body.as_ref().map(Text::expose).unwrap_or_default();
    let with = |uri: &str| good.clone().body(Text::plain(body.replace(site.redirect_uri, uri)));
    AuditProbe::REFUSED.map(|it| (it, with(&redirect_uri(it, site.redirect_uri)))).into()
}

/// What a client must not register (RFC 9700 §2.6; MCP, "Communication Security").
fn redirect_uri(probe: AuditProbe, good: &str) -> String {
    match probe {
        AuditProbe::FragmentRedirect => format!("{good}#flowglass-audit-fragment"),
        AuditProbe::ScriptRedirect => "javascript:void(0)//flowglass-audit-script".to_owned(),
        AuditProbe::WildcardRedirect => "https://*.example.com/flowglass-audit-wildcard".to_owned(),
        _ => "http://flowglass-audit-plain.example.com/oauth/callback".to_owned(),
    }
}

/// The end of each client that should not have been registered, where its URL for that is given (RFC 7592 §2.3).
pub fn unregister(site: &Site<'_>) -> Probes {
    let taken = AuditProbe::REFUSED.into_iter().filter_map(|it| site.probe(it)).filter(|it| client_id(it).is_some());
    taken.filter_map(ended).map(|it| (AuditProbe::Unregister, it)).collect()
}

fn ended(registered: &Exchange) -> Option<Request> {
    let text = registered.body.as_ref()?.text.expose();
    let document = Members::of(&text)?;
    let url = Address::typed(&document.read::<String>("registration_client_uri")?).ok()?;
    let own = Address::typed(&registered.request.url).ok()?;
    let token = document.read::<String>("registration_access_token")?;
    let request = Request::new(Method::Delete, url.href()).redirect(Redirect::Stop);
    // The token of a client goes to the authorization server that issued it.
    (url.origin() == own.origin()).then(|| request.header("authorization", Text::credentials("Bearer", &token)))
}

fn client_id(exchange: &Exchange) -> Option<String> {
    let (head, _) = exchange.head.as_ref().filter(|(head, _)| head.ok())?;
    let text = exchange.body.as_ref().filter(|_| head.ok())?.text.expose();
    Members::of(&text)?.read("client_id")
}

/// Three requests that were made before, with the cookies of their hosts.
pub fn cookies(site: &Site<'_>) -> Probes {
    let with = |request: Request| Request { cookies: true, redirect: Redirect::Stop, ..request };
    let resource = site.resource_metadata_request().cloned();
    let server = site.base().cloned();
    let authorize = site.endpoint("authorization_endpoint").map(|it| Request::get(it.href()));
    let all = [
        (AuditProbe::ResourceWithCookies, resource),
        (AuditProbe::ServerWithCookies, server),
        (AuditProbe::AuthorizationWithCookies, authorize.filter(|it| requests::leaves_page(site, it))),
    ];
    all.into_iter().filter_map(|(probe, request)| Some((probe, with(request?)))).collect()
}

impl Context<'_> {
    /// The client is the one of the login that follows.
    pub fn keep_audit_client(&mut self, body: &str) {
        let site = Site::of(self);
        let methods = site.listed("token_endpoint_auth_methods_supported");
        let scope = site.scope(self.visit.settings.scope.as_deref());
        let issuer = site.own_issuer();
        let read = registration::response(body, &self.place.redirect_uri, methods.as_deref());
        if let (Some(registered), Some(issuer)) = (read, issuer) {
            self.memory.forget_client(&issuer);
            self.memory.clients.push((issuer, Client { scope, ..registered.client }));
        }
    }
}
