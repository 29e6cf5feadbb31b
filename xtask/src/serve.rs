//! `cargo xtask serve`: builds the page and serves it, to this machine only.
//!
//! A page for every path below the public url, as the routes exist only in the page itself.

use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::options::{Options, PublicUrl};
use crate::project::Project;
use crate::site;

/// Enough for any request line and headers of a browser, callbacks with long codes included.
const LONGEST_HEAD: u64 = 64 * 1024;

pub fn run(project: &Project, options: &Options) -> Result<(), Error> {
    let public_url = options.public_url()?;
    // Before the build, which may take minutes.
    let listeners = listen(options.port()?)?;
    let folder = site::build(project, &public_url)?;
    let port = listeners.first().and_then(|it| it.local_addr().ok()).map_or(0, |it| it.port());
    println!("Flowglass is at http://localhost:{port}{} (Ctrl-C ends it)", public_url.as_str());
    let site = Arc::new(Site { folder, public_url });
    thread::scope(|scope| {
        for listener in &listeners {
            scope.spawn(|| accept(listener, &site));
        }
    });
    Ok(())
}

/// On both addresses that `localhost` may mean; one that has no IPv6 is fine.
fn listen(port: u16) -> Result<Vec<TcpListener>, Error> {
    let first = bind(Ipv4Addr::LOCALHOST.into(), port)?;
    let chosen = first.local_addr().map_or(port, |address| address.port());
    let second = bind(Ipv6Addr::LOCALHOST.into(), chosen);
    if matches!(second, Err(Error::PortInUse(_))) {
        return Err(Error::PortInUse(port));
    }
    Ok(std::iter::once(first).chain(second.ok()).collect())
}

fn bind(address: IpAddr, port: u16) -> Result<TcpListener, Error> {
    TcpListener::bind((address, port)).map_err(|source| match source.kind() {
        ErrorKind::AddrInUse => Error::PortInUse(port),
        _ => Error::Io { path: format!("{address} port {port}").into(), source },
    })
}

fn accept(listener: &TcpListener, site: &Arc<Site>) {
    for stream in listener.incoming().flatten() {
        let site = Arc::clone(site);
        // A browser that goes away in the middle is nobody's error.
        thread::spawn(move || answer(stream, &site).ok());
    }
}

fn answer(mut stream: TcpStream, site: &Site) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut lines = BufReader::new((&stream).take(LONGEST_HEAD)).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    // Read to the end: closing a connection with unread bytes would reset it.
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let reply = site.reply(&request);
    stream.write_all(reply.head().as_bytes())?;
    if !request.starts_with("HEAD ") {
        stream.write_all(&reply.body)?;
    }
    stream.flush()
}

struct Site {
    folder: PathBuf,
    public_url: PublicUrl,
}

struct Reply {
    status: &'static str,
    kind: &'static str,
    location: Option<String>,
    body: Vec<u8>,
}

impl Reply {
    fn plain(status: &'static str) -> Self {
        Self { status, kind: "text/plain", location: None, body: status.into() }
    }

    fn head(&self) -> String {
        let location = self.location.as_ref().map(|to| format!("location: {to}\r\n"));
        format!(
            "HTTP/1.1 {}\r\ncontent-type: {}\r\ncontent-length: {}\r\n{}cache-control: no-cache\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n",
            self.status,
            self.kind,
            self.body.len(),
            location.unwrap_or_default(),
        )
    }
}

impl Site {
    fn reply(&self, request: &str) -> Reply {
        let mut words = request.split(' ');
        let (Some("GET" | "HEAD"), Some(target)) = (words.next(), words.next()) else {
            return Reply::plain("405 Method Not Allowed");
        };
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let Some(inner) = path.strip_prefix(self.public_url.as_str()) else {
            let location = Some(self.public_url.as_str().to_owned());
            return Reply { location, ..Reply::plain("302 Found") };
        };
        match self.file(inner).and_then(|file| Some((fs::read(&file).ok()?, kind(&file)))) {
            Some((body, kind)) => Reply { status: "200 OK", kind, location: None, body },
            None => Reply::plain("404 Not Found"),
        }
    }

    /// A file's own name, or the page; a missing style or script must not turn into a page.
    fn file(&self, inner: &str) -> Option<PathBuf> {
        let file = self.folder.join(inner);
        let inside = inner.split('/').all(|segment| !matches!(segment, ".." | ".")) && !inner.contains('\\');
        if inside && !inner.starts_with('/') && file.is_file() {
            return Some(file);
        }
        let asset = !inner.contains('/') && kind(Path::new(inner)) != BINARY;
        (!asset).then(|| self.folder.join("index.html"))
    }
}

const BINARY: &str = "application/octet-stream";

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => BINARY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each test has a folder of its own, as they run side by side.
    fn site(name: &str, public_url: &str) -> Site {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/xtask/serve-test");
        let folder = tests.join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), "page").unwrap();
        fs::write(folder.join("app.wasm"), "module").unwrap();
        Site { folder, public_url: PublicUrl::parse(public_url).unwrap() }
    }

    fn get(site: &Site, target: &str) -> (&'static str, &'static str, String) {
        let reply = site.reply(&format!("GET {target} HTTP/1.1"));
        (&reply.status[..3], reply.kind, String::from_utf8(reply.body).unwrap())
    }

    #[test]
    fn a_file_has_its_type() {
        let site = site("type", "/");
        assert_eq!(get(&site, "/app.wasm"), ("200", "application/wasm", "module".to_owned()));
        assert_eq!(get(&site, "/gone.js").0, "404");
    }

    #[test]
    fn every_route_is_the_page() {
        let site = site("route", "/p/");
        for route in ["/p/", "/p/?server=x", "/p/oauth/callback?code=a/../b", "/p/tools/a.js"] {
            assert_eq!(get(&site, route), ("200", "text/html; charset=utf-8", "page".to_owned()), "{route}");
        }
    }

    #[test]
    fn outside_of_the_public_url_it_leads_there() {
        let reply = site("outside", "/p/").reply("GET / HTTP/1.1");
        assert_eq!(reply.status, "302 Found");
        assert!(reply.head().contains("\r\nlocation: /p/\r\n"));
    }

    #[test]
    fn nothing_outside_of_the_folder_is_read() {
        let site = site("inside", "/");
        for target in ["/../Cargo.toml", "//etc/passwd", "/a/../../etc/passwd", "/..\\x"] {
            let (_, _, body) = get(&site, target);
            assert_eq!(body, "page", "{target}");
        }
    }

    #[test]
    fn only_reading_is_allowed() {
        let site = site("reading", "/");
        for request in ["POST / HTTP/1.1", "GET", ""] {
            assert_eq!(site.reply(request).status, "405 Method Not Allowed", "{request}");
        }
    }

    #[test]
    fn a_port_in_use_is_said() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(matches!(listen(port), Err(Error::PortInUse(found)) if found == port));
    }
}
