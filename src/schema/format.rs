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
}

impl Format {
    pub fn named(name: &str) -> Self {
        match name {
            "email" => Self::Email,
            "uri" => Self::Uri,
            "date" => Self::Date,
            "date-time" => Self::DateTime,
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
        }
    }
}

/// Whether a text is as long as it has to be; if not, what is wrong with it.
pub fn fits(text: &str, shortest: Option<u64>, longest: Option<u64>) -> Result<(), String> {
    let length = text.chars().count() as u64;
    match (shortest, longest) {
        (Some(shortest), _) if length < shortest => Err(format!("At least {shortest} characters, now {length}")),
        (_, Some(longest)) if length > longest => Err(format!("At most {longest} characters, now {length}")),
        _ => Ok(()),
    }
}

/// Whether a text is of a format; if not, what one looks like.
pub fn well_formed(text: &str, format: Format) -> Result<(), String> {
    let words = match format {
        Format::Email if !is_email(text) => "An e-mail address looks like name@example.com",
        Format::Uri if !is_uri(text) => "A URI begins with a scheme: https://example.com",
        Format::Date if !is_date(text) => "A date looks like 2026-07-28",
        Format::DateTime if !is_date_time(text) => "A date with time looks like 2026-07-28T12:00:00Z",
        _ => return Ok(()),
    };
    Err(words.to_owned())
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
fn is_date(text: &str) -> bool {
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
