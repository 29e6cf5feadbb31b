//! `cargo xtask serve`: builds the page and serves it, to this machine only.
//!
//! A page for every path below the public url, as the routes exist only in the page itself. hyper speaks HTTP, and
//! tower-http's `ServeDir` knows files: their types, ranges and tags, and the compressed copies beside them.

use std::convert::Infallible;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use http_body_util::Either;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::SetOnce;
use tower_http::services::fs::ServeFileSystemResponseBody;
use tower_http::services::{ServeDir, ServeFile};

use crate::error::Error;
use crate::options::{Options, PublicUrl};
use crate::project::Project;
use crate::site;

/// What goes with every response.
const ALWAYS: [(&str, &str); 3] = [
    ("cache-control", "no-cache"),
    ("content-security-policy", "frame-ancestors 'self'"),
    ("x-content-type-options", "nosniff"),
];

/// Where another of this program that uses the port says its folder. A page in a browser cannot ask it.
const WHO: &str = "OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// What is before the folder.
const GREETING: &str = "Flowglass from ";

/// Enough for the head of an answer and a folder, in bytes.
const LONGEST_ANSWER: u64 = 64 * 1024;

pub fn run(project: &Project, options: &Options) -> Result<(), Error> {
    let public_url = options.public_url()?;
    // Before the build, which may take minutes: requests wait for it, and whoever wants the port too is told.
    let listeners = listen(options.port()?)?;
    let port = listeners.first().and_then(|it| it.local_addr().ok()).map_or(0, |it| it.port());
    let server = Arc::new(Server { root: project.root.display().to_string(), site: SetOnce::new() });
    let serving = serve(listeners, &server);
    let folder = site::build(project, &public_url)?;
    println!("Flowglass is at http://localhost:{port}{} (stop with Ctrl-C)", public_url.as_str());
    server.site.set(Site::new(&folder, public_url)).ok();
    let end = serving.join().unwrap_or(Ok(()));
    end.map_err(|source| Error::Io { path: format!("port {port}").into(), source })
}

/// On both addresses that `localhost` may mean; one that has no IPv6 is fine.
fn listen(port: u16) -> Result<Vec<TcpListener>, Error> {
    let first = bind(Ipv4Addr::LOCALHOST.into(), port)?;
    let chosen = first.local_addr().map_or(port, |address| address.port());
    match bind(Ipv6Addr::LOCALHOST.into(), chosen) {
        Err(taken @ Error::PortInUse { .. }) => Err(taken),
        second => Ok(std::iter::once(first).chain(second.ok()).collect()),
    }
}

fn bind(address: IpAddr, port: u16) -> Result<TcpListener, Error> {
    TcpListener::bind((address, port)).map_err(|source| match source.kind() {
        ErrorKind::AddrInUse => Error::PortInUse { port, by: holder(address, port).ok().flatten() },
        _ => Error::Io { path: format!("{address} port {port}").into(), source },
    })
}

/// The folder that another of this program serves at a port.
fn holder(address: IpAddr, port: u16) -> io::Result<Option<String>> {
    let wait = Duration::from_secs(1);
    let mut stream = TcpStream::connect_timeout(&(address, port).into(), wait)?;
    stream.set_read_timeout(Some(wait))?;
    stream.write_all(WHO.as_bytes())?;
    let mut text = String::new();
    stream.take(LONGEST_ANSWER).read_to_string(&mut text)?;
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body);
    Ok(body.and_then(|body| body.strip_prefix(GREETING)).map(str::to_owned))
}

/// In a thread of its own, beside the build, as long as the program runs.
fn serve(listeners: Vec<TcpListener>, server: &Arc<Server>) -> JoinHandle<io::Result<()>> {
    let server = Arc::clone(server);
    thread::spawn(move || {
        runtime()?.block_on(async {
            let accepting = listeners.into_iter().map(|listener| tokio::spawn(accept(listener, Arc::clone(&server))));
            for task in accepting.collect::<Vec<_>>() {
                task.await.map_err(io::Error::other)??;
            }
            Ok(())
        })
    })
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_io().build()
}

async fn accept(listener: TcpListener, server: Arc<Server>) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let server = Arc::clone(&server);
        let answer = service_fn(move |request: Request<_>| {
            let server = Arc::clone(&server);
            async move { Ok::<_, Infallible>(server.reply(request.map(drop)).await) }
        });
        // A browser that goes away in the middle is nobody's error.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
    }
}

type Reply = Response<Either<ServeFileSystemResponseBody, String>>;

struct Server {
    root: String,
    /// There once it is built.
    site: SetOnce<Site>,
}

