"""One act with many cases: each answered by itself, none twice, whoever clicks how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Case, Reply, Status
from huying.ledger.models import Fact
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.refusals import refused
from huying.workbench.bulk import ACTS, MOST_CASES, Chosen, carry_on, start_run, try_again
from huying.workbench.models import BulkRun

if TYPE_CHECKING:
    from huying.ledger.actor import Actor

pytestmark = pytest.mark.django_db
TOILET = "听澜花园旁边的公厕很脏很臭，第{day}天没有人打扫"


def toilets(count: int) -> list[Case]:
    """Return fresh cases that wait for the cleaners to sign."""
    return [case_of(appeal_of(TOILET.format(day=day))) for day in range(3, 3 + count)]


def chosen(*cases: Case) -> list[Chosen]:
    """Return the marks of these cases as the list shows them."""
    return [Chosen(case.number, case.fact_seq) for case in cases]


def values(case: Case) -> dict[str, str]:
    """Return what the blanks hold for a case; nobody knows a telephone number."""
    return {"number": case.number, "place": case.place_name, "phone": ""}


def done(run: BulkRun, by: Actor, *, patience: float = 10) -> dict[str, str]:
    """Carry a run on and return the reason of each case, "" for what was done."""
    assert carry_on(run, fill=values, by=by, at=timezone.now(), patience_seconds=patience) == 0
    return dict(run.rows.values_list("number", "reason"))


def started(act: str, by: Actor, *cases: Case, **given: Any) -> BulkRun:  # noqa: ANN401 - as told
    """Start a run of a new key."""
    return start_run(uuid4(), act, chosen(*cases), given=given, by=by, at=timezone.now())


def test_many_cases_are_signed_and_what_cannot_be_is_told_case_by_case() -> None:
    good, old, gone, foreign = toilets(4)
    lin = staff("lin")
    marks = chosen(good, old, gone, foreign)
    move_case(old.pk, "note", by=lin, at=timezone.now(), note="有人来过")
    move_case(gone.pk, "sign", by=lin, at=timezone.now())
    Case.objects.filter(pk=gone.pk).update(fact_seq=marks[2].seen)  # seen, and yet signed already
    Case.objects.filter(pk=foreign.pk).update(unit_id=staff("wu").unit_ids[0], area_path="440399")
    foreign.tasks.update(state="ended")
    marks.append(Chosen("GD999999999999", 1))
    run = start_run(uuid4(), "sign", marks, given={}, by=lin, at=timezone.now())
    assert done(run, lin) == {
        good.number: "", old.number: "changed_meanwhile", gone.number: "not_from_here",
        foreign.number: "case_not_found", "GD999999999999": "case_not_found",
    }  # fmt: skip
    good.refresh_from_db()
    assert (good.status, good.handler_id) == (Status.IN_PROGRESS, lin.id)
    assert all(row.sentence for row in run.rows.filter(state="refused"))


def test_what_was_refused_is_tried_again_and_nothing_else() -> None:
    good, old = toilets(2)
    lin, marks = staff("lin"), chosen(good, old)
    move_case(old.pk, "note", by=lin, at=timezone.now(), note="有人来过")
    run = start_run(uuid4(), "sign", marks, given={}, by=lin, at=timezone.now())
    done(run, lin)
    again = try_again(uuid4(), run, by=lin, at=timezone.now())
    assert done(again, lin) == {old.number: ""}
    assert again.retry_of == run


def test_the_same_form_sent_twice_is_one_run_and_another_person_s_key_opens_nothing() -> None:
    case, key, lin = toilets(1)[0], uuid4(), staff("lin")
    runs = [start_run(key, "sign", chosen(case), given={}, by=lin, at=timezone.now()) for _ in range(2)]
    assert runs[0] == runs[1]
    done(runs[0], lin)
    done(runs[1], lin)
    assert Fact.objects.filter(stream=f"case:{case.pk}", kind="CaseSigned").count() == 1
    with refused("run_not_found"):
        start_run(key, "sign", chosen(case), given={}, by=staff("hao"), at=timezone.now())


def test_a_reply_is_filled_in_for_each_case_and_never_goes_out_with_a_blank() -> None:
    first, second = toilets(2)
    lin = staff("lin")
    done(started("sign", lin, first, second), lin)
    first, second = Case.objects.get(pk=first.pk), Case.objects.get(pk=second.pk)
    words = {"public_text": "您反映的{place}（{number}）已打扫。", "solved": "yes"}
    assert set(done(started("reply", lin, first, second, **words), lin).values()) == {""}
    told = f"您反映的{first.place_name}（{first.number}）已打扫。"
    assert Reply.objects.get(case=first).public_text == told
    third = toilets(3)[2]
    move_case(third.pk, "sign", by=lin, at=timezone.now())
    third.refresh_from_db()
    run = started("reply", lin, third, public_text="请致电{phone}", solved="yes")
    assert done(run, lin) == {third.number: "blank_empty"}
    with refused("unknown_placeholder"):
        started("reply", lin, third, public_text="{金额}元", solved="yes")


def test_a_colleague_is_given_many_cases_and_a_stranger_none() -> None:
    cases, dong = toilets(2), staff("dong")
    lin = staff("lin")
    assert set(done(started("hand_to", lin, *cases, handler="wu"), lin).values()) == {"no_colleague"}
    assert set(done(started("hand_to", lin, *cases, handler="lin"), lin).values()) == {""}
    # Dong sees them in her area and yet has no right to work on them.
    fresh = [Case.objects.get(pk=case.pk) for case in cases]
    assert set(done(started("sign", dong, *fresh), dong).values()) == {"not_yours"}


def test_too_many_none_or_an_unknown_act_is_refused_before_anything_is_done() -> None:
    lin = staff("lin")
    with refused("nothing_chosen"):
        start_run(uuid4(), "sign", [], given={}, by=lin, at=timezone.now())
    with refused("too_many_chosen"):
        many = [Chosen(f"GD{number}", 1) for number in range(MOST_CASES + 1)]
        start_run(uuid4(), "sign", many, given={}, by=lin, at=timezone.now())
    with refused("unknown_act"):
        start_run(uuid4(), "close", [Chosen("GD1", 1)], given={}, by=lin, at=timezone.now())
    assert not BulkRun.objects.exists()
    assert ACTS.keys() >= {"sign", "hand_to", "reply"}


def test_without_patience_the_rest_waits_and_is_done_later() -> None:
    cases, lin = toilets(3), staff("lin")
    run = started("sign", lin, *cases)
    assert carry_on(run, fill=values, by=lin, at=timezone.now(), patience_seconds=0) == 3
    assert set(done(run, lin).values()) == {""}


@pytest.mark.parametrize("text", ["", "GD1", "GD1:", ":3", "GD1:x", "GD1:99999999999"])
def test_a_box_that_says_nothing_marks_nothing(text: str) -> None:
    assert Chosen.read(text) is None
    assert str(Chosen.read("GD1:3")) == "GD1:3"
