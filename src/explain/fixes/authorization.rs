//! What an authorization server has to publish, to register and to issue.

use super::Framework::{
    self, Auth0, Authentik, BetterAuth, Cognito, Django, Entra, Express, FastMcp, Google, Http, Hydra, Keycloak,
    NpmFastMcp, OidcProvider, Okta, PythonSdk, Workers,
};

pub const ISSUER: &[(Framework, &str)] = &[
    (
        Http,
        r#"
{ "issuer": "%AS%" }
"#,
    ),
    (
        FastMcp,
        r#"
from fastmcp.server.auth import RemoteAuthProvider
from pydantic import AnyHttpUrl, ConfigDict, TypeAdapter

# Keeps the string as it is: AnyHttpUrl alone adds a slash.
url = TypeAdapter(AnyHttpUrl, config=ConfigDict(url_preserve_empty_path=True)).validate_python
auth = RemoteAuthProvider(token_verifier=verifier, authorization_servers=[url("%AS%")], base_url="%ORIGIN%")
mcp = FastMCP("name", auth=auth)  # verifier: your JWTVerifier
"#,
    ),
    (
        PythonSdk,
        r#"
from pydantic import AnyHttpUrl, ConfigDict, TypeAdapter

# 1.x adds a slash to a path-less issuer; 2.x keeps the string.
url = TypeAdapter(AnyHttpUrl, config=ConfigDict(url_preserve_empty_path=True)).validate_python
auth = AuthSettings(issuer_url=url("%AS%"), resource_server_url="%MCP%")
"#,
    ),
    (
        Keycloak,
        r#"
KC_HOSTNAME=https://login.example.com
KC_PROXY_HEADERS=xforwarded
"#,
    ),
    (
        OidcProvider,
        r#"
const provider = new Provider("%AS%", configuration);
provider.proxy = true; // behind a reverse proxy
"#,
    ),
    (
        Entra,
        r#"
Manifest of the API: "requestedAccessTokenVersion": 2
authorization_servers: https://login.microsoftonline.com/TENANT/v2.0
"#,
    ),
    (
        Auth0,
        r#"
authorization_servers: https://TENANT.auth0.com/   (with the slash)
"#,
    ),
    (
        Okta,
        r#"
authorization_servers: https://DOMAIN/oauth2/ID   (not the bare domain)
Security > API > Authorization Servers > (server) > Settings > Issuer
"#,
    ),
    (
        Authentik,
        r#"
authorization_servers: https://HOST/application/o/SLUG/   (with the slash)
"#,
    ),
];

pub const S256: &[(Framework, &str)] = &[
    (
        Http,
        r#"
"code_challenge_methods_supported": ["S256"]
"#,
    ),
    (
        Express,
        r#"
const oauthMetadata = { ...metadata, code_challenge_methods_supported: ["S256"] };
"#,
    ),
    (
        Entra,
        r#"
# Entra ID supports S256 but does not advertise it: put an OAuth proxy in front, as FastMCP's
auth = AzureProvider(client_id=…, client_secret=…, tenant_id=…, base_url="%ORIGIN%")
mcp = FastMCP("name", auth=auth)  # verifier: your JWTVerifier
"#,
    ),
    (
        Cognito,
        r#"
# Cognito supports S256 but does not advertise it: put an OAuth proxy in front, as FastMCP's
auth = AWSCognitoProvider(user_pool_id=…, client_id=…, client_secret=…, base_url="%ORIGIN%")
mcp = FastMCP("name", auth=auth)  # verifier: your JWTVerifier
"#,
    ),
];

