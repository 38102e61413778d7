"""Words of supervision: states of topics, meetings and orders, kinds of orders, who is present."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TopicState(models.TextChoices):
    """Where a topic (专项议题) stands."""

    PROPOSED = "proposed", _("Proposed topic")
    LISTED = "listed", _("On an agenda")
    DECIDED = "decided", _("Decided, being worked on")
    ENDED = "ended", _("Topic ended")
    DROPPED = "dropped", _("Not taken up")


class TopicSource(models.TextChoices):
    """What a topic came from."""

    HOT_SPOT = "hot_spot", _("A hot spot")
    OVERDUE = "overdue", _("Overdue cases")
    WALK = "walk", _("A walk")
    HAND = "hand", _("Proposed by hand")


class MeetingState(models.TextChoices):
    """Where a meeting stands: its minutes are frozen once released."""

    CALLED = "called", _("Called")
    RELEASED = "released", _("Minutes released")


class Outcome(models.TextChoices):
    """What became of an item of an agenda."""

    DECIDED = "decided", _("Decided on")
    HEARD = "heard", _("Heard")
    PUT_OFF = "put_off", _("Put off")
    TAKEN_OFF = "taken_off", _("Taken off")


class Presence(models.TextChoices):
    """How somebody takes part in a meeting."""

    PRESENT = "present", _("Present")
    LISTENING = "listening", _("Attending without a vote")
    EXCUSED = "excused", _("Excused")


class OrderState(models.TextChoices):
    """Where an order (督办事项) stands."""

    GIVEN = "given", _("To be taken on")
    DISPUTED = "disputed", _("Said to be another's")
    AT_WORK = "at_work", _("Being worked on")
    REPORTED = "reported", _("Reported done, to be approved")
    CLOSED = "closed", _("Closed order")
    CANCELLED = "cancelled", _("Cancelled order")


OPEN_ORDERS = (OrderState.GIVEN, OrderState.DISPUTED, OrderState.AT_WORK, OrderState.REPORTED)


class OrderKind(models.TextChoices):
    """What kind of order it is."""

    SUPERVISED = "supervised", _("Matter under supervision")
    LIVELIHOOD = "livelihood", _("Livelihood project")
    COORDINATED = "coordinated", _("Matter to coordinate")
    WORKS = "works", _("Works")


class Tint(models.TextChoices):
    """The colour an order has by its date: computed, never stored."""

    RED = "red", _("Past its date")
    YELLOW = "yellow", _("Sent back, or silent for two weeks")
    BLUE = "blue", _("Due within a week")
    GREEN = "green", _("In time")


class GuideState(models.TextChoices):
    """Where a working guide (工作指引) stands."""

    DRAFT = "draft", _("Guide being written")
    COMMENTS = "comments", _("Out for comments")
    PUBLISHED = "published", _("In force")
    WITHDRAWN = "withdrawn", _("Out of force")


class HouseholdState(models.TextChoices):
    """How far a household's part of a matter is."""

    OPEN = "open", _("Not begun")
    AT_WORK = "at_work", _("Begun")
    DONE = "done", _("Household done")


class Shows(models.TextChoices):
    """What a photo of an order shows."""

    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
    EVIDENCE = "evidence", _("Evidence of work")


class EffectFound(models.TextChoices):
    """What the check of an order's effect found; shown as it is."""

    RUNNING = "running", _("Still being counted")
    FELL = "fell", _("Fewer appeals than before")
    SAME = "same", _("About as many appeals as before")
    ROSE = "rose", _("More appeals than before")
    RETURNED = "returned", _("Appeals came back: opened again")
    TOO_FEW = "too_few", _("Too few appeals to tell")
