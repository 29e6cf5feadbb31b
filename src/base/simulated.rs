//! The addresses of the demo world, which exist in the page alone (`.invalid`, RFC 2606 §2).

/// The address of the demo's MCP server: what a token is good for.
pub const SERVER: &str = "https://mcp.flowglass.invalid/mcp";
/// The demo's authorization server. Its login is a page of this app's own.
pub const ISSUER: &str = "https://login.flowglass.invalid";
/// The origin of the MCP server.
pub const ORIGIN: &str = "https://mcp.flowglass.invalid";

/// Whether an address is of the demo world: https, and a host of its own. No other is ever answered here.
pub fn is_ours(url: &str) -> bool {
    let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#', '\\']).next());
    host.is_some_and(|it| it.ends_with(".flowglass.invalid") && !it.contains(['@', ':']))
}
