//! Where a redirect leads that a page may not follow, and which URL would work instead.

use crate::base::address::Address;
use crate::trace::problem::Leads;

/// URLs on the same host and port that may work instead of this one. `dead`: nothing responds there at all.
pub fn candidates(url: &str, page: &str, dead: bool) -> Vec<String> {
    let Ok(address) = Address::typed(url) else { return Vec::new() };
    let urls = if dead { other_ways(&address, page) } else { other_paths(&address) };
    urls.into_iter().filter(|it| it != url).collect()
}

/// The other scheme on the same port, and the other name of this machine.
fn other_ways(address: &Address, page: &str) -> Vec<String> {
    let url = address.href();
    let authority = address.origin();
    let authority = authority.split_once("://").map(|(_, rest)| rest).unwrap_or_default();
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|it| it.is_ascii_digit()));
    let mixed = page.starts_with("https:") && !address.is_loopback();
    let mut urls = Vec::new();
    match url.split_once("://") {
        Some(("https", rest)) if has_port && !mixed => urls.push(format!("http://{rest}")),
        Some(("http", rest)) if has_port => urls.push(format!("https://{rest}")),
        _ => {}
    }
    for (one, other) in [("://localhost", "://127.0.0.1"), ("://127.0.0.1", "://localhost")] {
        if url.contains(one) && address.is_loopback() {
            urls.push(url.replacen(one, other, 1));
        }
    }
    urls
}

/// With and without the last slash, and the path that took the place of `/sse`.
fn other_paths(address: &Address) -> Vec<String> {
    let path = address.path();
    let slash = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    let newer = path.trim_end_matches('/').strip_suffix("/sse").map(|it| format!("{it}/mcp"));
    // At the root the slash makes no difference.
    let all = (path.len() > 1).then_some(slash).into_iter().chain(newer);
    all.map(|path| address.at(&path).href()).collect()
}

/// Where a redirect of a URL leads. `seen`: the URL at its end, or one that likely is; `get_responds`: a GET of the same
/// URL is not redirected.
pub fn leads(url: &str, seen: Option<&str>, get_responds: bool) -> Leads {
    // http to https where nothing else is known.
    let secure = url.strip_prefix("http://").map(|rest| format!("https://{rest}"));
    let likely = secure.filter(|it| !get_responds && !is_loopback(it));
    match seen.map(str::to_owned).or(likely) {
        Some(to) if !is_login(url, &to) => Leads::To(to),
        None if get_responds => Leads::PostAway,
        _ => Leads::Login,
    }
}

/// Another origin, or a path that speaks of a login.
fn is_login(from: &str, to: &str) -> bool {
    let Ok(address) = Address::typed(to) else { return true };
    let path = address.path().to_ascii_lowercase();
    let named = ["login", "signin", "sign-in", "sso", "oauth", "auth"].iter().any(|it| path.contains(it));
    named || !(only_scheme(from, to) || host(from) == host(to))
}

fn only_scheme(from: &str, to: &str) -> bool {
    let rest = |url: &str| url.split_once("://").map(|(_, rest)| rest.trim_end_matches('/').to_owned());
    from.starts_with("http:") && to.starts_with("https:") && rest(from) == rest(to)
}

fn host(url: &str) -> String {
    Address::typed(url).map_or_else(|_| url.to_owned(), |it| it.host())
}

fn is_loopback(url: &str) -> bool {
    Address::typed(url).is_ok_and(|it| it.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_is_on_the_same_host_and_port() {
        let dead = |url| candidates(url, "http://localhost:3000", true);
        assert_eq!(dead("https://mcp.example.com:3001/mcp"), ["http://mcp.example.com:3001/mcp"]);
        assert_eq!(dead("https://mcp.example.com/mcp"), Vec::<String>::new());
        let local = ["https://127.0.0.1:3001/mcp", "http://localhost:3001/mcp"];
        assert_eq!(dead("http://127.0.0.1:3001/mcp"), local);
        assert_eq!(candidates("https://a.example:8443/", "https://inspector.example", true), Vec::<String>::new());
        let alive = |url| candidates(url, "http://localhost:3000", false);
        assert_eq!(alive("https://a.example/mcp"), ["https://a.example/mcp/"]);
        assert_eq!(alive("https://a.example/sse"), ["https://a.example/sse/", "https://a.example/mcp"]);
        assert_eq!(alive("https://a.example/"), Vec::<String>::new());
    }

    #[test]
    fn where_a_redirect_leads() {
        let to = |url: &str| Leads::To(url.to_owned());
        let slash = "https://a.example/mcp/";
        assert_eq!(leads("https://a.example/mcp", Some(slash), false), to(slash));
        assert_eq!(leads("http://a.example/mcp", None, false), to("https://a.example/mcp"));
        assert_eq!(leads("https://a.example/mcp", Some("https://sso.example/start"), false), Leads::Login);
        assert_eq!(leads("https://a.example/mcp", None, false), Leads::Login);
        assert_eq!(leads("https://a.example/mcp", None, true), Leads::PostAway);
        let moved = "https://a.example/mcp";
        assert_eq!(leads("https://a.example/sse", Some(moved), false), to(moved));
    }
}
