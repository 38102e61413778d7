"""Every promise with its date: worked examples through the whole pipe, and what never changes a promise."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from huying.cases.actions import move_case
from huying.cases.models import Case, Clock, Deadline
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR, SHANGHAI, fresh, running
from huying.catalogue.actions import draft_catalogue, publish_catalogue
from huying.catalogue.exchange import COLUMNS, lines_of
from huying.catalogue.models import CalendarDay, CatalogueVersion, Item
from huying.catalogue.policies import SHARES
from huying.catalogue.queries import CALENDAR, ItemCard, published
from huying.kit.tabular import write_csv
from huying.ledger.actor import SYSTEM
from huying.ledger.snapshots import announce
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.town import DISTRICT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def of_five_working_days() -> ItemCard:
    return next(
        item
        for item in published().leaves
        if (item.limit.amount, str(item.limit.unit), item.urgent, item.grade)
        == (5, "working_days", False, "C")
    )


def dispatched_at(at: datetime, item: ItemCard | None = None, **more: Any) -> Case:  # noqa: ANN401 - a draft's
    """Return a case received and, by a person, dispatched at this moment."""
    case = stories.waiting(at=at, **more)
    given: dict[str, Any] = {"unit": "cleaning", "item": (item or of_five_working_days()).code}
    return move_case(case.pk, "dispatch", by=staff("mei", at=at), at=at, **given)


# Worked out with an official calendar: days before a holiday, a make-up Saturday, a make-up Sunday.
@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-09-30 10:00", "2026-10-13 18:00"),
        ("2026-09-30 23:30", "2026-10-13 18:00"),
        ("2026-02-13 09:00", "2026-02-27 18:00"),
        ("2026-04-30 16:00", "2026-05-11 18:00"),
        ("2026-10-01 12:00", "2026-10-13 18:00"),
    ],
)
def test_five_working_days_leave_out_holidays_and_count_make_up_days(received: str, due: str) -> None:
    case = dispatched_at(shanghai(received))
    clock = running(case)["handle"]
    assert clock.due_at == shanghai(due)
    assert (case.due_at, clock.provisional) == (shanghai(due), False)
    assert (clock.amount, clock.amount_unit) == (5, "working_days")


@pytest.mark.parametrize(
    ("replied", "due"),
    [
        ("2026-02-13 15:00", "2026-02-14 18:00"),
        ("2026-04-03 15:00", "2026-04-07 18:00"),
        ("2026-09-18 15:00", "2026-09-20 18:00"),
    ],
)
def test_a_reply_is_reviewed_by_the_end_of_the_next_working_day(replied: str, due: str) -> None:
    assert running(stories.replied(at=shanghai(replied)))["review"].due_at == shanghai(due)


def test_an_appeal_dispatched_by_the_rules_gets_the_limit_of_its_item() -> None:
    case = stories.dispatched(at=shanghai("2026-09-30 16:00"))
    limit = published().by_code[case.item_code].limit
    clock = running(case)["handle"]
    assert (clock.amount, clock.amount_unit) == (limit.amount, str(limit.unit))
    assert (limit.amount, str(limit.unit)) == (4, "working_hours")
    assert clock.due_at == shanghai("2026-10-08 11:00")


def test_signing_takes_two_working_hours_and_contact_a_day_by_the_clock() -> None:
    case = dispatched_at(shanghai("2026-09-24 17:00"))  # a holiday follows
    assert running(case)["sign"].due_at == shanghai("2026-09-28 10:00")
    assert running(case)["contact"].due_at == shanghai("2026-09-25 17:00")


def test_danger_never_waits_for_office_hours() -> None:
    at = shanghai("2026-10-01 02:00")
    case = case_of(appeal_of("楼道里电线起火了，冒浓烟", at=at, held_for="filing_often"))
    assert case.grade == "A"
    assert running(case)["receive"].due_at == at + timedelta(minutes=15)
    given: dict[str, Any] = {"unit": "cleaning", "item": of_five_working_days().code}
    case = move_case(case.pk, "dispatch", by=staff("mei", at=at), at=at, **given)
    clocks = running(case)
    assert clocks["handle"].due_at == at + 2 * HOUR
    assert clocks["sign"].due_at == at + timedelta(minutes=15)
    assert clocks["contact"].due_at == at + HOUR


def test_an_item_of_grade_a_keeps_its_own_limit() -> None:
    at = shanghai("2026-10-03 03:00")
    item = next(item for item in published().leaves if item.grade == "A")
    clock = running(dispatched_at(at, item))["handle"]
    assert (clock.amount, clock.amount_unit) == (item.limit.amount, str(item.limit.unit))


def test_placing_takes_two_hours_by_the_clock() -> None:
    at = shanghai("2026-10-01 22:00")
    assert running(stories.waiting(at=at))["receive"].due_at == at + 2 * HOUR


def test_rework_gets_half_the_time() -> None:
    at = shanghai("2026-09-22 10:00")
    case = dispatched_at(at)
    move_case(case.pk, "sign", by=staff("lin", at=at), at=at)
    stories.reply(case, at=at)
    case = move_case(case.pk, "fail_review", by=staff("hao", at=at), at=at, reason="没有照片")
    clock = running(case)["handle"]
    half = of_five_working_days().limit.portion(SHARES["rework"])
    assert (clock.round, clock.amount, clock.amount_unit) == (1, half.amount, str(half.unit))
    assert half.amount < of_five_working_days().limit.amount
    assert case.due_at == clock.due_at


def test_beyond_the_announced_years_a_date_is_given_and_flagged() -> None:
    soon = running(dispatched_at(shanghai("2026-12-31 10:00")))["handle"]
    late = running(dispatched_at(shanghai("2031-05-14 10:00")))["handle"]
    assert soon.provisional
    assert late.provisional
    assert late.due_at == shanghai("2031-05-21 18:00")
    natural = running(stories.waiting(at=shanghai("2031-05-14 10:00")))["receive"]
    assert not natural.provisional


def test_the_warning_comes_at_four_fifths_of_the_time() -> None:
    clock = running(stories.waiting(at=AT))["receive"]
    assert clock.warn_at == AT + timedelta(minutes=96)


def test_the_case_shows_its_nearest_clock_after_every_move() -> None:
    case = stories.waiting()
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("dispatch", "mei", {"unit": "cleaning", "item": of_five_working_days().code}),
        ("sign", "lin", {}),
        ("first_contact", "lin", {"note": "已通话"}),
        ("reply", "lin", {"public_text": "已清", "solved": "yes"}),
        ("pass_review", "hao", {}),
    )
    for key, name, given in steps:
        case = move_case(case.pk, key, by=staff(name, at=AT), at=AT, **given)
        clocks = running(case).values()
        assert case.next_due_at == min((clock.due_at for clock in clocks), default=None)
        assert case.warn_at == min(clocks, key=lambda clock: clock.due_at).warn_at if clocks else True
    assert set(running(case)) == {"asking"}
    case = stories.close(case)
    assert (case.next_due_at, case.warn_at) == (None, None)


def test_a_holiday_announced_later_moves_new_promises_only() -> None:
    at = shanghai("2026-09-22 10:00")
    old = dispatched_at(at)
    before = list(Deadline.objects.filter(case=old).order_by("clock").values())
    CalendarDay.objects.update_or_create(on=date(2026, 9, 23), defaults={"kind": "holiday", "name": "台风"})
    announce(CALENDAR)
    new = dispatched_at(at)
    assert list(Deadline.objects.filter(case=old).order_by("clock").values()) == before
    assert running(old)["handle"].due_at == shanghai("2026-09-30 18:00")
    assert running(new)["handle"].due_at == shanghai("2026-10-08 18:00")
    assert running(new)["handle"].calendar_edition == running(old)["handle"].calendar_edition + 1


def _publish_with_ten_days(folder: Path) -> CatalogueVersion:
    """Publish the catalogue anew, every limit of five working days made ten."""
    items = list(Item.objects.filter(version=published().version_id).order_by("code"))
    for item in items:
        if (item.handle_amount, item.handle_unit) == (5, "working_days"):
            item.handle_amount = 10
    path = folder / "items.csv"
    write_csv(path, list(COLUMNS), lines_of(items))
    version, problems = draft_catalogue(
        path.read_bytes(), file_name="items.csv", name="第二版", district=DISTRICT, by=SYSTEM, at=AT
    )
    assert problems == []
    return publish_catalogue(version, district=DISTRICT, by=SYSTEM, at=AT)


def test_a_case_keeps_the_catalogue_it_was_opened_under(tmp_path: Path) -> None:
    at = shanghai("2026-09-22 10:00")
    case, kept, number = dispatched_at(at), of_five_working_days(), published().number
    before = list(Deadline.objects.filter(case=case).order_by("clock").values())
    new = _publish_with_ten_days(tmp_path)
    assert published().number == new.number
    assert published().by_code[kept.code].limit.amount == 10
    assert list(Deadline.objects.filter(case=case).order_by("clock").values()) == before
    move_case(case.pk, "sign", by=staff("lin", at=at), at=at)
    stories.reply(case, at=at)
    case = move_case(case.pk, "fail_review", by=staff("hao", at=at), at=at, reason="没有照片")
    clock = running(case)["handle"]
    assert clock.amount == kept.limit.portion(SHARES["rework"]).amount
    assert clock.catalogue_number == number
    assert case.item_id == kept.id


def test_a_redispatch_without_a_new_item_keeps_the_old_one_under_a_new_catalogue(tmp_path: Path) -> None:
    case = stories.returned()
    item = case.item_id
    _publish_with_ten_days(tmp_path)
    given: dict[str, Any] = {"unit": "city", "reason": "有理"}
    assert move_case(case.pk, "redispatch", by=staff("mei", at=AT), at=AT, **given).item_id == item


def test_every_clock_has_its_own_limit_and_none_is_longer_than_its_case_needs() -> None:
    case = fresh(stories.replied())
    kinds = set(Deadline.objects.filter(case=case).values_list("clock", flat=True))
    assert kinds == {Clock.SIGN, Clock.CONTACT, Clock.HANDLE, Clock.REVIEW}
    for deadline in Deadline.objects.filter(case=case):
        assert deadline.started_at <= deadline.warn_at <= deadline.due_at
