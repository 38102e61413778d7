"""The demo as `make run` fills it: one command, a whole street, every state, and nobody forgotten."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from huying.demo.walking import WALKS
from huying.kit.redact import find
from tests.town import ROOT, Town

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow
APPEALS = 240
# A fixed day gives the same town every time.
UNTIL = "2026-05-20"
# The sizes of the street, by level and table.
PROMISED = {
    "community": 10, "block": 60, "grid": 304, "cell": 840, "units": 40, "posts": 300,
}  # fmt: skip
# What stands beside the street's own organisation: the discipline office with its two officers, and the two
# administrators besides the system's.
BESIDE = {"units": 1, "posts": 4}
COUNTED = f"""
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from huying.site.cli.town import opened_town
with opened_town():
    from huying.cases.models import Case
    from huying.people.models import Post, Unit
    from huying.places.models import Area
    from huying.publicity.models import Publication
    levels = Counter(Area.objects.values_list("level", flat=True))
    long_ago = datetime.fromisoformat("{UNTIL}").replace(tzinfo=UTC) - timedelta(days=10)
    old = Case.objects.filter(opened_at__lt=long_ago)
    forgotten = old.filter(status__in=["submitted", "return_review"])
    print(json.dumps({{
        "levels": levels, "drawn": Area.objects.exclude(boundary=None).count(), "areas": Area.objects.count(),
        "units": Unit.objects.count(), "posts": Post.objects.count(),
        "statuses": Counter(Case.objects.values_list("status", flat=True)),
        "old": old.count(),
        "public": list(Publication.objects.values_list("title", "text", "reply")),
        "forgotten": list(forgotten.values_list("number", flat=True)),
    }}))
"""


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[Town, dict[str, Any]]]:
    """Give a town that was filled and does not run, and what the command said of it."""
    with tempfile.TemporaryDirectory(prefix="huying-demo-", ignore_cleanup_errors=True) as folder:
        town = Town(Path(folder), HUYING_DEMO="1")
        try:
            said = town.say("demo", "--appeals", str(APPEALS), "--until", UNTIL, "--json")
            assert said.returncode == 0, said.stderr
            yield town, json.loads(said.stdout)
        finally:
            town.stop()


def test_the_street_has_the_promised_size_and_its_appeals_stand_in_every_state(
    filled: tuple[Town, dict[str, Any]],
) -> None:
    town, said = filled
    done = subprocess.run(
        [sys.executable, "-c", COUNTED], cwd=ROOT, env=town.environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    counted = json.loads(done.stdout.splitlines()[-1])
    found = counted["levels"] | {name: counted[name] for name in ("units", "posts")}
    assert {name: found[name] - BESIDE.get(name, 0) for name in PROMISED} == PROMISED
    assert counted["drawn"] == counted["areas"]
    assert set(counted["statuses"]) >= {
        "submitted", "dispatched", "in_progress", "replied", "follow_up", "closed", "merged", "withdrawn",
        "inadmissible", "need_info", "suspended",
    }  # fmt: skip
    assert counted["old"] > APPEALS / 2
    assert counted["forgotten"] == []
    assert len(counted["public"]) > 3
    assert [told for page in counted["public"] for told in page if find(told)] == []
    stats = said["counts"]
    found_on_walks = sum(len(words) for *_where, words in WALKS)
    assert stats["appeals"] == APPEALS + found_on_walks
    assert stats["cases"] == sum(counted["statuses"].values())
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
    town.start()
    for role in ("dispatcher", "handler", "reviewer", "phone-desk", "grid-worker", "leader", "admin"):
        visitor = build_opener(HTTPCookieProcessor())
        shown = visitor.open(f"{town.url}/desk/sign-in/").read().decode()
        assert said["password"] in shown
        assert f"demo-{role}" in shown
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
        assert token is not None
        given = {"username": f"demo-{role}", "password": said["password"], "csrfmiddlewaretoken": token[1]}
        desk = visitor.open(f"{town.url}/desk/sign-in/", urlencode(given).encode())
        assert (desk.status, "sign-in" in desk.url) == (200, False), role
