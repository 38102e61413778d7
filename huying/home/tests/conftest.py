"""Each test of the pages has a data folder of its own and reads English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def client(client: Client) -> Client:
    """Return a browser whose reader has chosen English."""
    client.cookies["django_language"] = "en"
    return client
