"""Orders: what a unit has to bring to an end, by when, with whom, and what shows that it did."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from huying.cases.models import Case
from huying.cases.states import Colour
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account, Unit
from huying.supervision.models.meetings import Decision
from huying.supervision.models.topics import Topic
from huying.supervision.states import OrderKind, OrderState, Shows


class Order(Story):
    """An order (督办事项): one owner, a date, and an end that somebody else approves."""

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(help_text="Counted within its year.")
    kind = models.CharField(max_length=12, choices=OrderKind, default=OrderKind.SUPERVISED)
    state = models.CharField(max_length=9, choices=OrderState, default=OrderState.GIVEN)
    title = models.CharField(max_length=120)
    text = models.TextField(help_text="What is to be done.")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, related_name="orders")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, related_name="order")
    area_path = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()
    given_by_name = models.CharField(max_length=80)
    due_on = models.DateField(help_text="The last day.")
    first_due_on = models.DateField(help_text="The last day as it was first set.")
    heard_at = models.DateTimeField(help_text="When the unit last said anything, or was last asked.")
    letter = models.CharField(max_length=6, choices=Colour, blank=True, help_text="The last letter sent.")
    soon_told_on = models.DateField(null=True, help_text="The date it was told of as near.")
    late_told_on = models.DateField(null=True, help_text="The date it was told of as past.")
    sent_back = models.BooleanField(default=False, help_text="Its last report was sent back.")
    round = models.PositiveSmallIntegerField(default=0, help_text="How often it was sent back or reopened.")
    reported_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    said = models.TextField(blank=True, help_text="What its last turn was about: a report, a reason.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="orders_are_counted_once_a_year"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "cancelled"], closed_at__isnull=False)
                | (~Q(state__in=["closed", "cancelled"]) & Q(closed_at__isnull=True)),
                name="an_order_that_is_over_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(closed_by__isnull=True)
                | Q(reported_by__isnull=True)
                | ~Q(closed_by=F("reported_by")),
                name="nobody_approves_the_end_of_their_own_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="reported") | Q(reported_at__isnull=False),
                name="a_reported_order_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="open_orders_by_date",
                condition=Q(state__in=["given", "disputed", "at_work", "reported"]),
            ),
            models.Index(fields=["unit", "state", "due_on"], name="orders_of_a_unit"),
            models.Index(fields=["area_path"], name="orders_by_area", opclasses=["text_pattern_ops"]),
            models.Index(fields=["closed_at"], name="closed_orders_by_time", condition=Q(state="closed")),
        ]

    def __str__(self) -> str:
        return f"〔{self.year}〕{self.number}"


class OrderAssist(models.Model):
    """A unit that helps with an order."""

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="assists")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "unit"], name="a_unit_assists_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} assists {self.order_id}"


class OrderCase(models.Model):
    """A case an order is about: its letters lie over it as supervision."""

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "case"], name="a_case_is_in_an_order_once")]

    def __str__(self) -> str:
        return f"{self.case_id} under {self.order_id}"


class Interview(models.Model):
    """A talk (约谈) with who is answerable, what was promised and until when."""

    id = models.UUIDField(primary_key=True, help_text="The key of the form: the same twice is one talk.")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="interviews")
    held_on = models.DateField()
    who = models.CharField(max_length=80, help_text="The firm or post that was spoken to.")
    asked = models.TextField(blank=True)
    promise = models.TextField(blank=True)
    promised_on = models.DateField(null=True, help_text="The day it was promised for.")
    kept_at = models.DateTimeField(null=True)
    passed_told_at = models.DateTimeField(null=True, help_text="When it was told that the day had passed.")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(promised_on__isnull=True) | ~Q(promise=""),
                name="a_promise_with_a_date_says_what",
            )
        ]
        indexes = [
            models.Index(
                fields=["promised_on"],
                name="promises_not_kept_yet",
                condition=Q(kept_at__isnull=True, promised_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.held_on}"


class Work(models.Model):
    """A line of the works ledger: what, how much of it, for how much money."""

    id = models.UUIDField(primary_key=True, help_text="The key of the form: the same twice is one line.")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="works")
    name = models.CharField(max_length=80)
    quantity = models.DecimalField(max_digits=14, decimal_places=2)
    measure = models.CharField(max_length=20, help_text="The unit it is counted in: 个, 米, 平方米.")
    cost_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    done_on = models.DateField(null=True)
    struck_at = models.DateTimeField(null=True, help_text="When the line was struck out.")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="works_have_a_quantity"),
            models.CheckConstraint(
                condition=Q(cost_yuan__isnull=True) | Q(cost_yuan__gte=0), name="works_cost_nothing_or_more"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrderPhoto(models.Model):
    """A photo of an order: before, after, or evidence of a report; cleaned as every photo."""

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="photos")
    work = models.ForeignKey(Work, on_delete=models.PROTECT, null=True, related_name="photos")
    shows = models.CharField(max_length=8, choices=Shows)
    stored_as = models.CharField(max_length=80)
    thumb_as = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "shows", "stored_as"], name="a_photo_of_an_order_is_kept_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shows} {self.order_id}"
