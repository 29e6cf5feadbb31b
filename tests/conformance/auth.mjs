// The scenarios of authorization: which there are, and what the user does with the page in each. `/authorize` of the
// suite redirects at once, so the browser leaves and comes back by itself.

/** @typedef {import("./scenarios.mjs").Row} Row */

/** The suite knows a client by this address, and never asks for what is there. */
const METADATA_DOCUMENT = "https://conformance-test.local/client-metadata.json";

/** What is granted without the scope is refused, and why is said where no page may read it. */
const NO_SCOPE = { end: "failed forbidden", why: "The scope is named in the challenge alone" };

/** A token is had, and a call made with it. @type {(scenario: string, more?: Partial<Row>) => Row} */
const authorized = (scenario, more) => ({
  scenario: `auth/${scenario}`,
  play: (inspector) => inspector.call("test-tool", {}),
  end: "connected",
  ...more,
});

/** @type {(scenario: string, code: string) => Row} */
const refused = (scenario, code) => ({ scenario: `auth/${scenario}`, end: `refused ${code}` });

/** In 2025-11-25 already, and still in 2026-07-28. @type {Row[]} */
const lasting = [
  authorized("metadata-default"),
  authorized("metadata-var1"),
  authorized("metadata-var2"),
  authorized("metadata-var3", {
    unexposed: { end: "failed unauthorized", why: "The address of the metadata is in the challenge alone" },
  }),
  authorized("basic-cimd", { fields: () => ({ "client-metadata-url": METADATA_DOCUMENT }) }),
  authorized("scope-from-www-authenticate", { unexposed: NO_SCOPE }),
  authorized("scope-from-scopes-supported"),
  authorized("scope-omitted-when-undefined"),
  authorized("scope-step-up", {
    play: async (inspector) => {
      await inspector.press("test-tool", {});
      await inspector.accept("step-up");
      await inspector.result("call-result");
    },
    unexposed: NO_SCOPE,
  }),
  // The scope that is asked for is the one that the token has: there is nothing to step up to.
  { ...refused("scope-retry-limit", "scope-limit"), unexposed: { end: "failed forbidden" } },
  authorized("token-endpoint-auth-basic"),
  authorized("token-endpoint-auth-post"),
  authorized("token-endpoint-auth-none"),
  authorized("pre-registration", {
    fields: (context) => ({
      registration: "pre-registered",
      "client-id": context.client_id,
      "client-secret": context.client_secret,
    }),
  }),
];

/** The extension for clients without a user, which the suite does not score. @type {Row[]} */
const clientCredentials = [
  authorized("client-credentials-basic", {
    fields: (context) => ({
      grant: "client_credentials",
      "client-id": context.client_id,
      "client-secret": context.client_secret,
    }),
  }),
  authorized("client-credentials-jwt", {
    fields: (context) => ({
      grant: "client_credentials",
      "client-id": context.client_id,
      "private-key": context.private_key_pem,
    }),
    proves: ["client-credentials-jwt-verified"],
  }),
];

/** @type {Row[]} */
const since20260728 = [
  refused("resource-mismatch", "resource-mismatch"),
  // The suite is content with a client that does not ask for it.
  authorized("offline-access-scope", { proves: ["sep-2207-offline-access-requested"] }),
  authorized("offline-access-not-supported"),
  // The second authorization server takes over as soon as the first token was used once.
  authorized("authorization-server-migration"),
  authorized("iss-supported"),
  authorized("iss-not-advertised"),
  refused("iss-supported-missing", "iss-missing"),
  refused("iss-wrong-issuer", "iss-mismatch"),
  refused("iss-unexpected", "iss-mismatch"),
  refused("iss-normalized", "iss-mismatch"),
  refused("metadata-issuer-mismatch", "issuer-mismatch"),
];

/** @type {import("./scenarios.mjs").Set[]} */
export const AUTH_SETS = [
  {
    // The servers authorize as of 2025-03-26, and speak whatever revision is offered up to the last one with sessions.
    name: "auth-2025-03-26",
    version: "2025-03-26",
    negotiated: "2025-11-25",
    rows: [authorized("2025-03-26-oauth-metadata-backcompat"), authorized("2025-03-26-oauth-endpoint-fallback")],
  },
  { name: "auth-2025-11-25", version: "2025-11-25", rows: lasting },
  { name: "auth-extension", version: "2025-11-25", beside: true, rows: clientCredentials },
  { name: "auth-2026-07-28", version: "2026-07-28", rows: [...lasting, ...since20260728] },
];
