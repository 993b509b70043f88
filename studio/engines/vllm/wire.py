"""The way to a server: certificates, proxies and the key.

Nothing that the environment says changes it, but for one thing: a server on another machine is
reached through the proxy that the environment names.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import cache
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from studio.engines.vllm.settings import Address
from studio.errors import StudioError

C = TypeVar("C")


def opened(client: Callable[..., C], address: Address, **more: Any) -> C:
    """An httpx client of the type `client`, on the way to `address`. It is never sent on, so that
    no key goes elsewhere. Raises StudioError where address or proxy is none."""
    try:
        abroad = not _on_loopback(address.url)
    except ValueError as error:
        raise StudioError(
            f"{address.url!r} is no address: {error}",
            "`base_url` under engines: llm is one such as http://127.0.0.1:8000/v1",
        ) from error
    try:
        return client(trust_env=abroad, verify=trusted(), follow_redirects=False, **more)
    except (ImportError, ValueError) as error:
        raise StudioError(
            f"the proxy to {address.url} cannot be used: {error}",
            "set HTTPS_PROXY and ALL_PROXY to an http:// address, or unset them",
        ) from error


def key(address: Address) -> dict[str, str]:
    """The header with the server's key, where it has one."""
    return {"Authorization": f"Bearer {address.key}"} if address.key else {}


@cache
def trusted() -> ssl.SSLContext:
    """The system's certificates: read once, since that takes longer than a request."""
    return ssl.create_default_context()


def _on_loopback(url: str) -> bool:
    parts = urlsplit(url)
    host, _ = parts.hostname or "", parts.port
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
