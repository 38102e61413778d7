"""Tables of what is asked and ruled about a case, of notes, and of words residents add later."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from huying.cases.models.case import Case
from huying.cases.states import (
    AskKind,
    AskState,
    SaidOn,
)
from huying.catalogue.models import LimitUnit, StatutoryRoute
from huying.intake.models import Appeal
from huying.kit.ids import new_id
from huying.people.models import Account, Unit


class Note(models.Model):
    """The words of an internal note, apart from its fact in the ledger: retracted, the row is gone."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_note_has_words")]

    def __str__(self) -> str:
        return self.text[:40]


class Application(models.Model):
    """An application (申请) about a case: asked by one person, ruled on by another, kept with its reasons."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="applications")
    kind = models.CharField(max_length=12, choices=AskKind)
    ordinal = models.PositiveSmallIntegerField(default=1, help_text="The first or second of its kind.")
    state = models.CharField(max_length=8, choices=AskState, default=AskState.OPEN)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.TextField()
    public_text = models.TextField(blank=True, help_text="What residents read of it.")
    plan = models.TextField(blank=True)
    amount = models.PositiveSmallIntegerField(null=True)
    amount_unit = models.CharField(max_length=16, choices=LimitUnit, blank=True)
    review_on = models.DateField(null=True)
    proposed_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    route = models.ForeignKey(
        StatutoryRoute, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    seconded_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    seconded_by_name = models.CharField(max_length=80, blank=True)
    seconded_at = models.DateTimeField(null=True)
    ruled_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ruled_by_name = models.CharField(max_length=80, blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruling = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(state="open"),
                name="one_application_of_a_kind_is_open_for_a_case",
            ),
            models.CheckConstraint(
                condition=Q(ruled_by__isnull=True) | ~Q(ruled_by=F("asked_by")),
                name="nobody_rules_on_their_own_application",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True)
                | (
                    ~Q(seconded_by=F("asked_by")) & (Q(ruled_by__isnull=True) | ~Q(ruled_by=F("seconded_by")))
                ),
                name="two_others_look_at_an_unreasonable_demand",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["granted", "refused"], ruled_at__isnull=False)
                | Q(state__in=["open", "dropped"], ruled_at__isnull=True),
                name="a_ruling_says_when",
            ),
        ]
        indexes = [models.Index(fields=["case", "asked_at"], name="applications_of_a_case")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.case_id}"


class Supplement(models.Model):
    """Words a resident added later; kept beside the appeal, not in the ledger, so that they can be masked."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supplements")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, null=True, related_name="supplements")
    on = models.CharField(max_length=10, choices=SaidOn)
    text = models.TextField()
    by_kind = models.CharField(max_length=10, help_text="resident, or staff who typed what was told")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.on} {self.case_id}"
