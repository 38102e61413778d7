"""Tables of the catalogue: versions of items, grades, working calendar, clocks, routes, danger words."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from huying.kit.ids import new_id
from huying.ledger.models import Story


class Grade(models.TextChoices):
    """Urgency and weight of a matter; A is danger to life or a major matter."""

    A = "A", _("A · danger or major")
    B = "B", _("B · urgent")
    C = "C", _("C · ordinary")
    D = "D", _("D · simple")


class LimitUnit(models.TextChoices):
    """What a limit is counted in (see `core.clock`)."""

    NATURAL_MINUTES = "natural_minutes", _("minutes")
    NATURAL_HOURS = "natural_hours", _("hours")
    WORKING_MINUTES = "working_minutes", _("working minutes")
    WORKING_HOURS = "working_hours", _("working hours")
    URGENT_HOURS = "urgent_hours", _("urgent hours (round the clock)")
    WORKING_DAYS = "working_days", _("working days")
    NATURAL_DAYS = "natural_days", _("days")


# What a clock of the town, or a grade's share of handling, is counted in: also a part of another limit.
CLOCK_UNITS = [*LimitUnit.choices, ("percent", _("percent of a limit"))]


class TownTable(Story):
    """A table of the town that is edited line by line, as its calendar, clocks, grades; changes are facts."""

    key = models.SlugField(primary_key=True, max_length=30)

    def __str__(self) -> str:
        return self.key


class VersionState(models.TextChoices):
    """A catalogue version is drafted, then published, then retired by the next."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class CatalogueVersion(Story):
    """One edition of the catalogue; once published its items do not change."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="published"), name="one_catalogue_is_published"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} (v{self.number})"


class Item(models.Model):
    """Something that can be asked: one line of the catalogue, at one of three levels.

    Only items without children below them (leaves) are given to appeals. Duty roles name who answers
    (`people.Unit.roles`); duty rules of `dispatch` go before them.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    version = models.ForeignKey(CatalogueVersion, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=12)
    parent_code = models.CharField(max_length=12, blank=True)
    level = models.PositiveSmallIntegerField()
    is_leaf = models.BooleanField(default=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    keywords = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    examples = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=1, choices=Grade, default=Grade.C)
    handle_amount = models.PositiveSmallIntegerField(default=5)
    handle_unit = models.CharField(max_length=16, choices=LimitUnit, default=LimitUnit.WORKING_DAYS)
    urgent = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    opening = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    lead = models.CharField(max_length=40, blank=True)
    assists = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    fallback = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="a_code_names_one_item_of_a_version"),
            models.CheckConstraint(condition=Q(level__range=(1, 3)), name="an_item_has_level_one_to_three"),
            models.CheckConstraint(condition=Q(handle_amount__gte=1), name="an_item_has_a_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ItemStage(models.Model):
    """One of several limits of an item that run one after another: stop work, then penalty, then removal."""

    id = models.UUIDField(primary_key=True, default=new_id)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="stages")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16, choices=LimitUnit)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["item", "order"], name="the_stages_of_an_item_have_one_order"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="a_stage_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.name}: {self.amount} {self.unit}"


class ItemClock(models.TextChoices):
    """Clocks that an item may set for itself."""

    SIGN = "sign", _("Signing")
    CONTACT = "contact", _("First contact")
    HANDLE = "handle", _("Handling")


