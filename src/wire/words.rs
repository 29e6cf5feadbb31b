//! How times of day, addresses and statuses are written.

use crate::trace::Millis;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// `12:04:31.102`; `offset` is what has to be added to UTC, in minutes.
pub fn clock(at: Millis, offset: f64) -> String {
    let local = ((at + offset * 60_000.0).floor() as i64).rem_euclid(DAY);
    let (seconds, rest) = (local / 1000, local % 1000);
    format!("{:02}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// An address as origin, path, and query without its question mark.
pub fn address(url: &str) -> (&str, &str, Option<&str>) {
    let (whole, query) = url.split_once('?').map_or((url, None), |(whole, query)| (whole, Some(query)));
    let start = whole.find("://").map_or(0, |at| at + 3);
    let length = whole.get(start..).and_then(|it| it.find('/')).unwrap_or(whole.len() - start);
    let (origin, path) = whole.split_at_checked(start + length).unwrap_or((whole, ""));
    (origin, if path.is_empty() { "/" } else { path }, query)
}

/// The host and its port, as a person names a site.
pub fn host(url: &str) -> &str {
    let (origin, ..) = address(url);
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// The first digit of a status, or `blocked`, or `pending`: one colour each.
pub fn class(status: Option<&str>) -> &'static str {
    match status.and_then(|it| it.chars().next()) {
        Some('1') => "1",
        Some('2') => "2",
        Some('3') => "3",
        Some('4') => "4",
        Some('5') => "5",
        Some(_) => "blocked",
        None => "pending",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_that_of_the_place() {
        let noon = 1_767_960_271_102.0;
        assert_eq!(clock(noon, 0.0), "12:04:31.102");
        assert_eq!(clock(noon, 120.0), "14:04:31.102");
        assert_eq!(clock(0.0, -1.0), "23:59:00.000");
    }

    #[test]
    fn an_address_has_parts() {
        assert_eq!(address("https://a.example:8/b/c?d=/"), ("https://a.example:8", "/b/c", Some("d=/")));
        assert_eq!(address("https://a.example"), ("https://a.example", "/", None));
        assert_eq!(host("http://localhost:3000/x"), "localhost:3000");
        assert_eq!(address(""), ("", "/", None));
    }
}
