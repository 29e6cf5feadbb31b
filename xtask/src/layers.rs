//! The layer rule: core ← web ← ui, read off the paths that each file names.
//!
//! The compiler keeps the core apart by itself wherever it is built without features; this also
//! sees what hides behind a `cfg`, and names the line.

use std::path::Path;

use crate::error::Error;
use crate::project::Project;
use crate::site;

const BROWSER: [&str; 5] = ["gloo", "js_sys", "wasm_bindgen", "web_sys", "leptos"];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Layer {
    Core,
    Web,
    Ui,
}

impl Layer {
    /// Of a file below `src/`; the two roots only say what there is.
    fn of(file: &str) -> Option<Self> {
        match file.split(['/', '.']).next()? {
            "main" | "lib" => None,
            "web" => Some(Self::Web),
            "ui" => Some(Self::Ui),
            _ => Some(Self::Core),
        }
    }

    fn forbidden_crates(self) -> &'static [&'static str] {
        match self {
            Self::Core => &BROWSER,
            Self::Web => &["leptos"],
            Self::Ui => &[],
        }
    }

    fn forbidden_layers(self) -> &'static [&'static str] {
        match self {
            Self::Core => &["web", "ui"],
            Self::Web => &["ui"],
            Self::Ui => &[],
        }
    }
}

pub fn check(project: &Project) -> Result<(), Error> {
    let source = project.root.join("src");
    let mut breaches = 0;
    for file in files(&source)? {
        let text = std::fs::read_to_string(&file).map_err(Error::io(&file))?;
        let name = file.strip_prefix(&source).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        for (line, path) in breaches_in(&name, &text) {
            println!("src/{name}:{line}: this layer may not name `{path}`");
            breaches += 1;
        }
    }
    if breaches == 0 { Ok(()) } else { Err(Error::Layers { breaches }) }
}

fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in site::entries(folder)? {
        if entry.is_dir() {
            found.extend(files(&entry)?);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
    Ok(found)
}

/// The lines that break the rule, and what they name.
fn breaches_in(file: &str, text: &str) -> Vec<(usize, String)> {
    let Some(layer) = Layer::of(file) else {
        return Vec::new();
    };
    let words = words(text);
    let mut found = Vec::new();
    for (at, (line, word)) in words.iter().enumerate() {
        let rest = &words[at + 1..];
        if layer.forbidden_crates().iter().any(|name| names_crate(word, rest, name)) {
            found.push((*line, word.to_string()));
        }
        if *word == "crate" {
            let layers = layers_below(rest).into_iter();
            let bad = layers.filter(|(_, name)| layer.forbidden_layers().contains(name));
            found.extend(bad.map(|(line, name)| (line, format!("crate::{name}"))));
        }
    }
    found
}

/// `leptos::…`, and also `leptos_router::…`: a path that begins with the crate's name.
fn names_crate(word: &str, rest: &[(usize, &str)], name: &str) -> bool {
    let ours = word.strip_prefix(name).is_some_and(|end| end.is_empty() || end.starts_with('_'));
    ours && rest.first().is_some_and(|(_, next)| *next == "::")
}

/// The modules named after `crate`: one in `crate::web`, several in `crate::{http, web::fetch}`.
fn layers_below<'a>(rest: &[(usize, &'a str)]) -> Vec<(usize, &'a str)> {
    let mut depth = 0;
    let mut found = Vec::new();
    let mut before = "crate";
    for (line, word) in rest {
        match *word {
            "::" if before == "crate" => {}
            "{" if before == "::" => depth += 1,
            "}" if depth > 0 => depth -= 1,
            _ if depth == 0 && before == "::" => return vec![(*line, word)],
            _ if depth == 1 && ["{", ","].contains(&before) => found.push((*line, *word)),
            _ if depth == 0 => return found,
            _ => {}
        }
        before = word;
        if depth == 0 && before == "}" {
            return found;
        }
    }
    found
}

/// Names and the marks between them, with their lines; comments are left out.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let mut rest = text.trim_start();
        while !rest.is_empty() && !rest.starts_with("//") {
            let length = word_length(rest);
            words.push((line, &rest[..length]));
            rest = rest[length..].trim_start();
        }
    }
    words
}

fn word_length(text: &str) -> usize {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    match text.chars().next() {
        _ if end > 0 => end,
        _ if text.starts_with("::") => 2,
        first => first.map_or(0, char::len_utf8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(file: &str, text: &str) -> Vec<String> {
        breaches_in(file, text).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn each_layer_may_name_those_below_it() {
        assert_eq!(named("http.rs", "use crate::secret::Secret;"), [""; 0]);
        assert_eq!(named("web/fetch.rs", "use crate::http::Request; use web_sys::Window;"), [""; 0]);
        assert_eq!(named("ui/app.rs", "use leptos::prelude::*; use crate::web::fetch;"), [""; 0]);
    }

    #[test]
    fn the_core_names_neither_browser_nor_leptos() {
        assert_eq!(named("oauth/flow.rs", "use web_sys::Window;"), ["web_sys"]);
        assert_eq!(named("http.rs", "let now = js_sys::Date::now();"), ["js_sys"]);
        assert_eq!(named("http.rs", "fn f(x: leptos_router::Url) {}"), ["leptos_router"]);
        assert_eq!(named("http.rs", "use gloo_net::http;"), ["gloo_net"]);
    }

    #[test]
    fn nothing_names_a_layer_above_it() {
        assert_eq!(named("http.rs", "use crate::web::fetch;"), ["crate::web"]);
        assert_eq!(named("web/fetch.rs", "crate::ui::app::App"), ["crate::ui"]);
        assert_eq!(named("web.rs", "use leptos::prelude::*;"), ["leptos"]);
    }

    #[test]
    fn a_layer_hides_in_no_group() {
        let text = "use crate::{\n    http::{Request, web},\n    ui::app,\n    web,\n};\nuse std::ui;";
        let found = breaches_in("trace.rs", text);
        assert_eq!(found, [(3, "crate::ui".to_owned()), (4, "crate::web".to_owned())]);
    }

    #[test]
    fn a_name_alone_is_no_breach() {
        for text in [
            "// leptos::prelude draws this",
            "let gloo = \"web\"; let a = gloo;",
            "let address = \"http://leptos.dev\";",
            "pub(crate) fn ui() {}",
            "crate::website::ui()",
            "my_leptos::view()",
        ] {
            assert_eq!(named("http.rs", text), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_roots_are_free_to_name_everything() {
        assert_eq!(named("main.rs", "use leptos::prelude::*; use flowglass::ui;"), [""; 0]);
        assert_eq!(named("lib.rs", "pub use crate::ui::App;"), [""; 0]);
    }
}
