"""One running town for the fault tests of a process; each test looks the whole of it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.town import Town, running_town, until

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def _running() -> Iterator[Town]:
    with running_town() as town:
        yield town


@pytest.fixture
def town(_running: Town) -> Town:
    """Give the town, up again from whatever the test before did to it."""
    until(_running.ready, "the town is not ready")
    return _running
