"""Serves an ASGI app on a free port of loopback, as long as whoever started it is there."""

import json
import os
import socket
import sys
import threading

import uvicorn


def bound():
    """A socket that listens already, so that the app can know its own origin before it is made."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


def serve(app, listening, origin):
    threading.Thread(target=end_with_parent, daemon=True).start()
    config = uvicorn.Config(app, log_level="error")
    print(json.dumps({"origin": origin}), flush=True)
    uvicorn.Server(config).run(sockets=[listening])


def end_with_parent():
    """Tests that are stopped from outside must not leave this process behind."""
    sys.stdin.read()
    os._exit(0)
