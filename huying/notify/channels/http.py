"""JSON over HTTP to a provider: one connection a call, short patience, no redirects."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from huying.notify.channels.port import MisconfiguredError, TryLaterError

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 10.0
LONGEST_ANSWER = 2**20
SERVER_ERROR, TOO_MANY = 500, 429


def host_of(base: str) -> str:
    """Return the host, with the port where the address names one, as it stands in the Host header."""
    return urlsplit(base).netloc.rpartition("@")[2]


def call(
    base: str,
    path: str,
    *,
    method: str = "POST",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    """Return status and JSON object a provider answers with.

    Raises TryLaterError when nobody answers, the answer is no JSON object, or the provider is overloaded;
    MisconfiguredError when the address is no http(s) address.
    """
    parts = urlsplit(base)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise MisconfiguredError("url", base)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    try:
        connection = kind(parts.hostname, parts.port, timeout=SECONDS)
        try:
            connection.request(method, parts.path.rstrip("/") + path, body=body, headers=dict(headers or {}))
            answer = connection.getresponse()
            status, raw = answer.status, answer.read(LONGEST_ANSWER)
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError) as error:
        raise TryLaterError("unreachable", f"{type(error).__name__}: {error}"[:200]) from error
    return status, _read(status, raw)


def post_json(base: str, path: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Post JSON in UTF-8 and return the answer."""
    body = json.dumps(told, ensure_ascii=False).encode()
    return call(base, path, body=body, headers={"Content-Type": "application/json; charset=utf-8"})[1]


def _read(status: int, raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise TryLaterError(f"http_{status}", raw[:200].decode(errors="replace"))
    return told
