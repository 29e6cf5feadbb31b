// The pages that the user meets at the authorization server: log in, then allow or deny.
import { bodyOf } from "./listen.mjs";

const ADDRESS = /^\/interaction\/[^/]+(?:\/(login|allow|deny))?$/;

/** Answers what belongs to these pages, and says whether it did. */
export function loginPages(provider) {
  return async (request, response) => {
    const match = ADDRESS.exec(new URL(request.url, "http://host").pathname);
    if (!match) return false;
    const details = await provider.interactionDetails(request, response).catch(() => undefined);
    if (!details) return gone(response);
    if (request.method === "GET") show(response, details);
    else
      await provider.interactionFinished(request, response, await outcome(provider, details, match[1], request), {
        mergeWithLastSubmission: true,
      });
    return true;
  };
}

async function outcome(provider, details, action, request) {
  if (action === "deny") return { error: "access_denied", error_description: "The user denied access" };
  if (action === "allow") return { consent: { grantId: await grant(provider, details) } };
  const name = new URLSearchParams(await bodyOf(request)).get("name");
  return { login: { accountId: name || "nobody" } };
}

async function grant(provider, { grantId, params, session, prompt: { details } }) {
  const found = grantId && (await provider.Grant.find(grantId));
  const it = found || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  if (details.missingOIDCScope) it.addOIDCScope(details.missingOIDCScope.join(" "));
  for (const [resource, scopes] of Object.entries(details.missingResourceScopes ?? {}))
    it.addResourceScope(resource, scopes.join(" "));
  return it.save();
}

function show(response, { uid, prompt, params }) {
  const body = prompt.name === "login" ? loginForm(uid) : consentForm(uid, params);
  response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Harbour login</title>
<style>body{font:16px system-ui;max-width:22rem;margin:4rem auto;padding:0 1rem}form{display:inline}label,input{display:block;margin:.5rem 0}</style>${body}`);
}

/** What the user finds who comes back to a login that is over. */
function gone(response) {
  response.writeHead(400, { "content-type": "text/plain" }).end("This login is over");
  return true;
}

function loginForm(uid) {
  return `<h1>Log in</h1><form method="post" action="/interaction/${uid}/login"><label for="name">Name</label>
<input id="name" name="name" autofocus required><button>Log in</button></form>`;
}

function consentForm(uid, { client_id: client, scope = "", resource = "" }) {
  return `<h1>Allow access?</h1><p>${escape(client)} asks for <b>${escape(scope)}</b> at ${escape(resource)}</p>
<form method="post" action="/interaction/${uid}/allow"><button>Allow</button></form>
<form method="post" action="/interaction/${uid}/deny"><button>Deny</button></form>`;
}

function escape(value) {
  return String(value).replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`);
}
