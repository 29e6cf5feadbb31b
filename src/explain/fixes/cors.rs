//! CORS: of the MCP server, outside of authentication and with the challenge exposed; and of the authorization server.

use super::Framework::{
    self, AspNet, Auth0, Authentik, Axum, BetterAuth, Caddy, Django, Entra, Express, FastMcp, Go, Hono, Http, Hydra,
    Keycloak, Nginx, NpmFastMcp, OidcProvider, Okta, PythonSdk, Spring, TypeScriptV2, Workers,
};

pub const SERVER: &[(Framework, &str)] = &[
    (
        Http,
        r#"
Access-Control-Allow-Origin: %PAGE%
Access-Control-Allow-Methods: %METHODS%
Access-Control-Allow-Headers: %HEADERS%
Access-Control-Expose-Headers: %EXPOSE%
"#,
    ),
    (
        FastMcp,
        r#"
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

cors = Middleware(
    CORSMiddleware,
    allow_origins=["%PAGE%"],
    allow_methods=["GET", "POST", "DELETE"],
    allow_headers=["*"],  # mirrors the requested headers
    expose_headers=["WWW-Authenticate", "Mcp-Session-Id"],
)
mcp.run(transport="http", middleware=[cors])
# With uvicorn instead of run: app = mcp.http_app(middleware=[cors])
"#,
    ),
    (
        PythonSdk,
        r#"
from starlette.middleware.cors import CORSMiddleware

app = CORSMiddleware(
    mcp.streamable_http_app(),
    allow_origins=["%PAGE%"],
    allow_methods=["GET", "POST", "DELETE"],
    allow_headers=["*"],  # mirrors the requested headers
    expose_headers=["WWW-Authenticate", "Mcp-Session-Id"],
)
uvicorn.run(app, host="0.0.0.0", port=8000)  # not mcp.run(): it builds another app
"#,
    ),
    (
        Express,
        r#"
import cors from "cors";

// The first app.use, before authentication. Without allowedHeaders it mirrors the request.
app.use(cors({
  origin: "%PAGE%",
  methods: ["GET", "POST", "DELETE"],
  exposedHeaders: ["WWW-Authenticate", "Mcp-Session-Id"],
}));
"#,
    ),
    (
        TypeScriptV2,
        r#"
import cors from "cors";

// Host names, without scheme and port.
const app = createMcpExpressApp({ allowedOrigins: ["localhost", "127.0.0.1", "%PAGEHOST%"] });
app.use(cors({
  origin: "%PAGE%",
  methods: ["GET", "POST", "DELETE"],
  exposedHeaders: ["WWW-Authenticate", "Mcp-Session-Id"],
}));
"#,
    ),
    (
        Hono,
        r#"
import { cors } from "hono/cors";

// The first app.use, before authentication. Without allowHeaders it mirrors the request.
app.use("*", cors({
  origin: "%PAGE%",
  allowMethods: ["GET", "POST", "DELETE"],
  exposeHeaders: ["WWW-Authenticate", "Mcp-Session-Id"],
}));
"#,
    ),
    (
        Workers,
        r#"
// McpAgent without OAuthProvider. OAuthProvider 1.x sends CORS headers itself:
// npm i @cloudflare/workers-oauth-provider@^1.2
const corsOptions = {
  origin: "%PAGE%",
  methods: "GET, POST, DELETE, OPTIONS",
  headers: "%HEADERS%",
  exposeHeaders: "WWW-Authenticate, Mcp-Session-Id",
};
export default MyMCP.serve("%PATH%", { corsOptions });
"#,
    ),
    (
        NpmFastMcp,
        r#"
httpStream: {
  port,
  endpoint: "%PATH%",
  cors: {
    origin: ["%PAGE%"],
    methods: ["GET", "POST", "DELETE"],
    allowedHeaders: ["Authorization", "Content-Type", "Last-Event-Id", "Mcp-Method", "Mcp-Name", "Mcp-Protocol-Version", "Mcp-Session-Id"],
    exposedHeaders: ["WWW-Authenticate", "Mcp-Session-Id"],
  },
}
"#,
    ),
    (
        BetterAuth,
        r#"
// Before /mcp, /.well-known/* and /api/auth/oauth2/*.
app.use("*", cors({ origin: "%PAGE%", exposeHeaders: ["WWW-Authenticate", "Mcp-Session-Id"] }));
"#,
    ),
    (
        Axum,
        r#"
// tower-http, feature "cors". The last layer is the outermost: after the token check.
let cors = CorsLayer::new()
    .allow_origin(HeaderValue::from_static("%PAGE%"))
    .allow_methods([Method::GET, Method::POST, Method::DELETE])
    .allow_headers(AllowHeaders::mirror_request())
    .expose_headers([header::WWW_AUTHENTICATE, HeaderName::from_static("mcp-session-id")]);
let app = app.layer(cors);
"#,
    ),
    (
        Go,
        r#"
// mcp-go. For the official SDK wrap handler and token check in github.com/rs/cors.
server.WithStreamableHTTPCORS(
  server.WithCORSAllowedOrigins("%PAGE%"),
  server.WithCORSAllowedHeaders("Authorization", "Content-Type", "Last-Event-ID", "Mcp-Method", "Mcp-Name", "Mcp-Protocol-Version", "Mcp-Session-Id"),
  server.WithCORSExposedHeaders("WWW-Authenticate", "Mcp-Session-Id"))
"#,
    ),
    (
        Spring,
        r#"
var cors = new CorsConfiguration();
cors.setAllowedOrigins(List.of("%PAGE%"));
cors.setAllowedMethods(List.of("GET", "POST", "DELETE"));
cors.setAllowedHeaders(List.of("*"));
cors.setExposedHeaders(List.of("WWW-Authenticate", "Mcp-Session-Id"));
var source = new UrlBasedCorsConfigurationSource();
source.registerCorsConfiguration("/**", cors);
http.cors(c -> c.configurationSource(source));
"#,
    ),
    (
        AspNet,
        r#"
builder.Services.AddCors(o => o.AddPolicy("Mcp", p => p
  .WithOrigins("%PAGE%")
  .WithMethods("GET", "POST", "DELETE")
  .WithHeaders("Authorization", "Content-Type", "Last-Event-ID", "Mcp-Method", "Mcp-Name", "MCP-Protocol-Version", "Mcp-Session-Id")
  .WithExposedHeaders("WWW-Authenticate", "Mcp-Session-Id")));

app.UseCors("Mcp"); // before UseAuthentication
app.UseAuthentication();
app.UseAuthorization();
app.MapMcp("%PATH%").RequireAuthorization();
"#,
    ),
    (
        Nginx,
        r#"
location %PATH% {
  if ($request_method = OPTIONS) { return 204; }
  proxy_pass http://127.0.0.1:8000;
  proxy_http_version 1.1;
  proxy_buffering off;
  proxy_hide_header Access-Control-Allow-Origin;
  proxy_hide_header Access-Control-Expose-Headers;
  add_header Access-Control-Allow-Origin "%PAGE%" always;
  add_header Access-Control-Allow-Methods "%METHODS%" always;
  add_header Access-Control-Allow-Headers "%HEADERS%" always;
  add_header Access-Control-Expose-Headers "%EXPOSE%" always;
}
"#,
    ),
    (
        Caddy,
        r#"
@preflight method OPTIONS
handle @preflight {
  header Access-Control-Allow-Origin %PAGE%
  header Access-Control-Allow-Methods "%METHODS%"
  header Access-Control-Allow-Headers "%HEADERS%"
  respond 204
}
handle %PATH%* {
  reverse_proxy 127.0.0.1:8000 {
    flush_interval -1
    header_down Access-Control-Allow-Origin %PAGE%
    header_down Access-Control-Expose-Headers "%EXPOSE%"
  }
}
"#,
    ),
];

