"""FastMCP: open with `open`, with its own in-memory OAuth provider with `oauth`."""

import sys

from fastmcp import FastMCP
from fastmcp.server.auth.auth import ClientRegistrationOptions
from fastmcp.server.auth.providers.in_memory import InMemoryOAuthProvider

from serve import bound, serve


def oauth(origin):
    """A client is registered with the scope `read` alone, unless it names what it wants."""
    registration = ClientRegistrationOptions(enabled=True, valid_scopes=["read", "write"], default_scopes=["read"])
    return InMemoryOAuthProvider(
        base_url=origin, client_registration_options=registration, required_scopes=["read", "write"]
    )


def main(kind):
    listening, origin = bound()
    server = FastMCP("harbour", auth=oauth(origin) if kind == "oauth" else None)

    @server.tool
    def add(a: int, b: int) -> int:
        """Adds two numbers."""
        return a + b

    @server.tool
    def greet(name: str = "Ada") -> str:
        """Says hello."""
        return f"Hello, {name}!"

    serve(server.http_app(), listening, origin)


main(sys.argv[1])
