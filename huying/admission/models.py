"""Tables of admission: which items are gated, who applied to push a task down, and what the areas ruled."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Unit
from huying.places.models import Area, AreaLevel


class GatedItem(models.Model):
    """Items that are a department's own: given to a unit of this level or below only where admitted.

    `items` is an item code or the beginning of one. Of several levels named for an item, the one nearest
    above a unit counts for it: a street's admission does not speak for its communities where both are gated.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    items = models.CharField(max_length=12)
    level = models.ForeignKey(AreaLevel, on_delete=models.PROTECT, related_name="+")
    basis = models.TextField(help_text="Why it is the department's own: the law or the paper that says so.")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["items", "level"], name="an_item_is_gated_once_at_a_level"),
            models.CheckConstraint(condition=~Q(items=""), name="a_gate_names_its_items"),
        ]
        ordering = ["items", "level__rank"]

    def __str__(self) -> str:
        return f"{self.items} ≥ {self.level_id}"


class ApplicationState(models.TextChoices):
    """Where an application stands as a whole; what each area said is in its rulings."""

    APPLIED = "applied", _("Waiting for a ruling")
    RETURNED = "returned", _("Returned for completion")
    SETTLED = "settled", _("Ruled on")
    WITHDRAWN = "withdrawn", _("Taken back")


class Application(Story):
    """A department asks to push a kind of task down: by which law, with what money and people, until when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    district = models.CharField(max_length=6)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, help_text="What kind of task it is, in the words of the list.")
    items = models.CharField(
        max_length=12, blank=True, help_text="Beginning of the item codes it opens; empty for other work."
    )
    level = models.ForeignKey(AreaLevel, on_delete=models.PROTECT, related_name="+")
    description = models.TextField()
    basis = models.TextField()
    money = models.TextField()
    people = models.TextField()
    contact = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day of the term.")
    review_on = models.DateField()
    renews = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals"
    )
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.APPLIED)
    round = models.PositiveSmallIntegerField(default=0, help_text="How often it was returned and completed.")
    said = models.TextField(blank=True, help_text="What is missing, or why it was taken back.")
    applied_at = models.DateTimeField()
    applied_by_id = models.UUIDField(null=True)
    applied_by = models.CharField(max_length=80)
    rule_by = models.DateTimeField(help_text="Until when the areas rule.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_term_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(review_on__gte=F("starts_on"), review_on__lte=F("ends_on")),
                name="a_review_falls_into_the_term",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-applied_at"], name="applications_of_a_unit")]

    def __str__(self) -> str:
        return f"#{self.number} {self.name}"


class Attachment(models.Model):
    """A paper or photo an application was made with: under which law, with what money."""

    id = models.UUIDField(primary_key=True, default=new_id)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=80, help_text="Its media type, as found in the file.")
    stored_as = models.CharField(max_length=100)
    size_bytes = models.PositiveIntegerField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "stored_as"], name="a_paper_is_attached_once_to_an_application"
            )
        ]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.name


class Verdict(models.TextChoices):
    """What an area says to an application."""

    ADMITTED = "admitted", _("Admitted")
    REFUSED = "refused", _("Not admitted")


class Ruling(models.Model):
    """An area asked by an application, and its verdict: none yet, admitted until a day, or refused.

    An area below one that was asked may refuse for itself: the ruling nearest to a unit counts for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="rulings")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    reason = models.TextField(blank=True)
    by_name = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(null=True)
    ends_on = models.DateField(null=True, help_text="The last day it is admitted.")
    review_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True, help_text="The review date somebody was reminded of.")
    ended_at = models.DateTimeField(null=True, help_text="When it ended: early, or by lapse of its term.")
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "area"], name="an_area_rules_once_on_an_application"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", at__isnull=True) | (~Q(verdict="") & Q(at__isnull=False)),
                name="a_ruling_was_made_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="refused") | ~Q(reason=""), name="a_refusal_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="admitted") | Q(ends_on__isnull=False, review_on__isnull=False),
                name="an_admission_has_a_term_and_a_review",
            ),
            models.CheckConstraint(
                condition=Q(review_on__isnull=True) | Q(review_on__lte=F("ends_on")),
                name="a_review_comes_before_the_end",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(verdict="admitted"),
                name="only_what_was_admitted_ends",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on"],
                condition=Q(verdict="admitted", ended_at__isnull=True),
                name="admissions_in_force_by_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_id}: {self.verdict or '-'}"
