"""Tables of feedback: each appellant is asked once a round, and answers once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huying.cases.models import Case, Solved
from huying.intake.models import Appeal
from huying.kit.ids import new_id


class Outcome(models.TextChoices):
    """What became of a question: silence is its own answer."""

    WAITING = "waiting", _("Waiting")
    SATISFIED = "satisfied", _("Solved and satisfied")
    UNSATISFIED = "unsatisfied", _("Not solved or not satisfied")
    UNCONFIRMED = "unconfirmed", _("Not confirmed")
    DROPPED = "dropped", _("No longer asked")


class RatingRequest(models.Model):
    """One appellant asked about one reply."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rating_requests")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="rating_requests")
    round = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "appeal", "round"], name="an_appellant_is_asked_once_a_round"
            )
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=Q(outcome="waiting"), name="open_questions_by_end")
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} round {self.round}"


class Rating(models.Model):
    """An appellant's own judgement: solved or not, and four axes of one to five stars."""

    request = models.OneToOneField(
        RatingRequest, on_delete=models.PROTECT, primary_key=True, related_name="rating"
    )
    solved = models.CharField(max_length=6, choices=Solved)
    speed = models.PositiveSmallIntegerField(null=True)
    result = models.PositiveSmallIntegerField(null=True)
    service = models.PositiveSmallIntegerField(null=True)
    process = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(blank=True)
    spoke_as = models.CharField(
        max_length=5, blank=True, db_default="", help_text="self or proxy, where one typed it for another."
    )
    by_kind = models.CharField(max_length=10, help_text="resident, or staff for a call by the telephone desk")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{axis}__isnull": True}) | Q(**{f"{axis}__range": (1, 5)}),
                name=f"{axis}_is_one_to_five_stars",
            )
            for axis in ("speed", "result", "service", "process")
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.solved}"
