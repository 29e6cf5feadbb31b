//! Which era a server belongs to, judged by how it takes the first modern request.
//!
//! From 2026-07-28 on there is no handshake: a client that speaks both asks `server/discover` first and reads the
//! era off the answer (MCP 2026-07-28, Streamable HTTP, "Backward Compatibility"). The rules are a table, here and in
//! its tests.

use super::error::Error;
use crate::base::revision::Revision;
use crate::base::text::facts;
use crate::json::members::Members;
use crate::mcp::jsonrpc::RpcError;
pub use crate::trace::note::{Era, Older};

/// The request's headers and body disagree, or one is missing.
pub const HEADER_MISMATCH: i64 = -32020;
/// The request needs a capability that it did not declare.
pub const MISSING_CAPABILITY: i64 = -32021;
/// The revision is not spoken; `data.supported` lists those that are.
pub const UNSUPPORTED_VERSION: i64 = -32022;
/// JSON-RPC 2.0 §5.1.
pub const METHOD_NOT_FOUND: i64 = -32601;
/// JSON-RPC 2.0 §5.1.
pub const INVALID_PARAMS: i64 = -32602;

/// What follows from the answer to `server/discover`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is modern, and this is what it says of itself.
    Modern,
    /// It is modern, and refused the revision, but lists one that both speak: ask once more.
    Again(Revision),
    /// It is older: `initialize`, offering this revision where it named one.
    Older { offer: Option<Revision>, why: Older },
    /// Neither: the attempt ends.
    Over(Error),
}

/// Rows 1 to 3: a result.
pub fn of_result(result: &str) -> Verdict {
    let Some(versions) = Members::of(result).and_then(|it| it.read::<Vec<String>>("supportedVersions")) else {
        return older(Older::OtherResult);
    };
    match (Revision::best(&versions, false), Revision::best(&versions, true)) {
        (Some(_), _) => Verdict::Modern,
        (None, Some(offer)) => Verdict::Older { offer: Some(offer), why: Older::Lists { versions: facts(&versions) } },
        (None, None) => Verdict::Over(unspoken(&versions)),
    }
}

/// Rows 4 to 12: a JSON-RPC error. `asked` is whether the server's own choice was offered already.
pub fn of_error(error: &RpcError, asked: bool) -> Verdict {
    match error.code {
        UNSUPPORTED_VERSION => unsupported(error, asked),
        // A modern error: never a reason to fall back to initialize (A-52).
        HEADER_MISMATCH => Verdict::Over(Error::HeaderMismatch { error: error.clone() }),
        MISSING_CAPABILITY => Verdict::Over(Error::MissingCapability { error: error.clone() }),
        METHOD_NOT_FOUND => older(Older::UnknownMethod),
        code => older(Older::OtherError { number: code }),
    }
}

fn unsupported(error: &RpcError, asked: bool) -> Verdict {
    let Some(versions) = supported(error) else {
        return older(Older::ListsNone);
    };
    match (Revision::best(&versions, false), Revision::best(&versions, true)) {
        (Some(revision), _) if !asked => Verdict::Again(revision),
        // Only older ones are listed.
        (None, Some(offer)) if versions.iter().all(|it| it.as_str() < Revision::R5.as_str()) => {
            Verdict::Older { offer: Some(offer), why: Older::Speaks { versions: facts(&versions) } }
        }
        _ => Verdict::Over(unspoken(&versions)),
    }
}

/// The versions that an error lists in `data.supported`.
pub fn supported(error: &RpcError) -> Option<Vec<String>> {
    let versions: Vec<String> = Members::of(error.data.as_deref()?)?.read("supported")?;
    Some(versions).filter(|it| !it.is_empty())
}

/// Rows 13 to 19: no JSON-RPC answer.
pub fn of_failure(error: Error) -> Verdict {
    match error {
        Error::Status { ref head, .. } if (400..500).contains(&head.status) => {
            older(Older::Status { status: head.status })
        }
        // Row 17 is about bodies that are something else; none at all is what simple servers give for what they do not
        // know, and the handshake will show.
        Error::Empty { head } => older(Older::Empty { status: head.status }),
        Error::NotMcp { .. } | Error::ForeignAnswer { .. } => older(Older::NotAnAnswer),
        other => Verdict::Over(other),
    }
}

const fn older(why: Older) -> Verdict {
    Verdict::Older { offer: None, why }
}

fn unspoken(versions: &[String]) -> Error {
    let answered = Some(versions.join(", ")).filter(|it| !it.is_empty());
    Error::Version { offered: Revision::LATEST.as_str().to_owned(), answered, pinned: false }
}

/// Whether an answer to `initialize` is the reason to look for HTTP+SSE: a 4xx that is no modern error (A-55).
pub fn may_be_sse(status: u16, error: Option<&RpcError>) -> bool {
    let refused = (400..500).contains(&status) && status != 401 && status != 403;
    let modern = error.is_some_and(|it| {
        [HEADER_MISMATCH, MISSING_CAPABILITY, UNSUPPORTED_VERSION, METHOD_NOT_FOUND].contains(&it.code)
    });
    refused && !modern
}

