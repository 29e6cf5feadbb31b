//! A cell of the product: the revision that the server speaks, how a client finds out where to log in, how it gets its
//! client id. And the servers that are so.

use crate::world::{
    Answer, SERVER, carries, header, issuer, json_answer, message, resource_metadata, served, server_metadata,
    settings, unauthorized,
};
use flowglass::base::revision::Revision;
use flowglass::http::Request;
use flowglass::settings::{Draft, Settings};
use serde_json::{Value, json};

/// How a client finds the authorization server.
#[derive(Clone, Copy, PartialEq)]
pub enum Discovery {
    /// The challenge names the resource metadata, which name it: the rule since 2025-06-18. Servers of older revisions
    /// do it too, because clients ask for it before they know which revision a server speaks.
    Named,
    /// Its metadata is at the server's own origin, as 2025-03-26 has it.
    OwnMetadata,
    /// There is no metadata: the fixed endpoints of 2025-03-26.
    NoMetadata,
}

/// How the client gets its client id, and proves itself with it.
#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    Public,
    Basic,
    Post,
    Document,
    Dynamic,
}

#[derive(Clone, Copy, PartialEq)]
pub struct Case {
    pub revision: Revision,
    pub discovery: Discovery,
    pub way: Way,
}

/// What a request is for, told by its address and what it carries.
#[derive(Clone, Copy, PartialEq)]
pub enum Asked {
    /// The MCP server, without a token.
    Server,
    ResourceMetadata,
    IssuerMetadata,
    Registration,
    Token,
    /// The MCP server, with the token.
    Authorized,
    /// The same, for the message that begins the conversation: `initialize`, or `server/discover`.
    Handshake,
    /// HTTP+SSE: the same, for the stream.
    Stream,
    Elsewhere,
}

pub const DOCUMENT: &str = "https://inspector.example.com/client.json";
const SECRET: &str = "s3cret";
/// `mine:s3cret`, as RFC 7617 writes it.
const BASIC: &str = "bWluZTpzM2NyZXQ=";
const REDIRECT: &str = "http://localhost:3000/oauth/callback";
const ORIGIN: &str = "https://mcp.example.com";
/// HTTP+SSE: where messages are posted to.
const MESSAGES: &str = "https://mcp.example.com/messages?session=1";
/// What may be seen nowhere: code, tokens, verifier, client secret.
pub const SECRETS: [&str; 6] = ["c0de", "t-1", "r-1", "BwcHBwcHBwcHBwc", SECRET, BASIC];

impl Way {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Dynamic, "dynamic"),
        (Self::Public, "by-hand"),
        (Self::Basic, "client-secret-basic"),
        (Self::Post, "client-secret-post"),
        (Self::Document, "metadata-document"),
    ];
}

impl Discovery {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Named, ""), (Self::OwnMetadata, "own-metadata-"), (Self::NoMetadata, "no-metadata-")];

    /// 2024-11-05 says nothing of authorization; its servers do as those of 2025-03-26, if they do anything.
    fn is_of(self, revision: Revision) -> bool {
        match self {
            Self::Named => true,
            Self::OwnMetadata => revision == Revision::R2,
            Self::NoMetadata => revision <= Revision::R2,
        }
    }
}

impl Case {
    /// All cells that there are, the one first that most servers of today are.
    pub fn all() -> Vec<Self> {
        let revisions = [Revision::R4, Revision::R5, Revision::R3, Revision::R2, Revision::R1];
        let discoveries = |revision| {
            let of = Discovery::ALL.into_iter().map(|(it, _)| it).filter(move |it| it.is_of(revision));
            of.map(move |discovery| (revision, discovery))
        };
        let ways = |(revision, discovery)| Way::ALL.map(|(way, _)| Self { revision, discovery, way });
        revisions.into_iter().flat_map(discoveries).flat_map(ways).filter(Self::exists).collect()
    }

    /// Where there is no metadata, nobody says that client metadata documents are taken.
    fn exists(&self) -> bool {
        (self.discovery, self.way) != (Discovery::NoMetadata, Way::Document)
    }

    /// The name of its golden file.
    pub fn name(&self) -> String {
        let way = Way::ALL.into_iter().find(|(it, _)| *it == self.way).map_or("", |(_, name)| name);
        let discovery = Discovery::ALL.into_iter().find(|(it, _)| *it == self.discovery).map_or("", |(_, name)| name);
        format!("{}-{discovery}{way}", self.revision.as_str())
    }

