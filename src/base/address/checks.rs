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

/// Last labels of names that the DNS of the internet does not have: multicast DNS (RFC 6762 §3), private networks (ICANN's
/// `internal`), homes (RFC 8375), and those that such networks took without asking.
const PRIVATE_NAMES: [&str; 8] = ["localhost", "local", "internal", "home.arpa", "localdomain", "lan", "home", "corp"];

/// This machine, or a network that the internet does not route to, by its IP address or its name (RFC 1918, RFC 3927,
/// RFC 4193, RFC 4291, RFC 6598).
pub fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_private_name(name.strip_suffix('.').unwrap_or(name)),
        Some(Host::Ipv4(ip)) => is_local_four(ip),
        Some(Host::Ipv6(ip)) => is_local_six(ip) || four_within(ip).is_some_and(is_local_four),
        None => false,
    }
}

/// A name without a dot is one of the network's own: no public suffix has an address that is worth asking.
fn is_private_name(name: &str) -> bool {
    let ends = |with: &&str| name.strip_suffix(*with).is_some_and(|it| it.is_empty() || it.ends_with('.'));
    !name.contains('.') || PRIVATE_NAMES.iter().any(ends)
}

fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

fn is_local_four(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    // 100.64.0.0/10: shared by the customers of a carrier, and by overlay networks such as Tailscale.
    let shared = first == 100 && (64..128).contains(&second);
    ip.is_loopback() || ip.is_private() || ip.is_link_local() || first == 0 || shared
}

fn is_local_six(ip: Ipv6Addr) -> bool {
    // fec0::/10: site-local, which networks still use (RFC 3879).
    let [first, ..] = ip.segments();
    let site_local = first & 0xffc0 == 0xfec0;
    ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local() || site_local
}

/// The IPv4 address that an IPv6 address leads to: mapped or compatible (RFC 4291 §2.5.5), translated (RFC 6052 §2.1), or
/// of 6to4 (RFC 3056 §2).
fn four_within(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, high, low] = ip.segments();
    let four = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0 | 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => Some(four(high, low)),
        (0x2002, ..) => Some(four(b, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_private_networks_are_told_from_the_internet() {
        let private = "localhost localhost. a.localhost nas NAS. nas.local nas.local. x.internal a.b.internal home.arpa
            printer.home.arpa router.lan db.corp pc.localdomain box.home host.docker.internal
            127.0.0.1 127.255.255.254 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.1.1
            100.64.0.1 100.100.100.100 100.127.255.255 0x7f.1 2130706433
            [::] [::1] [fc00::1] [fd12:3456::1] [fe80::1] [febf::1] [fec0::1]
            [::ffff:10.0.0.1] [::ffff:192.168.1.1] [::ffff:100.64.0.1] [::ffff:127.0.0.1] [::10.0.0.1]
            [64:ff9b::10.0.0.1] [2002:a00:1::] [2002:7f00:1::]";
        let public = "a.example a.example. internal.example local.example nas.local.example xlocal.example arpa.example
            in-addr.arpa myhome.arpa notlocal.net 100.63.255.255 100.128.0.1 11.0.0.1 172.15.0.1 172.32.0.1 192.167.1.1
            169.253.1.1 8.8.8.8 [2001:db8::1] [2606:4700::1111] [::ffff:8.8.8.8] [64:ff9b::8.8.8.8] [2002:808:808::] [ff02::1]";
        for (hosts, expected) in [(private, true), (public, false)] {
            for host in hosts.split_whitespace() {
                for text in [format!("https://{host}/x"), format!("http://{host}:8080")] {
                    let url = Url::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
                    assert_eq!(is_local(&url), expected, "{text}");
                }
            }
        }
    }
}
