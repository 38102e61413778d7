"""Notes that are taken back: the words are gone, that there were some is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from huying.cases.actions import move_case
from huying.cases.forgetting import retitle_after_masking
from huying.cases.models import Case, Note
from huying.cases.noting import words_of
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR, fresh, voices_of
from huying.ledger.queries import timeline, verify
from huying.testing.cast import staff
from huying.testing.refusals import refused

if TYPE_CHECKING:
    from huying.ledger.models import Fact

pytestmark = pytest.mark.django_db
WORDS = "住户王小明（3栋）来过电话"


def story(case: Case) -> list[Fact]:
    return list(timeline(f"case:{case.pk}"))


def noted(case: Case) -> int:
    """Return the number of the newest note."""
    return max(fact.seq for fact in story(case) if fact.kind == "CaseNoted")


def take_back(case: Case, who: str, seq: int | None = None, note: str = "") -> Case:
    given: dict[str, Any] = {"noted": noted(case) if seq is None else seq, "reason": "写了姓名", "note": note}
    return move_case(case.pk, "retract_note", by=staff(who, at=AT), at=AT + HOUR, **given)


def test_the_words_of_a_note_lie_beside_the_ledger_and_numbers_in_neither() -> None:
    case = stories.waiting()
    move_case(case.pk, "note", by=staff("shou", at=AT), at=AT, note="电话13800138000，下午再来")
    assert "13800138000" not in Note.objects.get().text
    assert "下午再来" in words_of(case, story(case))[noted(case)]
    assert all("下午再来" not in str(fact.data) for fact in story(case))


def test_what_was_taken_back_is_gone_and_who_took_it_back_is_not() -> None:
    case = stories.noted()
    seq = noted(case)
    take_back(case, "shou")
    assert not Note.objects.exists()
    assert words_of(case, story(case)) == {}
    fact = story(case)[-1]
    assert (fact.kind, fact.actor_name, fact.data["noted"], fact.data["reason"]) == (
        "NoteRetracted", "寿理", seq, "写了姓名"
    )  # fmt: skip
    assert any(one.seq == seq and one.kind == "CaseNoted" for one in story(case))
    assert WORDS not in str([one.data for one in story(case)])
    assert verify().broken is None


def test_a_correction_stands_in_its_place_and_can_be_taken_back_in_turn() -> None:
    case = stories.noted()
    take_back(case, "shou", note="住户来过电话")
    corrected = story(case)[-1].seq
    assert words_of(case, story(case)) == {corrected: "住户来过电话"}
    take_back(case, "shou", seq=corrected)
    assert words_of(case, story(case)) == {}


def test_the_author_and_the_supervisor_may_and_nobody_else() -> None:
    case = stories.noted()
    before = story(case)
    for stranger in ("mei", "dian"):
        with refused("not_your_note"):
            take_back(case, stranger)
    for stranger in ("wu", "guan"):
        with refused("not_yours"):
            take_back(case, stranger)
    assert [fact.pk for fact in story(case)] == [fact.pk for fact in before]
    take_back(case, "du")
    assert not Note.objects.exists()


def test_nothing_is_taken_back_twice_and_only_notes_are() -> None:
    case = stories.noted()
    seq = noted(case)
    take_back(case, "shou")
    for number in (seq, 1, 99, -1):
        with refused("note_not_found"):
            take_back(case, "shou", seq=number)


def test_a_note_of_the_days_before_is_hidden_though_its_fact_keeps_it() -> None:
    case = stories.noted()
    Note.objects.all().delete()
    seq = noted(case)
    # Facts are never changed; this one is written as it was before words were kept apart.
    found = story(case)
    old = next(fact for fact in found if fact.seq == seq)
    old.data = {"before": "submitted", "after": "submitted", "note": WORDS}
    assert words_of(case, [old]) == {seq: WORDS}
    take_back(case, "shou")
    assert words_of(case, [old, story(case)[-1]]) == {}


def test_notes_lose_names_of_places_and_numbers_when_the_appeal_is_masked() -> None:
    case = stories.waiting()
    move_case(case.pk, "note", by=staff("shou", at=AT), at=AT, note="住3栋501室，下午再来")
    retitle_after_masking(voices_of(case)[0], title="", text="垃圾")
    assert "501" not in Note.objects.get().text
    assert "下午再来" in Note.objects.get().text


def test_a_note_has_words() -> None:
    case = fresh(stories.waiting())
    with pytest.raises(IntegrityError, match="a_note_has_words"), transaction.atomic():
        Note.objects.create(case=case, text="")
