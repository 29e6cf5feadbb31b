// An OAuth client without a browser: registration, login, consent, code, token, one request after the other.
import { createHash, randomBytes } from "node:crypto";

const CALLBACK = "http://localhost/oauth/callback";

export async function tokenByScript(issuer: string, resource: string): Promise<string> {
  const metadata = await json(await fetch(`${issuer}/.well-known/openid-configuration`));
  const client = await json(
    await post(metadata.registration_endpoint, JSON.stringify(registration()), "application/json"),
  );
  const verifier = randomBytes(32).toString("base64url");
  const code = await codeFor(metadata.authorization_endpoint, {
    client_id: client.client_id,
    resource,
    code_challenge: challengeOf(verifier),
  });
  const form = {
    grant_type: "authorization_code",
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    code,
    code_verifier: verifier,
    resource,
  };
  return (await json(await post(metadata.token_endpoint, new URLSearchParams(form)))).access_token;
}

function registration() {
  return {
    client_name: "script",
    redirect_uris: [CALLBACK],
    application_type: "native",
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code"],
    response_types: ["code"],
  };
}

async function codeFor(endpoint: string, specific: Record<string, string>): Promise<string> {
  const query = {
    response_type: "code",
    redirect_uri: CALLBACK,
    scope: "mcp:tools",
    state: "s",
    code_challenge_method: "S256",
    ...specific,
  };
  return codeIn(await loggedIn(`${endpoint}?${new URLSearchParams(query)}`, CALLBACK));
}

/** Follows the redirects with the cookies that they set, and answers each form on the way, until they lead back. */
export async function loggedIn(address: string, callback: string): Promise<URL> {
  const jar = new Map<string, string>();
  let next = new URL(address);
  for (let step = 0; step < 10; step += 1) {
    if (next.href.startsWith(callback)) return next;
    const answer = await visit(next, jar);
    const form = answer.status === 200 ? /action="([^"]+)"/.exec(await answer.text())?.[1] : undefined;
    const moved = form ? await visit(new URL(form, next), jar, new URLSearchParams({ name: "ada" })) : answer;
    next = new URL(moved.headers.get("location") ?? fail(`no way on from ${next}, ${moved.status}`), next);
  }
  return fail("the login never ends");
}

function codeIn(callback: URL): string {
  return callback.searchParams.get("code") ?? fail(`no code in ${callback}`);
}

async function visit(url: URL, jar: Map<string, string>, body?: URLSearchParams) {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const answer = await fetch(url, { method: body ? "POST" : "GET", body, headers: { cookie }, redirect: "manual" });
  for (const line of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (name) jar.set(name, value);
  }
  return answer;
}

function post(url: string, body: BodyInit, type?: string) {
  return fetch(url, { method: "POST", body, headers: type ? { "content-type": type } : {} });
}

async function json(answer: Response) {
  return answer.ok ? answer.json() : fail(`${answer.url}: ${answer.status} ${await answer.text()}`);
}

function challengeOf(verifier: string) {
  return createHash("sha256").update(verifier).digest("base64url");
}

function fail(message: string): never {
  throw new Error(message);
}
