//! Who may frame a page, as its host says in a header (Content Security Policy Level 3 §6.4.2, `frame-ancestors`).
//!
//! The browser enforces it before any of the page runs, for every page around it. So a framed page that was served
//! with such a list stands inside one of the pages that it names.

/// Whether the values of `Content-Security-Policy` name them: at least one policy lists hosts, and nothing that any host
/// fits (`*`, `https:`, `https://*`, `*.com`).
pub fn are_named(header: &str) -> bool {
    header.split(',').filter_map(ancestors).any(|list| list.split_ascii_whitespace().all(is_named))
}

/// The first directive of that name counts (§2.2.1). An empty list allows none.
fn ancestors(policy: &str) -> Option<&str> {
    let directives = policy.split(';').map(|it| it.trim_matches(|it: char| it.is_ascii_whitespace()));
    let mut pairs = directives.map(|it| it.split_once(|it: char| it.is_ascii_whitespace()).unwrap_or((it, "")));
    pairs.find(|(name, _)| name.eq_ignore_ascii_case("frame-ancestors")).map(|(_, list)| list)
}

fn is_named(source: &str) -> bool {
    if ["'self'", "'none'"].iter().any(|it| source.eq_ignore_ascii_case(it)) {
        return true;
    }
    let rest = source.split_once("://").map_or(source, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    // `https:` has nothing behind its colon: it is a scheme, and fits every host.
    let is_scheme = !source.contains("://") && source.ends_with(':');
    !is_scheme
        && match host.strip_prefix("*.") {
            Some(rest) => rest.contains('.'),
            None => !host.is_empty() && !host.contains('*'),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_hosts_is_told_from_one_that_any_page_fits() {
        for header in [
            "frame-ancestors 'self'",
            "frame-ancestors 'none'",
            "frame-ancestors",
            "default-src 'self'; Frame-Ancestors 'SELF' https://portal.example.com",
            "frame-ancestors portal.example.com:8443 http://localhost:3000",
            "frame-ancestors https://*.example.com",
            "frame-ancestors *, frame-ancestors 'self'",
            "frame-ancestors\thttps://portal.example.com/path",
        ] {
            assert!(are_named(header), "{header}");
        }
        for header in [
            "",
            "default-src 'self'",
            "frame-ancestors *",
            "frame-ancestors https:",
            "frame-ancestors https://*",
            "frame-ancestors *:443",
            "frame-ancestors *.com",
            "frame-ancestors 'self' https:",
            "frame-ancestors https://portal.example.com *",
            "frame-ancestors *; frame-ancestors 'self'",
            "x-frame-ancestors 'self'",
        ] {
            assert!(!are_named(header), "{header}");
        }
    }
}
