"""Asking a server on this machine: one request, straight to the loopback address.

No proxy is heeded, whatever the environment says: what is asked here never leaves the machine.
"""

from __future__ import annotations

import http.client
import json
from typing import Any

HOST = "127.0.0.1"


def call(
    port: int, method: str, path: str, *, key: str = "", body: Any = None, seconds: float = 5
) -> tuple[int, Any]:
    """The answer's status and what its JSON holds, None where it is not JSON; (0, None) where
    nobody answers within `seconds`."""
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    sent = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        sent = json.dumps(body).encode()
    try:
        connection.request(method, path, body=sent, headers=headers)
        answer = connection.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException):
        return 0, None
    finally:
        connection.close()
    try:
        return answer.status, json.loads(text)
    except ValueError:
        return answer.status, None
