"""The cast's stage: the look alone, on its own addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from huying.ui import status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import Settings


@pytest.fixture(autouse=True)
def no_towns_grades() -> Iterator[None]:
    """Show grades in the look's own words: a town's table would need a database."""
    towns = status.grade_words()
    status.call_grades(None)
    yield
    status.call_grades(towns)


@pytest.fixture
def own_addresses(settings: Settings) -> None:
    """Serve the look's own pages and the gallery; static files are read elsewhere here."""
    settings.ROOT_URLCONF = "huying.ui.tests.urls"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "statics" not in name]