pub const ISSUER: &[(Framework, &str)] = &[
    (
        Http,
        r#"
Access-Control-Allow-Origin: %PAGE%
Access-Control-Allow-Methods: %METHODS%
Access-Control-Allow-Headers: %HEADERS%
"#,
    ),
    (
        Keycloak,
        r#"
Token endpoint: Clients > (client) > Web origins: %PAGE%
Registration (26.5 or later): Clients > Client registration > Anonymous access policies >
  Allowed Registration Web Origins: %PAGE%
"#,
    ),
    (
        Auth0,
        r#"
Applications > (application, type Single Page) > Settings
  Allowed Callback URLs: %CALLBACK%
  Allowed Web Origins: %PAGE%
"#,
    ),
    (
        Entra,
        r#"
App registrations > (app) > Authentication > Add a platform > Single-page application
  Redirect URI: %CALLBACK%
"#,
    ),
    (
        Okta,
        r#"
Security > API > Trusted Origins > Add origin
  Origin: %PAGE%, type CORS
"#,
    ),
    (
        OidcProvider,
        r#"
// Token endpoint:
clientBasedCORS: (ctx, origin, client) => origin === "%PAGE%",

// Registration, before provider.callback():
if (req.url === "/reg") {
  res.setHeader("access-control-allow-origin", "%PAGE%");
  if (req.method === "OPTIONS") {
    res.writeHead(204, { "access-control-allow-methods": "POST", "access-control-allow-headers": "content-type" });
    return res.end();
  }
}
"#,
    ),
    (
        Django,
        r#"
# django-cors-headers, first in MIDDLEWARE
CORS_ALLOWED_ORIGINS = ["%PAGE%"]
CORS_URLS_REGEX = r"^(/o/|/\.well-known/).*$"
"#,
    ),
    (
        Hydra,
        r#"
serve:
  public:
    cors:
      enabled: true
      allowed_origins: ["%PAGE%"]
# and in the client: allowed_cors_origins: ["%PAGE%"]
"#,
    ),
    (
        Authentik,
        r#"
Applications > Providers > (provider) > Redirect URIs (strict): %CALLBACK%
"#,
    ),
    (
        BetterAuth,
        r#"
app.use("*", cors({ origin: "%PAGE%" }));  // before /.well-known/* and /api/auth/oauth2/*
"#,
    ),
    (
        Nginx,
        r#"
location / {
  if ($request_method = OPTIONS) { return 204; }
  proxy_pass http://127.0.0.1:8000;
  proxy_hide_header Access-Control-Allow-Origin;
  add_header Access-Control-Allow-Origin "%PAGE%" always;
  add_header Access-Control-Allow-Methods "%METHODS%" always;
  add_header Access-Control-Allow-Headers "%HEADERS%" always;
}
"#,
    ),
];
