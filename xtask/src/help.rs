//! What each task does and takes: `cargo xtask`, and `cargo xtask <task> --help`.

struct Task {
    name: &'static str,
    takes: &'static str,
    does: &'static str,
    more: &'static str,
}

const TASKS: [Task; 9] = [
    Task {
        name: "serve",
        takes: "[--port 3000] [--public-url /p/]",
        does: "build the release and serve it on localhost",
        more: "\
--port 3000        the port on 127.0.0.1 and [::1]; 0 takes a free port
--public-url /p/   the path prefix of the site; default /; nothing is built again for another",
    },
    Task {
        name: "test",
        takes: "[core|xtask|components|e2e|field] [-- …]",
        does: "run all tests, or one part",
        more: "\
core         unit and golden tests of the core: seconds, no browser
xtask        tests of cargo xtask
components   component tests in a browser
e2e          the built site in Chromium against real servers
field        published servers, Firefox and WebKit; what is not installed is skipped
-- …         passed to cargo test, or to Playwright for e2e and field; needs one part",
    },
    Task {
        name: "conformance",
        takes: "[--list] [scenario …]",
        does: "run the official conformance suite with Flowglass as client",
        more: "\
--list                        list the scenarios
--set auth-2026-07-28         run one set of scenarios
--unexposed                   hide WWW-Authenticate and Mcp-Session-Id from the page
scenario …                    run only these",
    },
    Task {
        name: "check",
        takes: "",
        does: "check formatting, clippy, layers; list rooms, cycles, longest functions and files",
        more: "",
    },
    Task { name: "size", takes: "", does: "measure the size of the first load, a tool list and all files", more: "" },
    Task {
        name: "dist",
        takes: "[--public-url /p/] [--origin https://host/p/] [--out dist]",
        does: "write the static files for a web server",
        more: "\
--public-url /p/           the path prefix of the site; default /
--origin https://host/p/   also writes the client ID metadata document for that URL
--out dist                 the output folder; an earlier build in it is replaced",
    },
    Task {
        name: "release",
        takes: "[--out target/release-archives]",
        does: "write the release archives with checksums and an SBOM",
        more: "\
--out target/release-archives   the folder for .tar.gz, .zip, .cdx.json and SHA256SUMS
                                npm 10 or newer is needed; files of one commit are the same to the byte",
    },
    Task { name: "screenshots", takes: "", does: "take the screenshots and the animation in docs/", more: "" },
    Task { name: "measure", takes: "", does: "measure the speed of long sessions and floods", more: "" },
];

/// Whether help is asked for; what follows a `--` is for another program.
pub fn is_asked(arguments: &[String]) -> bool {
    let own = arguments.iter().take_while(|argument| *argument != "--");
    own.into_iter().any(|argument| ["--help", "-h"].contains(&argument.as_str()))
}

/// Of one task; `None` where there is no such task.
pub fn of(name: &str) -> Option<String> {
    let task = TASKS.iter().find(|task| task.name == name)?;
    let usage = format!("cargo xtask {} {}", task.name, task.takes);
    let text = format!("{}\n\n{}\n\n{}", usage.trim_end(), task.does, task.more);
    Some(text.trim_end().to_owned())
}

pub fn of_all() -> String {
    let lines = TASKS.iter().map(|task| format!("cargo xtask {:<12} {}\n", task.name, task.does));
    let all: String = lines.collect();
    format!(
        "{all}\n`cargo xtask <task> --help` lists the options.\nMissing tools are installed once, into target/tools."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> bool {
        is_asked(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn every_task_has_its_help() {
        for task in TASKS {
            let help = of(task.name).unwrap();
            assert!(help.starts_with(&format!("cargo xtask {}", task.name)), "{help}");
            assert!(of_all().contains(task.name));
        }
        assert_eq!(of("brew"), None);
    }

    #[test]
    fn help_for_another_program_is_not_asked_of_the_task() {
        assert!(asked("--help") && asked("e2e -h"));
        assert!(!asked("e2e -- --help") && !asked("--port 1"));
    }
}
