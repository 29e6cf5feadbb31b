//! URI templates (RFC 6570) with string values: their variables, and what they expand to.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const RESERVED: &AsciiSet = &UNRESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'#')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// How an expression is written out (RFC 6570 appendix A).
struct Operator {
    first: &'static str,
    separator: &'static str,
    /// Whether names stand before the values, and what follows the name of an empty one.
    named: Option<&'static str>,
    reserved: bool,
}

impl Operator {
    /// The operator of an expression, and its variables.
    fn of(expression: &str) -> (Self, &str) {
        let make = |first, separator, named, reserved| Self { first, separator, named, reserved };
        let operator = match expression.chars().next() {
            Some('+') => make("", ",", None, true),
            Some('#') => make("#", ",", None, true),
            Some('.') => make(".", ".", None, false),
            Some('/') => make("/", "/", None, false),
            Some(';') => make(";", ";", Some(""), false),
            Some('?') => make("?", "&", Some("="), false),
            Some('&') => make("&", "&", Some("="), false),
            _ => return (make("", ",", None, false), expression),
        };
        (operator, expression.get(1..).unwrap_or_default())
    }

    fn write(&self, variable: &str, value: &str) -> String {
        let (name, length) = modifier(variable);
        let value = match length {
            Some(length) => value.chars().take(length).collect(),
            None => value.to_owned(),
        };
        let encoded = match self.reserved {
            true => keep_escapes(&value, RESERVED),
            false => utf8_percent_encode(&value, UNRESERVED).to_string(),
        };
        // RFC 6570 §2.3 has no other characters in a name, but servers may.
        let name = keep_escapes(name, UNRESERVED);
        match self.named {
            Some(if_empty) if encoded.is_empty() => format!("{name}{if_empty}"),
            Some(_) => format!("{name}={encoded}"),
            None => encoded,
        }
    }
}

/// The name of a variable, and how many characters of its value are asked for.
fn modifier(variable: &str) -> (&str, Option<usize>) {
    match variable.split_once(':') {
        Some((name, length)) => (name, length.parse().ok()),
        None => (variable.strip_suffix('*').unwrap_or(variable), None),
    }
}

/// Encodes all but reserved characters and what is encoded already (RFC 6570 §3.2.1).
fn keep_escapes(text: &str, kept: &'static AsciiSet) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = (rest.get(..at).unwrap_or_default(), rest.get(at..).unwrap_or_default());
        let escape = from.get(..3).filter(|it| it.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit()));
        written.extend(utf8_percent_encode(before, kept));
        written.push_str(escape.unwrap_or("%25"));
        rest = from.get(escape.map_or(1, str::len)..).unwrap_or_default();
    }
    written.extend(utf8_percent_encode(rest, kept));
    written
}

/// The text before the first expression, the expression, and the rest. A brace that never closes is text.
fn next_expression(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (expression, after) = rest.split_once('}')?;
    Some((before, expression, after))
}

fn names(expression: &str) -> impl Iterator<Item = &str> {
    Operator::of(expression).1.split(',').filter(|it| !it.is_empty())
}

/// The variables of a template, each once, in the order of their first use.
pub fn variables(template: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = template;
    while let Some((_, expression, after)) = next_expression(rest) {
        for variable in names(expression) {
            let name = modifier(variable).0;
            if !found.iter().any(|it| it == name) {
                found.push(name.to_owned());
            }
        }
        rest = after;
    }
    found
}

/// The URI for these values. A variable without a value is undefined, and leaves nothing behind.
pub fn expand<'a>(template: &str, value: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut uri = String::new();
    let mut rest = template;
    while let Some((before, expression, after)) = next_expression(rest) {
        uri.push_str(&keep_escapes(before, RESERVED));
        let operator = Operator::of(expression).0;
        let defined = names(expression).filter_map(|it| Some(operator.write(it, value(modifier(it).0)?)));
        let written: Vec<String> = defined.collect();
        if !written.is_empty() {
            uri.push_str(operator.first);
            uri.push_str(&written.join(operator.separator));
        }
        rest = after;
    }
    uri.push_str(&keep_escapes(rest, RESERVED));
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of RFC 6570 §1.2 and §3.2.
    fn value(name: &str) -> Option<&'static str> {
        Some(match name {
            "var" => "value",
            "hello" => "Hello World!",
            "path" => "/foo/bar",
            "empty" => "",
            "x" => "1024",
            "y" => "768",
            "half" => "50%",
            "base" => "http://example.com/home/",
            "who" => "fred",
            "dub" => "me/too",
            _ => return None,
        })
    }

    fn check(cases: &[(&str, &str)]) {
        for (template, uri) in cases {
            assert_eq!(expand(template, value), *uri, "{template}");
        }
    }

    #[test]
    fn level_1_of_the_rfc() {
        check(&[("{var}", "value"), ("{hello}", "Hello%20World%21"), ("O{empty}X", "OX"), ("O{undef}X", "OX")]);
    }

    #[test]
    fn level_2_of_the_rfc() {
        check(&[
            ("{+hello}", "Hello%20World!"),
            ("{+half}", "50%25"),
            ("{base}index", "http%3A%2F%2Fexample.com%2Fhome%2Findex"),
            ("{+base}index", "http://example.com/home/index"),
            ("here?ref={+path}", "here?ref=/foo/bar"),
            ("X{#var}", "X#value"),
            ("X{#hello}", "X#Hello%20World!"),
        ]);
    }

    #[test]
    fn level_3_of_the_rfc() {
        check(&[
            ("map?{x,y}", "map?1024,768"),
            ("{x,hello,y}", "1024,Hello%20World%21,768"),
            ("{+x,hello,y}", "1024,Hello%20World!,768"),
            ("{#path,x}/here", "#/foo/bar,1024/here"),
            ("X{.x,y}", "X.1024.768"),
            ("{/var,x}/here", "/value/1024/here"),
            ("{/who,dub}", "/fred/me%2Ftoo"),
            ("{;x,y,empty}", ";x=1024;y=768;empty"),
            ("{?x,y,empty}", "?x=1024&y=768&empty="),
            ("{?x,undef}", "?x=1024"),
            ("{?undef}", ""),
            ("?fixed=yes{&x}", "?fixed=yes&x=1024"),
        ]);
    }

    #[test]
    fn level_4_of_the_rfc_as_far_as_strings_go() {
        check(&[
            ("{var:3}", "val"),
            ("{var:30}", "value"),
            ("{+path:6}/here", "/foo/b/here"),
            ("{?var:3}", "?var=val"),
        ]);
        check(&[("{var*}", "value"), ("{/var*}", "/value")]);
    }

    #[test]
    fn literals_are_encoded_and_what_never_closes_is_text() {
        check(&[
            ("a b%20c%", "a%20b%20c%25"),
            ("x{var", "x%7Bvar"),
            ("{}", ""),
            ("}", "%7D"),
            ("ä{var}", "%C3%A4value"),
        ]);
    }

    #[test]
    fn variables_are_named_once() {
        assert_eq!(variables("a://{x}/{+y,x}{?z*,w:3}{undone"), ["x", "y", "z", "w"]);
    }
}
