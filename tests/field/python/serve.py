"""Serves an ASGI app on a free port of loopback, as long as whoever started it is there. With `--no-cors` as the last
argument it sends no CORS headers, as these frameworks come."""

import json
import os
import socket
import sys
import threading

import uvicorn
from starlette.middleware.cors import CORSMiddleware

NO_CORS = "--no-cors"


def arguments():
    return [it for it in sys.argv[1:] if it != NO_CORS]


def bound():
    """A socket that listens already, so that the app can know its own origin before it is made."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


def serve(app, listening, origin):
    threading.Thread(target=end_with_parent, daemon=True).start()
    config = uvicorn.Config(app if NO_CORS in sys.argv else with_cors(app), log_level="error")
    print(json.dumps({"origin": origin}), flush=True)
    uvicorn.Server(config).run(sockets=[listening])


def with_cors(app):
    return CORSMiddleware(
        app,
        allow_origins=["*"],
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=["WWW-Authenticate", "Mcp-Session-Id"],
    )


def end_with_parent():
    """Tests that are stopped from outside must not leave this process behind."""
    sys.stdin.read()
    os._exit(0)
