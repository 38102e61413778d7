"""A town that an earlier version founded is brought to this one: migrated, whole, and at work again.

`tests/released` holds a small demo town of each version that was given out, as `scripts/keep_state.py` wrote
it. None of them is ever changed: they stand for the towns out there.
"""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from huying.site.ground import postgres
from tests.town import ROOT, Town

STATES = sorted((ROOT / "tests" / "released").glob("*.sql.gz"))
# What a town cannot do without; the number of its rows says whether some went lost.
KEPT = (
    "ledger_fact", "intake_inbound", "intake_appeal", "intake_photo", "triage_verdict", "dispatch_assignment",
    "cases_case", "cases_membership", "cases_task", "cases_reply", "feedback_rating", "notify_notice",
    "people_account", "people_post", "people_unit", "places_area", "places_place", "catalogue_item",
)  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name.removesuffix(".sql.gz"))
def test_a_town_of_an_earlier_version_is_brought_to_this_one_whole(state: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="huying-town-", ignore_cleanup_errors=True) as folder:
        town = Town(Path(folder))
        with postgres.hold(town.data_dir, say=lambda _sentence: None) as server:
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute(gzip.decompress(state.read_bytes()))
            before = rows_of(server.url)
            done = town.say("migrate")
            assert done.returncode == 0, done.stderr
            assert rows_of(server.url) == before
            assert town.say("ledger", "verify").stdout.startswith("Whole: ")
            assert town.say("recount").returncode == 0
            told = town.say("appeal", str(one_of(server.url, "SELECT min(number) FROM intake_appeal")))
            assert told.returncode == 0, told.stderr
        try:
            town.start()
            assert town.ready()
        finally:
            town.stop()


def rows_of(url: str) -> dict[str, int]:
    counted = {table: one_of(url, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
               for table in KEPT}  # fmt: skip
    assert min(counted[table] for table in ("ledger_fact", "cases_case", "intake_appeal")) > 0
    return counted


def one_of(url: str, question: Any) -> Any:  # noqa: ANN401 - a statement of psycopg, and what it gives
    with psycopg.connect(url, options="-c search_path=public") as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]
