//! The output of `curl -i`, judged as a browser would: what of CORS is missing or wrong.

mod words;

use crate::base::text::prefix;

/// Of a longer output the beginning is read, in bytes.
pub const LONGEST: usize = 256 << 10;
/// Of more responses, and of more headers of one, the first are read.
const MOST: usize = 100;

/// What the request was, for which the output is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The origin of Flowglass.
    pub origin: String,
    pub method: &'static str,
    /// Request headers that the preflight asks for, lower case.
    pub headers: Vec<String>,
    pub preflight: bool,
    /// Whether it is the MCP endpoint, of which a page has to read headers.
    pub is_mcp: bool,
}

/// Which response it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Preflight,
    Response,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No status line of a response is in it.
    NoResponse,
    /// The output has no response to OPTIONS.
    NoPreflight,
    PreflightStatus {
        status: u16,
    },
    Redirect {
        part: Part,
        status: u16,
        to: Option<String>,
    },
    NoOrigin(Part),
    OtherOrigin {
        part: Part,
        found: String,
    },
    SeveralOrigins {
        part: Part,
        count: usize,
    },
    Method {
        asked: &'static str,
    },
    Headers {
        names: Vec<String>,
    },
    /// `*` does not cover `authorization`.
    Wildcard,
    NotExposed {
        names: Vec<String>,
    },
    /// 401 without a challenge.
    NoChallenge,
}

/// A response in the output.
#[derive(Debug, Default)]
pub struct Response {
    pub status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub body: String,
}

/// What is still wrong; nothing where the browser would let a page read it.
pub fn judge(asked: &Asked, output: &str) -> Vec<Wrong> {
    let responses = responses(output);
    let (preflight, response) = parts(asked, &responses);
    if preflight.is_none() && response.is_none() {
        return vec![Wrong::NoResponse];
    }
    let mut wrong = Vec::new();
    match preflight {
        Some(it) => wrong.extend(of_preflight(asked, it)),
        None if asked.preflight => wrong.push(Wrong::NoPreflight),
        None => {}
    }
    wrong.extend(response.into_iter().flat_map(|it| of_response(asked, it)));
    wrong
}

/// Of one response alone its headers tell which it is.
fn parts<'a>(asked: &Asked, responses: &'a [Response]) -> (Option<&'a Response>, Option<&'a Response>) {
    match responses {
        [] => (None, None),
        [one] if asked.preflight && one.is_preflight() => (Some(one), None),
        [one] => (None, Some(one)),
        [first, .., last] if asked.preflight => (Some(first), Some(last)),
        [.., last] => (None, Some(last)),
    }
}

