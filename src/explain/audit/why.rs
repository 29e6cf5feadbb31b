//! Why each line matters: what goes wrong where it is not met.

use super::line::Line;

/// By the ids of the lines, in their order.
static WHY: [(&str, &str); 119] = [
    ("S-1", "Web clients, and inspectors in a browser, cannot use a server that a page cannot reach."),
    ("S-2", "Browsers fail a preflight that is redirected, and drop the token on the way to another origin."),
    ("S-3", "A 401 for the preflight blocks every request from a page, whatever token it has."),
    ("S-4", "Without the header a page cannot read the error, so it reports a network failure instead of the cause."),
    ("S-5", "Browsers that follow the standard block every request with a token."),
    ("S-6", "The first request works and the next one is blocked, because it carries one header more."),
    ("S-7", "A page cannot find the authorization server by the challenge, and has to guess well-known URLs."),
    ("S-8", "A page cannot continue a session that it opened, so the second request fails."),
    ("S-9", "Any website could use the cookies of a user who is logged in, and read the responses."),
    (
        "S-10",
        "A cache may hand the response for one origin to another, which then is blocked. Without a maximum age, each request costs a preflight.",
    ),
    ("S-11", "Without a 401 no client starts to authorize; with 200 there is no protection."),
    ("S-12", "Clients begin discovery with the challenge; some stop without one."),
    ("S-13", "Strict parsers reject the whole challenge, and with it the URL of the metadata."),
    ("S-14", "Clients that follow the challenge reach a wrong URL, or none."),
    ("S-15", "Clients ask for all listed scopes, so users grant more than is needed."),
    ("S-16", "Some clients take the error for an expired token, and try to refresh before they log in."),
    (
        "S-17",
        "A client with an expired or revoked token only refreshes on this response. Accepting any token means no protection at all.",
    ),
    ("S-18", "A stream or a session without a token is a way around authentication."),
    ("S-19", "A 500 looks like an outage, and clients do not log in again."),
    ("S-20", "Clients that write `bearer` are shut out, although HTTP lets them."),
    ("S-21", "Clients cannot tell which scope to ask for, so a login with more scopes never happens."),
    ("S-22", "Users go through one login after another for a single operation."),
    ("S-23", "Clients refresh only after a 401; anything else ends the session for the user."),
    ("S-24", "Since 2025-06-18 clients find the authorization server by it; without it they stop."),
    ("S-25", "Clients that do not read the challenge look here first; strict ones look nowhere else."),
    ("S-26", "A login page or a fallback page in the place of the document stops discovery."),
    ("S-27", "Clients in a browser cannot discover anything, even where all others can."),
    (
        "S-28",
        "Clients compare it, so that no server can collect tokens for another. Strict ones stop at any difference.",
    ),
    ("S-29", "Tokens for a plain http URL can be read on the way."),
    ("S-30", "Without a usable entry there is no authorization server to log in at."),
    ("S-31", "A client that picks a dead entry cannot log in."),
    ("S-32", "Some clients request every listed scope. The fewer there are, the less a stolen token can do."),
    ("S-33", "Tokens in a query end up in logs, histories and `Referer` headers."),
    ("S-34", "Clients take any 200 for metadata, and begin a login that cannot succeed."),
    ("S-35", "Strict parsers reject empty arrays, and users see no name of what they log in to."),
    ("S-36", "Clients without DPoP or client certificates, and all pages with the latter, cannot use the server."),
    ("S-37", "Clients know neither where to log in nor where to get a token."),
    ("S-38", "Clients in a browser cannot read where to log in."),
    ("S-39", "Comparing the two protects against mix-up attacks; clients must stop where they differ."),
    ("S-40", "Clients cannot reach internal URLs, and codes and tokens are exposed over http."),
    ("S-41", "The member is required; strict clients reject the whole document."),
    ("S-42", "Since 2025-11-25 clients must refuse to continue without it. PKCE protects the code from being stolen."),
    ("S-43", "With the plain method, whoever reads the authorization request can redeem the code."),
    ("S-44", "The password grant gives passwords to clients; the implicit grant puts tokens into URLs."),
    ("S-45", "Pages and desktop apps cannot keep a secret, so clients may conclude that they cannot use the server."),
    ("S-46", "With `iss`, a client that uses several authorization servers notices a code of the wrong one."),
    ("S-47", "Which endpoints and keys a client uses depends on which document it happens to read."),
    ("S-48", "A code may be sent to the endpoint of an attacker, and the client cannot tell."),
    ("S-49", "Clients of later revisions find nothing, and stop."),
    ("S-50", "Clients ask for a scope that the authorization server refuses with `invalid_scope`."),
    ("S-51", "A client that compares the two lists refuses to send tokens to the MCP server."),
    ("S-52", "Whoever has a private key can sign tokens for any user."),
    ("S-53", "Strict parsers reject the document, or a client does not learn how to register."),
    ("S-54", "A poisoned cache could send users of the server to the login page of an attacker."),
    ("S-55", "Users of a client that was never registered cannot log in."),
    ("S-56", "Clients that trust the flag do not register, and their login fails."),
    (
        "S-57",
        "Codes could be sent to a URL of an attacker; without any port on loopback, desktop apps cannot receive them.",
    ),
    ("S-58", "The authorization server could be used to reach hosts in its internal network."),
    ("S-59", "A client in a browser cannot get a client ID by itself."),
    ("S-60", "A client that does not learn what was stored sends requests that are refused later."),
    ("S-61", "A registered attacker could have codes sent to a URL that it controls, or script run on the login page."),
    ("S-62", "The login fails with `invalid_scope`, or without a refresh token users log in every hour."),
    ("S-63", "A client cannot tell what to correct in its registration."),
    ("S-64", "A page could read what belongs to the login, such as CSRF tokens in the form."),
    ("S-65", "An open redirect sends codes to attackers."),
    ("S-66", "A stolen code can be redeemed without PKCE, which is what protects public clients."),
    ("S-67", "The client refuses a response with another `state`, since it may be forged."),
    ("S-68", "A client that relies on the promise refuses the response."),
    ("S-69", "Users end on an error page, and the client waits."),
    ("S-70", "MCP clients always send `resource`; refusing it shuts all of them out."),
    ("S-71", "An attacker's client could get a token for users who consented to another one (confused deputy)."),
    ("S-72", "The browser blocks the redirect silently, and nothing comes back to the client."),
    ("S-73", "An attacker could downgrade PKCE to a method that does not hide the verifier."),
    ("S-74", "A hidden frame can trick users into consenting; a 307 sends the password to the redirect URI."),
    ("S-75", "A client in a browser cannot redeem the code, or cannot tell why it was refused."),
    ("S-76", "Clients decide by the code whether to refresh, to register or to stop."),
    ("S-77", "Clients with a registration that was deleted never register again."),
    ("S-78", "Clients cannot use the token, or send it under the wrong scheme."),
    ("S-79", "A proxy or the browser could keep the tokens in its cache."),
    ("S-80", "A stolen token works until it expires."),
    ("S-81", "Without the check PKCE protects nothing: a stolen code can be redeemed."),
    ("S-82", "A code that leaked in a log or a history could be redeemed again."),
    ("S-83", "Another client could redeem a stolen code or refresh token."),
    ("S-84", "A client could get a token for a server that the user did not consent to."),
    ("S-85", "Public clients cannot redeem their codes."),
    ("S-86", "Without an audience every server that trusts the issuer accepts the token."),
    ("S-87", "The token reaches far more than this server, and the third party cannot tell the callers apart."),
    ("S-88", "Servers that validate by the profile reject the token, or accept tokens of another kind."),
    ("S-89", "If it passes, the signature is not verified, and anyone can write tokens."),
    ("S-90", "Anyone can write an unsigned token, and ID tokens are known to other parties."),
    ("S-91", "Another server that the user logged in to could use its tokens here."),
    ("S-92", "A URL with a token stays in logs and histories, and works there."),
    ("S-93", "A token that was granted little can do everything."),
    ("S-94", "Tokens are logged and forwarded, and names with them. Large headers are rejected by many servers."),
    ("S-95", "Anyone could try out tokens, and learn about users from them."),
    ("S-96", "A stolen refresh token of a public client works for as long as the grant."),
    ("S-97", "The theft of a refresh token goes unnoticed."),
    ("S-98", "Two tabs of one client log the user out."),
    ("S-99", "A stolen token could be extended to what the user never granted."),
    ("S-100", "Users of web clients log in again whenever the token expires."),
    ("S-101", "Users cannot end a grant from the client, and stolen tokens stay valid."),
    ("S-102", "Logging out has no effect."),
    ("S-103", "A stolen token works forever."),
    ("S-104", "Paths, versions and queries help attackers."),
    ("S-105", "Clients draw the wrong conclusion: that there is no server, or no metadata."),
    ("S-106", "Strict clients reject the response, and the reason is lost."),
    ("S-107", "Tokens and codes can be read on the way."),
    ("S-108", "Any website that the user visits could call the tools of the local server (DNS rebinding)."),
    ("S-109", "Any website could send it requests without asking the browser first."),
    ("S-110", "Whoever learns a session ID takes over the session."),
    ("S-111", "Guessed session IDs open the sessions of others."),
    ("S-112", "Only a 404 tells a client to open a new session."),
    ("S-113", "Clients of this revision expect none, and old ones take the server for one of their own."),
    ("S-114", "A proxy that decides by headers could let through what it should stop."),
    ("S-115", "Messages could be sent into the session of another user."),
    ("S-116", "Libraries of OpenID Connect reject the whole document."),
    ("S-117", "Whether a client finds PKCE depends on which document it reads."),
    ("S-118", "A client could be logged in with a token that was meant for another."),
    ("S-119", "Clients do not ask for it, get no refresh token, and users log in every hour."),
];

impl Line {
    /// What goes wrong where it is not met.
    pub fn why(&self) -> &'static str {
        WHY.iter().find(|(id, _)| *id == self.id).map(|(_, why)| *why).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::audit::GROUPS;

    #[test]
    fn every_line_says_why_it_matters_once() {
        let lines: Vec<&str> = GROUPS.iter().flat_map(|it| it.lines.iter()).map(|it| it.id).collect();
        assert_eq!(WHY.map(|(id, _)| id).to_vec(), lines);
        for (id, why) in WHY {
            assert!(why.ends_with(['.', ')']) && why.matches(". ").count() <= 1, "{id}: {why}");
        }
    }
}
