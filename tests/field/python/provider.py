"""What the SDK leaves to an authorization server's author: clients, codes and tokens, and a login page."""

import html
import secrets
import time

from mcp.server.auth.provider import AccessToken, AuthorizationCode, RefreshToken, construct_redirect_uri
from mcp.shared.auth import OAuthToken
from starlette.responses import HTMLResponse, RedirectResponse

SCOPE = "mcp:tools"
AN_HOUR = 3600


class Provider:
    def __init__(self, origin):
        self.origin = origin
        self.clients, self.waiting, self.codes, self.access, self.refresh = {}, {}, {}, {}, {}

    async def get_client(self, client_id):
        return self.clients.get(client_id)

    async def register_client(self, client):
        self.clients[client.client_id] = client

    async def authorize(self, client, params):
        request = secrets.token_urlsafe()
        self.waiting[request] = (client, params)
        return f"{self.origin}/login?request={request}"

    async def login(self, request):
        """The login page, and what its form sends."""
        if request.method == "GET":
            return HTMLResponse(login_page(request.query_params["request"]))
        form = await request.form()
        client, params = self.waiting.pop(form["request"])
        code = AuthorizationCode(
            code=secrets.token_urlsafe(),
            client_id=client.client_id,
            scopes=params.scopes or [],
            expires_at=time.time() + AN_HOUR,
            code_challenge=params.code_challenge,
            redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly,
            resource=params.resource,
            subject=form["name"],
        )
        self.codes[code.code] = code
        back = construct_redirect_uri(str(params.redirect_uri), code=code.code, state=params.state)
        return RedirectResponse(back, status_code=302)

    async def load_authorization_code(self, client, code):
        return self.codes.get(code)

    async def exchange_authorization_code(self, client, code):
        del self.codes[code.code]
        return self.issue(client, code.scopes, code.resource, code.subject)

    async def load_refresh_token(self, client, token):
        found = self.refresh.get(token)
        return found and found[0]

    async def exchange_refresh_token(self, client, token, scopes):
        _, resource, subject = self.refresh.pop(token.token)
        return self.issue(client, scopes, resource, subject)

    async def load_access_token(self, token):
        return self.access.get(token)

    async def revoke_token(self, token):
        self.access.pop(token.token, None)
        self.refresh.pop(token.token, None)

    def issue(self, client, scopes, resource, subject):
        named = {"client_id": client.client_id, "scopes": scopes}
        access = AccessToken(
            token=secrets.token_urlsafe(), expires_at=int(time.time()) + AN_HOUR, resource=resource, subject=subject, **named
        )
        refresh = RefreshToken(token=secrets.token_urlsafe(), **named)
        self.access[access.token] = access
        self.refresh[refresh.token] = (refresh, resource, subject)
        return OAuthToken(
            access_token=access.token, expires_in=AN_HOUR, scope=" ".join(scopes), refresh_token=refresh.token
        )


def login_page(request):
    return f"""<!doctype html><html lang="en"><title>Log in</title><form method="post" action="/login">
<input type="hidden" name="request" value="{html.escape(request)}">
<label for="name">Name</label> <input id="name" name="name" required><button>Log in</button></form>"""
