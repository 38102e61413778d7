"""The night's learning runs in a process of its own, on the town's own database."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection

from huying.triage.jobs import learn_nightly
from huying.triage.models import ModelEdition

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("apart")]


def test_the_night_learns_apart_and_finds_too_little_to_learn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    town = connection.settings_dict
    host = quote(str(town["HOST"]), safe="")
    monkeypatch.setenv(
        "DATABASE_URL",
        f"postgresql://{town['USER']}:{town['PASSWORD']}@{host}:{town['PORT'] or 5432}/{town['NAME']}",
    )
    learn_nightly(0)
    assert not ModelEdition.objects.exists()
