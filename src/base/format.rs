//! Numbers as the user reads them: sizes, durations, counts.

const UNITS: [&str; 3] = ["KB", "MB", "GB"];

/// "212 B", "18.4 KB", "9.5 MB"; a kilobyte is 1024 bytes.
pub fn bytes(count: usize) -> String {
    if count < 1024 {
        return format!("{count} B");
    }
    // In tenths, rounded: floating point numbers cost 20 KB of code to write.
    let mut units = UNITS.into_iter();
    let (mut unit, mut one) = (units.next().unwrap_or_default(), 1024_u64);
    let tenths = |one: u64| (count as u64 * 10 + one / 2) / one;
    // What would be rounded to 1024.0 belongs to the next unit.
    while tenths(one) >= 10_240
        && let Some(next) = units.next()
    {
        (unit, one) = (next, one * 1024);
    }
    format!("{} {unit}", decimal(tenths(one)))
}

/// "312 ms", "1.4 s", "60 s", "2 min 5 s", "1 h". A clock that was set back gives no time below zero.
pub fn milliseconds(time: f64) -> String {
    let time = time.max(0.0).round() as u64;
    match time {
        0..1000 => format!("{time} ms"),
        1000..59_950 => format!("{} s", decimal((time + 50) / 100)),
        _ => match (time + 500) / 1000 {
            seconds @ 0..120 => format!("{seconds} s"),
            seconds @ 120..3600 => pair((seconds / 60, "min"), (seconds % 60, "s")),
            seconds => pair((seconds / 3600, "h"), (seconds / 60 % 60, "min")),
        },
    }
}

/// The smaller unit only where there is something of it.
fn pair((whole, unit): (u64, &str), (rest, smaller): (u64, &str)) -> String {
    if rest == 0 { format!("{whole} {unit}") } else { format!("{whole} {unit} {rest} {smaller}") }
}

/// A number of tenths: 14 is "1.4".
fn decimal(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// `2026-01-09T12:04:31.102Z`; what is no time of the years 1970 to 9999 is held to those.
pub fn instant(at: f64) -> String {
    let (days, rest) = day(at);
    let (seconds, thousandths) = (rest / 1000, rest % 1000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{}T{hours:02}:{minutes:02}:{:02}.{thousandths:03}Z", civil(days), seconds % 60)
}

/// `2026-01-09 12:04 UTC`.
pub fn minute(at: f64) -> String {
    let (days, rest) = day(at);
    let minutes = rest / 60_000;
    format!("{} {:02}:{:02} UTC", civil(days), minutes / 60, minutes % 60)
}

/// `2026-01-09`, in UTC.
pub fn date(at: f64) -> String {
    civil(day(at).0)
}

/// The day since 1970, and the milliseconds of it that have passed.
fn day(at: f64) -> (u64, u64) {
    const DAY: u64 = 86_400_000;
    const LAST: u64 = 253_402_300_799_999;
    let at = (at.max(0.0) as u64).min(LAST);
    (at / DAY, at % DAY)
}

/// A day of the Gregorian calendar, counted in years that begin in March so that the leap day is the last.
fn civil(days: u64) -> String {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// What is left of a time, as a clock shows it: `4:05`, `1:00:00`.
pub fn clock(milliseconds: f64) -> String {
    let seconds = (milliseconds.max(0.0) / 1000.0).ceil() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A limit in milliseconds as seconds, without needless digits: "60", "2.5", "0.125".
pub fn seconds(milliseconds: u32) -> String {
    let (whole, rest) = (milliseconds / 1000, milliseconds % 1000);
    let text = format!("{whole}.{rest:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Milliseconds of seconds that were typed, down to a thousandth; `None` where it is no such number.
pub fn parse_seconds(text: &str) -> Option<u32> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|it| it.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 3 || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let whole: u32 = format!("0{whole}").parse().ok()?;
    let thousandths: u32 = format!("{part:0<3}").parse().ok()?;
    whole.checked_mul(1000)?.checked_add(thousandths)
}

/// "10,400,000".
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// "1 tool", "12 tools".
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_iso_8601_has_them() {
        assert_eq!(minute(1_790_000_000_000.0), "2026-09-21 14:13 UTC");
        assert_eq!(minute(f64::NAN), "1970-01-01 00:00 UTC");
        assert_eq!(instant(1_767_960_271_102.0), "2026-01-09T12:04:31.102Z");
        let days = [0.0, 951_782_400_000.0, 4_107_542_400_000.0, -5.0, f64::NAN, 1e300];
        let dates = ["1970-01-01", "2000-02-29", "2100-03-01", "1970-01-01", "1970-01-01", "9999-12-31"];
        assert_eq!(days.map(date), dates);
    }

    #[test]
    fn a_clock_counts_down_to_nothing() {
        assert_eq!(clock(245_000.0), "4:05");
        assert_eq!(clock(3_600_000.0), "1:00:00");
        assert_eq!(clock(-5.0), "0:00");
    }

    #[test]
    fn seconds_are_read_as_they_are_written() {
        for (text, milliseconds) in [("60", 60_000), ("2.5", 2_500), ("0.125", 125), ("3600", 3_600_000)] {
            assert_eq!((parse_seconds(text), seconds(milliseconds).as_str()), (Some(milliseconds), text));
        }
        for text in ["", ".", "soon", "-1", "1e3", "1.2345", "99999999999"] {
            assert_eq!(parse_seconds(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_have_the_unit_that_leaves_few_digits() {
        let sizes = [0, 1023, 1024, 18_842, 1_048_575, 10 << 20, 3 << 30, 5 << 40];
        let words = ["0 B", "1023 B", "1.0 KB", "18.4 KB", "1.0 MB", "10.0 MB", "3.0 GB", "5120.0 GB"];
        assert_eq!(sizes.map(bytes), words);
    }

    #[test]
    fn times_change_their_unit_where_they_are_rounded_to_it() {
        let times = [-5.0, 0.4, 312.0, 999.6, 1400.0, 59_949.0, 59_951.0, 125_000.0, f64::NAN];
        let words = ["0 ms", "0 ms", "312 ms", "1.0 s", "1.4 s", "59.9 s", "60 s", "2 min 5 s", "0 ms"];
        assert_eq!(times.map(milliseconds), words);
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!([0, 999, 1000, 10_400_000].map(count), ["0", "999", "1,000", "10,400,000"]);
        assert_eq!([0, 1, 2].map(|it| counted(it, "tool", "tools")), ["0 tools", "1 tool", "2 tools"]);
    }
}
