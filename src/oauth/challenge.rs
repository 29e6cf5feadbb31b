//! What a 401 or 403 asks for: the `WWW-Authenticate` header (RFC 9110 §11.6.1).
//!
//! Owns the grammar, and forgives: what servers send in the field is kept as far as it can be told apart, so that
//! it can be shown. What the parameters mean (RFC 6750 §3, RFC 9728 §5.1) is judged elsewhere.

use serde::{Deserialize, Serialize};

/// One challenge (RFC 9110 §11.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// As it was sent; empty where the value begins with a parameter.
    pub scheme: String,
    /// The other form of credentials, as in `Negotiate YII=` (RFC 9110 §11.2).
    pub token68: Option<String>,
    /// Names as they were sent and values without quotes and escapes, in order.
    pub params: Vec<(String, String)>,
}

impl Challenge {
    /// The first parameter of that name; upper and lower case are the same (RFC 9110 §11.2).
    pub fn param(&self, name: &str) -> Option<&str> {
        let mut params = self.params.iter();
        params.find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The first challenge for a bearer token (RFC 6750 §3); schemes are case-insensitive (RFC 9110 §11.1).
pub fn bearer(challenges: &[Challenge]) -> Option<&Challenge> {
    challenges.iter().find(|challenge| challenge.scheme.eq_ignore_ascii_case("Bearer"))
}

/// All challenges of a header value. Several header lines, joined by commas, are one value (RFC 9110 §5.3).
pub fn parse(value: &str) -> Vec<Challenge> {
    let mut input = Input { rest: value };
    let mut challenges = Vec::new();
    loop {
        let fresh = input.separator() || challenges.is_empty();
        if input.rest.is_empty() {
            return challenges;
        }
        match input.name() {
            Some(name) => last(&mut challenges).params.push((name.to_owned(), input.value())),
            None if fresh && !input.rest.starts_with(['"', '=']) => challenges.push(input.challenge()),
            None => input.skip(),
        }
    }
}

/// The challenge that a parameter belongs to.
fn last(challenges: &mut Vec<Challenge>) -> &mut Challenge {
    let last = challenges.pop().unwrap_or_default();
    challenges.push_mut(last)
}

/// What is not read yet.
#[derive(Clone, Copy)]
struct Input<'a> {
    rest: &'a str,
}

impl<'a> Input<'a> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches(is_space);
    }

    /// White space and commas, however many (RFC 9110 §5.6.1.2); whether a comma was among them.
    fn separator(&mut self) -> bool {
        let skipped = self.take(|char| char == ',' || is_space(char));
        skipped.contains(',')
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|char| !belongs(char)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn word(&mut self) -> &'a str {
        self.take(|char| char != ',' && !is_space(char))
    }

    /// `token BWS "=" BWS`, or nothing is read.
    fn name(&mut self) -> Option<&'a str> {
        let mut ahead = *self;
        let name = ahead.take(is_token);
        ahead.space();
        ahead.rest = ahead.rest.strip_prefix('=').filter(|_| !name.is_empty())?;
        ahead.space();
        *self = ahead;
        Some(name)
    }

    fn value(&mut self) -> String {
        match self.rest.strip_prefix('"') {
            Some(inside) => self.quoted(inside),
            None => self.unquoted().to_owned(),
        }
    }

    /// RFC 9110 §5.6.4. One that never closes ends with the value.
    fn quoted(&mut self, inside: &'a str) -> String {
        let mut chars = inside.chars();
        let mut text = String::new();
        while let Some(char) = chars.next().filter(|&char| char != '"') {
            match char {
                '\\' => text.extend(chars.next()),
                char => text.push(char),
            }
        }
        self.rest = chars.as_str();
        text
    }

    /// A token, but also what servers forget to quote: an address, or words up to a comma or the next name.
    fn unquoted(&mut self) -> &'a str {
        let start = self.rest;
        let mut ahead = *self;
        while !ahead.rest.is_empty() && !ahead.rest.starts_with([',', '"']) && ahead.name().is_none() {
            ahead.word();
            *self = ahead;
            ahead.space();
        }
        start.get(..start.len() - self.rest.len()).unwrap_or(start)
    }

    /// A scheme, and its token68 if it has one.
    fn challenge(&mut self) -> Challenge {
        let scheme = self.word().to_owned();
        self.space();
        Challenge { scheme, token68: self.token68().map(str::to_owned), params: Vec::new() }
    }

    /// RFC 9110 §11.2. Only if it is all there is up to the comma: `a=b` begins like one, and is a parameter.
    fn token68(&mut self) -> Option<&'a str> {
        let mut ahead = *self;
        let token = ahead.word();
        ahead.space();
        let alone = ahead.rest.is_empty() || ahead.rest.starts_with(',');
        let body = token.trim_end_matches('=');
        if !alone || body.is_empty() || !body.chars().all(is_token68) {
            return None;
        }
        *self = ahead;
        Some(token)
    }

    /// Something that has no place here: a quoted string, or a word.
    fn skip(&mut self) {
        match self.rest.strip_prefix('"') {
            Some(inside) => _ = self.quoted(inside),
            None => _ = self.word(),
        }
    }
}

/// RFC 9110 §5.6.3, and the line breaks of a header that was pasted.
fn is_space(char: char) -> bool {
    char.is_ascii_whitespace()
}

/// `tchar` (RFC 9110 §5.6.2).
fn is_token(char: char) -> bool {
    char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char)
}

