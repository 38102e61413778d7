"""One running town for all journeys of a process, one Chromium for each file; each person has a browser."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.people import ARGUMENTS, People
from tests.town import Town, running_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

PHONE, DESK = (360, 780), (1440, 900)


@pytest.fixture(scope="session")
def town(empty_tables: str | None) -> Iterator[Town]:
    """Give a founded town that runs; each browser comes from a network of its own, as residents do."""
    with running_town(empty_tables, HUYING_TRUSTED_PROXIES="1") as town:
        yield town


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Give Debian's Chromium; where tests run by themselves its lack is a failure.

    It ends with the file: while Playwright runs, its event loop is this thread's, and Django refuses
    the database to every other test that comes to the same process.
    """
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None and os.environ.get("CI"):
        pytest.fail("no Chromium on this machine: install the package “chromium”")
    if path is None:
        pytest.skip("no Chromium on this machine: install the package “chromium”")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def people(chromium: Browser, town: Town) -> Iterator[People]:
    """Give the people of the story; what goes wrong in any of their browsers fails the test."""
    held = People(chromium, town)
    yield held
    held.leave()
    assert held.faults == []


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Give the width and height of a phone, then of a desk."""
    size: tuple[int, int] = request.param
    return size
