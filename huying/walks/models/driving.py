"""Tables of drives (tagged campaigns) and of indices others compute about the town."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from huying.cases.models import Case
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Unit
from huying.places.models import Area


class Drive(Story):
    """A drive (专项攻坚): an area, a span of days, the items it is about. Cases belong to it by this rule.

    `items` are beginnings of item codes; none means every item. `key` is the form's: set twice it is one.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.UUIDField(unique=True)
    district = models.CharField(max_length=6)
    name = models.CharField(max_length=60)
    aim = models.TextField(blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    items = ArrayField(models.CharField(max_length=12), default=list)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day.")
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_drive_has_a_name"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_drive_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DriveMark(models.Model):
    """A case put into a drive by hand, or taken out of it, against the rule; with the reason."""

    id = models.UUIDField(primary_key=True, default=new_id)
    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="marks")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    is_in = models.BooleanField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "case"], name="a_case_is_marked_for_a_drive_once"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="a_case_is_marked_for_a_drive_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {'in' if self.is_in else 'out'}"


class Cleared(models.Model):
    """A line of a drive's ledger: how much of what was cleared on a day. Struck out, never deleted."""

    id = models.UUIDField(primary_key=True)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="cleared")
    on = models.DateField()
    what = models.CharField(max_length=60)
    quantity = models.DecimalField(max_digits=14, decimal_places=2)
    measure = models.CharField(max_length=20)
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="In yuan.")
    place_words = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    struck_at = models.DateTimeField(null=True)
    struck_for = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="what_was_cleared_is_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="a_cost_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_for="")
                | Q(struck_at__isnull=False) & ~Q(struck_for=""),
                name="a_line_struck_out_says_why",
            ),
        ]
        ordering = ["on", "at"]

    def __str__(self) -> str:
        return f"{self.what} {self.quantity} {self.measure}"


class IndexSeries(Story):
    """An index others compute (环卫指数): its name, what it is measured in, and which way is better."""

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", help_text="Whose table it is.")
    name = models.CharField(max_length=60)
    measure = models.CharField(max_length=20, blank=True)
    lower_is_better = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="an_area_names_a_series_once"),
            models.CheckConstraint(condition=~Q(name=""), name="a_series_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class IndexRun(models.Model):
    """One file of values that was taken in, whole: its bytes are known again by their digest."""

    id = models.UUIDField(primary_key=True, default=new_id)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.file_name


class IndexValue(models.Model):
    """The value of a series for an area on a day, as the newest file has it."""

    id = models.BigAutoField(primary_key=True)
    series = models.ForeignKey(IndexSeries, on_delete=models.PROTECT, related_name="values")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=4)
    source = models.CharField(max_length=120)
    run = models.ForeignKey(IndexRun, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "area", "on"], name="an_area_has_one_value_of_a_series_on_a_day"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="a_value_says_where_it_comes_from"),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.value}"
