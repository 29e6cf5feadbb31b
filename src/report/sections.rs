//! The parts of the report but one: what was asked, what was found, and what it means.

use super::{Line, Section, cors};
use crate::checks::{Check, Clause, Verdict};
use crate::oauth::challenge;
use crate::step::Step;
use crate::walkthrough::StepStatus;
use crate::why::evidence::{Document, Evidence};

/// All that has something to say, in the order of the flow.
pub fn all(it: &Evidence<'_>) -> Vec<Section> {
    let section = |name, title, lines| Section { name, title, lines };
    let all = [
        section("reachability", "Reachable from a browser", reachability(it)),
        section("cors", "CORS, line by line", cors::lines(it)),
        section("challenge", "Challenge", challenged(it)),
        section("resource-metadata", "Resource metadata", document(it, Step::ResourceMetadata)),
        section("server-metadata", "Authorization server metadata", document(it, Step::ServerMetadata)),
        section("pkce", "PKCE", pkce(it)),
        section("registration", "Ways to register", registration(it)),
        section("iss", "Issuer in the callback", iss(it)),
        section("scopes", "Scopes", scopes(it)),
    ];
    all.into_iter().filter(|it| !it.lines.is_empty()).collect()
}

fn reachability(it: &Evidence<'_>) -> Vec<Line> {
    let steps = [Step::McpRequest, Step::Connected];
    let mut lines: Vec<Line> = steps.into_iter().flat_map(|step| asked(it, step)).collect();
    if let Some(version) = &it.attempt.version {
        let words = format!("It speaks MCP {version}, and answers without a token");
        lines.push(Line::judged(Verdict::Pass, Clause::McpVersion, words));
    }
    lines.extend(it.row(Step::McpRequest).into_iter().flat_map(|it| &it.notes).map(Line::fact));
    lines
}

/// Each address that was asked, and with what it answered.
fn asked(it: &Evidence<'_>, step: Step) -> impl Iterator<Item = Line> {
    it.exchanges(step).map(|it| {
        let status = it.status().unwrap_or_else(|| "no answer".to_owned());
        Line::fact(format!("{} {} → {status}", it.request.method.as_str(), it.request.url))
    })
}

fn checks(it: &Evidence<'_>, step: Step) -> Vec<Line> {
    let line = |check: &Check| Line::judged(check.verdict, check.clause, check.words.as_str());
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
    Some(Line::fact(format!("{name}: {}", crate::text::prefix(&value, 300))))
}

fn pkce(it: &Evidence<'_>) -> Vec<Line> {
    let Some(found) = &it.issuer else { return Vec::new() };
    let clause = Clause::PkceAdvertised;
    vec![match found.list("code_challenge_methods_supported") {
        Some(list) if list.contains(&"S256") => {
            Line::judged(Verdict::Pass, clause, format!("Advertised: {}", list.join(", ")))
        }
        Some(list) => Line::judged(Verdict::Fail, clause, format!("Without S256: {}", list.join(", "))),
        None => Line::judged(Verdict::Fail, clause, "Not advertised: clients must stop here"),
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
            format!("Dynamic registration is offered at {url}; nothing was registered"),
        ),
        None => Line::fact("Dynamic registration is not offered"),
    }];
    lines.push(match by_document {
        true => Line::judged(Verdict::Pass, clause, "Client id metadata documents are taken"),
        false => Line::fact("Client id metadata documents are not offered"),
    });
    if dynamic.is_none() && !by_document {
        let words = "Only clients that were registered by hand can log in";
        lines.push(Line::judged(Verdict::Warn, clause, words));
    }
    lines.push(match found.list("token_endpoint_auth_methods_supported") {
        Some(list) if list.contains(&"none") => {
            Line::judged(Verdict::Pass, Clause::PublicClient, "Clients without a secret are welcome (none)")
        }
        Some(list) => Line::judged(
            Verdict::Warn,
            Clause::PublicClient,
            format!("Methods at the token endpoint, without none: {}", list.join(", ")),
        ),
        None => Line::fact("Methods at the token endpoint are not said; without a word, client_secret_basic is meant"),
    });
    lines
}

fn iss(it: &Evidence<'_>) -> Vec<Line> {
    let Some(found) = &it.issuer else { return Vec::new() };
    let promised =
        found.get("authorization_response_iss_parameter_supported").is_some_and(|it| it.as_bool() == Some(true));
    let clause = Clause::IssuerParameter;
    vec![match promised {
        true => Line::judged(Verdict::Pass, clause, "iss is promised with every callback"),
        false => Line::judged(Verdict::Warn, clause, "iss is not promised: mix-ups of two servers cannot be noticed"),
    }]
}

fn scopes(it: &Evidence<'_>) -> Vec<Line> {
    let challenged = it.challenges().and_then(|(_, list)| Some(challenge::bearer(&list)?.param("scope")?.to_owned()));
    let listed =
        |found: &Option<Document<'_>>| found.as_ref().and_then(|it| Some(it.list("scopes_supported")?.join(" ")));
    let told = [
        ("The challenge asks for", challenged),
        ("The resource metadata lists", listed(&it.resource)),
        ("The authorization server lists", listed(&it.issuer)),
    ];
    told.into_iter().filter_map(|(who, scopes)| Some(Line::fact(format!("{who}: {}", scopes?)))).collect()
}
