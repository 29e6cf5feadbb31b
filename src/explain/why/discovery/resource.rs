//! How the `resource` of the metadata differs from the address that was asked (RFC 9728 §3.3).

use crate::base::address::Address;
use crate::explain::why::Rule;
use crate::explain::why::differ::{Difference, difference};
use crate::explain::why::evidence::Evidence;
use crate::trace::check::{Clause, Verdict};
use crate::trace::problem::Owner;
use crate::trace::step::Step;

pub const RULES: &[Rule] = &[
    resource(
        "resource-slash",
        Verdict::Warn,
        "`resource` differs in its trailing slash",
        "Authorization servers and token checks compare strings. One of the two spellings will likely be refused.",
        |it, _| differs(it, Difference::Slash),
    ),
    resource(
        "resource-case",
        Verdict::Fail,
        "`resource` differs in upper and lower case",
        "Identifiers are compared as strings, so upper and lower case differ.",
        |it, _| differs(it, Difference::Case),
    ),
    resource(
        "resource-port",
        Verdict::Fail,
        "`resource` has another port",
        "Likely cause: the server builds its URL from the port that it listens on, and a proxy or container maps another.",
        |it, _| differs(it, Difference::Port),
    ),
    resource(
        "resource-scheme",
        Verdict::Fail,
        "`resource` has another scheme",
        "Likely cause: TLS ends at a proxy, and the server builds its URL from the plain http request.",
        |it, _| differs(it, Difference::Scheme),
    ),
    resource(
        "resource-loopback-name",
        Verdict::Fail,
        "`resource` names this machine differently",
        "`localhost` and `127.0.0.1` are one machine but different strings.",
        |it, _| differs(it, Difference::Loopback),
    ),
    resource(
        "resource-other-path",
        Verdict::Fail,
        "`resource` has another path",
        "Likely cause: the metadata belongs to another endpoint of this host, or the path was changed in one place only.",
        |it, _| {
            let given = Address::typed(it.resource.as_ref()?.text("resource")?).ok()?;
            let covers = it.server.as_ref()?.path().starts_with(given.path());
            differs(it, Difference::Path).filter(|_| !covers)
        },
    ),
    resource(
        "resource-internal",
        Verdict::Fail,
        "`resource` is an internal URL",
        "Likely cause: the server uses a host name of its own network, as of a container or a development machine.",
        |it, _| {
            let given = Address::typed(it.resource.as_ref()?.text("resource")?).ok()?;
            differs(it, Difference::Host)
                .filter(|_| given.is_local() && it.server.as_ref().is_some_and(|it| !it.is_local()))
        },
    ),
];

/// The rules of how `resource` differs from the address that was asked have one shape.
const fn resource(
    name: &'static str,
    verdict: Verdict,
    title: &'static str,
    reason: &'static str,
    look: fn(&Evidence<'_>, Step) -> Option<String>,
) -> Rule {
    Rule {
        name,
        at: &[Step::ResourceMetadata],
        verdict,
        owner: Owner::Server,
        clause: Clause::ResourceIdentical,
        title,
        fix: "Set `resource` to {server}, and expect the same string as `aud`.",
        reason,
        look,
    }
}

fn differs(evidence: &Evidence<'_>, by: Difference) -> Option<String> {
    let server = evidence.attempt.server.as_str();
    let given = evidence.resource.as_ref()?.text("resource")?;
    (difference(server, given) == Some(by)).then(|| format!("resource is {given}; the server was asked at {server}."))
}