impl Server {
    async fn reply(&self, request: Request<()>) -> Reply {
        if request.method() == Method::OPTIONS && request.uri().path() == "*" {
            return self.greeting();
        }
        self.site.wait().await.reply(request).await
    }

    /// Whoever asks for it reads until the connection ends.
    fn greeting(&self) -> Reply {
        let mut reply = plain(StatusCode::OK, format!("{GREETING}{}", self.root));
        reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        reply
    }
}

struct Site {
    public_url: PublicUrl,
    files: ServeDir,
    page: ServeFile,
}

impl Site {
    fn new(folder: &Path, public_url: PublicUrl) -> Self {
        // Without its own redirect from a folder to its slash: the page is there without one too.
        let files = ServeDir::new(folder).append_index_html_on_directories(false);
        let page = ServeFile::new(folder.join("index.html"));
        let (files, page) = (files.precompressed_br(), page.precompressed_br());
        Self { public_url, files: files.precompressed_gzip(), page: page.precompressed_gzip() }
    }

    async fn reply(&self, request: Request<()>) -> Reply {
        let mut reply = self.found(request).await;
        for (name, value) in ALWAYS {
            reply.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        reply
    }

    /// A file's own name, or the page; a missing style or script must not turn into a page.
    async fn found(&self, request: Request<()>) -> Reply {
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return status(StatusCode::METHOD_NOT_ALLOWED);
        }
        let path = request.uri().path().to_owned();
        let Some(inner) = path.strip_prefix(self.public_url.as_str()) else {
            return self.elsewhere();
        };
        match self.file(request.clone(), inner).await {
            Some(file) => file,
            None if is_asset(inner) => status(StatusCode::NOT_FOUND),
            None => there(self.page.clone().try_call(request).await).unwrap_or_else(|| status(StatusCode::NOT_FOUND)),
        }
    }

    async fn file(&self, mut request: Request<()>, inner: &str) -> Option<Reply> {
        *request.uri_mut() = format!("/{inner}").parse().ok().filter(|_| !has_hidden(inner))?;
        there(self.files.clone().try_call(request).await)
    }

    fn elsewhere(&self) -> Reply {
        let mut reply = status(StatusCode::FOUND);
        reply.headers_mut().extend(HeaderValue::from_str(self.public_url.as_str()).map(|to| (LOCATION, to)));
        reply
    }
}

/// What cannot be read is as good as not there.
fn there(reply: io::Result<Response<ServeFileSystemResponseBody>>) -> Option<Reply> {
    let reply = reply.ok().filter(|reply| reply.status() != StatusCode::NOT_FOUND)?;
    Some(reply.map(Either::Left))
}

/// The marks of the build begin with a dot, and so does what leads out of its folder.
fn has_hidden(path: &str) -> bool {
    let bytes: Vec<u8> = percent_decode_str(path).collect();
    bytes.split(|byte| b"/\\".contains(byte)).any(|segment| segment.starts_with(b"."))
}

/// What the page loads lies beside it.
fn is_asset(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    !path.contains('/') && ["css", "html", "js", "svg", "wasm"].contains(&ending)
}

fn status(status: StatusCode) -> Reply {
    plain(status, status.to_string())
}

fn plain(status: StatusCode, text: String) -> Reply {
    let mut reply = Response::new(Either::Right(text));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    reply
}

#[cfg(test)]
mod tests {
    use std::fs;

    use http_body_util::BodyExt;

    use super::*;

    /// Each test has a folder of its own, as they run side by side.
    fn site(name: &str, public_url: &str) -> Site {
        let folder = folder(name);
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in [("index.html", "page"), ("app.wasm", "module"), ("app.wasm.br", "brotli")] {
            fs::write(folder.join(file), text).unwrap();
        }
        Site::new(&folder, PublicUrl::parse(public_url).unwrap())
    }

    fn folder(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/xtask/serve-test").join(name)
    }