class ItemLimit(models.Model):
    """A clock of an item that differs from the town's, for one grade or (empty) for every grade."""

    id = models.UUIDField(primary_key=True, default=new_id)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="limits")
    clock = models.CharField(max_length=8, choices=ItemClock)
    grade = models.CharField(max_length=1, choices=Grade, blank=True)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16, choices=LimitUnit)

    class Meta:
        ordering = ["clock", "grade"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "clock", "grade"], name="an_item_has_one_limit_a_clock_and_grade"
            ),
            models.CheckConstraint(condition=Q(amount__gte=1), name="an_item_limit_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.clock}@{self.grade or '*'}: {self.amount} {self.unit}"


class GradeRule(models.Model):
    """What a grade means in this town: its criteria, the level that answers for it, who approves, its clocks.

    Clocks left empty are the town's; `handle_unit` percent is a share of the item's limit. Handling by grade
    counts for cases graver than their item usually is.
    """

    key = models.CharField(primary_key=True, max_length=1, choices=Grade)
    name = models.CharField(max_length=20)
    name_en = models.CharField(max_length=40, blank=True)
    criteria = models.TextField(blank=True)
    level = models.SlugField(max_length=30, blank=True)
    approver = models.SlugField(max_length=30, blank=True)
    sign_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    sign_unit = models.CharField(max_length=16, choices=LimitUnit, blank=True)
    contact_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    contact_unit = models.CharField(max_length=16, choices=LimitUnit, blank=True)
    handle_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    handle_unit = models.CharField(max_length=16, choices=CLOCK_UNITS, blank=True)
    tone = models.CharField(max_length=8, blank=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                # A comparison with nothing is neither true nor false, and a CHECK lets that pass.
                condition=Q(**{f"{clock}_amount__gte": 1, f"{clock}_amount__isnull": False})
                & ~Q(**{f"{clock}_unit": ""})
                | Q(**{f"{clock}_amount__isnull": True, f"{clock}_unit": ""}),
                name=f"a_grade_names_amount_and_unit_to_{clock}_or_neither",
            )
            for clock in ItemClock.values
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.name}"


class DutyRole(models.Model):
    """A duty that units fill, such as sanitation or traffic police."""

    key = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    about = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class StatutoryRoute(models.Model):
    """Where a matter belongs that this pipe may not take: a court, arbitration, the police and others."""

    key = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    about = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class DangerPhrase(models.Model):
    """Words that mean danger to life or property, and their look-alikes."""

    key = models.SlugField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=40)
    phrases = ArrayField(models.CharField(max_length=60))
    not_phrases = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    emergency_number = models.CharField(max_length=80, blank=True)
    advice = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.key


class CalendarDay(models.Model):
    """A day that is not what its weekday says, or whose kind was announced."""

    on = models.DateField(primary_key=True)
    kind = models.CharField(
        max_length=8,
        choices=[("workday", _("Working day")), ("holiday", _("Holiday")), ("makeup", _("Make-up day"))],
    )
    name = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=120, blank=True)
    provisional = models.BooleanField(default=False)
    spans = models.JSONField(
        default=list,
        db_default=[],
        blank=True,
        help_text="Hours of this one day, as in a half day before a festival; empty: the usual ones.",
    )

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class WorkingHours(models.Model):
    """Working spans of the town from a day on, such as 09:00–12:00 and 14:00–18:00.

    With a season ("05-01" to "09-30", both included, may run over New Year) they hold in that part of every
    year. Of several that cover a day the one valid from the latest day counts, and from one day a season
    before the whole year.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=40, blank=True, db_default="")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="The last day, included.")
    season_from = models.CharField(max_length=5, blank=True, db_default="")
    season_until = models.CharField(max_length=5, blank=True, db_default="")
    spans = models.JSONField(help_text='[["09:00", "12:00"], ["14:00", "18:00"]]')

    class Meta:
        ordering = ["valid_from", "season_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(season_from="", season_until="") | ~(Q(season_from="") | Q(season_until="")),
                name="a_season_of_hours_has_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="hours_do_not_end_before_they_begin",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.valid_from)


class ClockPolicy(models.Model):
    """A limit that does not hang on the item, from a day on; later rows follow, none is ever changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.SlugField(max_length=30)
    valid_from = models.DateField(db_default=date(2000, 1, 1))
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16, choices=CLOCK_UNITS)
    basis = models.TextField(blank=True)
    edition = models.PositiveIntegerField(db_default=0)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.CharField(max_length=80, blank=True, db_default="")

    class Meta:
        ordering = ["key", "valid_from", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["key", "edition"], name="an_edition_sets_a_clock_once"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="a_clock_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.amount} {self.unit} from {self.valid_from}"
