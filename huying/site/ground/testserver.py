"""A pytest plug-in: tests get a PostgreSQL of their own when DATABASE_URL names none.

Loaded by `-p` in pyproject.toml, because Django's settings are read before any conftest.py is.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from huying.site.ground import postgres
from huying.site.ground.errors import GroundError

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "var/test-postgres"
# A test's data need not outlive a power cut; several test processes need more connections than a town.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}

OURS = "TOWN_TEST_SERVER"
_held = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start the test server, or find it running, and name it in DATABASE_URL, which xdist's workers inherit.

    Its folder is kept between runs, so that only the first one pays for making it.
    """
    if os.environ.get("DATABASE_URL"):
        return
    folder: Path = early_config.rootpath / FOLDER
    try:
        server = _held.enter_context(postgres.hold(folder, say=_say, options=FAST))
    except GroundError as error:
        raise pytest.UsageError(str(error)) from error
    os.environ["DATABASE_URL"] = server.url
    os.environ[OURS] = "1"


def is_ours() -> bool:
    """Tell whether the test server is this project's own, where databases may be kept between runs."""
    return OURS in os.environ


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Leave the server; the last test run to leave stops it."""
    _held.close()


def _say(_sentence: str) -> None:
    """Keep quiet: pytest's output belongs to the tests; what goes wrong is raised."""