pub const REGISTRATION: &[(Framework, &str)] = &[
    (
        Http,
        r#"
{
  "client_name": "Flowglass",
  "redirect_uris": ["%CALLBACK%"],
  "grant_types": ["authorization_code", "refresh_token"],
  "response_types": ["code"],
  "token_endpoint_auth_method": "none"
}
"#,
    ),
    (
        FastMcp,
        r#"
client_registration_options=ClientRegistrationOptions(
    enabled=True, valid_scopes=["read"], default_scopes=["read"]
)
"#,
    ),
    (
        PythonSdk,
        r#"
client_registration_options=ClientRegistrationOptions(
    enabled=True, valid_scopes=["mcp"], default_scopes=["mcp"]
)
"#,
    ),
    (
        Express,
        r#"
// Without registerClient in clientsStore there is no registration. A pre-registered client:
getClient: (id) => id === "flowglass"
  ? { client_id: "flowglass", redirect_uris: ["%CALLBACK%"], token_endpoint_auth_method: "none" }
  : undefined,
"#,
    ),
    (
        Workers,
        r#"
// In the options of OAuthProvider:
clientRegistrationEndpoint: "/register",
// Or once, in the default handler:
await env.OAUTH_PROVIDER.createClient({
  clientName: "Flowglass",
  redirectUris: ["%CALLBACK%"],
  tokenEndpointAuthMethod: "none",
  grantTypes: ["authorization_code", "refresh_token"],
});
"#,
    ),
    (
        BetterAuth,
        r#"
mcpPlugin({
  allowDynamicClientRegistration: true,
  allowUnauthenticatedClientRegistration: true,
})
"#,
    ),
    (
        Keycloak,
        r#"
Clients > Create client: OpenID Connect
  Client authentication: Off
  Standard flow: On
  Valid redirect URIs: %CALLBACK%
  Web origins: %PAGE%
"#,
    ),
    (
        Auth0,
        r#"
Settings > Advanced > Dynamic Client Registration (DCR): on
Or: Applications > Create > Single Page
  Allowed Callback URLs: %CALLBACK%
  Allowed Web Origins: %PAGE%
"#,
    ),
    (
        Entra,
        r#"
App registrations > New registration
  Platform: Single-page application
  Redirect URI: %CALLBACK%
Client ID: Overview > Application (client) ID
"#,
    ),
    (
        Okta,
        r#"
Applications > Create App Integration > OIDC, Single-Page Application
  Sign-in redirect URIs: %CALLBACK%
"#,
    ),
    (
        Cognito,
        r#"
App clients > Create app client > Single-page application (no secret)
  Allowed callback URLs: %CALLBACK%
"#,
    ),
    (
        Google,
        r#"
# Google has neither registration nor public clients: put an OAuth proxy in front, as FastMCP's
auth = GoogleProvider(client_id=…, client_secret=…, base_url="%ORIGIN%")
mcp = FastMCP("name", auth=auth)  # verifier: your JWTVerifier
"#,
    ),
    (
        OidcProvider,
        r#"
features: { registration: { enabled: true } },
// Or a pre-registered client:
clients: [{
  client_id: "flowglass",
  token_endpoint_auth_method: "none",
  redirect_uris: ["%CALLBACK%"],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
}],
"#,
    ),
    (
        Django,
        r#"
Application.objects.create(
    client_type="public",
    authorization_grant_type="authorization-code",
    redirect_uris="%CALLBACK%",
)
"#,
    ),
    (
        Hydra,
        r#"
oidc:
  dynamic_client_registration:
    enabled: true
"#,
    ),
    (
        Authentik,
        r#"
Applications > Create with provider > OAuth2/OpenID
  Client type: Public
  Redirect URIs (strict): %CALLBACK%
"#,
    ),
];

pub const REDIRECT_URI: &[(Framework, &str)] = &[
    (
        Http,
        r#"
%CALLBACK%
"#,
    ),
    (
        FastMcp,
        r#"
OAuthProxy(allowed_client_redirect_uris=["%PAGE%/*"])
"#,
    ),
    (
        Express,
        r#"
redirect_uris: ["%CALLBACK%"]  // of the client in clientsStore
"#,
    ),
    (
        NpmFastMcp,
        r#"
new OAuthProvider({ allowedRedirectUriPatterns: ["%PAGE%/*"] })
"#,
    ),
    (
        Keycloak,
        r#"
Clients > (client) > Valid redirect URIs: %CALLBACK%
"#,
    ),
    (
        Auth0,
        r#"
Applications > (application) > Settings > Allowed Callback URLs: %CALLBACK%
"#,
    ),
    (
        Entra,
        r#"
App registrations > (app) > Authentication > Single-page application > Redirect URI: %CALLBACK%
"#,
    ),
    (
        Okta,
        r#"
Applications > (app) > General > Sign-in redirect URIs: %CALLBACK%
"#,
    ),
    (
        Cognito,
        r#"
App clients > (client) > Allowed callback URLs: %CALLBACK%
"#,
    ),
    (
        OidcProvider,
        r#"
redirect_uris: ["%CALLBACK%"]  // of the client in clients
"#,
    ),
    (
        Authentik,
        r#"
Applications > Providers > (provider) > Redirect URIs (strict): %CALLBACK%
"#,
    ),
];

pub const AUDIENCE: &[(Framework, &str)] = &[
    (
        Http,
        r#"
{ "aud": "%MCP%" }
"#,
    ),
    (
        Keycloak,
        r#"
Client scopes > (scope of the server, Optional) > Mappers > Add > Audience
  Included Custom Audience: %MCP%
Clients > (client) > Client scopes: add that scope
"#,
    ),
    (
        Auth0,
        r#"
Settings > Advanced > Resource Parameter Compatibility Profile: on
Applications > APIs > Create API > Identifier: %MCP%
"#,
    ),
    (
        Entra,
        r#"
Expose an API > Application ID URI: api://APP, and a scope
Resource metadata and expected aud of the server: the Application ID URI
"#,
    ),
    (
        Okta,
        r#"
Security > API > Authorization Servers > (server) > Audience: %MCP%
"#,
    ),
    (
        Cognito,
        r#"
Resource servers > Create > Identifier: %MCP%
"#,
    ),
    (
        OidcProvider,
        r#"
features: {
  resourceIndicators: {
    enabled: true,
    useGrantedResource: () => true,
    getResourceServerInfo: (ctx, resource) => ({
      audience: resource,
      accessTokenFormat: "jwt",
      scope: "mcp:read mcp:write",
    }),
  },
}
"#,
    ),
    (
        Hydra,
        r#"
audience: ["%MCP%"]  # of the client; and audience= in the authorization request
"#,
    ),
];
