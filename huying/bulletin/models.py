"""Tables of papers: reminder letters, bulletins with what they promise, numbers, what was printed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huying.cases.models import Case
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Unit
from huying.places.models import Area, AreaLevel


class Letterhead(models.Model):
    """How an area's papers are headed; without one they take the name of the area."""

    area = models.OneToOneField(Area, on_delete=models.PROTECT, primary_key=True, related_name="letterhead")
    issuer = models.CharField(max_length=60, help_text="Who issues: 发文机关.")
    word = models.CharField(max_length=20, help_text="The word before the year in a number: 发文机关代字.")
    printed_by = models.CharField(max_length=60, blank=True)
    masthead = models.CharField(max_length=30, blank=True, help_text="What the weekly bulletin is called.")
    copies_to = models.CharField(max_length=300, blank=True, help_text="Who gets copies, one a comma.")

    def __str__(self) -> str:
        return self.issuer


class Series(models.Model):
    """The last number given out of a series, one a kind, area and year; locked while one is given."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=20)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "area", "year"], name="a_series_runs_once_a_kind_area_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class ReminderReason(models.TextChoices):
    """Why a unit is reminded."""

    OVERDUE = "overdue", _("Past their time limit")
    DUE_SOON = "due_soon", _("Near their time limit")
    POOR_REPLY = "poor_reply", _("Poor replies: sent back, or residents not satisfied")
    OTHER = "other", _("Another reason")


class ReminderState(models.TextChoices):
    """Where a reminder letter stands."""

    DRAFT = "draft", _("Draft, to be signed")
    ISSUED = "issued", _("Issued, not received yet")
    RECEIVED = "received", _("Received, to be answered")
    ANSWERED = "answered", _("Answered, to be looked at")
    CLOSED = "closed", _("Closed")
    DROPPED = "dropped", _("Dropped")


UNDER_WAY = [ReminderState.DRAFT, ReminderState.ISSUED, ReminderState.RECEIVED, ReminderState.ANSWERED]
_BEFORE_ISSUE = [ReminderState.DRAFT, ReminderState.DROPPED]


class Reminder(Story):
    """A reminder letter (提醒函) to one unit about a set of cases; what was issued never changes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", help_text="Who issues it.")
    area_path = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=ReminderReason)
    state = models.CharField(max_length=10, choices=ReminderState, default=ReminderState.DRAFT)
    set_key = models.CharField(max_length=64, help_text="Unit, reason and cases as a hash.")
    title = models.CharField(max_length=120)
    text = models.TextField(help_text="What it says before the list of cases.")
    answer_days = models.PositiveSmallIntegerField(default=3, help_text="Working days to answer in.")
    drafted_at = models.DateTimeField()
    drafted_by_id = models.UUIDField(null=True)
    drafted_by = models.CharField(max_length=80)
    sent_back = models.CharField(max_length=300, blank=True, help_text="Why it was not signed.")
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    symbol = models.CharField(max_length=60, blank=True, help_text="The whole number: 映溪街提〔2026〕3号.")
    issued_at = models.DateTimeField(null=True)
    signed_by_id = models.UUIDField(null=True)
    signed_by = models.CharField(max_length=80, blank=True)
    answer_by = models.DateTimeField(null=True)
    paper = models.JSONField(null=True, help_text="The document as issued (kit.paper.to_plain).")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the document as issued.")
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=80, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(
        max_length=300, blank=True, help_text="How it ended, or why the answer will not do."
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "year", "number"], name="a_reminder_has_a_number_of_its_own"
            ),
            models.UniqueConstraint(
                fields=["set_key"], condition=Q(state__in=[one.value for one in UNDER_WAY]),
                name="a_set_of_cases_is_reminded_of_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in _BEFORE_ISSUE], number__isnull=True)
                | (
                    ~Q(state__in=[one.value for one in _BEFORE_ISSUE])
                    & Q(number__isnull=False, issued_at__isnull=False, paper__isnull=False)
                    & Q(answer_by__isnull=False)
                    & ~Q(sha256="")
                ),
                name="what_was_issued_has_its_number_and_its_paper",
            ),
            models.CheckConstraint(
                condition=Q(signed_by_id__isnull=True) | ~Q(signed_by_id=F("drafted_by_id")),
                name="nobody_signs_a_reminder_of_their_own",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"]) | ~Q(answer=""),
                name="an_answered_reminder_holds_the_answer",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["area_path"], name="reminders_by_area", opclasses=["text_pattern_ops"]),
            models.Index(fields=["unit", "state", "answer_by"], name="reminders_of_a_unit"),
        ]

    def __str__(self) -> str:
        return self.symbol or self.title


class ReminderCase(models.Model):
    """A case a letter reminds of, as it stood when the letter was drafted."""

    id = models.UUIDField(primary_key=True, default=new_id)
    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reminders")
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=120, help_text="Redacted.")
    place = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reminder", "case"], name="a_letter_names_a_case_once")
        ]
        ordering = ["due_at", "number"]

    def __str__(self) -> str:
        return self.number


