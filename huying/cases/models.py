"""Tables of cases: the matter, who works on it, its clocks, replies, and whose voices it carries."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huying.catalogue.models import Grade, Item, LimitUnit, StatutoryRoute
from huying.dispatch.models import Assignment
from huying.intake.models import Appeal
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account, Unit
from huying.places.models import Area, Place


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


OPEN = (
    Status.SUBMITTED,
    Status.DISPATCHED,
    Status.IN_PROGRESS,
    Status.RETURN_REVIEW,
    Status.REPLIED,
    Status.FOLLOW_UP,
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


class Case(Story):
    """The de-duplicated matter: state, clocks and owner; one or many appeals hang on it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True)
    district = models.CharField(max_length=6)
    status = models.CharField(max_length=14, choices=Status)
    resolution = models.CharField(max_length=6, choices=Solved, blank=True)
    closure = models.CharField(max_length=12, choices=Closure, blank=True)
    title = models.CharField(max_length=120)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    item_code = models.CharField(max_length=12, blank=True)
    grade = models.CharField(max_length=1, choices=Grade, default=Grade.C)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    area_path = models.CharField(max_length=200)
    place_name = models.CharField(max_length=120, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    handler = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    appeal_count = models.PositiveIntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=0, help_text="How often it went back as rework.")
    dispatch_count = models.PositiveSmallIntegerField(default=0)
    first_dispatch_automatic = models.BooleanField(default=False)
    returned = models.BooleanField(default=False)
    supervised = models.BooleanField(default=False)
    held_for = models.CharField(max_length=40, blank=True, help_text="Why a person decides (reason key).")
    opened_at = models.DateTimeField()
    opened_level = models.CharField(
        max_length=30, blank=True, default="", db_default="", help_text="Level its grade belongs to."
    )
    closed_level = models.CharField(
        max_length=30, blank=True, default="", db_default="", help_text="Level of the unit it was closed by."
    )
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="When the matter is due, by the handling clock.")
    next_due_at = models.DateTimeField(null=True, help_text="The nearest clock still running.")
    warn_at = models.DateTimeField(null=True, help_text="When the nearest clock has used 80 % of its time.")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged_cases")
    route = models.ForeignKey(
        StatutoryRoute, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    search = ArrayField(models.CharField(max_length=4), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["submitted", "merged", "withdrawn", "inadmissible", "follow_up", "closed"]
                )
                | Q(unit__isnull=False),
                name="a_case_under_way_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="a_merged_case_names_the_case_it_went_into",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="a_case_is_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) | (~Q(status="closed") & Q(closure="")),
                name="a_closed_case_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=~Q(status="inadmissible") | Q(route__isnull=False),
                name="an_inadmissible_case_names_a_route",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "status", "next_due_at", "id"],
                name="open_work_of_a_unit",
                condition=Q(status__in=[status.value for status in OPEN]),
            ),
            models.Index(
                fields=["status", "next_due_at", "id"],
                name="open_work_of_the_town",
                condition=Q(status__in=[status.value for status in OPEN]),
            ),
            models.Index(fields=["unit", "-opened_at"], name="cases_of_a_unit_newest_first"),
            models.Index(fields=["-opened_at"], name="cases_newest_first"),
            models.Index(
                fields=["area_path", "opened_at"],
                name="cases_by_area",
                opclasses=["text_pattern_ops", "timestamptz_ops"],
            ),
            GinIndex(fields=["search"], name="cases_by_words"),
        ]

    def __str__(self) -> str:
        return self.number


class How(models.TextChoices):
    """How an appeal came to a case."""

    OPENED = "opened", _("opened it")
    ME_TOO = "me_too", _("joined it")
    MERGED = "merged", _("was merged into it")


class Membership(models.Model):
    """An appeal belongs to a case, from when to when; never deleted, so merging can be undone."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="memberships")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="memberships")
    how = models.CharField(max_length=8, choices=How)
    came_from = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appeal"],
                condition=Q(until_at__isnull=True),
                name="an_appeal_belongs_to_one_case_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} in {self.case_id}"


class TaskKind(models.TextChoices):
    """What part a unit has in a case."""

    LEAD = "lead", _("Lead")
    ASSIST = "assist", _("Assist")


class TaskState(models.TextChoices):
    """Whether the part is still to be done."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    ENDED = "ended", _("Ended")


class Task(models.Model):
    """One unit's part of a case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=TaskKind)
    state = models.CharField(max_length=6, choices=TaskState, default=TaskState.OPEN)
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="lead", state="open"), name="a_case_has_one_open_lead"
            ),
            models.UniqueConstraint(
                fields=["case", "unit"], condition=Q(state="open"), name="a_unit_has_one_open_part_of_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id}"


class Clock(models.TextChoices):
    """What is being timed."""

    RECEIVE = "receive", _("Placing")
    SIGN = "sign", _("Signing")
    CONTACT = "contact", _("First contact")
    HANDLE = "handle", _("Handling")
    REVIEW = "review", _("Review")


class Deadline(models.Model):
    """A promise with a date. It keeps what it was computed from; later changes never rewrite it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    clock = models.CharField(max_length=8, choices=Clock)
    round = models.PositiveSmallIntegerField(default=0)
    amount = models.PositiveSmallIntegerField()
    amount_unit = models.CharField(max_length=16, choices=LimitUnit)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(
        null=True, help_text="Stopped without being met (returned, merged, withdrawn)."
    )
    catalogue_number = models.PositiveIntegerField(null=True)
    calendar_edition = models.PositiveIntegerField()
    policy_edition = models.PositiveIntegerField(
        null=True, help_text="Edition of the town's clocks and grades; unknown for the oldest rows."
    )
    provisional = models.BooleanField(
        default=False, help_text="Runs into a year whose days off are not announced."
    )
    stages = models.JSONField(
        null=True,
        help_text="Stages one after another: name, English name, amount, unit, due moment.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock"],
                condition=Q(met_at__isnull=True, ended_at__isnull=True),
                name="a_clock_runs_once_for_a_case",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("started_at")), name="a_deadline_is_not_before_its_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.due_at:%Y-%m-%d %H:%M}"


class Reply(models.Model):
    """What the unit says: an internal note, a public text for every appellant, solved or not."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    public_text = models.TextField()
    internal_note = models.TextField(blank=True)
    solved = models.CharField(max_length=6, choices=Solved)
    unsolved_reason = models.TextField(blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    passed = models.BooleanField(null=True)
    review_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(solved="yes") | ~Q(unsolved_reason=""), name="what_is_not_solved_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("by")),
                name="nobody_reviews_their_own_reply",
            ),
        ]

    def __str__(self) -> str:
        return f"reply {self.round} of {self.case_id}"


class Evidence(models.Model):
    """A cleaned photo that shows what was done."""

    id = models.UUIDField(primary_key=True, default=new_id)
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="evidence")
    stored_as = models.CharField(max_length=80)
    thumb_as = models.CharField(max_length=80)
    caption = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return str(self.id)
