//! The parts of an address, read strictly (RFC 3986 §3).

use super::AddressError;
use std::net::{Ipv4Addr, Ipv6Addr};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    pub encrypted: bool,
    /// Lower case; an IPv6 address in brackets.
    pub host: String,
    /// Where it is not the scheme's own.
    pub port: Option<u16>,
    /// Begins with a slash.
    pub path: String,
    /// With its question mark; empty where there is none.
    pub query: String,
}

impl Parts {
    pub fn read(text: &str) -> Result<Self, AddressError> {
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let (scheme, rest) = text.split_once(':').ok_or(AddressError::Malformed)?;
        let encrypted = encrypted(scheme, rest)?;
        let rest = rest.strip_prefix("//").filter(|_| text.bytes().all(is_allowed)).ok_or(AddressError::Malformed)?;
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(AddressError::UserInfo);
        }
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let (host, port) = host_and_port(authority).ok_or(AddressError::Malformed)?;
        if path.split('/').any(is_dots) {
            return Err(AddressError::Malformed);
        }
        Ok(Self {
            encrypted,
            host,
            port: port.filter(|it| *it != if encrypted { 443 } else { 80 }),
            path: if path.is_empty() { "/".to_owned() } else { path.to_owned() },
            // As browsers write it.
            query: query.replace('\'', "%27"),
        })
    }

    pub fn is_loopback(&self) -> bool {
        let host = self.host.as_str();
        let six = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).and_then(|it| it.parse::<Ipv6Addr>().ok());
        let four = host.parse::<Ipv4Addr>().ok();
        host == "localhost"
            || host.ends_with(".localhost")
            || four.is_some_and(|it| it.is_loopback())
            || six.is_some_and(|it| it.is_loopback())
    }
}

fn encrypted(scheme: &str, rest: &str) -> Result<bool, AddressError> {
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(true),
        "http" => Ok(false),
        // `localhost:3000` has no scheme, but a port.
        _ if rest.starts_with(|it: char| it.is_ascii_digit()) => Err(AddressError::NoScheme),
        other if !other.is_empty() && other.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it)) => {
            Err(AddressError::Scheme(other.to_owned()))
        }
        _ => Err(AddressError::Malformed),
    }
}

/// Unreserved, reserved and `%` (RFC 3986 §2); brackets only make sense around a host, which is read on its own.
pub const fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'/' | b':' | b';' | b'=' | b'?' | b'@' | b'[' | b']' | b'_' | b'~')
}

/// The same, but not written plainly.
pub fn is_encoded_dots(segment: &str) -> bool {
    segment.contains('%') && is_dots(segment)
}

/// A segment that browsers resolve: `.` and `..`, written plainly or encoded.
fn is_dots(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

fn host_and_port(authority: &str) -> Option<(String, Option<u16>)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (inside, after) = rest.split_once(']')?;
        let ip: Ipv6Addr = inside.parse().ok()?;
        return Some((format!("[{}]", six(ip)), port(after)?));
    }
    let (host, after) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
    Some((name(host)?, port(after)?))
}

/// As browsers write it: never with an IPv4 address inside.
fn six(ip: Ipv6Addr) -> String {
    match ip.to_ipv4_mapped() {
        Some(_) => {
            let [.., high, low] = ip.segments();
            format!("::ffff:{high:x}:{low:x}")
        }
        None => ip.to_string(),
    }
}

fn port(text: &str) -> Option<Option<u16>> {
    match text.strip_prefix(':') {
        None => text.is_empty().then_some(None),
        Some("") => Some(None),
        Some(digits) if digits.bytes().all(|it| it.is_ascii_digit()) => digits.parse().ok().map(Some),
        Some(_) => None,
    }
}

/// A name of letters, digits, hyphens and underscores, or four numbers. Other ways to write an IPv4 address are refused.
fn name(host: &str) -> Option<String> {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
    let labels: Vec<&str> = host.strip_suffix('.').unwrap_or(host).split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    let numeric = last.bytes().all(|it| it.is_ascii_digit()) || last.to_ascii_lowercase().starts_with("0x");
    let well = host.bytes().all(plain) && labels.iter().all(|it| !it.is_empty());
    match numeric {
        true => host.parse::<Ipv4Addr>().ok().map(|it| it.to_string()),
        false => well.then(|| host.to_ascii_lowercase()),
    }
}
