"""Tables of cases: the matter, who works on it, its clocks, replies, and whose voices it carries."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, JSONField, Q, Value

from huying.cases.states import (
    OPEN,
    UNOWNED,
    Clock,
    Closure,
    Colour,
    How,
    Solved,
    Status,
    TaskKind,
    TaskState,
)
from huying.catalogue.models import Grade, Item, LimitUnit, StatutoryRoute
from huying.dispatch.models import Assignment
from huying.intake.models import Appeal
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account, Unit
from huying.places.models import Area, Place


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
    receipt = models.CharField(
        max_length=60, db_default="", help_text="What the statutory route gave as its receipt."
    )
    extensions = models.PositiveSmallIntegerField(db_default=0)
    disputed = models.BooleanField(db_default=False, help_text="A second unit said it is not theirs.")
    objected = models.BooleanField(db_default=False, help_text="The resident objected to “not admissible”.")
    open_asks = models.PositiveSmallIntegerField(db_default=0, help_text="Applications nobody ruled on yet.")
    supervision = models.CharField(max_length=6, choices=Colour, db_default="")
    urged_count = models.PositiveSmallIntegerField(db_default=0)
    urged_at = models.DateTimeField(null=True)
    leader_noted = models.BooleanField(db_default=False)
    concerns_many = models.BooleanField(
        db_default=False, help_text="An appeal of it tells of many people or of gathering, or five joined it."
    )
    confidential = models.BooleanField(db_default=False)
    major = models.BooleanField(db_default=False, help_text="A major emergency.")
    false_closure = models.BooleanField(db_default=False, help_text="It was closed and came back.")
    recheck_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="returned_as", db_index=False
    )
    archived_at = models.DateTimeField(null=True)
    search = ArrayField(models.CharField(max_length=4), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in UNOWNED]) | Q(unit__isnull=False),
                name="who_works_on_a_case_is_named",
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
                condition=Q(status__in=["closed", "archived"], closed_at__isnull=False)
                | (~Q(status__in=["closed", "archived"]) & Q(closure="")),
                name="a_closed_or_archived_case_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=~Q(status="transferred") | (Q(route__isnull=False) & ~Q(receipt="")),
                name="a_transferred_case_has_a_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(status="inadmissible") | Q(route__isnull=False),
                name="an_inadmissible_case_names_a_route",
            ),
        ]
        indexes = [
            # What lists and their counts ask for besides stands in the indexes, so that they read no rows.
            models.Index(
                fields=["unit", "status", "next_due_at", "id"],
                include=["item_code", "grade", "warn_at"],
                name="open_cases_by_unit",
                condition=Q(status__in=[status.value for status in OPEN]),
            ),
            models.Index(
                fields=["status", "next_due_at", "id"],
                include=["area_path", "confidential", "item_code", "grade", "warn_at"],
                name="open_cases_by_state",
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
            models.Index(
                fields=["unit", "status", "next_due_at", "id"],
                name="cases_to_rule_on",
                condition=Q(open_asks__gt=0),
            ),
            models.Index(
                fields=["area_path", "item_code", "closed_at"],
                name="solved_cases_of_an_area",
                condition=Q(status__in=["closed", "archived"], resolution="yes", false_closure=False),
            ),
            models.Index(fields=["closed_at"], name="closed_cases_to_archive", condition=Q(status="closed")),
        ]

    def __str__(self) -> str:
        return self.number


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


class Task(models.Model):
    """One unit's part of a case. Those beside the lead have a clock of their own, and say what they did."""

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
    asked_by_name = models.CharField(max_length=80, db_default="")
    note = models.TextField(db_default="", help_text="What is asked of the unit.")
    meet_at = models.DateTimeField(null=True, help_text="When those called in are to be there.")
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    attended_at = models.DateTimeField(null=True)
    result = models.TextField(db_default="", help_text="What the unit did.")
    done_by_name = models.CharField(max_length=80, db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done", kind__in=["assist", "call_in"])
                | ~Q(result="")
                | Q(due_at__isnull=True),
                name="a_part_that_is_done_says_what_was_done",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="lead", state="open"), name="a_case_has_one_open_lead"
            ),
            models.UniqueConstraint(
                fields=["case", "unit"], condition=Q(state="open"), name="a_unit_has_one_open_part_of_a_case"
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "kind", "case"], condition=Q(state="open"), name="open_parts_of_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id}"


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
    paused_at = models.DateTimeField(null=True, help_text="Since when it stands still.")
    pauses = models.JSONField(
        db_default=Value([], JSONField()),
        help_text="[from, to, calendar edition] of each pause that is over.",
    )
    extends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        help_text="The deadline this one puts off.",
    )  # fmt: skip

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
        indexes = [
            models.Index(
                fields=["warn_at"],
                name="running_clocks_by_warning",
                condition=Q(met_at__isnull=True, ended_at__isnull=True),
            ),
            models.Index(
                fields=["due_at"],
                name="running_clocks_by_end",
                condition=Q(met_at__isnull=True, ended_at__isnull=True),
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
