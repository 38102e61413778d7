"""What ended long enough ago is forgotten: whole, once, and not what must stay."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from huying.home.tests.desks import asked_case, toilet_case
from huying.intake.masking import MASKED_TYPE, RETENTION, lift_hold, mask_appeal, set_hold, set_retention
from huying.intake.models import Appeal, Inbound, LegalHold, Party, RetentionRule
from huying.journeys.retention import forget_appeal, mask_copies, sweep_retention
from huying.journeys.withdrawing import take_back
from huying.ledger.actor import SYSTEM
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.refusals import refused

if TYPE_CHECKING:
    from huying.cases.models import Case

pytestmark = pytest.mark.django_db

PERSONAL = (
    "我是李小花，住听澜花园3栋1204室，电话13800138000，身份证440399199001011234，公厕很脏很臭没有人打扫"
)
TRACES = ("李小花", "13800138000", "440399199001011234", "1204室")


def _closed(days_ago: int) -> Case:
    at = timezone.now() - timedelta(days=days_ago)
    taken = appeal_of(PERSONAL, name="李小花", phone="13800138000", email="li@example.org", at=at)
    case = case_of(taken)
    take_back(taken.appeal_id, by=SYSTEM, at=at)
    case.refresh_from_db()
    return case


def _appeal(case: Case) -> Appeal:
    return Appeal.objects.get(memberships__case=case)


def test_nothing_that_points_at_the_resident_is_left_after_masking() -> None:
    case = _closed(1)
    appeal = mask_appeal(_appeal(case).pk, why=RETENTION, by=SYSTEM, at=timezone.now())
    mask_copies(Fact.objects.get(stream=f"appeal:{appeal.pk}", kind="AppealMasked"))
    case.refresh_from_db()
    party, inbound = Party.objects.get(appeal=appeal), Inbound.objects.get(pk=appeal.inbound_id)
    left = (
        f"{appeal.title}{appeal.text}{appeal.place_words}{party.name}{party.phone}{party.email}{case.title}"
    )
    left += bytes(inbound.body).decode() + "".join(str(fact.data) for fact in Fact.objects.all())
    assert not [trace for trace in TRACES if trace in left]
    assert "公厕很脏很臭" in appeal.text
    assert inbound.content_type == MASKED_TYPE
    assert appeal.account is None
    assert verify().broken is None


def test_masking_twice_is_masking_once() -> None:
    appeal = _appeal(_closed(1))
    first = mask_appeal(appeal.pk, why=RETENTION, by=SYSTEM, at=timezone.now())
    again = mask_appeal(appeal.pk, why=RETENTION, by=SYSTEM, at=timezone.now())
    assert again.masked_at == first.masked_at
    assert Fact.objects.filter(stream=f"appeal:{appeal.pk}", kind="AppealMasked").count() == 1


def test_the_night_masks_what_ended_long_ago_and_leaves_the_young_and_the_open() -> None:
    old, young, open_ = _appeal(_closed(181)), _appeal(_closed(179)), _appeal(toilet_case())
    assert sweep_retention(at=timezone.now()) == 1
    for appeal in (old, young, open_):
        appeal.refresh_from_db()
    assert old.masked_at
    assert young.masked_at is None
    assert open_.masked_at is None
    assert sweep_retention(at=timezone.now()) == 0
    assert sweep_retention(at=timezone.now() + timedelta(days=2)) == 1


def test_each_kind_has_its_own_time() -> None:
    appeal = _appeal(_closed(31))
    assert sweep_retention(at=timezone.now()) == 0
    set_retention("withdrawn", days=30, basis="town's rule", by=staff("guan"), at=timezone.now())
    assert sweep_retention(at=timezone.now()) == 1
    appeal.refresh_from_db()
    assert appeal.masked_at
    with refused("retention_out_of_range", field="days"):
        set_retention("withdrawn", days=0, basis="none", by=staff("guan"), at=timezone.now())
    with refused("retention_without_basis", field="basis"):
        set_retention("withdrawn", days=10, basis=" ", by=staff("guan"), at=timezone.now())
    assert RetentionRule.objects.get(pk="withdrawn").days == 30


def test_a_held_appeal_stays_whole_and_is_masked_when_the_hold_is_lifted() -> None:
    appeal, at = _appeal(_closed(200)), timezone.now()
    with refused("hold_without_reason", field="reason"):
        set_hold(appeal.pk, reason=" ", by=staff("guan"), at=at)
    hold = set_hold(appeal.pk, reason="行政复议", by=staff("guan"), at=at)
    with refused("appeal_on_hold"):
        set_hold(appeal.pk, reason="再一次", by=staff("guan"), at=at)
    assert sweep_retention(at=at) == 0
    with refused("appeal_on_hold"):
        mask_appeal(appeal.pk, why=RETENTION, by=SYSTEM, at=at)
    assert LegalHold.objects.get().due_at
    lift_hold(hold.pk, by=staff("guan"), at=at)
    lift_hold(hold.pk, by=staff("guan"), at=at)
    appeal.refresh_from_db()
    assert appeal.masked_at
    with refused("appeal_masked"):
        set_hold(appeal.pk, reason="太晚", by=staff("guan"), at=at)


def test_what_is_still_worked_on_cannot_be_forgotten_on_asking() -> None:
    with refused("case_still_open"):
        forget_appeal(_appeal(asked_case()).pk, by=SYSTEM, at=timezone.now())
    assert forget_appeal(_appeal(_closed(0)).pk, by=SYSTEM, at=timezone.now()).masked_at


def test_a_title_never_shows_the_number_of_a_resident() -> None:
    case = case_of(appeal_of("请回电13800138000李小花，公厕很脏很臭，没有人打扫", name="李小花"))
    assert case.title == "公厕很脏很臭，没有人打扫"
    assert "李小花" not in case.title
