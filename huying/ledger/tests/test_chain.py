"""The chain: what was written stays, and whoever gets round the guard is found out, by name."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from huying.cases.actions import move_case
from huying.cases.facts import CaseNoted
from huying.cases.models import Case, Status
from huying.intake.models import Appeal
from huying.ledger.actions import record, stream_of
from huying.ledger.actor import SYSTEM
from huying.ledger.chain import Link, digest, link_facts, plain
from huying.ledger.models import GENESIS, Fact
from huying.ledger.queries import FIELDS, Broken, count_facts, latest_fact, timeline, verify
from huying.testing.cast import appeal_of, case_of, staff

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 22, 2, 0, tzinfo=UTC)


@contextmanager
def guard_bypassed() -> Iterator[None]:
    """Write past the triggers, as somebody with the keys of the database could."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_fact DISABLE TRIGGER facts_are_only_added")
        yield
        cursor.execute("ALTER TABLE ledger_fact ENABLE TRIGGER facts_are_only_added")


def noted(notes: int = 4) -> Case:
    """Return a case with a long enough history."""
    case = case_of(appeal_of(at=AT))
    for number in range(notes):
        move_case(case.pk, "note", by=staff("lin", at=AT), at=AT, note=f"第{number + 1}次")
    case.refresh_from_db()
    return case


def fact_at(case: Case, seq: int) -> Fact:
    return Fact.objects.get(stream=stream_of(case), seq=seq)


def forged(row: dict[str, Any], **changed: Any) -> Fact:  # noqa: ANN401 - whatever a forger changes
    """Return a fact with a right hash of its own, as a clever forger would write it."""
    row = {**row, **changed}
    row["hash"] = digest(row)
    return Fact(**row)


def row_of(case: Case, seq: int) -> dict[str, Any]:
    row: dict[str, Any] = Fact.objects.filter(stream=stream_of(case), seq=seq).values(*FIELDS).get()
    return row


# --- the guard ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_fact SET kind = 'Nothing'",
        "UPDATE ledger_fact SET kind = kind WHERE seq = 1",
        "DELETE FROM ledger_fact WHERE seq = 1",
        "TRUNCATE ledger_fact CASCADE",
        "INSERT INTO ledger_fact SELECT * FROM ledger_fact ON CONFLICT (id) DO UPDATE SET kind = 'Nothing'",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_a_fact(statement: str) -> None:
    noted()
    before = list(Fact.objects.order_by("id").values_list())
    with pytest.raises(DatabaseError, match="the ledger is append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert list(Fact.objects.order_by("id").values_list()) == before


def test_a_whole_ledger_is_whole() -> None:
    noted()
    proof = verify()
    assert proof.broken is None
    assert proof.facts == count_facts() == Fact.objects.count()
    assert proof.streams == Fact.objects.values("stream").distinct().count()


# --- what a forger may try ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    "changed",
    [
        {"data": {"note": "改过"}},
        {"kind": "CaseSigned"},
        {"at": datetime(2026, 9, 21, tzinfo=UTC)},
        {"actor_name": "别人"},
        {"actor_id": None},
        {"district": "440300"},
    ],
)
def test_a_changed_fact_is_found_and_named(changed: dict[str, Any]) -> None:
    case = noted()
    with guard_bypassed():
        Fact.objects.filter(pk=fact_at(case, 4).pk).update(**changed)
    assert verify().broken == Broken(stream_of(case), 4, "the_fact_was_changed")


def test_a_changed_fact_with_a_hash_of_its_own_breaks_the_next_link() -> None:
    case = noted()
    new = forged(row_of(case, 4), data={"note": "改过"})
    with guard_bypassed():
        Fact.objects.filter(pk=new.pk).update(data=new.data, hash=new.hash)
    assert verify().broken == Broken(stream_of(case), 5, "the_link_to_the_fact_before_differs")


def test_the_last_fact_replaced_with_a_hash_of_its_own_no_longer_fits_its_row() -> None:
    case = noted()
    new = forged(row_of(case, case.fact_seq), data={"note": "改过"})
    with guard_bypassed():
        Fact.objects.filter(pk=new.pk).update(data=new.data, hash=new.hash)
    assert verify().broken == Broken(stream_of(case), case.fact_seq, "the_fact_was_changed")


def test_a_removed_fact_is_found() -> None:
    case = noted()
    with guard_bypassed():
        fact_at(case, 3).delete()
    assert verify().broken == Broken(stream_of(case), 4, "a_fact_is_missing")


def test_a_chain_without_its_beginning_is_found() -> None:
    case = noted()
    with guard_bypassed():
        fact_at(case, 1).delete()
    assert verify().broken == Broken(stream_of(case), 2, "a_fact_is_missing")


def test_a_fact_put_in_between_is_found() -> None:
    case = noted()
    with guard_bypassed():
        later = list(Fact.objects.filter(stream=stream_of(case), seq__gte=4).order_by("-seq"))
        for fact in later:
            Fact.objects.filter(pk=fact.pk).update(seq=fact.seq + 1)
        before = row_of(case, 3)
        forged(before, id=uuid4(), seq=4, prev=before["hash"], data={"note": "插进来"}).save(
            force_insert=True
        )
    assert verify().broken == Broken(stream_of(case), 5, "the_link_to_the_fact_before_differs")


