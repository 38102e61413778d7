"""Topics: one matter taken up as a whole, its cases, and the households it is settled for one by one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huying.cases.models import Case
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account, Unit
from huying.supervision.states import HouseholdState, TopicSource, TopicState


class Topic(Story):
    """A matter proposed for a meeting (专项议题); it outlives the cases it began with, and may have none."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    district = models.CharField(max_length=6)
    title = models.CharField(max_length=120)
    why = models.TextField(help_text="Why it is to be taken up.")
    source = models.CharField(max_length=8, choices=TopicSource)
    state = models.CharField(max_length=8, choices=TopicState, default=TopicState.PROPOSED)
    hot_spot = models.UUIDField(null=True, help_text="The hot spot it was made from.")
    walk = models.UUIDField(null=True, help_text="The walk it was made from.")
    area_path = models.CharField(max_length=200)
    item_code = models.CharField(max_length=12, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    proposed_by_name = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    said = models.TextField(blank=True, help_text="Why it was dropped, or how it ended.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hot_spot"],
                condition=Q(hot_spot__isnull=False, state__in=["proposed", "listed", "decided"]),
                name="a_hot_spot_is_one_running_topic",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "dropped"], ended_at__isnull=False)
                | Q(state__in=["proposed", "listed", "decided"], ended_at__isnull=True),
                name="a_topic_that_is_over_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(source="hot_spot") | Q(hot_spot__isnull=False),
                name="a_topic_from_a_hot_spot_names_it",
            ),
        ]
        indexes = [models.Index(fields=["area_path"], name="topics_by_area", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"


class TopicCase(models.Model):
    """A case a topic is about."""

    id = models.UUIDField(primary_key=True, default=new_id)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="members")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "case"], name="a_case_is_in_a_topic_once")]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.topic_id}"


class Household(models.Model):
    """One flat or shop of a matter that is settled door by door: its label and how far it is, no person."""

    id = models.UUIDField(primary_key=True, default=new_id)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="households")
    place = models.PositiveIntegerField(help_text="Its place in the list.")
    label = models.CharField(max_length=30)
    state = models.CharField(max_length=8, choices=HouseholdState, default=HouseholdState.OPEN)
    note = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "label"], name="a_household_is_listed_once"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
                name="a_household_that_is_done_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.label
