//! The commands that make a stdio server reachable for a page: bridges that exist, with CORS.

use super::script::shell::literal;
use crate::settings::import::Program;

/// The first port; each server of a list has one of its own.
const PORT: u16 = 8080;

/// A stdio server behind a bridge on this machine.
pub struct Bridge<'a> {
    program: &'a Program,
    port: u16,
}

impl<'a> Bridge<'a> {
    /// The bridge of the server with that place in a list.
    pub fn of(program: &'a Program, index: usize) -> Self {
        let port = u16::try_from(index).ok().and_then(|it| PORT.checked_add(it)).unwrap_or(PORT);
        Self { program, port }
    }

    /// Where it can be reached while the bridge runs.
    pub fn url(&self) -> String {
        format!("http://localhost:{}/mcp", self.port)
    }

    /// The commands, each with the name of its bridge.
    pub fn commands(&self) -> [(&'static str, String); 2] {
        let (variables, program, port) = (self.variables(), self.program(), self.port);
        // mcp-proxy (npm) sends CORS headers by default, supergateway with `--cors`.
        let proxy = format!("{variables}npx -y mcp-proxy --port {port} -- {program}");
        let gateway = format!(
            "{variables}npx -y supergateway --outputTransport streamableHttp --stateful --cors --port {port} --stdio {}",
            literal(&program)
        );
        [("mcp-proxy", proxy), ("supergateway", gateway)]
    }

    /// The environment, where the values are left to the user: they may be secrets.
    fn variables(&self) -> String {
        self.program.variables.iter().map(|it| format!("{}='…' ", name(it))).collect()
    }

    fn program(&self) -> String {
        let words = std::iter::once(&self.program.command).chain(&self.program.arguments);
        words.map(|it| word(it)).collect::<Vec<_>>().join(" ")
    }
}

fn name(text: &str) -> String {
    text.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '_').collect()
}

/// A word as it is, where no shell reads anything into it.
pub(super) fn word(text: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || "_@%+=:,./-".contains(it);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { literal(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_given_to_the_bridge_as_it_is() {
        let program = Program {
            command: "npx".to_owned(),
            arguments: ["-y", "@scope/server", "it's $HOME"].map(str::to_owned).into(),
            variables: vec!["API_KEY".to_owned(), "A; rm -rf /".to_owned()],
        };
        let bridge = Bridge::of(&program, 1);
        assert_eq!(bridge.url(), "http://localhost:8081/mcp");
        let [(_, proxy), (_, gateway)] = bridge.commands();
        assert_eq!(
            proxy,
            r"API_KEY='…' Armrf='…' npx -y mcp-proxy --port 8081 -- npx -y @scope/server 'it'\''s $HOME'"
        );
        let expected = r"API_KEY='…' Armrf='…' npx -y supergateway --outputTransport streamableHttp --stateful --cors --port 8081 --stdio 'npx -y @scope/server '\''it'\''\'\'''\''s $HOME'\'''";
        assert_eq!(gateway, expected);
    }
}
