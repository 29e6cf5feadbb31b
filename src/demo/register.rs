//! Dynamic client registration (RFC 7591), with the checks that it asks for.

use super::answer::Answer;
use super::state::{Client, keep, random};
use super::{Demo, Fault, Stage};
use crate::base::text::Text;
use crate::http::Request;
use crate::oauth::flow::Moment;
use serde_json::{Map, Value, json};

/// An error code of RFC 7591 §3.2.2, and what is said with it.
type Refused = (&'static str, &'static str);

impl Demo {
    pub(super) fn register(&mut self, moment: &Moment, request: &Request) -> Answer {
        let body = request.body.as_ref().map(Text::expose).unwrap_or_default();
        let asked: Map<String, Value> = serde_json::from_str(&body).unwrap_or_default();
        let uris = match refusal(&self.stage).map_or_else(|| checked(&self.stage, &asked), Err) {
            Ok(uris) => uris,
            Err((error, description)) => return Answer::refusal(400, error, description),
        };
        let uris = match self.stage.has(Fault::RedirectUriChanged) {
            true => uris.into_iter().map(|it| format!("{it}/")).collect(),
            false => uris,
        };
        let name = asked.get("client_name").and_then(Value::as_str).unwrap_or("Unnamed client").to_owned();
        let client = Client { id: format!("demo-{}", random("client", moment)), name, redirect_uris: uris };
        let answer = registered(asked, &client, moment);
        keep(&mut self.state.clients, client);
        Answer::json(201, &answer).header("cache-control", "no-store")
    }
}

fn refusal(stage: &Stage) -> Option<Refused> {
    match stage.fault? {
        Fault::RegistrationRefused => Some(("invalid_client_metadata", "Public clients are not allowed")),
        Fault::InvalidRedirectUri => Some(("invalid_redirect_uri", "The redirect URI is not on the allowlist")),
        _ => None,
    }
}

/// The redirect URIs, where everything can be registered as it is asked for.
fn checked(stage: &Stage, asked: &Map<String, Value>) -> Result<Vec<String>, Refused> {
    let list = |name: &str| asked.get(name).and_then(Value::as_array);
    let has = |name: &str, wanted: &str| list(name).is_none_or(|it| it.iter().any(|it| it == wanted));
    if asked.get("token_endpoint_auth_method").is_none_or(|it| it != "none") {
        return Err(("invalid_client_metadata", "token_endpoint_auth_method must be none"));
    }
    if !has("grant_types", "authorization_code") || !has("response_types", "code") {
        return Err(("invalid_client_metadata", "Only the authorization code grant is supported"));
    }
    let uris: Vec<String> =
        list("redirect_uris").into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect();
    // The login is a page of this very app, so it sends the browser nowhere but back into the app.
    match !uris.is_empty() && uris.iter().all(|it| it.starts_with(&stage.page) && !it.contains('#')) {
        true => Ok(uris),
        false => Err(("invalid_redirect_uri", "The demo redirects to Flowglass only")),
    }
}

/// RFC 7591 §3.2.1: what was registered, all of it.
fn registered(asked: Map<String, Value>, client: &Client, moment: &Moment) -> Value {
    let mut answer = asked;
    answer.insert("client_id".to_owned(), json!(client.id));
    answer.insert("client_id_issued_at".to_owned(), json!(super::jwt::seconds(moment)));
    answer.insert("redirect_uris".to_owned(), json!(client.redirect_uris));
    Value::Object(answer)
}
