//! Servers that are as they should be.

use super::{Answer, ISSUER, SERVER, json_answer};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flowglass::base::revision::Revision;
use flowglass::http::{Method, Request};
use serde_json::{Value, json};

/// An MCP server with one tool, which answers whoever has a token, or everybody.
pub fn mcp(request: &Request, token: Option<&str>) -> Answer {
    match token {
        Some(token) if !carries(request, token) => {
            let challenge = r#"Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="tools:read""#;
            unauthorized(challenge)
        }
        _ => served(request, None),
    }
}

pub fn carries(request: &Request, token: &str) -> bool {
    header(request, "authorization").is_some_and(|it| it == format!("Bearer {token}"))
}

pub fn header(request: &Request, name: &str) -> Option<String> {
    request.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.expose())
}

/// An access token that says this of itself. Nobody verifies its signature.
pub fn jwt(claims: &Value) -> String {
    let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
    format!("{}.{}.c2ln", part(&json!({"alg": "RS256", "typ": "at+jwt"})), part(claims))
}

pub fn unauthorized(challenge: &str) -> Answer {
    Answer::Json(401, vec![("www-authenticate", challenge.to_owned())], json!({"error": "invalid_token"}))
}

/// The same to whoever may pass. `None`: it speaks whatever it is offered, from 2025-03-26 to 2025-11-25.
pub fn served(request: &Request, speaks: Option<Revision>) -> Answer {
    let on_stream = speaks == Some(Revision::R1);
    match request.method {
        Method::Delete => return json_answer(200, Value::Null),
        Method::Get if on_stream => return Answer::Stream("event: endpoint\ndata: /messages?session=1\n\n"),
        Method::Get => return json_answer(405, Value::Null),
        Method::Post if on_stream && request.url == SERVER => return json_answer(405, Value::Null),
        Method::Post => {}
    }
    let body = message(request);
    if body["id"].is_null() {
        return json_answer(202, Value::Null);
    }
    match result(&body, speaks) {
        Ok(result) => replied(&body, speaks, result),
        Err(_) if speaks.is_none_or(Revision::has_handshake) && !on_stream => {
            // As the SDK of 2025-11-25 answers what comes before its handshake.
            let error = json!({"code": -32000, "message": "Bad Request: Server not initialized"});
            json_answer(400, json!({"jsonrpc": "2.0", "error": error, "id": null}))
        }
        Err(error) => refused(&body, speaks, error),
    }
}

/// The JSON-RPC message that a request carries.
pub fn message(request: &Request) -> Value {
    serde_json::from_str(&request.body.as_ref().expect("a body").expose()).expect("JSON")
}

/// A result, on the way that the revision has for it, with the session that it may have.
pub fn replied(body: &Value, speaks: Option<Revision>, result: Value) -> Answer {
    let answer = json!({"jsonrpc": "2.0", "id": body["id"], "result": result});
    match speaks {
        Some(Revision::R1) => Answer::OnStream(answer),
        Some(Revision::R5) => json_answer(200, answer),
        _ => Answer::Json(200, vec![("mcp-session-id", "s-1".to_owned())], answer),
    }
}

/// An error, in the same way.
pub fn refused(body: &Value, speaks: Option<Revision>, error: Value) -> Answer {
    let answer = json!({"jsonrpc": "2.0", "id": body["id"], "error": error});
    match speaks {
        Some(Revision::R1) => Answer::OnStream(answer),
        Some(Revision::R5) => json_answer(400, answer),
        _ => json_answer(200, answer),
    }
}

fn result(body: &Value, speaks: Option<Revision>) -> Result<Value, Value> {
    let modern = speaks == Some(Revision::R5);
    let mut result = match body["method"].as_str() {
        Some("server/discover") if modern => json!({
            "supportedVersions": ["2026-07-28"],
            "capabilities": {"tools": {}},
            "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "example", "version": "1"}},
        }),
        Some("initialize") if modern => {
            let data = json!({"supported": ["2026-07-28"], "requested": body["params"]["protocolVersion"]});
            return Err(json!({"code": -32022, "message": "Unsupported protocol version", "data": data}));
        }
        Some("initialize") => json!({
            "protocolVersion": speaks.map_or(body["params"]["protocolVersion"].clone(), |it| json!(it.as_str())),
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "example", "version": "1"},
        }),
        Some("tools/list") => json!({"tools": [{"name": "echo", "inputSchema": {"type": "object"}}]}),
        Some("tools/call") => json!({"content": [{"type": "text", "text": "hello"}]}),
        _ => return Err(json!({"code": -32601, "message": "Method not found"})),
    };
    if modern {
        result["resultType"] = json!("complete");
    }
    Ok(result)
}

/// An authorization server; `edit` may change an answer before it is given.
pub fn issuer(request: &Request) -> Answer {
    match request.url.as_str() {
        "https://login.example.com/.well-known/oauth-authorization-server" => json_answer(200, server_metadata()),
        "https://login.example.com/register" => {
            let body: Value = serde_json::from_str(&request.body.as_ref().expect("a body").expose()).expect("JSON");
            let mut answer = body;
            answer["client_id"] = json!("c-1");
            json_answer(201, answer)
        }
        "https://login.example.com/token" => Answer::Json(
            200,
            vec![("cache-control", "no-store".to_owned())],
            json!({"access_token": "t-1", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "r-1", "scope": "tools:read"}),
        ),
        _ => json_answer(404, json!({"error": "not found"})),
    }
}

pub fn server_metadata() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://login.example.com/authorize",
        "token_endpoint": "https://login.example.com/token",
        "registration_endpoint": "https://login.example.com/register",
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    })
}

pub fn resource_metadata() -> Value {
    json!({"resource": SERVER, "authorization_servers": [ISSUER], "scopes_supported": ["tools:read", "tools:call"]})
}

/// Both servers as they should be, the MCP server with that token.
pub fn good(request: &Request) -> Answer {
    match request.url.as_str() {
        SERVER => mcp(request, Some("t-1")),
        "https://mcp.example.com/.well-known/oauth-protected-resource/mcp" => json_answer(200, resource_metadata()),
        _ => issuer(request),
    }
}
