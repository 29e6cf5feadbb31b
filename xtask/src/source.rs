//! The files of `src/` as the compiler reads them, for the tasks that judge how the code is laid out.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use syn::{Attribute, Item};

use crate::error::Error;
use crate::project::Project;
use crate::site;

pub struct Source {
    /// Below `src/`: `oauth/flow.rs`.
    pub name: String,
    /// Its lines, blank ones and comments included.
    pub lines: usize,
    pub file: syn::File,
    /// Whether it is compiled for tests only.
    pub is_test: bool,
}

impl Source {
    pub fn parse(name: &str, text: &str) -> Result<Self, syn::Error> {
        let file = syn::parse_file(text)?;
        Ok(Self { name: name.to_owned(), lines: text.lines().count(), file, is_test: false })
    }

    /// `oauth`, `flow`; nothing for the two roots, which only say what there is.
    pub fn module(&self) -> Vec<String> {
        let path = self.name.trim_end_matches(".rs");
        let names = path.split('/').filter(|name| !["lib", "main", "mod"].contains(name));
        names.map(str::to_owned).collect()
    }

    /// The modules that it names for tests only, and that are files of their own.
    fn test_modules(&self) -> impl Iterator<Item = Vec<String>> {
        let tests = self.file.items.iter().filter_map(|item| match item {
            Item::Mod(module) if module.content.is_none() && is_for_tests(&module.attrs) => Some(&module.ident),
            _ => None,
        });
        tests.map(|name| [self.module(), vec![name.to_string()]].concat())
    }
}

pub fn all(project: &Project) -> Result<Vec<Source>, Error> {
    let folder = project.root.join("src");
    let mut sources = Vec::new();
    for path in files(&folder)? {
        let text = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        sources.push(Source::parse(&name, &text).map_err(|error| Error::NotRust { file: name, error })?);
    }
    mark_tests(&mut sources);
    Ok(sources)
}

fn mark_tests(sources: &mut [Source]) {
    let tests: HashSet<Vec<String>> = sources.iter().flat_map(Source::test_modules).collect();
    for source in sources {
        let module = source.module();
        source.is_test = (1..=module.len()).any(|length| tests.contains(&module[..length]));
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
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

/// `#[cfg(test)]` or `#[test]`.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let condition = attribute.path().is_ident("cfg").then(|| attribute.parse_args::<syn::Path>());
        attribute.path().is_ident("test") || condition.is_some_and(|it| it.is_ok_and(|it| it.is_ident("test")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_module() {
        for (name, module) in
            [("oauth/flow.rs", "oauth/flow"), ("cors.rs", "cors"), ("ui/mod.rs", "ui"), ("lib.rs", "")]
        {
            assert_eq!(Source::parse(name, "").unwrap().module().join("/"), module, "{name}");
        }
    }

    #[test]
    fn what_is_named_for_tests_only_is_a_test_and_all_below_it() {
        let files = [
            ("schema.rs", "mod fields; #[cfg(test)] mod tests; #[cfg(test)] mod inside {}"),
            ("schema/fields.rs", ""),
            ("schema/inside.rs", ""),
            ("schema/tests.rs", ""),
            ("schema/tests/forms.rs", ""),
        ];
        let mut sources: Vec<_> = files.iter().map(|(name, text)| Source::parse(name, text).unwrap()).collect();
        mark_tests(&mut sources);
        assert_eq!(sources.iter().map(|it| it.is_test).collect::<Vec<_>>(), [false, false, false, true, true]);
    }

    #[test]
    fn an_attribute_tells_of_tests() {
        for (text, is) in [
            ("#[cfg(test)] fn f() {}", true),
            ("#[test] fn f() {}", true),
            ("#[cfg(feature = \"test\")] fn f() {}", false),
            ("#[cfg(not(test))] fn f() {}", false),
        ] {
            let function: syn::ItemFn = syn::parse_str(text).unwrap();
            assert_eq!(is_for_tests(&function.attrs), is, "{text}");
        }
    }
}