/// Every response but interim ones (1xx).
pub fn responses(output: &str) -> Vec<Response> {
    let mut all: Vec<Response> = Vec::new();
    let mut in_headers = false;
    for line in prefix(output, LONGEST).lines().map(str::trim) {
        // Among headers a status line stands by itself; after a body without a line break at its end it does not.
        if let Some(status) = status(line).filter(|_| !in_headers || line.starts_with("HTTP/")) {
            if let (Some((end, _)), Some(last)) = (line.rsplit_once("HTTP/"), all.last_mut()) {
                last.body.push_str(end);
            }
            if all.len() == MOST {
                break;
            }
            all.push(Response { status, ..Response::default() });
            in_headers = true;
        } else if line.is_empty() {
            in_headers = false;
        } else if let (true, Some((name, value)), Some(response)) = (in_headers, line.split_once(':'), all.last_mut()) {
            if response.headers.len() < MOST {
                response.headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        } else if let (false, Some(response)) = (in_headers, all.last_mut()) {
            response.body.push_str(line);
            response.body.push('\n');
        }
    }
    all.retain(|it| it.status >= 200);
    all
}

/// `HTTP/1.1 200 OK`, `HTTP/2 204`, at the end of a line.
fn status(line: &str) -> Option<u16> {
    let (_, rest) = line.rsplit_once("HTTP/")?;
    let (version, rest) = rest.split_once(' ')?;
    let is_version = version.chars().all(|it| it.is_ascii_digit() || it == '.') && !version.is_empty();
    let status = rest.split_whitespace().next()?;
    status.parse().ok().filter(|_| is_version && status.len() == 3)
}

impl Response {
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(it, _)| it == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The members of a list, lower case.
    pub fn list(&self, name: &str) -> Vec<String> {
        let members = self.all(name).into_iter().flat_map(|it| it.split(','));
        members.map(|it| it.trim().to_ascii_lowercase()).filter(|it| !it.is_empty()).collect()
    }

    fn is_preflight(&self) -> bool {
        let names = ["access-control-allow-headers", "access-control-allow-methods", "allow"];
        self.status == 204 || names.iter().any(|it| !self.all(it).is_empty())
    }

    fn redirect(&self, part: Part) -> Option<Wrong> {
        let to = self.all("location").first().map(|it| (*it).to_owned());
        (300..400).contains(&self.status).then_some(Wrong::Redirect { part, status: self.status, to })
    }

    fn origin(&self, asked: &Asked, part: Part) -> Option<Wrong> {
        match self.all("access-control-allow-origin").as_slice() {
            [] => Some(Wrong::NoOrigin(part)),
            ["*"] => None,
            [one] if *one == asked.origin => None,
            [one] => Some(Wrong::OtherOrigin { part, found: (*one).to_owned() }),
            several => Some(Wrong::SeveralOrigins { part, count: several.len() }),
        }
    }
}

fn of_preflight(asked: &Asked, response: &Response) -> Vec<Wrong> {
    if let Some(redirect) = response.redirect(Part::Preflight) {
        return vec![redirect];
    }
    let mut wrong = Vec::new();
    if !(200..300).contains(&response.status) {
        wrong.push(Wrong::PreflightStatus { status: response.status });
    }
    wrong.extend(response.origin(asked, Part::Preflight));
    let methods = response.list("access-control-allow-methods");
    let method = asked.method.to_ascii_lowercase();
    let simple = ["get", "head", "post"].contains(&method.as_str());
    if !simple && !methods.contains(&method) && !methods.contains(&"*".to_owned()) {
        wrong.push(Wrong::Method { asked: asked.method });
    }
    wrong.extend(of_headers(asked, &response.list("access-control-allow-headers")));
    wrong
}

fn of_headers(asked: &Asked, allowed: &[String]) -> Option<Wrong> {
    let any = allowed.iter().any(|it| it == "*");
    let covered = |name: &String| allowed.contains(name) || (any && name != "authorization");
    let names: Vec<String> = asked.headers.iter().filter(|it| !covered(it)).cloned().collect();
    match names.as_slice() {
        [] => None,
        _ if any => Some(Wrong::Wildcard),
        _ => Some(Wrong::Headers { names }),
    }
}

fn of_response(asked: &Asked, response: &Response) -> Vec<Wrong> {
    if let Some(redirect) = response.redirect(Part::Response) {
        return vec![redirect];
    }
    let mut wrong: Vec<Wrong> = response.origin(asked, Part::Response).into_iter().collect();
    if !asked.is_mcp {
        return wrong;
    }
    let exposed = response.list("access-control-expose-headers");
    let hidden = |name: &&str| !response.all(name).is_empty() && !exposed.iter().any(|it| it == name || it == "*");
    let names: Vec<String> =
        ["www-authenticate", "mcp-session-id"].iter().filter(|it| hidden(it)).map(|it| (*it).to_owned()).collect();
    if !names.is_empty() {
        wrong.push(Wrong::NotExposed { names });
    }
    if response.status == 401 && response.all("www-authenticate").is_empty() {
        wrong.push(Wrong::NoChallenge);
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://page.example";

    fn asked() -> Asked {
        let headers = ["authorization", "content-type", "mcp-protocol-version"].map(str::to_owned).to_vec();
        Asked { origin: PAGE.to_owned(), method: "POST", headers, preflight: true, is_mcp: true }
    }

    fn wrong(output: &str) -> Vec<Wrong> {
        judge(&asked(), output)
    }

    const GOOD_PREFLIGHT: &str = "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: https://page.example\r\nAccess-Control-Allow-Headers: Authorization, Content-Type, MCP-Protocol-Version\r\n\r\n";
    const GOOD_RESPONSE: &str = "HTTP/2 401 \r\naccess-control-allow-origin: *\r\nwww-authenticate: Bearer\r\naccess-control-expose-headers: WWW-Authenticate\r\n\r\n{\"a\": \"HTTP\"}";

    #[test]
    fn output_with_every_header_is_right() {
        assert_eq!(wrong(&format!("{GOOD_PREFLIGHT}{GOOD_RESPONSE}")), []);
        assert_eq!(wrong(&format!("{GOOD_PREFLIGHT}HTTP/1.1 100 Continue\n\n{GOOD_RESPONSE}")), []);
        assert_eq!(wrong(GOOD_PREFLIGHT), []);
        assert_eq!(wrong(GOOD_RESPONSE), [Wrong::NoPreflight]);
    }

    #[test]
    fn a_body_without_a_line_break_ends_where_the_next_response_begins() {
        let output = "HTTP/1.1 405 Method Not Allowed\nAllow: POST\n\n{\"error\":\"no\"}HTTP/1.1 200 OK\nVia: HTTP/1.1 200\n\n{}";
        let all = wrong(output);
        assert!(all.contains(&Wrong::PreflightStatus { status: 405 }), "{all:?}");
        assert!(all.contains(&Wrong::NoOrigin(Part::Response)), "{all:?}");
    }

    #[test]
    fn text_without_a_status_line_is_no_output() {
        assert_eq!(wrong("curl: (7) Failed to connect"), [Wrong::NoResponse]);
    }

    #[test]
    fn a_preflight_that_fails_or_redirects_is_named() {
        let none = Wrong::NoOrigin(Part::Preflight);
        let headers = Wrong::Headers { names: asked().headers };
        let output = format!("HTTP/1.1 401 Unauthorized\nAllow: POST\n\n{GOOD_RESPONSE}");
        assert_eq!(wrong(&output), [Wrong::PreflightStatus { status: 401 }, none, headers]);
        let output = format!("HTTP/1.1 307 Temporary Redirect\nLocation: /mcp/\n\n{GOOD_RESPONSE}");
        let to = Some("/mcp/".to_owned());
        assert_eq!(wrong(&output), [Wrong::Redirect { part: Part::Preflight, status: 307, to }]);
    }

    #[test]
    fn headers_that_are_missing_are_named_and_a_wildcard_does_not_cover_authorization() {
        let with = |allowed: &str| {
            wrong(&GOOD_PREFLIGHT.replace("Authorization, Content-Type, MCP-Protocol-Version", allowed))
        };
        let names = vec!["mcp-protocol-version".to_owned()];
        assert_eq!(with("authorization, content-type"), [Wrong::Headers { names }]);
        assert_eq!(with("*"), [Wrong::Wildcard]);
        assert_eq!(with("*, authorization"), []);
        let delete = Asked { method: "DELETE", ..asked() };
        assert_eq!(judge(&delete, GOOD_PREFLIGHT), [Wrong::Method { asked: "DELETE" }]);
    }

    #[test]
    fn origins_that_differ_or_are_there_twice_count_as_none() {
        let with = |line: &str| {
            wrong(&format!("{GOOD_PREFLIGHT}{}", GOOD_RESPONSE.replace("access-control-allow-origin: *", line)))
        };
        let part = Part::Response;
        let found = "https://other.example".to_owned();
        assert_eq!(with("Access-Control-Allow-Origin: https://other.example"), [Wrong::OtherOrigin { part, found }]);
        let twice = "access-control-allow-origin: *\naccess-control-allow-origin: https://page.example";
        assert_eq!(with(twice), [Wrong::SeveralOrigins { part, count: 2 }]);
        assert_eq!(with("x: y"), [Wrong::NoOrigin(part)]);
    }

    #[test]
    fn what_a_page_has_to_read_is_exposed() {
        let hidden = GOOD_RESPONSE.replace("access-control-expose-headers: WWW-Authenticate", "mcp-session-id: 1");
        let names = vec!["www-authenticate".to_owned(), "mcp-session-id".to_owned()];
        assert_eq!(wrong(&format!("{GOOD_PREFLIGHT}{hidden}")), [Wrong::NotExposed { names }]);
        let silent = GOOD_RESPONSE.replace("www-authenticate: Bearer", "x: y");
        assert_eq!(wrong(&format!("{GOOD_PREFLIGHT}{silent}")), [Wrong::NoChallenge]);
    }
}
