//! Formats of texts (JSON Schema Validation §7.3), as their standards have them.

/// What a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Any,
    Email,
    Uri,
    Date,
    DateTime,
    Time,
    Duration,
    Uuid,
    Hostname,
    Ipv4,
    Ipv6,
}

impl Format {
    pub fn named(name: &str) -> Self {
        match name {
            "email" => Self::Email,
            "uri" => Self::Uri,
            "date" => Self::Date,
            "date-time" => Self::DateTime,
            "time" => Self::Time,
            "duration" => Self::Duration,
            "uuid" => Self::Uuid,
            "hostname" => Self::Hostname,
            "ipv4" => Self::Ipv4,
            "ipv6" => Self::Ipv6,
            _ => Self::Any,
        }
    }

    /// What a text of it looks like; empty for any text.
    pub const fn looks(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Email => "An e-mail address, like name@example.com.",
            Self::Uri => "A URI, like https://example.com.",
            Self::Date => "A date, like 2026-07-28.",
            Self::DateTime => "A date with time, like 2026-07-28T12:00:00Z.",
            Self::Time => "A time, like 12:00:00Z.",
            Self::Duration => "A duration, like P1DT12H.",
            Self::Uuid => "A UUID, like 123e4567-e89b-42d3-a456-426614174000.",
            Self::Hostname => "A host name, like www.example.com.",
            Self::Ipv4 => "IPv4, like 192.0.2.1.",
            Self::Ipv6 => "IPv6, like 2001:db8::1.",
        }
    }
}

/// Whether a text is as long as it has to be.
pub fn fits(text: &str, shortest: Option<u64>, longest: Option<u64>) -> bool {
    let length = text.chars().count() as u64;
    shortest.is_none_or(|it| length >= it) && longest.is_none_or(|it| length <= it)
}

/// Whether a text is of a format, as far as that is judged here: before a value is put into a field unasked.
pub fn is_of(text: &str, format: Format) -> bool {
    match format {
        Format::Email => is_email(text),
        Format::Uri => is_uri(text),
        Format::Date => is_date(text),
        Format::DateTime => is_date_time(text),
        _ => true,
    }
}

/// What a control of the browser gives, `2026-07-28T12:00` or `12:00`, as RFC 3339 has it: with seconds, and with the zone
/// that is so many minutes ahead of UTC.
pub fn with_zone(picked: &str, minutes: f64) -> String {
    let seconds = if picked.matches(':').count() < 2 { ":00" } else { "" };
    let ahead = minutes.abs().min(1439.0) as u32;
    match ahead {
        0 => format!("{picked}{seconds}Z"),
        _ => {
            let sign = if minutes < 0.0 { '-' } else { '+' };
            format!("{picked}{seconds}{sign}{:02}:{:02}", ahead / 60, ahead % 60)
        }
    }
}

fn is_email(text: &str) -> bool {
    let (name, host) = text.rsplit_once('@').unwrap_or_default();
    !name.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace)
}

/// A scheme, and after it the characters that a URI has (RFC 3986 §2, §3.1).
fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    let letters = scheme.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.'));
    let plain = text.bytes().all(|it| it.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&it));
    letters && plain && scheme.starts_with(|it: char| it.is_ascii_alphabetic())
}

/// A number of just so many digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    let plain = text.len() == count && text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// RFC 3339 §5.6, `full-date`, with the days that a month has (§5.7).
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// RFC 3339 §5.6, `date-time`.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else { return false };
    let clock = match (time.strip_suffix(['Z', 'z']), time.rfind(['+', '-'])) {
        (Some(clock), _) => Some(clock),
        (None, Some(at)) => {
            let (clock, zone) = time.split_at(at);
            is_clock(zone.get(1..).unwrap_or_default(), &[23, 59]).then_some(clock)
        }
        (None, None) => None,
    };
    let (clock, fraction) = clock.map_or(("", "0"), |it| it.split_once('.').unwrap_or((it, "0")));
    let fraction = !fraction.is_empty() && fraction.bytes().all(|it| it.is_ascii_digit());
    // A minute may have a leap second.
    is_date(date) && fraction && is_clock(clock, &[23, 59, 60])
}

/// Two digits each, none beyond its limit.
fn is_clock(text: &str, limits: &[u32]) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let within = |(part, limit): (&&str, &u32)| digits(part, 2).is_some_and(|it| it <= *limit);
    parts.len() == limits.len() && parts.iter().zip(limits).all(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_picked_has_seconds_and_a_zone() {
        assert_eq!(with_zone("2026-07-28T12:00", 0.0), "2026-07-28T12:00:00Z");
        assert_eq!(with_zone("2026-07-28T12:00:07", 330.0), "2026-07-28T12:00:07+05:30");
        assert_eq!(with_zone("12:00", -60.0), "12:00:00-01:00");
        assert!(is_of(&with_zone("2026-07-28T12:00", -120.0), Format::DateTime));
    }
}
