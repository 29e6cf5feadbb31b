//! The page of an app: the contents of its `ui://` resource, and the document that its frame shows.

use super::MIME;
use super::csp::Reach;
use crate::base::address::Address;
use crate::base::text::fact;
use crate::json::members::Members;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A longer page is not shown, in bytes.
const LARGEST: usize = 16 << 20;

/// What an app may ask the browser for, and the features of Permissions Policy that these are. None is granted unasked.
const PERMISSIONS: [(&str, &str); 4] = [
    ("camera", "camera"),
    ("microphone", "microphone"),
    ("geolocation", "geolocation"),
    ("clipboardWrite", "clipboard-write"),
];

/// The `allow` attribute of a frame for the permissions that were granted.
pub fn allowed(granted: &[&str]) -> String {
    let features = PERMISSIONS.iter().filter(|(name, _)| granted.contains(name)).map(|(_, feature)| *feature);
    features.collect::<Vec<_>>().join("; ")
}

/// What a `ui://` resource holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppPage {
    html: String,
    pub reach: Reach,
    /// Those of [`PERMISSIONS`] that it asks for.
    pub permissions: Vec<&'static str>,
    /// `prefersBorder`.
    pub border: bool,
}

/// Why a resource is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotShown {
    /// The result has no contents.
    Empty,
    /// Another media type, which is given, in short.
    MediaType(String),
    /// Neither text nor base64 of a text in UTF-8.
    NoText,
    TooLong {
        limit: usize,
    },
}

impl AppPage {
    /// Of the result of `resources/read`, from the server at that address.
    pub fn read(result: &str, uri: &str, server: &Address) -> Result<Self, NotShown> {
        let contents = Members::of(result).and_then(|it| it.list("contents")).unwrap_or_default();
        let all: Vec<Members<'_>> = contents.into_iter().filter_map(|it| Members::of(it.get())).collect();
        let named = all.iter().find(|it| it.read::<String>("uri").as_deref() == Some(uri));
        let content = named.or(all.first()).ok_or(NotShown::Empty)?;
        let given = content.read::<String>("mimeType").unwrap_or_default();
        if !is_app(&given) {
            return Err(NotShown::MediaType(fact(&given)));
        }
        let html = text(content)?;
        let ui = content.object("_meta").object("ui");
        let asked = ui.object("permissions");
        Ok(Self {
            html,
            reach: Reach::read(&ui.object("csp"), server),
            permissions: PERMISSIONS.iter().map(|(it, _)| *it).filter(|it| asked.value(it).is_some()).collect(),
            border: ui.read("prefersBorder").unwrap_or(true),
        })
    }

    /// Whether it reaches no host and asks for nothing.
    pub fn is_plain(&self) -> bool {
        self.reach.is_empty() && self.permissions.is_empty()
    }

    /// The document for the frame. Its policy stands first: it binds all that stands behind it, and nothing that the
    /// server writes can stand before it.
    pub fn document(&self) -> String {
        format!(
            "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\
             <meta name=\"referrer\" content=\"no-referrer\"><meta http-equiv=\"x-dns-prefetch-control\" content=\"off\">\n{}",
            self.reach.policy(),
            self.html
        )
    }
}

/// Whether it is the media type of apps, however its parameter is spaced.
fn is_app(mime: &str) -> bool {
    let plain: String = mime.chars().filter(|it| !it.is_ascii_whitespace() && *it != '"').collect();
    plain.eq_ignore_ascii_case(MIME)
}

fn text(content: &Members<'_>) -> Result<String, NotShown> {
    let bytes = || STANDARD.decode(content.read::<String>("blob")?).ok();
    let html = content.shown("text").or_else(|| String::from_utf8(bytes()?).ok()).ok_or(NotShown::NoText)?;
    match html.len() <= LARGEST {
        true => Ok(html),
        false => Err(NotShown::TooLong { limit: LARGEST }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "ui://clock/face";

    fn read(contents: &str) -> Result<AppPage, NotShown> {
        let server = Address::typed("https://mcp.example.com/mcp").expect("valid");
        AppPage::read(&format!(r#"{{"contents":{contents}}}"#), URI, &server)
    }

    fn app(rest: &str) -> Result<AppPage, NotShown> {
        read(&format!(r#"[{{"uri":"{URI}","mimeType":"{MIME}",{rest}}}]"#))
    }

    #[test]
    fn e_92_a_page_is_text_or_base64_of_the_one_media_type() {
        let text = app(r#""text":"<p>Hi""#).expect("a page");
        assert_eq!((text.html.as_str(), text.border, text.reach.is_empty()), ("<p>Hi", true, true));
        assert_eq!(app(r#""blob":"PHA+SGk=""#).expect("a page").html, "<p>Hi");
        let spaced = read(r#"[{"uri":"x","mimeType":"Text/HTML; profile=\"mcp-app\"","text":""}]"#);
        assert!(spaced.is_ok());
    }

    #[test]
    fn e_92_whatever_else_is_not_shown() {
        assert_eq!(read("[]"), Err(NotShown::Empty));
        assert_eq!(read("7"), Err(NotShown::Empty));
        let html = r#"[{"uri":"x","mimeType":"text/html","text":"<p>"}]"#;
        assert_eq!(read(html), Err(NotShown::MediaType("text/html".to_owned())));
        assert_eq!(read(r#"[{"text":"<p>"}]"#), Err(NotShown::MediaType(String::new())));
        for none in [r#""text":7"#, r#""blob":"?""#, r#""blob":"/w==""#] {
            assert_eq!(app(none), Err(NotShown::NoText), "{none}");
        }
        let long = app(&format!(r#""text":"{}""#, "a".repeat(LARGEST + 1)));
        assert_eq!(long, Err(NotShown::TooLong { limit: LARGEST }));
    }

    #[test]
    fn of_several_contents_the_named_one_counts() {
        let other = format!(r#"{{"uri":"ui://other","mimeType":"{MIME}","text":"other"}}"#);
        let ours = format!(r#"{{"uri":"{URI}","mimeType":"{MIME}","text":"ours"}}"#);
        assert_eq!(read(&format!("[{other},{ours}]")).map(|it| it.html).as_deref(), Ok("ours"));
        assert_eq!(read(&format!("[{other}]")).map(|it| it.html).as_deref(), Ok("other"));
    }

    #[test]
    fn e_94_the_policy_stands_before_anything_that_the_server_wrote() {
        let page = app(
            r#""text":"</head><script>1</script>","_meta":{"ui":{"prefersBorder":false,"permissions":{"camera":{}},
                "csp":{"connectDomains":["https://api.example.com","https://a.example\"><script>"]}}}"#,
        )
        .expect("a page");
        let document = page.document();
        let start =
            "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src";
        assert!(document.starts_with(start), "{document}");
        assert!(document.contains("connect-src https://api.example.com; "), "{document}");
        assert_eq!(document.find("<script>"), document.find("</head>").map(|at| at + "</head>".len()));
        assert_eq!((page.permissions.as_slice(), page.border, page.reach.refused.len()), (&["camera"][..], false, 1));
    }

    #[test]
    fn e_94_a_frame_is_allowed_what_was_granted() {
        assert_eq!(allowed(&[]), "");
        assert_eq!(allowed(&["clipboardWrite", "camera", "x"]), "camera; clipboard-write");
        let page = app(r#""text":"","_meta":{"ui":{"permissions":{"geolocation":{},"usb":{}}}}"#).expect("a page");
        assert_eq!((page.permissions.as_slice(), page.is_plain()), (&["geolocation"][..], false));
    }
}
