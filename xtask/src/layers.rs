//! The layer rule: core ← web ← ui, read off the paths that each file names.
//!
//! The compiler keeps the core apart by itself wherever it is built without features; this also
//! sees what hides behind a `cfg`, and names the line.

use crate::error::Error;
use crate::imports::{self, Import};
use crate::source::Source;

const BROWSER: [&str; 5] = ["gloo", "js_sys", "wasm_bindgen", "web_sys", "leptos"];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Layer {
    Core,
    Web,
    Ui,
}

impl Layer {
    /// The two roots only say what there is.
    fn of(source: &Source) -> Option<Self> {
        match source.module().first()?.as_str() {
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

    /// What it may not name of a path.
    fn forbids(self, import: &Import) -> Option<String> {
        if let Some(room) = import.room() {
            return self.forbidden_layers().contains(&room).then(|| format!("crate::{room}"));
        }
        let name = import.path.first()?;
        self.forbidden_crates().iter().any(|it| is_of(name, it)).then(|| name.clone())
    }
}

/// `leptos`, and also `leptos_router`.
fn is_of(name: &str, family: &str) -> bool {
    name.strip_prefix(family).is_some_and(|end| end.is_empty() || end.starts_with('_'))
}

pub fn check(sources: &[Source]) -> Result<(), Error> {
    let mut breaches = 0;
    for source in sources {
        for (line, path) in breaches_in(source) {
            println!("src/{}:{line}: this layer must not use `{path}`", source.name);
            breaches += 1;
        }
    }
    println!("Imports against the order of the layers: {breaches}");
    if breaches == 0 { Ok(()) } else { Err(Error::Layers { breaches }) }
}

/// The lines that break the rule, and what they name.
fn breaches_in(source: &Source) -> Vec<(usize, String)> {
    let Some(layer) = Layer::of(source) else {
        return Vec::new();
    };
    let imports = imports::of(source).into_iter();
    imports.filter_map(|import| Some((import.line, layer.forbids(&import)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A statement or an expression stands in a function.
    fn breaches(file: &str, text: &str) -> Vec<(usize, String)> {
        let source = Source::parse(file, text).or_else(|_| Source::parse(file, &format!("fn f() {{ {text} }}")));
        breaches_in(&source.unwrap())
    }

    fn named(file: &str, text: &str) -> Vec<String> {
        breaches(file, text).into_iter().map(|(_, name)| name).collect()
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
        assert_eq!(named("http.rs", "use web_sys as browser;"), ["web_sys"]);
    }

    #[test]
    fn nothing_names_a_layer_above_it() {
        assert_eq!(named("http.rs", "use crate::web::fetch;"), ["crate::web"]);
        assert_eq!(named("http.rs", "use super::web::fetch;"), ["crate::web"]);
        assert_eq!(named("web/fetch.rs", "crate::ui::app::App"), ["crate::ui"]);
        assert_eq!(named("web.rs", "use leptos::prelude::*;"), ["leptos"]);
    }

    #[test]
    fn a_layer_hides_in_no_group() {
        let text = "use crate::{\n    http::{Request, web},\n    ui::app,\n    web,\n};\nuse std::ui;";
        assert_eq!(breaches("trace.rs", text), [(3, "crate::ui".to_owned()), (4, "crate::web".to_owned())]);
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
