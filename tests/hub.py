"""A server on this machine that answers as Hugging Face does, as far as a download needs: what is
in a repository, and its files, in parts too."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

COMMIT = ("c0ffee" * 7)[:40]


@dataclass
class Hub:
    """Repositories by name, each a folder. Those in `gated` show what they hold, and give nothing;
    `spoilt` files (by path) come with another byte than their checksum says; `sent` are the paths
    that were sent, each with its first byte."""

    repositories: dict[str, Path]
    gated: set[str] = field(default_factory=set)
    spoilt: set[str] = field(default_factory=set)
    sent: list[tuple[str, int]] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve on a free port of the loopback, until the end of the block."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if told := re.fullmatch(r"/api/models/([^/]+/[^/]+)/(revision|tree)/[^/]+", path):
                name, what = told.groups()
                if name not in hub.repositories:
                    self.refuse(404, "RepoNotFound")
                else:
                    self.tell(_info(name) if what == "revision" else _tree(hub.repositories[name]))
            elif told := re.fullmatch(r"/([^/]+/[^/]+)/resolve/[^/]+/(.+)", path):
                self.send(*told.groups())
            else:
                self.refuse(404, "EntryNotFound")

        def do_HEAD(self) -> None:
            self.do_GET()

        def send(self, name: str, path: str) -> None:
            if name in hub.gated:
                self.refuse(403, "GatedRepo")
                return
            content = (hub.repositories[name] / path).read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            if path in hub.spoilt:
                content = content[:-1] + bytes([content[-1] ^ 1])
            first = int((self.headers.get("Range") or "bytes=0-").split("=")[1].split("-")[0])
            self.send_response(206 if first else 200)
            self.send_header("ETag", f'"{digest}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("Content-Length", str(len(content) - first))
            if first:
                total = len(content)
                self.send_header("Content-Range", f"bytes {first}-{total - 1}/{total}")
            self.end_headers()
            if self.command == "GET":
                hub.sent.append((path, first))
                self.wfile.write(content[first:])

        def tell(self, told: object) -> None:
            content = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def refuse(self, status: int, code: str) -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _info(name: str) -> dict[str, object]:
    return {"id": name, "modelId": name, "sha": COMMIT, "tags": [], "siblings": []}


def _tree(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        found.append(
            {
                "type": "file",
                "path": file.relative_to(folder).as_posix(),
                "size": len(content),
                "oid": digest[:40],
                "lfs": {"oid": digest, "size": len(content), "pointerSize": 130},
            }
        )
    return found
