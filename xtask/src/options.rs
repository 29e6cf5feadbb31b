//! `--name value` and `--name=value`; nothing else is taken by a task but the names that it knows.

use crate::error::{Error, Usage};

pub struct Options(Vec<(String, String)>);

impl Options {
    pub fn read(arguments: &[String], known: &[&str]) -> Result<Self, Error> {
        let mut found = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let (name, joined) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            if !known.contains(&name) {
                return Err(Usage::Option(name.to_owned()).into());
            }
            let value = joined.or_else(|| rest.next().cloned());
            let value = value.ok_or_else(|| Usage::NoValue(name.to_owned()))?;
            found.push((name.to_owned(), value));
        }
        Ok(Self(found))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().rfind(|(found, _)| found == name)?;
        Some(value)
    }

    pub fn port(&self) -> Result<u16, Error> {
        match self.get("--port") {
            None => Ok(3000),
            Some(port) => port.parse().map_err(|_| Usage::Port(port.to_owned()).into()),
        }
    }

    /// What `--public-url` says, else the path of `--origin`.
    pub fn public_url(&self) -> Result<PublicUrl, Error> {
        let of_origin = self.origin()?.map_or(PublicUrl::root(), |it| it.path);
        self.get("--public-url").map_or(Ok(of_origin), PublicUrl::parse)
    }

    pub fn origin(&self) -> Result<Option<Origin>, Error> {
        self.get("--origin").map(Origin::parse).transpose()
    }
}

/// The whole address at which the page will be served: `https://inspector.example.com/x/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// As in the `Origin` header.
    pub origin: String,
    pub path: PublicUrl,
}

impl Origin {
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || Usage::Origin(text.to_owned());
        let scheme = ["https://", "http://"].into_iter().find(|it| text.starts_with(it)).ok_or_else(wrong)?;
        let rest = &text[scheme.len()..];
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
        if host.is_empty() || !host.chars().all(plain) {
            return Err(wrong().into());
        }
        let path = PublicUrl::parse(if path.is_empty() { "/" } else { path }).map_err(|_| wrong())?;
        Ok(Self { origin: format!("{scheme}{host}"), path })
    }

    /// The address of a file beside the page.
    pub fn at(&self, file: &str) -> String {
        format!("{}{}{file}", self.origin, self.path.as_str())
    }
}

/// The path below which the page will be served: `/`, or `/tools/inspector/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    pub fn root() -> Self {
        Self("/".to_owned())
    }

    /// A path only: the page's own policy forbids scripts from elsewhere.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
        let whole = text.starts_with('/') && text.ends_with('/');
        let steps = text.split('/').any(|segment| segment == "." || segment == "..");
        if whole && !text.contains("//") && !steps && text.chars().all(plain) {
            return Ok(Self(text.to_owned()));
        }
        Err(Usage::PublicUrl(text.to_owned()).into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name for the folder of a build: `+`, `+tools+inspector+`.
    pub fn folder(&self) -> String {
        self.0.replace('/', "+")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, Error> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::read(&arguments, &["--port", "--public-url"])
    }

    #[test]
    fn a_value_follows_or_is_joined() {
        assert_eq!(read("--port 81").unwrap().port().unwrap(), 81);
        assert_eq!(read("--port=81 --port=82").unwrap().port().unwrap(), 82);
        assert_eq!(read("").unwrap().port().unwrap(), 3000);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(matches!(read("--prot 81"), Err(Error::Usage(Usage::Option(name))) if name == "--prot"));
        assert!(matches!(read("--port"), Err(Error::Usage(Usage::NoValue(_)))));
        assert!(matches!(read("--port 70000").unwrap().port(), Err(Error::Usage(Usage::Port(_)))));
    }

    #[test]
    fn a_public_url_is_a_path_between_slashes() {
        for good in ["/", "/p/", "/tools/inspector/", "/~me/v1.2/"] {
            assert_eq!(PublicUrl::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "p", "/p", "p/", "//p/", "./", "https://example.com/", "/a b/", "/../"] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_a_whole_address() {
        let whole = Origin::parse("https://inspector.example.com/x/").unwrap();
        assert_eq!((whole.origin.as_str(), whole.path.as_str()), ("https://inspector.example.com", "/x/"));
        assert_eq!(Origin::parse("http://localhost:3000").unwrap().at("a.json"), "http://localhost:3000/a.json");
        for bad in
            ["inspector.example.com", "https://", "https://A.example/", "https://a/x", "ftp://a/", "https://u@a/"]
        {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_public_url_has_a_folder_of_its_own() {
        assert_eq!(PublicUrl::root().folder(), "+");
        assert_eq!(PublicUrl::parse("/tools/inspector/").unwrap().folder(), "+tools+inspector+");
    }
}
