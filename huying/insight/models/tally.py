"""Tables of the rolling counts: what each case adds, their sums by period, and where a change waits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huying.kit.ids import new_id


class Touched(models.Model):
    """A case something happened to that is not counted yet.

    Written by a trigger on the ledger in the statement that records the fact: one small row nobody else
    writes to, so that taking in an appeal waits for no count.
    """

    id = models.BigAutoField(primary_key=True)
    case_id = models.UUIDField()
    touched_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.case_id)


class CaseTally(models.Model):
    """What a case adds to the sums now: taken off again and put on anew whenever something happens to it.

    `lines` are [period, unit, channel, {counter: number}].
    """

    case_id = models.UUIDField(primary_key=True)
    area_path = models.CharField(max_length=200)
    item_code = models.CharField(max_length=12, blank=True)
    grade = models.CharField(max_length=1)
    lines = models.JSONField()

    def __str__(self) -> str:
        return str(self.case_id)


class Sum(models.Model):
    """What all cases of an area, item and grade add to a period, by unit and channel; NULL is nothing.

    `period` is a day ("2026-11-27"), a month ("2026-11") or "now"; "" stands for no unit yet, no item, and
    no channel. The counters are those of `core.tallying.COUNTERS`.
    """

    id = models.BigAutoField(primary_key=True)
    period = models.CharField(max_length=10)
    area_path = models.CharField(max_length=200)
    unit = models.CharField(max_length=36, blank=True)
    item_code = models.CharField(max_length=12, blank=True)
    grade = models.CharField(max_length=1)
    channel = models.CharField(max_length=40, blank=True)
    came_in = models.IntegerField(null=True)
    opened = models.IntegerField(null=True)
    dispatched = models.IntegerField(null=True)
    automatic = models.IntegerField(null=True)
    given = models.IntegerField(null=True)
    signed = models.IntegerField(null=True)
    contacted = models.IntegerField(null=True)
    returned = models.IntegerField(null=True)
    replied = models.IntegerField(null=True)
    reworked = models.IntegerField(null=True)
    suspended = models.IntegerField(null=True)
    extended = models.IntegerField(null=True)
    urged = models.IntegerField(null=True)
    closed = models.IntegerField(null=True)
    closed_unconfirmed = models.IntegerField(null=True)
    closed_checked = models.IntegerField(null=True)
    false_closure = models.IntegerField(null=True)
    ended = models.IntegerField(null=True)
    sign_in_time = models.IntegerField(null=True)
    sign_late = models.IntegerField(null=True)
    contact_in_time = models.IntegerField(null=True)
    contact_late = models.IntegerField(null=True)
    handle_in_time = models.IntegerField(null=True)
    overdue = models.IntegerField(null=True)
    said_yes = models.IntegerField(null=True)
    said_partly = models.IntegerField(null=True)
    said_no = models.IntegerField(null=True)
    silent = models.IntegerField(null=True)
    starred = models.IntegerField(null=True)
    satisfied = models.IntegerField(null=True)
    open = models.IntegerField(null=True)
    waiting = models.IntegerField(null=True)
    to_sign = models.IntegerField(null=True)
    in_work = models.IntegerField(null=True)
    in_question = models.IntegerField(null=True)
    to_review = models.IntegerField(null=True)
    asking = models.IntegerField(null=True)
    need_info = models.IntegerField(null=True)
    resting = models.IntegerField(null=True)
    overdue_now = models.IntegerField(null=True)
    danger = models.IntegerField(null=True)
    supervised = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "area_path", "unit", "item_code", "grade", "channel"],
                name="a_period_is_summed_once_for_each_kind",
            ),
            models.CheckConstraint(
                condition=Q(period="now") | Q(period__regex=r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"),
                name="a_sum_is_of_a_day_a_month_or_now",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.area_path} {self.item_code}"


class RollingState(models.Model):
    """Up to which moment clocks that ran out are counted; one row, locked by whoever counts."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    rolled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="counting_has_one_state")]

    def __str__(self) -> str:
        return str(self.rolled_at)


class Recount(models.Model):
    """A comparison of the sums with the truth: what was looked at, what differed and was put right."""

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    cases = models.PositiveIntegerField()
    cases_mended = models.PositiveIntegerField()
    sums_mended = models.PositiveIntegerField()
    examples = models.JSONField(default=list, help_text="Up to twenty keys of what differed.")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.cases_mended} {self.sums_mended}"
