"""The pipe: an appeal goes in once, whatever is repeated, mixed, raced or fails on the way."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from huying.cases.models import Case, Membership, Status
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, fresh, voices_of
from huying.intake.actions import Draft
from huying.intake.models import Appeal, Inbound, Party
from huying.journeys.appeal import Taken, submit_appeal, submit_appeals
from huying.kit.errors import Refusal
from huying.kit.ids import is_sound
from huying.ledger.actor import SYSTEM
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.testing.apart import race
from huying.testing.cast import RUBBISH, appeal_of, case_of, resident
from huying.testing.refusals import refused
from huying.testing.town import middle
from huying.triage.core.danger import DangerRules
from huying.triage.core.textmodel import TextModel
from huying.triage.models import TwinMark, TwinSuspect, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LAT, LON = middle(0, 0)
DRAFT = Draft("web", "k", RUBBISH, b"{}", lat=LAT, lon=LON)
FIRE = "楼道里电线起火了，冒浓烟，快来人"


def submit(*drafts: Draft) -> list[Taken | Refusal]:
    return submit_appeals(drafts, by=resident(), at=AT)


def batch(*keys: str, **said: Any) -> list[Draft]:  # noqa: ANN401 - a draft's
    return [replace(DRAFT, key=key, **said) for key in keys]


def taken(answers: Sequence[Taken | Refusal]) -> list[Taken]:
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    return [answer for answer in answers if isinstance(answer, Taken)]


@pytest.fixture
def everything() -> list[int]:
    """Return how many rows there are of everything an appeal leaves."""
    return count()


def count() -> list[int]:
    kinds = (Inbound, Appeal, Party, Verdict, TwinMark, Case, Membership, Fact)
    return [kind.objects.count() for kind in kinds]


# --- once --------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_same_key_twice_is_one_appeal_and_the_same_answer() -> None:
    first = submit_appeal(DRAFT, by=resident(), at=AT)
    rows = count()
    again = submit_appeal(replace(DRAFT, text="别的内容"), by=resident(), at=AT)
    assert again == replace(first, new=False)
    assert first.new
    assert count() == rows
    assert (is_sound(first.number, "SQ"), is_sound(first.case_number, "GD")) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize("text", [RUBBISH, FIRE, "不知道说什么好"])
def test_a_retry_gets_the_first_answer_dangers_and_all(text: str) -> None:
    draft = replace(DRAFT, text=text)
    first = submit_appeal(draft, by=resident(), at=AT)
    assert submit_appeal(draft, by=resident(), at=AT) == replace(first, new=False)
    assert bool(first.dangers) == (text == FIRE)


@pytest.mark.django_db
def test_the_same_key_of_another_channel_is_another_appeal() -> None:
    first, second = taken(submit(DRAFT, replace(DRAFT, channel="api")))
    assert first.number != second.number


@pytest.mark.django_db
def test_a_batch_with_duplicates_inside_takes_each_key_once() -> None:
    rows = count()
    answers = taken(submit(*batch("a", "b", "a", "c", "b", "a")))
    assert [answer.new for answer in answers] == [True, True, False, True, False, False]
    assert answers[2].number == answers[5].number == answers[0].number
    assert Appeal.objects.count() == rows[1] + 3
    assert Case.objects.count() == rows[5] + 3
    assert verify().broken is None


@pytest.mark.django_db
def test_a_batch_that_repeats_what_is_known_takes_the_rest() -> None:
    (known,) = taken(submit(*batch("a")))
    answers = taken(submit(*batch("b", "a", "c")))
    assert [answer.new for answer in answers] == [True, False, True]
    assert answers[1] == replace(known, new=False)


@pytest.mark.django_db
def test_a_suspected_twin_that_was_known_all_along_costs_nobody_an_appeal() -> None:
    submit(*batch("a"))
    # "a" comes again and is not written; "b" looks just like it, and is.
    answers = taken(submit(*batch("a", "b")))
    assert [answer.new for answer in answers] == [False, True]
    twins = TwinSuspect.objects.filter(appeal=answers[1].appeal_id)
    assert set(twins.values_list("earlier", flat=True)) <= set(Appeal.objects.values_list("pk", flat=True))
    assert twins.exists(), "the appeal of the first time is suspected"


@pytest.mark.django_db
def test_twins_within_a_batch_are_suspected() -> None:
    first, second = taken(submit(*batch("a", "b")))
    assert TwinSuspect.objects.filter(appeal=second.appeal_id, earlier=first.appeal_id).exists()


@pytest.mark.django_db
def test_one_bad_row_refuses_only_itself() -> None:
    good, long, late = batch("a", "b", "c")
    bad = [
        replace(long, text="长" * 30_000),
        replace(late, occurred_at=AT.replace(year=2030)),
        replace(DRAFT, key=""),
        replace(DRAFT, key="a\x00"),
        replace(DRAFT, key="d", lat=float("nan")),
        replace(DRAFT, key="e", phone="没有"),
        replace(DRAFT, key="f", text=" "),
    ]
    answers = submit(bad[0], good, *bad[1:])
    told = [answer.reason.key if isinstance(answer, Refusal) else "" for answer in answers]
    assert told == [
        "text_too_long", "", "time_in_future", "key_missing", "key_not_readable", "coordinate_not_finite",
        "phone_not_readable", "text_missing",
    ]  # fmt: skip
    assert Inbound.objects.filter(key__in="abcdef").values_list("key", flat=True).get() == "a"


@pytest.mark.django_db
def test_a_refused_appeal_leaves_nothing(everything: list[int]) -> None:
    with refused("text_missing"):
        submit_appeal(replace(DRAFT, text=""), by=resident(), at=AT)
    assert count() == everything


@pytest.mark.django_db
def test_nothing_in_is_nothing_out(everything: list[int]) -> None:
    assert submit() == []
    assert count() == everything


# --- a failing part ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_model_that_fails_means_a_person_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError("no more room")

    monkeypatch.setattr(TextModel, "predict_many", fail)
    plain, danger = taken(submit(replace(DRAFT, key="a"), replace(DRAFT, key="b", text=FIRE)))
    assert (plain.waits_for, plain.unit_name, plain.item_code) == ("model_failed", "", "")
    assert case_of(plain).status == Status.SUBMITTED
    assert (case_of(danger).grade, bool(danger.dangers)) == ("A", True), "danger is seen without the model"


@pytest.mark.django_db
def test_one_text_the_model_fails_on_costs_the_others_of_its_batch_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge = TextModel.predict_many

    def fail_on_one(self: TextModel, texts: Iterable[str], limit: int = 3) -> Any:  # noqa: ANN401 - as it is
        told = list(texts)
        if any("怪" in text for text in told):
            raise ZeroDivisionError
        return judge(self, told, limit)

    monkeypatch.setattr(TextModel, "predict_many", fail_on_one)
    plain, odd = taken(submit(replace(DRAFT, key="a"), replace(DRAFT, key="b", text=f"{DRAFT.text}怪")))
    assert (plain.waits_for, odd.waits_for) == ("", "model_failed")


@pytest.mark.django_db
def test_danger_rules_that_fail_mean_a_person_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no such phrase")

    monkeypatch.setattr(DangerRules, "examine", fail)
    answer = submit_appeal(DRAFT, by=resident(), at=AT)
    assert (answer.waits_for, answer.unit_name) == ("rules_failed", "")
    assert answer.item_code, "the best guess is there for whoever decides"


@pytest.mark.django_db
def test_a_search_for_twins_that_fails_costs_no_appeal(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ArithmeticError("no such distance")

    monkeypatch.setattr("huying.triage.neighbours.find_twins", fail)
    first, second = submit(replace(DRAFT, key="a"), replace(DRAFT, key="b"))
    assert [case_of(one).status for one in taken([first, second])] == [Status.DISPATCHED] * 2
    assert TwinMark.objects.count() == 2
    assert not TwinSuspect.objects.exists()


@pytest.mark.django_db
def test_words_that_break_the_reader_of_places_cost_no_appeal(monkeypatch: pytest.MonkeyPatch) -> None:
    from huying.places.core.addresses import Gazetteer

    def fail(*_: object, **__: object) -> None:
        raise RecursionError("turned in circles")

    monkeypatch.setattr(Gazetteer, "parse", fail)
    at_point = submit_appeal(DRAFT, by=resident(), at=AT)
    assert at_point.unit_name == "环卫所"
    nowhere = submit_appeal(replace(DRAFT, key="l", lat=None, lon=None), by=resident(), at=AT)
    assert case_of(nowhere).area_path.count("/") == 0


@pytest.mark.django_db
def test_what_the_limits_hold_back_is_taken_and_waits_for_a_person() -> None:
    answer = submit_appeal(replace(DRAFT, held_for="filing_often"), by=resident(), at=AT)
    assert (answer.waits_for, answer.unit_name, answer.due_at) == ("filing_often", "", None)
    assert answer.item_code, "the best guess is there for whoever decides"


# --- me too ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_me_too_joins_the_case_and_opens_none() -> None:
    case = stories.dispatched()
    rows = Case.objects.count()
    answer = submit_appeal(replace(DRAFT, joins=case.pk), by=resident(), at=AT)
    assert (answer.case_number, answer.unit_name, answer.due_at) == (case.number, "环卫所", case.due_at)
    assert (Case.objects.count(), fresh(case).appeal_count) == (rows, 2)
    assert submit_appeal(replace(DRAFT, joins=case.pk), by=resident(), at=AT) == replace(answer, new=False)
    assert fresh(case).appeal_count == 2


@pytest.mark.django_db
def test_me_too_on_a_case_in_work_waits_for_nobody_however_unclear_the_words() -> None:
    case = stories.signed()
    answer = appeal_of("我也是", joins=case.pk, at=AT)
    assert (answer.waits_for, answer.item_code) == ("", case.item_code)


@pytest.mark.django_db
@pytest.mark.parametrize("start", [stories.closed, stories.withdrawn, stories.inadmissible])
def test_me_too_on_what_has_ended_opens_a_new_case(start: Any) -> None:  # noqa: ANN401 - a story
    case = start()
    answer = submit_appeal(replace(DRAFT, key="m", joins=case.pk), by=resident(), at=AT)
    assert answer.case_number not in {"", case.number}
    assert case_of(answer).status == Status.DISPATCHED
    assert fresh(case).fact_seq == case.fact_seq


@pytest.mark.django_db
@pytest.mark.parametrize("start", [stories.dispatched, stories.replied, stories.passed])
def test_a_cry_of_danger_never_waits_behind_a_slow_case(start: Any) -> None:  # noqa: ANN401 - a story
    case = start()
    answer = appeal_of("楼下电线起火了，冒浓烟", joins=case.pk, at=AT)
    assert answer.case_number not in {"", case.number}
    assert (case_of(answer).grade, {danger["kind"] for danger in answer.dangers}) == ("A", {"fire"})
    assert fresh(case).appeal_count == 1


@pytest.mark.django_db
def test_a_second_cry_of_the_same_danger_joins_the_first() -> None:
    case = stories.dispatched(text="小区路灯不亮，还有电线起火了，冒浓烟")
    assert case.grade == "A"
    answer = appeal_of("楼下电线起火了，冒浓烟，我也看到了", joins=case.pk, at=AT)
    assert (answer.case_number, fresh(case).appeal_count) == (case.number, 2)


@pytest.mark.django_db
def test_me_too_on_a_case_that_never_was_opens_one() -> None:
    answer = submit_appeal(replace(DRAFT, joins=uuid4()), by=resident(), at=AT)
    assert case_of(answer).status == Status.DISPATCHED


@pytest.mark.django_db
def test_me_too_and_others_go_in_together() -> None:
    case = stories.dispatched()
    drafts = [
        replace(DRAFT, key="a", joins=case.pk),
        replace(DRAFT, key="b"),
        replace(DRAFT, key="c", joins=case.pk),
    ]
    answers = taken(submit(*drafts))
    assert [answer.case_id == case.pk for answer in answers] == [True, False, True]
    assert (fresh(case).appeal_count, len(voices_of(case))) == (3, 3)
    assert verify().broken is None


@pytest.mark.django_db
def test_of_one_statement_all_rows_are_there_or_none(everything: list[int]) -> None:
    lost = replace(DRAFT, key="b", photo_ids=(uuid4(),))
    with refused("photo_unknown", field="photos"):
        submit(replace(DRAFT, key="a"), lost)
    assert count() == everything


# --- at once -----------------------------------------------------------------------------------------
@pytest.mark.usefixtures("apart")
class TestAtOnce:
    """With real commits, in a town apart."""

    def test_the_same_key_from_several_at_once_is_one_appeal_with_one_answer(self) -> None:
        rows = count()
        answers = race(*[partial(submit_appeal, DRAFT, by=resident(), at=AT)] * 4)
        told = [answer for answer in answers if isinstance(answer, Taken)]
        assert sorted(answer.new for answer in told) == [False, False, False, True]
        assert len({replace(answer, new=False) for answer in told if not answer.dangers}) == 1
        assert [now - before for now, before in zip(count(), rows, strict=True)] == [1, 1, 1, 1, 1, 1, 1, 4]
        assert verify().broken is None

    def test_two_batches_crosswise_take_every_key_once(self) -> None:
        keys = [f"x{number:02d}" for number in range(12)]
        one = partial(submit_appeals, batch(*keys), by=SYSTEM, at=AT)
        other = partial(submit_appeals, batch(*reversed(keys)), by=SYSTEM, at=AT)
        for answers in race(one, other):
            assert isinstance(answers, list)
            assert len(taken(answers)) == 12
        assert Inbound.objects.filter(key__startswith="x").count() == 12
        assert not TwinSuspect.objects.exclude(earlier__in=Appeal.objects.values("pk")).exists()

    def test_me_too_from_several_at_once_is_counted_each(self) -> None:
        case = stories.dispatched()
        acts = [
            partial(submit_appeal, replace(DRAFT, key=f"m{number}", joins=case.pk), by=resident(), at=AT)
            for number in range(4)
        ]
        race(*acts)
        assert (fresh(case).appeal_count, len(voices_of(case))) == (5, 5)
        assert verify().broken is None
