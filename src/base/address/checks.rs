//! What is asked of an address beyond what browsers ask, before the `url` crate reads it (RFC 3986 §3).

use super::AddressError;
use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Reads an absolute address; its fragment, which is never sent, is left out.
pub fn read(text: &str) -> Result<Url, AddressError> {
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    let (scheme, rest) = text.split_once(':').ok_or(AddressError::Malformed)?;
    has_web_scheme(scheme, rest)?;
    let rest = rest.strip_prefix("//").filter(|_| text.bytes().all(is_allowed)).ok_or(AddressError::Malformed)?;
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if authority.contains('@') {
        return Err(AddressError::UserInfo);
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    if !has_plain_host(authority) || path.split('/').any(is_dots) {
        return Err(AddressError::Malformed);
    }
    let mut url = Url::parse(text).map_err(|_| AddressError::Malformed)?;
    url.set_fragment(None);
    Ok(url)
}

fn has_web_scheme(scheme: &str, rest: &str) -> Result<(), AddressError> {
    match scheme.to_ascii_lowercase().as_str() {
        "https" | "http" => Ok(()),
        // `localhost:3000` has no scheme, but a port.
        _ if rest.starts_with(|it: char| it.is_ascii_digit()) => Err(AddressError::NoScheme),
        other if !other.is_empty() && other.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it)) => {
            Err(AddressError::Scheme(other.to_owned()))
        }
        _ => Err(AddressError::Malformed),
    }
}

/// Unreserved, reserved and `%` (RFC 3986 §2); brackets only make sense around a host, which is looked at on its own.
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

/// Labels of letters, digits, hyphens and underscores, none of them empty, or an IPv6 address in brackets.
fn has_plain_host(authority: &str) -> bool {
    let host = authority.split(':').next().unwrap_or_default();
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"-_".contains(&it);
    let label = |it: &str| !it.is_empty() && it.bytes().all(plain);
    authority.starts_with('[') || host.strip_suffix('.').unwrap_or(host).split('.').all(label)
}

pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// This machine, or a network that the internet does not route to (RFC 1918, RFC 3927, RFC 4193, RFC 4291).
pub fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_localhost(name.strip_suffix('.').unwrap_or(name)),
        Some(Host::Ipv4(ip)) => is_local_four(ip),
        Some(Host::Ipv6(ip)) => is_local_six(ip) || ip.to_ipv4_mapped().is_some_and(is_local_four),
        None => false,
    }
}

fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

fn is_local_four(ip: Ipv4Addr) -> bool {
    ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.octets().first() == Some(&0)
}

fn is_local_six(ip: Ipv6Addr) -> bool {
    ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
}
