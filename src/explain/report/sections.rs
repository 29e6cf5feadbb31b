//! The parts of the report but one: what was asked, what was found, and what it means.

use super::{Line, Section, cors};
use crate::explain::walkthrough::StepStatus;
use crate::explain::why::evidence::{Document, Evidence};
use crate::explain::words;
use crate::oauth::challenge;
use crate::trace::check::{Check, Clause, Verdict};
use crate::trace::step::Step;

/// All that has something to say, in the order of the flow.
pub fn all(it: &Evidence<'_>) -> Vec<Section> {
    let section = |name, title, lines| Section { name, title, lines };
    let all = [
        section("reachability", "Reachable from a browser", reachability(it)),
        section("cors", "CORS headers", cors::lines(it)),
        section("challenge", "Challenge", challenged(it)),
        section("resource-metadata", "Resource metadata", document(it, Step::ResourceMetadata)),
        section("server-metadata", "Authorization server metadata", document(it, Step::ServerMetadata)),
        section("pkce", "PKCE", pkce(it)),
        section("registration", "Client registration", registration(it)),
        section("iss", "Issuer in authorization response", iss(it)),
        section("scopes", "Scopes", scopes(it)),
    ];
    all.into_iter().filter(|it| !it.lines.is_empty()).collect()
}

fn reachability(it: &Evidence<'_>) -> Vec<Line> {
    let steps = [Step::McpRequest, Step::Connected];
    let mut lines: Vec<Line> = steps.into_iter().flat_map(|step| asked(it, step)).collect();
    if let Some(version) = &it.attempt.version {
        let words = format!("The server supports MCP {version} and responds without a token");
        lines.push(Line::judged(Verdict::Pass, Clause::McpVersion, words));
    }
    lines.extend(it.row(Step::McpRequest).into_iter().flat_map(|it| &it.notes).map(|it| Line::fact(words::note(it))));
    lines
}

/// Each address that was asked, and with what it answered.
fn asked(it: &Evidence<'_>, step: Step) -> impl Iterator<Item = Line> {
    it.exchanges(step).map(|it| {
        let status = it.status().unwrap_or_else(|| "no response".to_owned());
        Line::fact(format!("{} {} → {status}", it.request.method.as_str(), it.request.url))
    })
}

fn checks(it: &Evidence<'_>, step: Step) -> Vec<Line> {
    let line = |check: &Check| Line::judged(check.verdict, check.rule.clause(), words::rule(&check.rule));
    it.row(step).map(|row| row.checks.iter().map(line).collect()).unwrap_or_default()
}

fn challenged(it: &Evidence<'_>) -> Vec<Line> {
    let reached =
        it.row(Step::Unauthorized).is_some_and(|it| !matches!(it.status, StepStatus::Pending | StepStatus::Skipped));
    if !reached {
        return Vec::new();
    }
    let value = it.challenges().map(|(value, _)| Line::fact(format!("WWW-Authenticate: {value}")));
    value.into_iter().chain(checks(it, Step::Unauthorized)).collect()
}

fn document(it: &Evidence<'_>, step: Step) -> Vec<Line> {
    let found = if step == Step::ResourceMetadata { &it.resource } else { &it.issuer };
    let names: &[&str] = match step {
        Step::ResourceMetadata => &["resource", "authorization_servers"],
        _ => &["issuer", "authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"],
    };
    let members = found.iter().flat_map(|found| names.iter().filter_map(|name| member(found, name)));
    asked(it, step).chain(members).chain(checks(it, step)).collect()
}

fn member(document: &Document<'_>, name: &str) -> Option<Line> {
    let value = document.list(name)?.join(", ");
    Some(Line::fact(format!("{name}: {}", crate::base::text::prefix(&value, 300))))
}

fn pkce(it: &Evidence<'_>) -> Vec<Line> {
    let Some(found) = &it.issuer else { return Vec::new() };
    let clause = Clause::PkceAdvertised;
    vec![match found.list("code_challenge_methods_supported") {
        Some(list) if list.contains(&"S256") => {
            Line::judged(Verdict::Pass, clause, format!("Advertised: {}", list.join(", ")))
        }
        Some(list) => Line::judged(Verdict::Fail, clause, format!("Without S256: {}", list.join(", "))),
        None => {
            Line::judged(Verdict::Fail, clause, "code_challenge_methods_supported is missing: clients must stop here")
        }
    }]
}

fn registration(it: &Evidence<'_>) -> Vec<Line> {
    let Some(found) = &it.issuer else { return Vec::new() };
    let (clause, is) = (Clause::McpRegistration, |name| found.get(name).is_some_and(|it| it.as_bool() == Some(true)));
    let dynamic = found.text("registration_endpoint");
    let by_document = is("client_id_metadata_document_supported");
    let mut lines = vec![match dynamic {
        Some(url) => Line::judged(
            Verdict::Pass,
            clause,
            format!("Dynamic client registration is supported at {url}; no client was registered"),
        ),
        None => Line::fact("Dynamic client registration is not supported"),
    }];
    lines.push(match by_document {
        true => Line::judged(Verdict::Pass, clause, "Client ID metadata documents are supported"),
        false => Line::fact("Client ID metadata documents are not supported"),
    });
    if dynamic.is_none() && !by_document {
        let words = "Only pre-registered clients can log in";
        lines.push(Line::judged(Verdict::Warn, clause, words));
    }
    lines.push(match found.list("token_endpoint_auth_methods_supported") {
        Some(list) if list.contains(&"none") => Line::judged(
            Verdict::Pass,
            Clause::PublicClient,
            "token_endpoint_auth_methods_supported contains none: public clients are allowed",
        ),
        Some(list) => Line::judged(
            Verdict::Warn,
            Clause::PublicClient,
            format!("token_endpoint_auth_methods_supported does not contain none: {}", list.join(", ")),
        ),
        None => Line::fact("token_endpoint_auth_methods_supported is missing; the default is client_secret_basic"),
    });
    lines
}

fn iss(it: &Evidence<'_>) -> Vec<Line> {
    let Some(found) = &it.issuer else { return Vec::new() };
    let promised =
        found.get("authorization_response_iss_parameter_supported").is_some_and(|it| it.as_bool() == Some(true));
    let clause = Clause::IssuerParameter;
    vec![match promised {
        true => Line::judged(Verdict::Pass, clause, "iss is advertised for every authorization response"),
        false => Line::judged(Verdict::Warn, clause, "iss is not advertised: mix-up attacks cannot be detected"),
    }]
}

fn scopes(it: &Evidence<'_>) -> Vec<Line> {
    let challenged = it.challenges().and_then(|(_, list)| Some(challenge::bearer(&list)?.param("scope")?.to_owned()));
    let listed =
        |found: &Option<Document<'_>>| found.as_ref().and_then(|it| Some(it.list("scopes_supported")?.join(" ")));
    let told = [
        ("Scopes in the challenge", challenged),
        ("Scopes in the resource metadata", listed(&it.resource)),
        ("Scopes of the authorization server", listed(&it.issuer)),
    ];
    told.into_iter().filter_map(|(who, scopes)| Some(Line::fact(format!("{who}: {}", scopes?)))).collect()
}