    /// The `resource` that goes with the requests: the one that the resource metadata names.
    pub fn resource(&self) -> Option<&'static str> {
        (self.discovery == Discovery::Named).then_some(SERVER)
    }

    /// The authorization server that is asked.
    pub fn issuer(&self) -> &'static str {
        if self.discovery == Discovery::Named { crate::world::ISSUER } else { ORIGIN }
    }

    /// What the user types. The revision is found out by asking.
    pub fn settings(&self, edit: impl FnOnce(&mut Draft)) -> Settings {
        settings(|draft| {
            match self.way {
                Way::Public => draft.client_id = "mine".to_owned(),
                Way::Basic | Way::Post => {
                    (draft.client_id, draft.client_secret) = ("mine".to_owned(), SECRET.to_owned());
                }
                Way::Document => draft.client_metadata_url = DOCUMENT.to_owned(),
                Way::Dynamic => {}
            }
            // Nobody says which methods are taken, and basic would be the default.
            if (self.discovery, self.way) == (Discovery::NoMetadata, Way::Post) {
                draft.token_auth = "client_secret_post".to_owned();
            }
            edit(draft);
        })
    }

    /// The query that a login comes back with.
    pub fn back(&self) -> String {
        match self.discovery {
            Discovery::NoMetadata => "code=c0de&state={state}".to_owned(),
            _ => format!("code=c0de&state={{state}}&iss={}", self.issuer()),
        }
    }

    pub fn asked(&self, request: &Request) -> Asked {
        let at_issuer = request.url.strip_prefix(self.issuer()).unwrap_or_default();
        match request.url.as_str() {
            SERVER if header(request, "authorization").is_none() => Asked::Server,
            SERVER if request.body.is_none() => Asked::Stream,
            // What is posted there belongs on the stream.
            SERVER if self.revision == Revision::R1 => Asked::Authorized,
            SERVER | MESSAGES if self.begins(request) => Asked::Handshake,
            SERVER | MESSAGES => Asked::Authorized,
            url if url.contains("/.well-known/oauth-protected-resource") => Asked::ResourceMetadata,
            _ if at_issuer.starts_with("/.well-known/o") => Asked::IssuerMetadata,
            _ if at_issuer == "/register" => Asked::Registration,
            _ if at_issuer == "/token" => Asked::Token,
            _ => Asked::Elsewhere,
        }
    }

    fn begins(&self, request: &Request) -> bool {
        let first = if self.revision.has_handshake() { "initialize" } else { "server/discover" };
        message(request)["method"] == first
    }

    /// All servers as they should be.
    pub fn good(&self, request: &Request) -> Answer {
        match (self.asked(request), self.discovery) {
            (Asked::Server | Asked::Authorized | Asked::Handshake | Asked::Stream, _) => self.guarded(request),
            (Asked::ResourceMetadata, Discovery::Named) => json_answer(200, resource_metadata()),
            (Asked::IssuerMetadata, Discovery::Named | Discovery::OwnMetadata)
                if request.url.ends_with("/oauth-authorization-server") =>
            {
                json_answer(200, self.metadata())
            }
            (Asked::Registration, _) => self.at_issuer(request, "register"),
            (Asked::Token, _) if self.redeems(request) => self.at_issuer(request, "token"),
            (Asked::Token, _) => json_answer(400, json!({"error": "invalid_request"})),
            _ => json_answer(404, Value::Null),
        }
    }

    fn guarded(&self, request: &Request) -> Answer {
        match carries(request, "t-1") {
            true => served(request, Some(self.revision)),
            false => unauthorized(self.challenge()),
        }
    }

    pub fn challenge(&self) -> &'static str {
        match self.discovery {
            Discovery::Named => {
                r#"Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="tools:read""#
            }
            _ => r#"Bearer realm="example""#,
        }
    }

    /// What the world's authorization server answers there.
    fn at_issuer(&self, request: &Request, path: &str) -> Answer {
        issuer(&Request { url: format!("{}/{path}", crate::world::ISSUER), ..request.clone() })
    }

    /// The authorization server's metadata.
    pub fn metadata(&self) -> Value {
        let mut metadata = server_metadata();
        metadata["issuer"] = json!(self.issuer());
        for (member, path) in [
            ("authorization_endpoint", "authorize"),
            ("token_endpoint", "token"),
            ("registration_endpoint", "register"),
        ] {
            metadata[member] = json!(format!("{}/{path}", self.issuer()));
        }
        metadata["client_id_metadata_document_supported"] = json!(self.way == Way::Document);
        metadata["token_endpoint_auth_methods_supported"] = match self.way {
            Way::Basic => json!(["client_secret_basic"]),
            Way::Post => json!(["client_secret_post"]),
            _ => json!(["none"]),
        };
        metadata
    }

    /// Whether a token request is the one that this client should send: nothing is missing, nothing is too much.
    fn redeems(&self, request: &Request) -> bool {
        let body = request.body.as_ref().map(|it| it.expose()).unwrap_or_default();
        let mut sent: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        sent.retain(|(name, value)| name != "code_verifier" || value.len() < 43);
        let (header, mut wanted) = (header(request, "authorization"), self.form());
        sent.sort();
        wanted.sort();
        let proved = header == (self.way == Way::Basic).then(|| format!("Basic {BASIC}"));
        proved && body.contains("code_verifier=") && sent == wanted
    }

    fn form(&self) -> Vec<(String, String)> {
        let client = match self.way {
            Way::Basic => vec![],
            Way::Post => vec![("client_id", "mine"), ("client_secret", SECRET)],
            Way::Public => vec![("client_id", "mine")],
            Way::Document => vec![("client_id", DOCUMENT)],
            Way::Dynamic => vec![("client_id", "c-1")],
        };
        let grant = [("grant_type", "authorization_code"), ("code", "c0de"), ("redirect_uri", REDIRECT)];
        let all = grant.into_iter().chain(self.resource().map(|it| ("resource", it))).chain(client);
        all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}
