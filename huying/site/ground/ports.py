"""Ports of this machine: a free one for the database, and whether the web server's is taken."""

from __future__ import annotations

import socket

from huying.site.ground.errors import GroundError

LOOPBACK = "127.0.0.1"
CONNECT_SECONDS = 1.0


class PortInUseError(GroundError):
    """Another program already answers on the port the web server was told to use."""

    retry = True


def free_port() -> int:
    """Return a port nobody listens on, picked by the system from its free range."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Return whether a server could listen on `port` of `host` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(CONNECT_SECONDS)
        # macOS lets a second server bind beside one that listens on all addresses: ask by calling, too.
        if client.connect_ex((LOOPBACK if host in {"0.0.0.0", ""} else host, port)) == 0:  # noqa: S104 - compared only
            return False
    try:
        with socket.create_server((host, port), family=family):
            return True
    except OSError:
        return False


def require_free(port: int, host: str) -> None:
    """Raise `PortInUseError` when the web server could not listen on `port` of `host`."""
    if is_free(port, host):
        return
    raise PortInUseError(
        f"Port {port} on {host} is taken by another program or closed to this account.",
        cure="Stop that program, or choose another port: HUYING_PORT=8001 huying run",
    )
