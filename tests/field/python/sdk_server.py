"""The Python SDK: `MCPServer` in 2.x, `FastMCP` in 1.x. Its tokens come from an authorization server of its own,
or from the one that its first argument names."""

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions
from pydantic import AnyHttpUrl

from provider import SCOPE, Provider
from serve import arguments, bound, serve
from verifier import Verifier

try:
    from mcp.server.mcpserver import MCPServer
except ImportError:
    from mcp.server.fastmcp import FastMCP as MCPServer


def settings(issuer, resource):
    registration = ClientRegistrationOptions(enabled=True, valid_scopes=[SCOPE], default_scopes=[SCOPE])
    return AuthSettings(
        # As most programs have it: pydantic writes a URL without a path with a slash at its end.
        issuer_url=AnyHttpUrl(issuer),
        resource_server_url=AnyHttpUrl(resource),
        required_scopes=[SCOPE],
        client_registration_options=registration,
        validate_token_resource=True,
    )


def main(issuer=None):
    listening, origin = bound()
    resource = f"{origin}/mcp"
    provider = Provider(origin)
    tokens = {"token_verifier": Verifier(issuer, resource)} if issuer else {"auth_server_provider": provider}
    server = MCPServer("harbour", auth=settings(issuer or origin, resource), log_level="ERROR", **tokens)

    @server.tool()
    def whoami() -> str:
        """Says who logged in."""
        token = get_access_token()
        return f"{token.subject} with {' '.join(token.scopes)}"

    server.custom_route("/login", methods=["GET", "POST"])(provider.login)
    serve(server.streamable_http_app(), listening, origin)


main(*arguments())
