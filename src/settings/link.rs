//! What a link may fill into the form, and as arguments of a tool. Never a secret, and it never connects.

use super::Draft;

impl Draft {
    /// The form as the query of a link fills it; `None` where it fills nothing.
    pub fn of_link(query: &str) -> Option<Self> {
        let query = query.strip_prefix('?').unwrap_or(query);
        let mut draft = Self::default();
        let filled = form_urlencoded::parse(query.as_bytes()).filter(|(name, value)| draft.link(name, value)).count();
        (filled > 0).then_some(draft)
    }

    /// Takes one parameter; says whether it is one that a link may bring.
    fn link(&mut self, name: &str, value: &str) -> bool {
        let field = match name {
            "server" => &mut self.server,
            "version" => &mut self.revision,
            "transport" => &mut self.transport,
            "registration" => &mut self.registration,
            "scope" => &mut self.scope,
            _ => return false,
        };
        value.clone_into(field);
        true
    }
}

/// The longest arguments that a link brings, in bytes.
const ARGUMENTS: usize = 64 << 10;

/// The arguments of the tool that a link leads to, as they stand there.
pub fn arguments(query: &str) -> Option<String> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let mut fields = form_urlencoded::parse(query.as_bytes());
    let (_, arguments) = fields.find(|(name, _)| name == "args")?;
    Some(arguments.into_owned()).filter(|it| !it.is_empty() && it.len() <= ARGUMENTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_fills_what_it_may() {
        let filled = Draft::of_link("?server=https%3A%2F%2Fa%2Fmcp&bearer=geheim&scope=a+b").expect("two fields");
        let meant = Draft { server: "https://a/mcp".to_owned(), scope: "a b".to_owned(), ..Draft::default() };
        assert!(filled == meant);
    }

    #[test]
    fn the_arguments_of_a_link_are_taken_as_they_stand() {
        assert_eq!(arguments("?server=https://a&args=%7B%22a%22:+1%7D").as_deref(), Some(r#"{"a": 1}"#));
        assert_eq!((arguments("?args="), arguments("?arg=1")), (None, None));
        assert_eq!(arguments(&format!("?args={}", "x".repeat(ARGUMENTS + 1))), None);
    }

    #[test]
    fn a_link_without_a_field_of_the_form_fills_nothing() {
        for query in ["", "?", "?code=x&state=y", "?Server=https://a"] {
            assert!(Draft::of_link(query).is_none(), "{query}");
        }
    }
}
