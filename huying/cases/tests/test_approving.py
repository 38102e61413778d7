"""The table of grades says who approves: its role, or a higher post; the right alone where it names none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from huying.cases import reasons
from huying.cases.moves import MOVE
from huying.cases.rules import why_not
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, fresh, made
from huying.catalogue.editing import set_grade
from huying.ledger.actor import SYSTEM
from huying.people.actions import give_post
from huying.people.models import Account, Unit
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT, FOUNDED_ON

if TYPE_CHECKING:
    from collections.abc import Callable

    from huying.cases.models import Case

pytestmark = pytest.mark.django_db
# From where, which move, and what it needs; the case is of grade C, which names nobody.
GRANTED: tuple[tuple[Callable[[], Case], str, dict[str, Any]], ...] = (
    (stories.extension_asked, "grant_extension", {}),
    (stories.suspension_asked, "suspend", {}),
    (stories.seconded, "close_unreasonable", {"reason": "属实"}),
)


def name_approver(grade: str, role: str) -> None:
    set_grade(grade, {"approver": role}, district=DISTRICT, by=SYSTEM, at=AT)


def sentence(case: Case, move: str, by: str) -> str:
    reason = why_not(case, MOVE[move], by=staff(by, at=AT), at=AT)
    assert reason is not None
    assert reason.key == reasons.NEEDS_APPROVER.key
    return str(reason.sentence)


@pytest.mark.parametrize(("start", "move", "given"), GRANTED, ids=lambda one: getattr(one, "__name__", ""))
def test_of_the_gravest_grade_only_the_leader_grants(
    start: Callable[[], Case], move: str, given: dict[str, Any]
) -> None:
    case = made(start(), "mark_major", "mei", reason="有人受伤")
    assert case.grade == "A"
    for by in ("hao", "du"):
        reason = why_not(case, MOVE[move], by=staff(by, at=AT), at=AT)
        assert reason is not None
        assert reason.key in {reasons.NEEDS_APPROVER.key, reasons.NOT_YOURS.key}
    with refused(reasons.NEEDS_APPROVER.key):
        made(case, move, "du", **given)
    assert made(case, move, "ling", **given).fact_seq > case.fact_seq


def test_the_refusal_names_the_grade_and_the_role() -> None:
    case = made(stories.extension_asked(), "mark_major", "mei", reason="有人受伤")
    told = sentence(case, "grant_extension", "hao")
    assert "A" in told
    assert "领导" in told


def test_of_an_ordinary_grade_whoever_has_the_right_grants() -> None:
    assert made(stories.extension_asked(), "grant_extension", "hao").extensions == 1
    assert made(stories.suspension_asked(), "suspend", "du").status == "suspended"


def test_a_head_of_the_unit_grants_where_the_head_is_named_and_so_does_supervision() -> None:
    name_approver("C", "unit_lead")
    case = stories.extension_asked()
    with refused(reasons.NEEDS_APPROVER.key):
        made(case, "grant_extension", "hao")
    assert made(case, "grant_extension", "du").extensions == 1
    give_post(
        Account.objects.get(username="hao"), unit=Unit.objects.get(code="cleaning"), role="unit_lead",
        valid_from=FOUNDED_ON,
    )  # fmt: skip
    assert made(stories.extension_asked(), "grant_extension", "hao").extensions == 1


def test_the_head_of_another_unit_is_nobody_here() -> None:
    name_approver("C", "unit_lead")
    case = stories.extension_asked()
    give_post(
        Account.objects.get(username="hao"), unit=Unit.objects.get(code="city"), role="unit_lead",
        valid_from=FOUNDED_ON,
    )  # fmt: skip
    assert "C" in sentence(case, "grant_extension", "hao")


def test_to_refuse_takes_the_right_alone() -> None:
    case = made(stories.extension_asked(), "mark_major", "mei", reason="有人受伤")
    made(case, "refuse_extension", "hao", reason="不必延期")
    assert fresh(case).open_asks == 0


def test_the_second_extension_takes_supervision_first_and_the_approver_too() -> None:
    case = made(stories.extension_asked(), "grant_extension", "hao")
    case = made(case, "ask_extension", "lin", reason="仍缺配件", days="3")
    with refused(reasons.NEEDS_HIGHER.key):
        made(case, "grant_extension", "hao")
    name_approver("C", "leader")
    with refused(reasons.NEEDS_APPROVER.key):
        made(case, "grant_extension", "du")
    assert made(case, "grant_extension", "ling").extensions == 2
