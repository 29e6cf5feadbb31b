//! How the `resource` of the metadata differs from the address that was asked (RFC 9728 §3.3).

use crate::address::Address;
use crate::checks::{Clause, Verdict};
use crate::problem::Owner;
use crate::step::Step;
use crate::why::Rule;
use crate::why::compare::{Difference, difference, is_local, name};
use crate::why::evidence::Evidence;

pub const RULES: &[Rule] = &[
    resource(
        "resource-slash",
        Verdict::Warn,
        "A last slash is a part of an identifier. Authorization servers and token checks compare strings, so one of the two spellings will likely fail somewhere.",
        |it, _| differs(it, Difference::Slash),
    ),
    resource(
        "resource-case",
        Verdict::Fail,
        "Identifiers are compared as they are written: upper and lower case are not the same.",
        |it, _| differs(it, Difference::Case),
    ),
    resource(
        "resource-port",
        Verdict::Fail,
        "Likely the server computes its address from the port that it listens on, and a proxy or a container maps another.",
        |it, _| differs(it, Difference::Port),
    ),
    resource(
        "resource-scheme",
        Verdict::Fail,
        "Likely TLS ends at a proxy, and the server computes its address from the plain request behind it.",
        |it, _| differs(it, Difference::Scheme),
    ),
    resource(
        "resource-loopback-name",
        Verdict::Fail,
        "localhost and 127.0.0.1 are the same machine and not the same name; identifiers are compared as text.",
        |it, _| differs(it, Difference::Loopback),
    ),
    resource(
        "resource-other-path",
        Verdict::Fail,
        "Likely the document belongs to another endpoint of the same host, or the path was changed in one place only.",
        |it, _| {
            let given = Address::typed(it.resource.as_ref()?.text("resource")?).ok()?;
            let covers = it.server.as_ref()?.path().starts_with(given.path());
            differs(it, Difference::Path).filter(|_| !covers)
        },
    ),
    resource(
        "resource-internal",
        Verdict::Fail,
        "Likely the server names itself by an address inside its own network, as of a container or a development machine.",
        |it, _| {
            let given = Address::typed(it.resource.as_ref()?.text("resource")?).ok()?;
            let inside = is_local(&given) || !name(&given).contains('.');
            differs(it, Difference::Host).filter(|_| inside && it.server.as_ref().is_some_and(|it| !is_local(it)))
        },
    ),
];

/// The rules of how `resource` differs from the address that was asked have one shape.
const fn resource(
    name: &'static str,
    verdict: Verdict,
    cause: &'static str,
    look: fn(&Evidence<'_>, Step) -> Option<String>,
) -> Rule {
    Rule {
        name,
        at: &[Step::ResourceMetadata],
        verdict,
        owner: Owner::Server,
        clause: Clause::ResourceIdentical,
        cause,
        fix: "Let \"resource\" be the address that clients connect to, character by character, and let the check of tokens expect the same string.",
        look,
    }
}

fn differs(evidence: &Evidence<'_>, by: Difference) -> Option<String> {
    let server = evidence.attempt.server.as_str();
    let given = evidence.resource.as_ref()?.text("resource")?;
    (difference(server, given) == Some(by)).then(|| format!("resource is {given}; the server was asked at {server}."))
}
