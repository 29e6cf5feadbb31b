//! HTML of a server for a frame without scripts and without an origin (`<iframe sandbox>`).
//!
//! The frame inherits the policy of the page, and the policy written here forbids what is left: nothing is loaded but
//! images that are part of the text.

/// What the page's own policy allows besides: images of its own origin, and blobs.
const HEAD: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:\">\
<meta http-equiv=\"x-dns-prefetch-control\" content=\"off\"><meta name=\"referrer\" content=\"no-referrer\">";
/// `<link>` may open a connection that no policy knows of (`rel=preconnect`).
const LINK: &str = "<link";

/// The document for `srcdoc`.
pub fn framed(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let mut framed = String::with_capacity(HEAD.len() + html.len());
    framed.push_str(HEAD);
    let mut rest = 0;
    for (at, _) in lower.match_indices(LINK) {
        framed.push_str(html.get(rest..at).unwrap_or_default());
        framed.push_str("<no-link");
        rest = at + LINK.len();
    }
    framed.push_str(html.get(rest..).unwrap_or_default());
    framed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(html: &str) -> String {
        framed(html).strip_prefix(HEAD).expect("the policy comes first").to_owned()
    }

    #[test]
    fn the_policy_comes_before_all_that_the_server_wrote() {
        assert_eq!(inside("<!doctype html><h1>É</h1>"), "<!doctype html><h1>É</h1>");
        assert_eq!(inside(""), "");
    }

    #[test]
    fn no_link_element_is_left() {
        assert_eq!(
            inside("é<LiNk rel=preconnect href=//a.example><link>"),
            "é<no-link rel=preconnect href=//a.example><no-link>"
        );
        assert_eq!(inside("a < link"), "a < link");
    }
}
