"""The cast's stage: the look alone, on its own addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture
def own_addresses(settings: Settings) -> None:
    """Serve the look's own pages and the gallery; static files are read elsewhere here."""
    settings.ROOT_URLCONF = "huying.ui.tests.urls"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "statics" not in name]
