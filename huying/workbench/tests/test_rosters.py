"""Duty rosters: read from a table, in the hands of a unit's heads, and whom to call."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from huying.kit.tabular import read_table
from huying.people.models import Unit
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.workbench import reasons
from huying.workbench.models import Roster, Shift
from huying.workbench.rosters import on_duty, read_shifts, set_roster, set_shifts

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)


TABLE = """日期,开始,结束,姓名,电话
2026-09-22,18:00,8:30,林清,13800000001
2026-09-22,08:30,18:00,吴邻,13800000002
2026-09-23,,,郝正,13800000003
昨天,,,谁,1
2026-09-24,18:00,8:30,,
"""


def test_a_roster_is_read_line_by_line_and_nights_end_the_next_morning() -> None:
    with read_table(TABLE.encode(), name="值班表.csv") as table:
        read = read_shifts(table)
    assert [(one.name, (one.ends_at - one.starts_at) / timedelta(hours=1)) for one in read.shifts] == [
        ("林清", 14.5), ("吴邻", 9.5), ("郝正", 24.0),
    ]  # fmt: skip
    assert [one.line for one in read.problems] == [5, 6]


def test_whom_to_call_is_the_unit_s_own_duty_first_and_then_that_above_it() -> None:
    street, cleaning = (Unit.objects.get(code=code) for code in ("street", "cleaning"))
    own = set_roster(cleaning.pk, name="夜间值班", phone="8888", by=staff("hao"))
    above = set_roster(street.pk, name="总值班", by=staff("guan"))
    with read_table(TABLE.encode(), name="a.csv") as table:
        set_shifts(own.pk, read_shifts(table).shifts, by=staff("hao"))
    with read_table(TABLE.encode(), name="a.csv") as table:
        set_shifts(above.pk, read_shifts(table).shifts, by=staff("guan"))
    night = AT.replace(hour=23)
    found = on_duty([cleaning.pk], at=night)
    assert [(one.roster, one.name, one.desk_phone) for one in found] == [
        ("夜间值班", "林清", "8888"), ("总值班", "林清", ""),
    ]  # fmt: skip
    assert [one.name for one in on_duty([cleaning.pk], at=AT)] == ["吴邻", "吴邻"]
    assert on_duty([cleaning.pk], at=AT + 9 * DAY) == []
    # The same table once more replaces its days.
    with read_table(TABLE.encode(), name="a.csv") as table:
        set_shifts(own.pk, read_shifts(table).shifts, by=staff("hao"))
    assert Shift.objects.filter(roster=own).count() == 3


def test_a_unit_s_roster_is_in_the_hands_of_those_who_lead_there() -> None:
    cleaning = Unit.objects.get(code="cleaning")
    own = set_roster(cleaning.pk, name="夜间值班", by=staff("hao"))
    for username in ("lin", "wu", "dong"):
        with refused(reasons.ROSTER_NOT_FOUND.key):
            set_roster(cleaning.pk, name="另一个", by=staff(username))
        with refused(reasons.ROSTER_NOT_FOUND.key):
            set_shifts(own.pk, [Shift(name="a", starts_at=AT, ends_at=AT + DAY)], by=staff(username))
    with refused(reasons.ROSTER_TAKEN.key, field="name"):
        set_roster(cleaning.pk, name="夜间值班", by=staff("hao"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(roster=own, name="a", starts_at=AT, ends_at=AT)
    assert Roster.objects.count() == 1
