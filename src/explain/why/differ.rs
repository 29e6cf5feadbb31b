//! In what two addresses differ, and other small readings of text.

use crate::base::address::Address;

/// What two addresses differ in, the smallest difference first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    Slash,
    Case,
    Scheme,
    Port,
    /// `localhost` here, `127.0.0.1` or `[::1]` there.
    Loopback,
    Path,
    Host,
}

/// `None` where they are the same string, or one is no address.
pub fn difference(one: &str, other: &str) -> Option<Difference> {
    let slashless = |text: &str| text.trim_end_matches('/').to_owned();
    let (a, b) = (Address::typed(one).ok()?, Address::typed(other).ok()?);
    let same_path = a.path() == b.path();
    let (host_a, host_b) = (name(&a), name(&b));
    Some(match () {
        () if one == other => return None,
        () if slashless(one) == slashless(other) => Difference::Slash,
        () if one.eq_ignore_ascii_case(other) => Difference::Case,
        () if same_path && host_a == host_b && a.is_encrypted() != b.is_encrypted() => Difference::Scheme,
        () if same_path && host_a == host_b && a.host() != b.host() => Difference::Port,
        () if host_a != host_b && a.is_loopback() && b.is_loopback() => Difference::Loopback,
        () if host_a == host_b => Difference::Path,
        () => Difference::Host,
    })
}

/// The host without its port.
pub fn name(address: &Address) -> String {
    let host = address.host();
    match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|it| it.is_ascii_digit()) => name.to_owned(),
        _ => host,
    }
}

/// Whether a text has one of these words, whatever the case.
pub fn mentions(text: &str, words: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    words.iter().any(|it| text.contains(it))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7) as milliseconds since the epoch.
pub fn date(text: &str) -> Option<f64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = text.split_whitespace().skip(1);
    let day: i64 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = i64::try_from(MONTHS.iter().position(|it| *it == month)?).ok()? + 1;
    let year: i64 = parts.next()?.parse().ok()?;
    let mut clock = parts.next()?.split(':').map(str::parse::<i64>);
    let mut unit = || clock.next()?.ok();
    let seconds = (unit()? * 60 + unit()?) * 60 + unit()?;
    // Days from civil, after Howard Hinnant: years begin in March.
    let shifted = if month > 2 { year } else { year - 1 };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + of_year - 719_468;
    Some((days * 86_400 + seconds) as f64 * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named_by_the_smallest() {
        let cases = [
            ("https://a.example/mcp", "https://a.example/mcp/", Some(Difference::Slash)),
            ("https://a.example/mcp", "https://a.example/MCP", Some(Difference::Case)),
            ("https://a.example/mcp", "http://a.example/mcp", Some(Difference::Scheme)),
            ("http://localhost:1/x", "http://localhost:2/x", Some(Difference::Port)),
            ("http://localhost:1/x", "http://127.0.0.1:1/x", Some(Difference::Loopback)),
            ("https://a.example/x", "https://a.example/y", Some(Difference::Path)),
            ("https://a.example/x", "https://b.example/x", Some(Difference::Host)),
            ("https://a.example/x", "https://a.example/x", None),
            ("https://a.example/x", "x", None),
        ];
        for (one, other, expected) in cases {
            assert_eq!(difference(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn dates_are_read_as_http_writes_them() {
        assert_eq!(date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000.0));
        assert_eq!(date("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800_000.0));
        assert_eq!(date("yesterday"), None);
    }
}
