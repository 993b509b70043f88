"""A server on loopback that speaks the OpenAI protocol, well or badly, as it is told to."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from studio.engines.vllm.settings import Address


@dataclass(frozen=True)
class Said:
    """What the server says to one request; `hangs` and `resets` instead of saying anything."""

    body: bytes
    status: int = 200
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    hangs: bool = False
    resets: bool = False


Behaviour = Callable[[int, dict[str, Any]], Said]
"""(how many questions came before, the question's body) -> what is said to it."""


def answer(text: str | None, end: str = "stop", **more: Any) -> Said:
    """A whole reply of the protocol."""
    return said(
        {
            "id": "one",
            "object": "chat.completion",
            "created": 1,
            "model": "gull",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": text, **more},
                    "finish_reason": end,
                }
            ],
            "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
        }
    )


def said(body: Any, status: int = 200, **headers: str) -> Said:
    """JSON with a status."""
    return Said(json.dumps(body).encode(), status, headers=tuple(headers.items()))


def error(status: int, message: str, **headers: str) -> Said:
    """An error as servers of the protocol say it."""
    return said({"error": {"message": message, "code": status}}, status, **headers)


def in_turn(*turns: Said) -> Behaviour:
    """One after another; the last for ever."""
    return lambda n, _: turns[min(n, len(turns) - 1)]


GOOD = answer('{"word": "gull"}')
HANGS = Said(b"", hangs=True)
RESETS = Said(b"", resets=True)
PAGE = Said(b"<html><head><style>b{}</style></head><h1>Router login</h1></html>", kind="text/html")


@dataclass
class Server:
    """A server that runs: where it is, and everything that it was asked, headers first."""

    address: Address
    asked: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    together: int = 0
    """Most questions that were under way at once."""


@contextmanager
def serving(behaviour: Behaviour, models: tuple[str, ...] = ("gull",)) -> Iterator[Server]:
    """A server for a while. It has `models`, and only the path /v1."""
    lock, ended = threading.Lock(), threading.Event()
    under_way = 0

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.paths.append(self.path)
            if self.path == "/v1/models":
                self.say(said({"data": [{"id": name, "max_model_len": 4096} for name in models]}))
            else:
                self.say(said({"detail": "Not Found"}, 404))

        def do_POST(self) -> None:
            nonlocal under_way
            server.paths.append(self.path)
            content = self.rfile.read(int(self.headers["content-length"]))
            if self.path != "/v1/chat/completions":
                self.say(said({"detail": "Not Found"}, 404))
                return
            body = json.loads(content)
            with lock:
                number = len(server.asked)
                headers = {name.lower(): value for name, value in self.headers.items()}
                server.asked.append((headers, body))
                under_way += 1
                server.together = max(server.together, under_way)
            try:
                self.say(behaviour(number, body))
            finally:
                with lock:
                    under_way -= 1

        def say(self, what: Said) -> None:
            if what.hangs:
                ended.wait(30)
                self.close_connection = True
                return
            if what.resets:
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
                self.close_connection = True
                return
            self.send_response(what.status)
            for name, value in what.headers:
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Type", what.kind)
            self.send_header("Content-Length", str(len(what.body)))
            self.end_headers()
            self.wfile.write(what.body)

        def log_message(self, *_: Any) -> None:
            return

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            return

    http = Quiet(("127.0.0.1", 0), Handler)
    server = Server(Address(f"http://127.0.0.1:{http.server_port}/v1", "", "gull", ours=False))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        ended.set()
        http.shutdown()
        thread.join()
        http.server_close()


def nowhere() -> Address:
    """An address at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return Address(f"http://127.0.0.1:{port}/v1", "", "gull", ours=False)
