"""Tables of the catalogue: versions of items, the working calendar, statutory routes, danger phrases."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
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

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class WorkingHours(models.Model):
    """Working spans of the town from a day on, such as 09:00–12:00 and 14:00–18:00."""

    valid_from = models.DateField(primary_key=True)
    spans = models.JSONField(help_text='[["09:00", "12:00"], ["14:00", "18:00"]]')

    def __str__(self) -> str:
        return str(self.valid_from)


class ClockPolicy(models.Model):
    """A limit that does not hang on the item: sign, first contact, accept, rate, rework."""

    key = models.SlugField(primary_key=True, max_length=30)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16, choices=LimitUnit)
    basis = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.amount} {self.unit}"