class Span(models.TextChoices):
    """How long a time a bulletin tells of."""

    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")


class BulletinPlan(models.Model):
    """Which bulletins the areas of a level get drafted by themselves, and whether they go out unseen.

    A town without a row has weekly drafts for streets and communities, each released by a person.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    level = models.ForeignKey(AreaLevel, on_delete=models.PROTECT, related_name="+")
    span = models.CharField(max_length=5, choices=Span)
    is_on = models.BooleanField(default=True)
    by_itself = models.BooleanField(default=False, help_text="Released without a person looking.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "span"], name="a_level_has_one_plan_a_span")]

    def __str__(self) -> str:
        return f"{self.level_id} {self.span}"


class BulletinState(models.TextChoices):
    """Where a bulletin stands."""

    DRAFT = "draft", _("Draft")
    RELEASED = "released", _("Released")
    DROPPED = "dropped", _("Dropped")


class Bulletin(Story):
    """A bulletin (周报, and of days and months) of one area; an edition that was released never changes.

    `numbers` are the counts as they stood, `sections` what is printed: [{key, title, text, rows, on}, …].
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=200)
    span = models.CharField(max_length=5, choices=Span)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day it tells of.")
    edition = models.PositiveSmallIntegerField(default=1)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by", db_index=False
    )
    correction = models.CharField(max_length=300, blank=True, help_text="What a new edition puts right.")
    state = models.CharField(max_length=10, choices=BulletinState, default=BulletinState.DRAFT)
    revision = models.PositiveIntegerField(default=0, help_text="Counts the changes made to the draft.")
    numbers = models.JSONField(default=dict)
    sections = models.JSONField(default=list)
    made_at = models.DateTimeField()
    counted_at = models.DateTimeField()
    edited_by = models.CharField(max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True, help_text="The issue within its year.")
    released_at = models.DateTimeField(null=True)
    released_by_id = models.UUIDField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    paper = models.JSONField(null=True, help_text="The document as released (kit.paper.to_plain).")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the document as released.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "span", "starts_on", "edition"],
                condition=~Q(state="dropped"),
                name="a_bulletin_has_one_of_each_edition",
            ),
            models.UniqueConstraint(
                fields=["area", "span", "starts_on"],
                condition=Q(state="draft"),
                name="a_bulletin_is_drafted_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["area", "span", "year", "number", "edition"],
                name="a_bulletin_has_an_issue_of_its_own",
            ),
            models.CheckConstraint(
                condition=~Q(state="released")
                | (Q(number__isnull=False, released_at__isnull=False, paper__isnull=False) & ~Q(sha256="")),
                name="a_released_bulletin_has_its_issue_and_its_paper",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correction=""),
                name="a_new_edition_says_what_it_puts_right",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_bulletin_ends_after_it_began"
            ),
        ]
        indexes = [
            models.Index(fields=["area_path"], name="bulletins_by_area", opclasses=["text_pattern_ops"]),
            models.Index(fields=["area", "span", "-starts_on"], name="bulletins_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.area_path} {self.span} {self.starts_on} ({self.edition})"


class Kept(models.TextChoices):
    """What came of a promise."""

    OPEN = "open", _("Still open")
    KEPT = "kept", _("Kept")
    PARTLY = "partly", _("Partly kept")
    BROKEN = "broken", _("Not kept")


class Promise(models.Model):
    """What a bulletin promised for the time after it, whose it is, and what came of it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="promises")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.CharField(max_length=80, blank=True, help_text="Name of the unit, as printed.")
    due_on = models.DateField(null=True)
    order_key = models.CharField(
        max_length=60, blank=True, help_text="The order it stands for, if there is one."
    )
    outcome = models.CharField(max_length=6, choices=Kept, default=Kept.OPEN)
    outcome_text = models.CharField(max_length=300, blank=True)
    outcome_at = models.DateTimeField(null=True)
    outcome_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "place"], name="promises_of_a_bulletin_are_in_order"),
            models.UniqueConstraint(
                fields=["bulletin", "order_key"],
                condition=~Q(order_key=""),
                name="a_bulletin_promises_an_order_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open") | (~Q(outcome_text="") & Q(outcome_at__isnull=False)),
                name="what_came_of_a_promise_says_how",
            ),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return self.text


class Print(models.Model):
    """A file of an issued letter or a released bulletin, byte for byte; the database refuses to change it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, null=True, related_name="prints")
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, null=True, related_name="prints")
    ending = models.CharField(max_length=4, help_text="docx, pdf or xlsx.")
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reminder", "ending"], name="a_letter_is_printed_once_a_kind"),
            models.UniqueConstraint(fields=["bulletin", "ending"], name="a_bulletin_is_printed_once_a_kind"),
            models.CheckConstraint(
                condition=Q(reminder__isnull=False, bulletin__isnull=True)
                | Q(reminder__isnull=True, bulletin__isnull=False),
                name="a_print_is_of_one_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ending} {self.sha256[:8]}"