    fn ask(site: &Site, method: Method, target: &str, header: (&'static str, &str)) -> (Reply, String) {
        let request = Request::builder().method(method).uri(target).header(header.0, header.1).body(()).unwrap();
        runtime().unwrap().block_on(async {
            let (head, body) = site.reply(request).await.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            (Response::from_parts(head, Either::Right(String::new())), String::from_utf8(body.to_vec()).unwrap())
        })
    }

    fn get(site: &Site, target: &str) -> (u16, String, String) {
        let (reply, body) = ask(site, Method::GET, target, ("accept", "*/*"));
        (reply.status().as_u16(), header(&reply, "content-type"), body)
    }

    fn header(reply: &Reply, name: &str) -> String {
        reply.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned()
    }

    #[test]
    fn a_file_has_its_type() {
        let site = site("type", "/");
        assert_eq!(get(&site, "/app.wasm"), (200, "application/wasm".to_owned(), "module".to_owned()));
        assert_eq!(get(&site, "/app%2Ewasm").2, "module");
        assert_eq!(get(&site, "/gone.js").0, 404);
    }

    #[test]
    fn a_browser_gets_the_compressed_copy_of_a_file() {
        let (reply, body) =
            ask(&site("compressed", "/p/"), Method::GET, "/p/app.wasm", ("accept-encoding", "gzip, br"));
        assert_eq!((header(&reply, "content-encoding").as_str(), body.as_str()), ("br", "brotli"));
        assert_eq!(header(&reply, "content-type"), "application/wasm");
    }

    #[test]
    fn a_part_of_a_file_is_sent_alone() {
        let (reply, body) = ask(&site("range", "/"), Method::GET, "/app.wasm", ("range", "bytes=1-3"));
        assert_eq!((reply.status().as_u16(), body.as_str()), (206, "odu"));
    }

    #[test]
    fn every_route_is_the_page() {
        let site = site("route", "/p/");
        fs::create_dir_all(folder("route").join("oauth/callback")).unwrap();
        for route in ["/p/", "/p/?server=x", "/p/oauth/callback?code=a/../b", "/p/oauth/callback/", "/p/tools/a.js"] {
            assert_eq!(get(&site, route), (200, "text/html".to_owned(), "page".to_owned()), "{route}");
        }
    }

    #[test]
    fn outside_of_the_public_url_it_leads_there() {
        let (reply, _) = ask(&site("outside", "/p/"), Method::GET, "/", ("accept", "*/*"));
        assert_eq!((reply.status().as_u16(), header(&reply, "location").as_str()), (302, "/p/"));
    }

    #[test]
    fn nothing_outside_of_the_folder_is_read() {
        let site = site("inside", "/");
        fs::write(folder("secret.txt"), "secret").unwrap();
        fs::write(folder("inside").join(".stamp"), "mark").unwrap();
        for target in [
            "/../secret.txt",
            "/..%2fsecret.txt",
            "/%2e%2e/secret.txt",
            "/%2e%2e%2Fsecret.txt",
            "/..%5csecret.txt",
            "/..\\secret.txt",
            "/%252e%252e/secret.txt",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/C:/Windows/win.ini",
            "/C:%5cWindows%5cwin.ini",
            "/c%3a/Windows/win.ini",
            "/nul.txt",
            "/a/COM1",
            "/con.css",
            "/index.html%00",
            "/%zz",
            "/%e9",
            "/.stamp",
            "/%2estamp",
        ] {
            let (_, _, body) = get(&site, target);
            assert!(body == "page" || body == "404 Not Found", "{target}: {body}");
        }
    }

    #[test]
    fn no_other_site_may_show_it_in_a_frame() {
        let (reply, _) = ask(&site("frame", "/"), Method::GET, "/", ("accept", "*/*"));
        assert_eq!(header(&reply, "content-security-policy"), "frame-ancestors 'self'");
    }

    #[test]
    fn only_reading_is_allowed() {
        let site = site("reading", "/");
        for (method, status) in [(Method::HEAD, 200), (Method::POST, 405), (Method::OPTIONS, 405)] {
            assert_eq!(ask(&site, method, "/", ("accept", "*/*")).0.status(), status);
        }
    }

    #[test]
    fn a_port_in_use_is_said() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        // It answers nothing.
        thread::spawn(move || taken.incoming().for_each(drop));
        assert!(matches!(listen(port), Err(Error::PortInUse { port: found, by: None }) if found == port));
    }

    #[test]
    fn the_second_is_told_the_folder_of_the_first_that_still_builds() {
        let first = listen(0).unwrap();
        let port = first[0].local_addr().unwrap().port();
        let server = Arc::new(Server { root: "/clones/flowglass".to_owned(), site: SetOnce::new() });
        serve(first, &server);
        let error = listen(port).unwrap_err().to_string();
        assert!(error.contains(&port.to_string()) && error.contains("/clones/flowglass"), "{error}");
    }

    #[test]
    fn a_request_waits_until_the_page_is_built() {
        let listeners = listen(0).unwrap();
        let port = listeners[0].local_addr().unwrap().port();
        let server = Arc::new(Server { root: String::new(), site: SetOnce::new() });
        serve(listeners, &server);
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
        server.site.set(site("waiting", "/")).ok();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("HTTP/1.1 200 OK") && text.ends_with("page"), "{text}");
    }
}
