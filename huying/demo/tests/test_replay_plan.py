"""What is told, how far, and how a plan is fitted to what the machine made of an appeal."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from uuid import uuid4

import pytest

from huying.demo.drafts import draft_of
from huying.demo.play import APPEALS, PHOTOGRAPHED, SPARE, choose, end_of_telling, with_few_photos
from huying.demo.tale import Tale
from huying.demo.town import Town, build_town
from huying.demo.town.rows import AppealRow, Outcome
from huying.demo.town.timing import SHANGHAI
from huying.kit.errors import Refusal
from huying.people.queries import UnitCard

pytestmark = pytest.mark.slow
UNTIL = date(2026, 5, 1)
NOW = datetime(2026, 5, 20, 6, 0, tzinfo=UTC)
RIGHT = UnitCard(uuid4(), "yingxi-urban", "城管队", "yingxi-urban", "440399/440399007", frozenset(), "", "")


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(until=UNTIL + timedelta(days=1), count=APPEALS + SPARE)


@pytest.fixture(scope="module")
def rows(town: Town) -> list[AppealRow]:
    return town.appeals


def one(rows: list[AppealRow], *moves: str) -> AppealRow:
    """Return an ordinary appeal whose plan begins with these moves."""
    return next(
        row
        for row in rows
        if not row.danger and tuple(step.move for step in row.fate.steps)[: len(moves)] == moves
    )


def moves_of(tale: Tale) -> list[str]:
    return [beat.step.move for beat in tale.beats]


def test_a_past_day_is_told_to_its_end_and_today_up_to_now() -> None:
    assert end_of_telling(UNTIL, now=NOW) == datetime(2026, 5, 2, tzinfo=SHANGHAI)
    assert end_of_telling(None, now=NOW) == NOW
    assert end_of_telling(date(2026, 5, 20), now=NOW) == NOW


def test_tomorrow_is_not_told() -> None:
    with pytest.raises(Refusal) as refusal:
        end_of_telling(date(2026, 5, 21), now=NOW)
    assert refusal.value.reason.key == "demo_of_the_future"


def test_the_whole_demo_is_the_newest_two_thousand(rows: list[AppealRow]) -> None:
    assert choose(rows, APPEALS, seed=1) == rows[-APPEALS:]


def test_a_small_demo_has_every_outcome_and_nobody_whose_company_is_missing(rows: list[AppealRow]) -> None:
    chosen = choose(rows, 90, seed=1)
    assert len(chosen) == 90
    assert choose(rows, 90, seed=1) == chosen
    assert {row.fate.outcome for row in chosen} == set(get_args(Outcome))
    told: set[str] = set()
    for row in chosen:
        told.add(row.key)
        wanted = {row.joins, *(step.given.get("into") for step in row.fate.steps if step.move == "merge")}
        assert wanted - {None} <= told


def test_only_the_newest_keep_their_photos(rows: list[AppealRow]) -> None:
    fewer = with_few_photos(rows)
    kept = [row for row in fewer if row.photos]
    assert len(kept) == PHOTOGRAPHED
    assert [row.key for row in kept] == [row.key for row in rows if row.photos][-PHOTOGRAPHED:]
    assert [row.text for row in fewer] == [row.text for row in rows]


def test_an_appeal_dispatched_at_once_needs_no_dispatcher(rows: list[AppealRow]) -> None:
    tale = Tale.of(one(rows, "dispatch", "sign"), RIGHT, seed=1)
    tale.fit_to_dispatch(RIGHT.code)
    assert moves_of(tale)[0] == "sign"
    assert "dispatch" not in moves_of(tale)


def test_a_unit_mostly_returns_what_is_not_its_own(rows: list[AppealRow]) -> None:
    plain = [row for row in rows if [s.move for s in row.fate.steps][:2] == ["dispatch", "sign"]][:200]
    begins: Counter[str] = Counter()
    for row in plain:
        tale = Tale.of(row, RIGHT, seed=1)
        tale.fit_to_dispatch("somebody-else")
        begins[" ".join(moves_of(tale)[:3])] += 1
    assert begins["return redispatch sign"] > 0.8 * len(plain)
    assert len(begins) > 1


def test_whoever_waits_for_a_person_is_dispatched_unless_it_was_to_wait(rows: list[AppealRow]) -> None:
    stopped = next(row for row in rows if row.fate.outcome == "dispatched" and not row.fate.steps)
    tale = Tale.of(stopped, RIGHT, seed=1)
    tale.fit_to_waiting()
    assert moves_of(tale) == ["dispatch"]
    waiting = next(row for row in rows if row.fate.outcome == "waiting_for_person")
    tale = Tale.of(waiting, RIGHT, seed=1)
    tale.fit_to_waiting()
    assert moves_of(tale) == []


def test_nobody_is_telephoned_who_left_no_number(rows: list[AppealRow]) -> None:
    nameless = next(row for row in rows if not (row.resident.phone or row.resident.email))
    note = Tale.of(nameless, RIGHT, seed=1).contact_note("电话联系，了解了具体位置和时间，约定现场查看。")
    assert note.startswith(("匿名", "到场"))
    named = next(row for row in rows if row.resident.phone)
    note = Tale.of(named, RIGHT, seed=1).contact_note("匿名诉求无联系方式，已到现场查看。")
    assert not note.startswith("匿名")


@pytest.mark.parametrize("channel", ["web", "wechat", "phone", "proxy", "grid", "api", "mail", "import"])
def test_every_channel_hands_over_a_raw_payload_with_the_words_in_it(
    channel: str, rows: list[AppealRow]
) -> None:
    row = next(row for row in with_few_photos(rows) if row.channel == channel and not row.photos)
    draft = draft_of(row, account_id=None, typed_by_id=None, joins=None)
    assert draft.key == f"demo-{row.key[1:]}"
    assert draft.text == row.text
    assert draft.channel == {"proxy": "staff"}.get(channel, channel)
    if channel == "mail":
        assert draft.content_type == "message/rfc822"
        assert b"Message-ID: <demo-" in draft.raw
    else:
        assert row.text.split("\n")[0] in json.dumps(json.loads(draft.raw), ensure_ascii=False)