#[cfg(test)]
mod tests {
    use super::super::error::{Excerpt, Truncation};
    use super::*;
    use crate::http::{Head, HttpError};

    fn error(code: i64, data: Option<&str>) -> RpcError {
        RpcError { code, message: "no".to_owned(), data: data.map(Into::into) }
    }

    fn status(status: u16) -> Error {
        let head = Head { status, url: String::new(), redirected: false, headers: Vec::new() };
        Error::Status { head, body: Excerpt::default(), had_session: false }
    }

    fn offer(verdict: Verdict) -> Option<Revision> {
        match verdict {
            Verdict::Older { offer, .. } => offer,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_4_rows_1_to_3_a_result() {
        assert_eq!(of_result(r#"{"supportedVersions":["2026-07-28"],"capabilities":{}}"#), Verdict::Modern);
        assert_eq!(of_result(r#"{"supportedVersions":["2025-06-18","2026-07-28"]}"#), Verdict::Modern);
        assert_eq!(offer(of_result(r#"{"supportedVersions":["2025-06-18","2024-11-05"]}"#)), Some(Revision::R3));
        assert!(matches!(of_result(r#"{"supportedVersions":["2099-01-01"]}"#), Verdict::Over(Error::Version { .. })));
        for other in [r#"{"tools":[]}"#, "3", "null", r#"{"supportedVersions":"2026-07-28"}"#] {
            assert_eq!(offer(of_result(other)), None, "{other}");
        }
    }

    #[test]
    fn a_4_rows_4_to_7_the_version_is_refused() {
        let of = |data: &str, asked| of_error(&error(UNSUPPORTED_VERSION, Some(data)), asked);
        assert_eq!(of(r#"{"supported":["2026-07-28"]}"#, false), Verdict::Again(Revision::R5));
        assert!(matches!(of(r#"{"supported":["2026-07-28"]}"#, true), Verdict::Over(Error::Version { .. })));
        assert!(matches!(of(r#"{"supported":["2027-01-01"]}"#, false), Verdict::Over(Error::Version { .. })));
        assert!(matches!(of(r#"{"supported":["2027-01-01","2025-11-25"]}"#, false), Verdict::Over(_)));
        assert_eq!(offer(of(r#"{"supported":["2025-03-26","2025-11-25"]}"#, false)), Some(Revision::R4));
        for malformed in ["{}", r#"{"supported":7}"#, r#"{"supported":[]}"#, "[]"] {
            assert_eq!(offer(of(malformed, false)), None, "{malformed}");
        }
        assert_eq!(offer(of_error(&error(UNSUPPORTED_VERSION, None), false)), None);
    }

    #[test]
    fn a_51_a_52_a_4_rows_8_and_9_modern_errors_are_no_reason_to_fall_back() {
        assert!(matches!(of_error(&error(HEADER_MISMATCH, None), false), Verdict::Over(Error::HeaderMismatch { .. })));
        let missing = of_error(&error(MISSING_CAPABILITY, None), false);
        assert!(matches!(missing, Verdict::Over(Error::MissingCapability { .. })));
    }

    #[test]
    fn a_4_rows_10_and_12_other_errors_are_of_older_servers() {
        for code in [METHOD_NOT_FOUND, -32600, INVALID_PARAMS, -32000, -32001, -32700, 0] {
            assert_eq!(offer(of_error(&error(code, None), false)), None, "{code}");
        }
    }

    #[test]
    fn a_52_a_4_rows_13_to_19_answers_that_are_no_json_rpc() {
        for code in [400, 404, 405, 406, 415] {
            assert_eq!(offer(of_failure(status(code))), None, "{code}");
        }
        for code in [500, 502, 503] {
            assert_eq!(of_failure(status(code)), Verdict::Over(status(code)));
        }
        let http = |error| Error::Http { url: String::new(), error };
        for error in [
            Error::Forbidden { challenge: None, body: Excerpt::default() },
            Error::Redirected { from: String::new(), to: None },
            http(HttpError::Timeout { after: 1 }),
            Error::Truncated { at: Truncation::Stream },
        ] {
            assert_eq!(of_failure(error.clone()), Verdict::Over(error));
        }
    }

    #[test]
    fn a_55_the_older_transport_is_looked_for_after_a_plain_4xx_alone() {
        for (code, sse) in
            [(400, true), (404, true), (405, true), (401, false), (403, false), (500, false), (200, false)]
        {
            assert_eq!(may_be_sse(code, None), sse, "{code}");
        }
        assert!(!may_be_sse(404, Some(&error(METHOD_NOT_FOUND, None))));
        assert!(!may_be_sse(400, Some(&error(UNSUPPORTED_VERSION, None))));
        assert!(may_be_sse(400, Some(&error(-32000, None))));
    }
}