fn is_token68(char: char) -> bool {
    char.is_ascii_alphanumeric() || "-._~+/".contains(char)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scheme token68 name=[value]`, challenges joined by ` | `.
    fn read(value: &str) -> String {
        let written = parse(value).into_iter().map(|challenge| {
            let params = challenge.params.iter().map(|(name, value)| format!("{name}=[{value}]"));
            [challenge.scheme.clone()]
                .into_iter()
                .chain(challenge.token68.clone())
                .chain(params)
                .collect::<Vec<_>>()
                .join(" ")
        });
        written.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn a_scheme_alone_is_a_challenge() {
        assert_eq!(read("Bearer"), "Bearer");
        assert_eq!(read(""), "");
        assert_eq!(read(" , ,, "), "");
    }

    #[test]
    fn a_parameter_is_a_token_or_a_quoted_string() {
        assert_eq!(read("Bearer error=invalid_token"), "Bearer error=[invalid_token]");
        assert_eq!(read(r#"Bearer error="a, b=\"c\\d\"""#), r#"Bearer error=[a, b="c\d"]"#);
        assert_eq!(read(r#"Bearer realm="""#), "Bearer realm=[]");
    }

    #[test]
    fn white_space_may_surround_the_equals_sign() {
        assert_eq!(read("Bearer realm \t= \"x\" , scope\t=y"), "Bearer realm=[x] scope=[y]");
    }

    #[test]
    fn the_example_of_rfc_9110_has_two_challenges() {
        let value = r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#;
        assert_eq!(read(value), r#"Basic realm=[simple] | Newauth realm=[apps] type=[1] title=[Login to "apps"]"#);
    }

    #[test]
    fn the_examples_of_rfc_6750_are_read() {
        assert_eq!(read(r#"Bearer realm="example""#), "Bearer realm=[example]");
        let expired = "Bearer realm=\"example\",\r\n  error=\"invalid_token\",\r\n  error_description=\"The access token expired\"";
        assert_eq!(
            read(expired),
            "Bearer realm=[example] error=[invalid_token] error_description=[The access token expired]"
        );
    }

    #[test]
    fn the_example_of_rfc_9728_names_the_metadata() {
        let value =
            "Bearer resource_metadata=\n  \"https://resource.example.com/.well-known/oauth-protected-resource\"";
        let challenges = parse(value);
        let metadata = bearer(&challenges).and_then(|challenge| challenge.param("Resource_Metadata"));
        assert_eq!(metadata, Some("https://resource.example.com/.well-known/oauth-protected-resource"));
    }

    #[test]
    fn a_token68_stands_alone_before_the_comma() {
        assert_eq!(read("Negotiate YII/+-._~=="), "Negotiate YII/+-._~==");
        assert_eq!(read("Negotiate abc=, Basic realm=x"), "Negotiate abc= | Basic realm=[x]");
        assert_eq!(read("Negotiate, Basic realm=x"), "Negotiate | Basic realm=[x]");
    }

    #[test]
    fn empty_list_elements_are_nothing() {
        assert_eq!(read(", Basic , ,realm=\"x\",, ,Bearer,"), "Basic realm=[x] | Bearer");
    }

    #[test]
    fn the_bearer_is_found_in_any_case_and_dpop_is_none() {
        let challenges = parse(r#"DPoP algs="ES256", bEARER scope="a b", Bearer scope="c""#);
        assert_eq!(bearer(&challenges).and_then(|challenge| challenge.param("SCOPE")), Some("a b"));
        assert_eq!(bearer(&parse("DPoP algs=ES256")), None);
    }

    #[test]
    fn of_two_parameters_of_one_name_the_first_counts() {
        assert_eq!(parse("Bearer scope=a, Scope=b").first().and_then(|it| it.param("scope")), Some("a"));
    }

    #[test]
    fn what_should_have_been_quoted_is_kept() {
        assert_eq!(
            read("Bearer resource_metadata=https://a.example/x?y=z, error_description=The token expired"),
            "Bearer resource_metadata=[https://a.example/x?y=z] error_description=[The token expired]"
        );
    }

    #[test]
    fn parameters_without_commas_are_told_apart() {
        assert_eq!(read(r#"Bearer realm="x" error=y scope="z""#), "Bearer realm=[x] error=[y] scope=[z]");
    }

    #[test]
    fn a_quote_that_never_closes_keeps_what_is_there() {
        assert_eq!(read(r#"Bearer realm="x, scope=y"#), "Bearer realm=[x, scope=y]");
        assert_eq!(read(r#"Bearer realm="x\"#), "Bearer realm=[x]");
        assert_eq!(read(r#"Bearer realm=""#), "Bearer realm=[]");
    }

    #[test]
    fn garbage_ends_and_keeps_what_can_be_kept() {
        assert_eq!(read("realm=x"), " realm=[x]");
        assert_eq!(read(r#""x, y" Bearer a=b"#), "Bearer a=[b]");
        assert_eq!(read(r#"Bearer a="b"c" , d", e=f"#), "Bearer a=[b] | d\" e=[f]");
        assert_eq!(read("Bearer ===, a="), " Bearer=[==] a=[]");
        assert_eq!(read("Bearer é=1, a=é ñ"), "Bearer a=[é ñ]");
        assert_eq!(read("\0 = \\ \" , ="), "\0");
    }

    #[test]
    fn every_beginning_of_a_hostile_value_ends() {
        let value = r#"é"=,B  =\"a=",,"\"#.repeat(20);
        for (end, _) in value.char_indices() {
            parse(&value[..end]);
        }
    }
}
