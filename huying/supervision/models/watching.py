"""What watches over orders: the list of each week, whether it helped, and what everybody may read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.supervision.models.orders import Order
from huying.supervision.models.topics import Topic
from huying.supervision.states import EffectFound


class WeekList(Story):
    """The supervision list of one week, frozen on the Monday after it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    week_on = models.DateField(unique=True, help_text="Its Monday.")
    rows = models.JSONField(help_text="The orders that were open in it, as they stood when it ended.")
    carried = models.PositiveIntegerField(help_text="How many of them went on into the next week.")
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(week_on__week_day=2), name="a_week_begins_on_monday")
        ]

    def __str__(self) -> str:
        return str(self.week_on)


class Effect(models.Model):
    """Whether an order helped: its matter's appeals after it was closed, against as long a time before.

    Each time it is closed is counted apart (`round`), so that a result is never written over.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="effects")
    round = models.PositiveSmallIntegerField()
    since = models.DateTimeField(help_text="When the order was closed.")
    until = models.DateTimeField(help_text="Until when is counted.")
    before = models.PositiveIntegerField(
        default=0, help_text="Appeals in as long a time before it was given."
    )
    after = models.PositiveIntegerField(default=0)
    people_after = models.PositiveIntegerField(default=0, help_text="Different appellants among them.")
    months = models.JSONField(default=list, help_text="Appeals of each month after it was closed.")
    found = models.CharField(max_length=8, choices=EffectFound, default=EffectFound.RUNNING)
    counted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "round"], name="an_end_of_an_order_is_checked_once"),
            models.CheckConstraint(
                condition=Q(found="running", settled_at__isnull=True)
                | (~Q(found="running") & Q(settled_at__isnull=False)),
                name="an_effect_that_is_found_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["counted_at"], name="effects_still_counted", condition=Q(settled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.found}"


class Release(Story):
    """What everybody may read of a topic or of an order without one: words a person released."""

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    topic = models.OneToOneField(Topic, on_delete=models.PROTECT, null=True, related_name="release")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, null=True, related_name="release")
    edition = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    voices = models.JSONField(default=list, help_text="What residents said, as it was released.")
    area_path = models.CharField(max_length=200)
    is_livelihood = models.BooleanField(default=False)
    released_at = models.DateTimeField()
    released_by_name = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__isnull=False, order__isnull=True)
                | Q(topic__isnull=True, order__isnull=False),
                name="a_release_is_of_a_topic_or_of_an_order",
            ),
            models.CheckConstraint(
                condition=(Q(withdrawn_at__isnull=True) & ~Q(title="") & ~Q(text=""))
                | (Q(withdrawn_at__isnull=False, title="", text="") & ~Q(withdraw_reason="")),
                name="what_is_public_of_a_matter_has_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-released_at"], name="releases_newest_first", condition=Q(withdrawn_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.pk)
