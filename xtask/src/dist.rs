//! `cargo xtask dist`: the static files, in a folder to be put on a web server.

use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::options::{Options, Origin, PublicUrl};
use crate::project::Project;
use crate::{site, version};

pub fn run(project: &Project, options: &Options) -> Result<(), Error> {
    let public_url = options.public_url()?;
    let out = project.root.join(options.get("--out").unwrap_or("dist"));
    write(project, &out, &public_url, options.origin()?.as_ref())?;
    println!("{} is ready to serve at {}", out.display(), public_url.as_str());
    Ok(())
}

/// Writes the folder, with the client's description where an origin is given.
pub fn write(project: &Project, out: &Path, public_url: &PublicUrl, origin: Option<&Origin>) -> Result<(), Error> {
    // Before the build, which may take minutes.
    may_be_replaced(out)?;
    let site = site::build(project, public_url)?;
    if out.exists() {
        fs::remove_dir_all(out).map_err(Error::io(out))?;
    }
    site::copy(&site, out)?;
    // The commit may be another one than when the page was built.
    version::write(project, out)?;
    if let Some(origin) = origin {
        describe(out, origin)?;
    }
    site::compress(out)
}

/// Beside the page, its description of itself as an OAuth client (MCP, client id metadata documents), and in the page
/// where that is: it only holds for this one address.
fn describe(out: &Path, origin: &Origin) -> Result<(), Error> {
    let document = out.join(DOCUMENT);
    fs::write(&document, client_metadata(origin)).map_err(Error::io(&document))?;
    let mark = format!("<meta name=\"client-metadata\" content=\"{}\"></head>", origin.at(DOCUMENT));
    for page in site::pages() {
        let page = out.join(page);
        let text = fs::read_to_string(&page).map_err(Error::io(&page))?;
        fs::write(&page, text.replacen("</head>", &mark, 1)).map_err(Error::io(&page))?;
    }
    Ok(())
}

/// The name that the page looks for.
const DOCUMENT: &str = "client-metadata.json";

/// A page can keep no secret, so it is a public client; it is native only where it runs on the user's own machine.
fn client_metadata(origin: &Origin) -> String {
    let local = ["localhost", "127.", "[::1]"].iter().any(|it| origin.origin.contains(&format!("//{it}")));
    format!(
        r#"{{
  "client_id": "{}",
  "client_name": "Flowglass",
  "client_uri": "{}",
  "redirect_uris": ["{}"],
  "grant_types": ["authorization_code", "refresh_token"],
  "response_types": ["code"],
  "token_endpoint_auth_method": "none",
  "application_type": "{}"
}}
"#,
        origin.at(DOCUMENT),
        origin.at(""),
        origin.at("oauth/callback/"),
        if local { "native" } else { "web" },
    )
}

/// Only an earlier build may go: a slip in `--out` must not delete somebody's folder.
fn may_be_replaced(out: &Path) -> Result<(), Error> {
    if !out.exists() || site::entries(out)?.is_empty() {
        return Ok(());
    }
    let page = fs::read_to_string(out.join("index.html")).unwrap_or_default();
    if page.contains("<title>Flowglass</title>") {
        return Ok(());
    }
    Err(Error::Foreign(out.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_of_the_client_names_its_own_address() {
        let origin = Origin::parse("https://inspector.example.com/x/").unwrap();
        let text = client_metadata(&origin);
        assert!(text.contains(r#""client_id": "https://inspector.example.com/x/client-metadata.json""#));
        assert!(text.contains(r#""redirect_uris": ["https://inspector.example.com/x/oauth/callback/"]"#));
        assert!(text.contains(r#""application_type": "web""#));
        assert!(client_metadata(&Origin::parse("http://localhost:3000/").unwrap()).contains("\"native\""));
    }

    #[test]
    fn only_an_earlier_build_may_be_replaced() {
        let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/xtask/dist-test");
        fs::create_dir_all(&out).unwrap();
        assert!(may_be_replaced(&out).is_ok());
        fs::write(out.join("diary.txt"), "private").unwrap();
        assert!(matches!(may_be_replaced(&out), Err(Error::Foreign(_))));
        fs::write(out.join("index.html"), "<title>Flowglass</title>").unwrap();
        assert!(may_be_replaced(&out).is_ok());
        fs::remove_dir_all(&out).unwrap();
        assert!(may_be_replaced(&out).is_ok());
    }
}
