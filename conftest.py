"""Every test run: no connection leaves this machine."""

from __future__ import annotations

import pytest

pytest_plugins = ["huying.testing.plugin"]
LOOPBACK = "127.0.0.0/8,::1,localhost"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Close the network but for this machine itself (pytest-socket reads these options right after us)."""
    if not config.option.allow_hosts:
        config.option.allow_hosts = LOOPBACK
    config.option.allow_unix_socket = True
