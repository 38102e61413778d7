"""Meetings: the bodies that meet, agendas with frozen packs, who was there, and what was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account
from huying.places.models import Area
from huying.supervision.models.topics import Topic
from huying.supervision.states import MeetingState, Outcome, Presence


class Body(models.Model):
    """Who meets: its name, and the item that stands last on every agenda of it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=80, unique=True)
    name_en = models.CharField(max_length=80, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Whose matters it takes up; empty: those of the whole town.",
    )  # fmt: skip
    standing_title = models.CharField(
        max_length=80, blank=True, help_text="The item that stands on every agenda; empty: none does."
    )
    standing_last = models.BooleanField(default=True, help_text="Whether that item comes last, or first.")
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Meeting(Story):
    """One meeting of a body. Its minutes are made from its rows until they are released, and frozen then."""

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="Which meeting of the body it is in its year.")
    area_path = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=MeetingState, default=MeetingState.CALLED)
    starts_at = models.DateTimeField()
    where = models.CharField(max_length=120, blank=True)
    chaired_by = models.CharField(max_length=80, blank=True)
    written_by = models.CharField(max_length=80, blank=True)
    called_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    called_by_name = models.CharField(max_length=80)
    released_at = models.DateTimeField(null=True)
    released_by_name = models.CharField(max_length=80, blank=True)
    minutes = models.JSONField(null=True, help_text="The minutes as they were released.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "year", "number"], name="a_meeting_of_a_body_is_counted_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False, minutes__isnull=False)
                | Q(state="called", released_at__isnull=True, minutes__isnull=True),
                name="released_minutes_are_kept_as_they_were",
            ),
        ]
        indexes = [models.Index(fields=["-starts_at"], name="meetings_newest_first")]

    def __str__(self) -> str:
        return f"{self.body_id} {self.year}/{self.number}"


class Attendance(models.Model):
    """Somebody at a meeting: a post, a unit or a guest, as the minutes name them."""

    id = models.UUIDField(primary_key=True, default=new_id)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    place = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=80)
    presence = models.CharField(max_length=9, choices=Presence)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "who"], name="somebody_is_at_a_meeting_once")
        ]

    def __str__(self) -> str:
        return self.who


class AgendaItem(models.Model):
    """A line of an agenda: a topic with its pack, or another matter of the body's."""

    id = models.UUIDField(primary_key=True, default=new_id)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, related_name="agenda_items")
    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    is_standing = models.BooleanField(default=False)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, help_text="Empty: still to come.")
    settled_at = models.DateTimeField(null=True)
    notes = models.TextField(blank=True, help_text="What was said, as the minutes tell it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic"],
                condition=Q(outcome="", topic__isnull=False),
                name="a_topic_waits_on_one_agenda",
            ),
            models.UniqueConstraint(
                fields=["meeting", "topic"],
                condition=~Q(outcome="taken_off"),
                name="a_topic_is_on_an_agenda_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True)
                | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="an_item_that_is_settled_says_when",
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(is_standing=True), name="an_agenda_has_one_standing_item"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Pack(models.Model):
    """What a meeting was given to read about a topic, frozen when it went on the agenda."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, primary_key=True, related_name="pack")
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.item_id)


class Decision(models.Model):
    """What a meeting decided about an item; each is carried out by one order."""

    id = models.UUIDField(primary_key=True, help_text="The key of the form: the same twice is one decision.")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="decisions")
    place = models.PositiveSmallIntegerField()
    text = models.TextField()
    decided_at = models.DateTimeField()
    decided_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "place"], name="decisions_of_an_item_are_counted_once"),
            models.CheckConstraint(condition=~Q(text=""), name="a_decision_says_what"),
        ]

    def __str__(self) -> str:
        return self.text[:40]
