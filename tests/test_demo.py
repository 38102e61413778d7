"""The demo as `make run` fills it: one command, a whole street, every state, and nobody forgotten."""

from __future__ import annotations

import http.client
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.town import Town

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow
APPEALS = 240
# What the issue of the demo town promises, by level and table.
PROMISED = {
    "community": 10, "block": 60, "grid": 304, "cell": 840, "units": 40, "posts": 300,
}  # fmt: skip
COUNTED = """
import json
from collections import Counter
from django.utils import timezone
from datetime import timedelta
from huying.cases.models import Case
from huying.people.models import Post, Unit
from huying.places.models import Area
levels = Counter(Area.objects.values_list("level", flat=True))
old = Case.objects.filter(opened_at__lt=timezone.now() - timedelta(days=10))
print(json.dumps({
    "levels": levels, "drawn": Area.objects.exclude(boundary=None).count(), "areas": Area.objects.count(),
    "units": Unit.objects.count(), "posts": Post.objects.count(),
    "statuses": Counter(Case.objects.values_list("status", flat=True)),
    "forgotten": [case.number for case in old.filter(status__in=["submitted", "return_review"])],
}))
"""


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[Town, dict[str, Any]]]:
    """Give a folder in which the demo was filled, and what the command said of it."""
    with tempfile.TemporaryDirectory(prefix="huying-demo-", ignore_cleanup_errors=True) as folder:
        town = Town(Path(folder), HUYING_DEMO="1")
        try:
            said = town.say("demo", "--appeals", str(APPEALS), "--json")
            assert said.returncode == 0, said.stderr
            yield town, json.loads(said.stdout)
        finally:
            town.stop()


def test_the_street_has_the_promised_size_and_its_appeals_stand_in_every_state(
    filled: tuple[Town, dict[str, Any]],
) -> None:
    town, said = filled
    town.start()
    counted = town.asked(COUNTED)
    found = counted["levels"] | {name: counted[name] for name in ("units", "posts")}
    assert {name: found[name] for name in PROMISED} == PROMISED
    assert counted["drawn"] == counted["areas"]
    assert set(counted["statuses"]) >= {
        "submitted", "dispatched", "in_progress", "replied", "follow_up", "closed", "merged", "withdrawn",
        "inadmissible",
    }  # fmt: skip
    assert counted["forgotten"] == []
    stats = said["counts"]
    assert (stats["appeals"], stats["cases"]) == (APPEALS, sum(counted["statuses"].values()))
    assert stats["dispatched_automatically"] > stats["cases"] / 2
    assert json.loads(town.say("stats", "--json").stdout) == stats
    assert town.say("ledger", "verify").returncode == 0


def test_a_second_filling_adds_nothing(filled: tuple[Town, dict[str, Any]]) -> None:
    town, said = filled
    again = json.loads(town.say("demo", "--json").stdout)
    assert (again["filled"], again["counts"]["appeals"]) == (False, said["counts"]["appeals"])


def test_its_accounts_are_shown_where_one_signs_in_and_open_the_desk(
    filled: tuple[Town, dict[str, Any]],
) -> None:
    town, said = filled
    connection = http.client.HTTPConnection("127.0.0.1", town.port, timeout=30)
    connection.request("GET", "/desk/sign-in/")
    shown = connection.getresponse().read().decode()
    connection.close()
    assert said["password"] in shown
    for role in ("dispatcher", "handler", "reviewer", "phone-desk", "grid-worker", "leader", "admin"):
        assert f"demo-{role}" in shown
