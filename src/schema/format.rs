//! Formats of texts (JSON Schema Validation §7.3), as far as a person gets them wrong.

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

/// RFC 3986 §3.1.
fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    let letters = scheme.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.'));
    letters && scheme.starts_with(|it: char| it.is_ascii_alphabetic()) && !text.contains(char::is_whitespace)
}

/// RFC 3339 §5.6, `full-date`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |part: &str, digits: usize| {
        let plain = part.len() == digits && part.bytes().all(|it| it.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| plain)
    };
    number(year, 4).is_some()
        && number(month, 2).is_some_and(|it| (1..=12).contains(&it))
        && number(day, 2).is_some_and(|it| (1..=31).contains(&it))
}

/// RFC 3339 §5.6, `date-time`, as far as a person gets it wrong.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let zone = time.ends_with(['Z', 'z']) || time.rfind(['+', '-']).is_some_and(|at| at >= 8);
    is_date(date) && zone && time.bytes().filter(|it| *it == b':').count() >= 2
}