def test_a_fact_added_behind_everybodys_back_is_found() -> None:
    case = noted()
    last = row_of(case, case.fact_seq)
    new = forged(last, id=uuid4(), seq=case.fact_seq + 1, prev=last["hash"], data={"note": "加上去"})
    new.save(force_insert=True)
    assert verify().broken == Broken(stream_of(case), case.fact_seq + 1, "a_fact_was_put_in")


def test_a_chain_cut_short_at_its_end_is_found() -> None:
    case = noted()
    with guard_bypassed():
        fact_at(case, case.fact_seq).delete()
    assert verify().broken == Broken(stream_of(case), case.fact_seq, "the_chain_was_cut_short")


def test_a_chain_removed_whole_is_found() -> None:
    case = noted()
    with guard_bypassed():
        Fact.objects.filter(stream=stream_of(case)).delete()
    assert verify().broken == Broken(stream_of(case), 1, "the_chain_was_cut_short")


def test_a_row_removed_from_under_its_chain_is_found() -> None:
    case = noted()
    stream = stream_of(case)
    with guard_bypassed(), connection.cursor() as cursor:
        for table in ("cases_note", "cases_deadline", "cases_membership", "cases_task"):
            cursor.execute(f"DELETE FROM {table} WHERE case_id = %s", [case.pk])  # noqa: S608 - named just above
        cursor.execute("DELETE FROM cases_case WHERE id = %s", [case.pk])
        assert verify().broken == Broken(stream, 1, "the_row_is_gone")


def test_the_first_broken_link_is_the_one_named() -> None:
    cases = sorted((noted(1), noted(1)), key=stream_of)
    with guard_bypassed():
        for case in cases:
            fact_at(case, 2).delete()
    assert verify().broken == Broken(stream_of(cases[0]), 3, "a_fact_is_missing")


def test_progress_is_told_on_the_way() -> None:
    told: list[int] = []
    verify(told.append)
    assert told == sorted(told)


# --- how a fact becomes bytes ------------------------------------------------------------------------
def test_the_hash_can_be_made_again_with_nothing_but_a_standard_library() -> None:
    case = noted(1)
    row = row_of(case, 2)
    told = {
        "id": str(row["id"]), "district": row["district"], "stream": row["stream"], "seq": 2,
        "kind": row["kind"], "at": row["at"].astimezone(UTC).isoformat(), "data": row["data"],
        "actor": [row["actor_kind"], str(row["actor_id"] or ""), row["actor_name"]],
    }  # fmt: skip
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(bytes(row["prev"]) + text.encode()).digest() == bytes(row["hash"])
    assert bytes(row_of(case, 1)["prev"]) == GENESIS


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.floats(allow_nan=False, width=32),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_what_is_plain_stays_as_it_is(value: object) -> None:
    once = plain(value)
    assert plain(once) == once
    assert json.loads(json.dumps(once)) == once


def test_plain_values_of_every_kind() -> None:
    key = UUID("01900000-0000-7000-8000-000000000000")
    assert plain(
        {
            "key": key,
            "day": date(2026, 9, 22),
            "share": Decimal("0.5"),
            "state": Status.CLOSED,
            1: (1.123456789,),
        }
    ) == {"key": str(key), "day": "2026-09-22", "share": "0.5", "state": "closed", "1": [1.1234568]}
    body = CaseNoted(before="a", after="b", note="n")
    assert plain(body) == {"before": "a", "after": "b", "note": "n", "kept": ""}
    shanghai = datetime.fromisoformat("2026-09-22T10:00:00+08:00")
    assert plain(shanghai) == "2026-09-22T02:00:00+00:00"


def test_facts_made_in_one_go_are_linked_in_order() -> None:
    link = Link()
    bodies = [CaseNoted(before="", after="", note=str(number)) for number in range(3)]
    rows = link_facts("case:x", bodies, link=link, district="440399", by=SYSTEM, at=AT)
    assert [row["seq"] for row in rows] == [1, 2, 3]
    assert [row["prev"] for row in rows] == [GENESIS, rows[0]["hash"], rows[1]["hash"]]
    assert (link.seq, link.hash) == (3, rows[2]["hash"])


# --- recording ---------------------------------------------------------------------------------------
def test_recording_belongs_into_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    appeal = Appeal.objects.get(pk=appeal_of(at=AT).appeal_id)
    note = CaseNoted(before="", after="", note="")
    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "in_atomic_block", False)
        with pytest.raises(RuntimeError, match="inside the transaction"):
            record(appeal, note, district="440399", by=SYSTEM, at=AT)


def test_a_timeline_tells_several_streams_in_the_order_of_what_happened() -> None:
    answer = appeal_of(at=AT)
    case = case_of(answer)
    told = timeline(f"appeal:{answer.appeal_id}", stream_of(case))
    assert [(fact.kind, fact.actor_kind) for fact in told] == [
        ("AppealReceived", "resident"),
        ("AppealJudged", "system"),
        ("CaseOpened", "system"),
        ("CaseDispatched", "system"),
    ]
    assert latest_fact(stream_of(case), "CaseDispatched").seq == 2
