"""The words a case is described with: its states, its outcome, its clocks, the parts units have in it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a case stands on its way (standards: 待受理 … 已办结)."""

    SUBMITTED = "submitted", _("Waiting for a person")
    DISPATCHED = "dispatched", _("Waiting to be signed")
    IN_PROGRESS = "in_progress", _("In progress")
    RETURN_REVIEW = "return_review", _("Return asked for")
    REPLIED = "replied", _("Waiting for review")
    FOLLOW_UP = "follow_up", _("Waiting for the resident")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    INADMISSIBLE = "inadmissible", _("Not admissible here")
    NEED_INFO = "need_info", _("Waiting for details from the resident")
    LAPSED = "lapsed", _("Lapsed for want of details")
    SUSPENDED = "suspended", _("Suspended")
    TRANSFERRED = "transferred", _("Transferred to a statutory route")
    ARCHIVED = "archived", _("Archived")


OPEN = (
    Status.SUBMITTED,
    Status.NEED_INFO,
    Status.DISPATCHED,
    Status.IN_PROGRESS,
    Status.SUSPENDED,
    Status.RETURN_REVIEW,
    Status.REPLIED,
    Status.FOLLOW_UP,
)


# What no unit need have: not yet given out, or ended.
UNOWNED = (
    Status.SUBMITTED,
    Status.NEED_INFO,
    Status.FOLLOW_UP,
    Status.CLOSED,
    Status.ARCHIVED,
    Status.MERGED,
    Status.WITHDRAWN,
    Status.INADMISSIBLE,
    Status.LAPSED,
    Status.TRANSFERRED,
)


class Solved(models.TextChoices):
    """Whether the matter is solved: said by the unit on the case, by each resident in the rating."""

    YES = "yes", _("Solved")
    PARTLY = "partly", _("Partly solved")
    NO = "no", _("Not solved")


class Closure(models.TextChoices):
    """How a case was closed; unconfirmed is never counted as satisfied."""

    CONFIRMED = "confirmed", _("Confirmed by the resident")
    UNCONFIRMED = "unconfirmed", _("Not confirmed")
    CHECKED = "checked", _("Checked by its evidence; found by staff")
    UNREASONABLE = "unreasonable", _("Closed against the resident's word, by two people")


class Colour(models.TextChoices):
    """The three colours of supervision (督办): near its date, handled poorly, overdue."""

    BLUE = "blue", _("Blue · near its date")
    YELLOW = "yellow", _("Yellow · handled poorly")
    RED = "red", _("Red · overdue")


class How(models.TextChoices):
    """How an appeal came to a case."""

    OPENED = "opened", _("opened it")
    ME_TOO = "me_too", _("joined it")
    MERGED = "merged", _("was merged into it")
    SPLIT = "split", _("was split off into it")


class TaskKind(models.TextChoices):
    """What part a unit has in a case."""

    LEAD = "lead", _("Lead")
    ASSIST = "assist", _("Assist")
    CALL_IN = "call_in", _("Called in")


class TaskState(models.TextChoices):
    """Whether the part is still to be done."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    ENDED = "ended", _("Ended")


class Clock(models.TextChoices):
    """What is being timed."""

    RECEIVE = "receive", _("Placing")
    SIGN = "sign", _("Signing")
    CONTACT = "contact", _("First contact")
    HANDLE = "handle", _("Handling")
    STAGE = "stage", _("Stage")
    REVIEW = "review", _("Review")
    ASKING = "asking", _("Follow-up")
    REPORT = "report", _("Report to supervision")
    INFO = "info", _("Details from the resident")
    RULING = "ruling", _("Ruling on whose it is")
    REQUEST = "request", _("Ruling on an application")
    SUSPEND = "suspend", _("Review of the suspension")


class AskKind(models.TextChoices):
    """What somebody asks for that somebody else rules on."""

    INADMISSIBLE = "inadmissible", _("Not admissible here")
    DISPUTE = "dispute", _("Whose it is")
    EXTENSION = "extension", _("More time")
    SUSPENSION = "suspension", _("Suspension")
    UNREASONABLE = "unreasonable", _("The demand is unreasonable")


class AskState(models.TextChoices):
    """What became of it."""

    OPEN = "open", _("Waiting for a ruling")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Not granted")
    DROPPED = "dropped", _("No longer needed")


class SaidOn(models.TextChoices):
    """On what occasion a resident added words."""

    INFO = "info", _("Details supplied")
    OBJECTION = "objection", _("Objection to “not admissible”")
    RESTART = "restart", _("It is not solved after all")
