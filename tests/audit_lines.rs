//! The page of the documentation about the lines of the audit, made from the lines. `GOLDEN=write` writes it.

mod golden;

use flowglass::explain::audit::{GROUPS, Group, Line, Party, Phase};
use flowglass::explain::walkthrough::cited::cite;

const HEAD: &str = "# Audit lines

Each requirement that the audit on `/check` judges, with its level, why it matters and how to fix it. Ids never change
their meaning. `cargo test --test audit_lines` compares this page with the source (`src/explain/audit/`); with `GOLDEN=write`
it writes it. The audit file: [audit.md](audit.md).

*Level* is how strongly a document asks for it; *field practice* is what clients in the field need. *Responsible* is who
has to meet it. *Tested* says what a test takes: nothing (open), or consent to what it does.
";

#[test]
fn the_page_of_the_lines_is_up_to_date() {
    let mut text = HEAD.to_owned();
    for group in &GROUPS {
        text.push_str(&table(group));
        group.lines.iter().for_each(|it| text.push_str(&section(it)));
    }
    golden::check("../../docs/audit-lines.md", &text);
}

fn table(group: &Group) -> String {
    let row = |line: &Line| {
        let (id, anchor) = (line.id, line.id.to_lowercase());
        format!("| [{id}](#{anchor}) | {} | {} | {} |\n", line.title, line.level.words(), line.severity.words())
    };
    let rows: String = group.lines.iter().map(row).collect();
    format!("\n## {}\n\n| Id | Requirement | Level | Severity |\n|---|---|---|---|\n{rows}", group.title)
}

fn section(line: &Line) -> String {
    let (clause, url) = cite(line.clause, line.revisions.last().copied());
    let owner = match line.party {
        Party::Both => "MCP server and authorization server",
        it => it.words(),
    };
    let revisions: Vec<&str> = line.revisions.iter().map(|it| it.as_str()).collect();
    format!(
        "\n### {}\n\n**{}.** {}\n\n- Level: {}, {}\n- Responsible: {owner}\n- Revisions of MCP: {}\n- Tested: {}\n- Source: [{clause}]({url})\n\n**Why:** {}\n\n**Fix:** {}\n",
        line.id,
        line.title,
        line.requirement,
        line.level.words(),
        line.severity.words().to_lowercase(),
        revisions.join(", "),
        tested(line),
        line.why(),
        line.fix,
    )
}

fn tested(line: &Line) -> &'static str {
    match line.phase {
        Phase::Open => "open",
        Phase::Cookies => "with the cookies of that host",
        Phase::Registration => "with a registration of a client",
        Phase::Login => "with a login",
        Phase::More => "with further logins, popups or waiting",
        Phase::Unseen if line.has_command() => "with a command outside of the browser",
        Phase::Unseen => "not tested: a test would be an attack on other hosts",
    }
}
