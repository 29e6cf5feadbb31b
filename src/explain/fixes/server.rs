//! What an MCP server has to publish and to admit: challenge and resource metadata, and the checks of `Origin` and
//! `Host`.

use super::Framework::{
    self, AspNet, Axum, BetterAuth, Caddy, Express, FastMcp, Go, Hono, Http, Nginx, NpmFastMcp, PythonSdk, Spring,
    TypeScriptV2, Workers,
};

pub const METADATA: &[(Framework, &str)] = &[
    (
        Http,
        r#"
HTTP/1.1 401 Unauthorized
WWW-Authenticate: Bearer resource_metadata="%METADATA%"

GET %METADATA_PATH%
{
  "resource": "%MCP%",
  "authorization_servers": ["%AS%"]
}
"#,
    ),
    (
        FastMcp,
        r#"
from fastmcp.server.auth import RemoteAuthProvider
from pydantic import AnyHttpUrl, ConfigDict, TypeAdapter

# Keeps the string as it is: AnyHttpUrl alone adds a slash.
url = TypeAdapter(AnyHttpUrl, config=ConfigDict(url_preserve_empty_path=True)).validate_python
auth = RemoteAuthProvider(
    token_verifier=verifier,
    authorization_servers=[url("%AS%")],
    base_url="%ORIGIN%",  # without the path: http_app appends it
)
mcp = FastMCP("name", auth=auth)  # verifier: your JWTVerifier
"#,
    ),
    (
        PythonSdk,
        r#"
auth = AuthSettings(
    issuer_url="%AS%",
    resource_server_url="%MCP%",  # with the path: makes metadata and challenge
    required_scopes=["mcp:read"],
)
"#,
    ),
    (
        Express,
        r#"
const server = new URL("%MCP%");
app.use(mcpAuthMetadataRouter({ oauthMetadata, resourceServerUrl: server }));
app.use("%PATH%", requireBearerAuth({
  verifier,
  resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(server),
}));
"#,
    ),
    (
        TypeScriptV2,
        r#"
const resource = new URL("%MCP%");
const gate = requireBearerAuth({
  verifier,
  resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
  expectedResource: resource,
});
// The metadata comes before the gate.
const metadata = oauthMetadataResponse(req, { oauthMetadata, resourceServerUrl: resource });
if (metadata) return metadata;
"#,
    ),
    (
        Hono,
        r#"
app.route("/", simpleMcpAuthRouter({ issuer: "%AS%", resourceServerUrl: new URL("%MCP%") }));
const challenge = { wwwAuthenticateHeader: 'Bearer resource_metadata="%METADATA%"' };
app.use("%PATH%", bearerAuth({ verifyToken, noAuthenticationHeader: challenge, invalidToken: challenge }));
"#,
    ),
    (
        Workers,
        r#"
// In the options of OAuthProvider (@cloudflare/workers-oauth-provider 1.x); it must cover every API route.
resourceMetadata: { resource: "%ORIGIN%", authorization_servers: ["%ORIGIN%"] },
"#,
    ),
    (
        NpmFastMcp,
        r#"
oauth: {
  enabled: true,
  protectedResource: { resource: "%MCP%", authorizationServers: ["%AS%"] },
},
authenticate: async (req) => {
  if (!valid(req.headers.authorization)) throw new Error("no token"); // an Error, not a Response
  return session;
},
"#,
    ),
    (
        BetterAuth,
        r#"
requireMcpAuth(auth, handler, { resource: "%MCP%", issuer: "%ORIGIN%/api/auth" });
// The same resource in mcpPlugin(…); route /.well-known/* to auth.handler.
"#,
    ),
    (
        Axum,
        r##"
// The metadata route stands outside of the token check.
let challenge = r#"Bearer resource_metadata="%METADATA%""#;
return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)]).into_response();

async fn metadata() -> Json<Value> {
    Json(json!({"resource": "%MCP%", "authorization_servers": ["%AS%"]}))
}
let app = app.route("%METADATA_PATH%", get(metadata));
"##,
    ),
    (
        Go,
        r#"
// Official SDK. mcp-go: server.WithProtectedResourceMetadata(…), and the challenge in your middleware.
auth.RequireBearerToken(verify, &auth.RequireBearerTokenOptions{ResourceMetadataURL: "%METADATA%"})
mux.Handle("%METADATA_PATH%", auth.ProtectedResourceMetadataHandler(&oauthex.ProtectedResourceMetadata{
  Resource: "%MCP%", AuthorizationServers: []string{"%AS%"}}))
"#,
    ),
    (
        Spring,
        r#"
http.with(McpServerOAuth2Configurer.mcpServerOAuth2(), m -> m
  .authorizationServer("%AS%")
  .resourcePath("%PATH%"));
// Behind a proxy: server.forward-headers-strategy=framework
"#,
    ),
    (
        AspNet,
        r#"
builder.Services
  .AddAuthentication(o => o.DefaultChallengeScheme = McpAuthenticationDefaults.AuthenticationScheme)
  .AddMcp(o => o.ResourceMetadata = new() { Resource = "%MCP%", AuthorizationServers = { "%AS%" } });
"#,
    ),
    (
        Nginx,
        r#"
location = %METADATA_PATH% {
  default_type application/json;
  add_header Access-Control-Allow-Origin * always;
  return 200 '{"resource":"%MCP%","authorization_servers":["%AS%"]}';
}
"#,
    ),
    (
        Caddy,
        r#"
handle %METADATA_PATH% {
  header Content-Type application/json
  header Access-Control-Allow-Origin *
  respond `{"resource":"%MCP%","authorization_servers":["%AS%"]}`
}
"#,
    ),
];

pub const ORIGIN: &[(Framework, &str)] = &[
    (
        Http,
        r#"
Allowed origins: %PAGE%
Allowed hosts: %HOST%
"#,
    ),
    (
        FastMcp,
        r#"
app = mcp.http_app(middleware=[cors], allowed_origins=["%PAGE%"], allowed_hosts=["%HOST%"])
"#,
    ),
    (
        PythonSdk,
        r#"
from mcp.server.transport_security import TransportSecuritySettings

security = TransportSecuritySettings(allowed_hosts=["%HOST%", "127.0.0.1:*"], allowed_origins=["%PAGE%"])
app = mcp.streamable_http_app(transport_security=security)  # 2.x
mcp = FastMCP("name", transport_security=security)          # 1.x
"#,
    ),
    (
        Express,
        r#"
new StreamableHTTPServerTransport({
  enableDnsRebindingProtection: true,
  allowedHosts: ["%HOST%"],
  allowedOrigins: ["%PAGE%"],
});
"#,
    ),
    (
        TypeScriptV2,
        r#"
// Host names, without scheme and port.
const app = createMcpExpressApp({
  allowedOrigins: ["localhost", "127.0.0.1", "%PAGEHOST%"],
  allowedHosts: ["127.0.0.1", "%HOST%"],
});
"#,
    ),
    (
        Axum,
        r#"
StreamableHttpServerConfig::default()
    .with_allowed_hosts(["%HOST%", "127.0.0.1"])
    .with_allowed_origins(["%PAGE%"])
"#,
    ),
    (
        Go,
        r#"
// Official SDK, with CrossOriginProtection set:
protection.AddTrustedOrigin("%PAGE%")
// Behind a proxy that checks the host: DisableLocalhostProtection: true
"#,
    ),
    (
        AspNet,
        r#"
"AllowedHosts": "%HOST%;localhost"
"#,
    ),
];
