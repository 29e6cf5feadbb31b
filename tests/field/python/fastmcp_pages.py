"""FastMCP with something for each page: tools that log, report progress, ask and fail; resources, templates, prompts."""

import asyncio
from dataclasses import dataclass

from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.utilities.types import Image
from mcp_types import (
    Annotations,
    ElicitRequest,
    ElicitRequestFormParams,
    InputRequiredResult,
    PromptReference,
    TextContent,
)

from serve import bound, serve

PORTS = ["Ischia", "Ithaca", "Izmir"]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

server = FastMCP("harbour", instructions="Ask before you dock.\nThe bar is shallow.")


@dataclass
class Berth:
    number: int
    port: str


@server.tool
def berth(port: str, number: int = 7) -> Berth:
    """A berth, with structured content."""
    return Berth(number=number, port=port)


@server.tool
def picture() -> Image:
    """A picture."""
    return Image(data=PIXEL, format="png")


@server.tool
def noted() -> list[TextContent]:
    """A text with annotations."""
    noted = Annotations(audience=["user"], priority=0.5)
    return [TextContent(type="text", text="for you", annotations=noted)]


@server.tool
def sink() -> str:
    """Fails."""
    raise ToolError("the hull is open")


@server.tool
async def unload(context: Context, crates: int = 3) -> str:
    """Tells of each crate: progress and a log message."""
    for crate in range(1, crates + 1):
        await context.report_progress(crate, crates, f"crate {crate}")
        await context.warning(f"crate {crate} is heavy", logger_name="crane")
        await asyncio.sleep(0)
    return f"{crates} crates unloaded"


WHICH = ElicitRequest(
    params=ElicitRequestFormParams(
        message="Which port?",
        requestedSchema={"type": "object", "properties": {"value": {"type": "string", "enum": PORTS}}},
    )
)


@server.tool
async def register_in_rounds(context: Context):
    """Asks which port, before there is a result (2026-07-28)."""
    if not context.input_responses:
        return InputRequiredResult(inputRequests={"port": WHICH})
    answer = context.input_responses["port"]
    return f"{answer.action} {answer.content['value']}"


@server.tool
async def register(context: Context) -> str:
    """Asks which port, with a request of its own (up to 2025-11-25)."""
    answer = await context.elicit("Which port?", response_type=PORTS)
    return f"{answer.action} {getattr(answer, 'data', '')}".strip()


@server.resource("harbour://log", name="Log", mime_type="text/plain")
def log() -> str:
    return "calm\nsea\n"


@server.resource("harbour://chart", name="Chart", mime_type="text/html")
def chart() -> str:
    return "<h1>Chart</h1>"


@server.resource("harbour://ports/{port}", name="Port", mime_type="application/json")
def port(port: str) -> dict:
    return {"port": port, "berths": 3}


@server.prompt
def arrival(port: str) -> str:
    """How to arrive."""
    return f"Describe the arrival in {port}."


@server.completion
def complete(ref, argument, context):
    if isinstance(ref, PromptReference) and ref.name != "arrival":
        return None
    return [it for it in PORTS if it.startswith(argument.value)]


def main():
    listening, origin = bound()
    serve(server.http_app(), listening, origin)


main()
