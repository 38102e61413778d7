"""What a town decided for its own supervision: when an order has helped, and each edit's chain."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from huying.ledger.models import Story


class SupervisionTable(Story):
    """A table of supervision that is edited line by line, as the bodies that meet; changes are facts."""

    key = models.SlugField(primary_key=True, max_length=30)

    def __str__(self) -> str:
        return self.key


class EffectRule(models.Model):
    """From when on an order counts as having helped. Each change is a new row; the newest counts.

    Shares are percent of the pace before the order was given.
    """

    id = models.BigAutoField(primary_key=True)
    fewest_people = models.PositiveSmallIntegerField(help_text="Different people who speak again.")
    fewest_to_tell = models.PositiveSmallIntegerField(help_text="Appeals before and after, together.")
    as_before_percent = models.PositiveSmallIntegerField(help_text="From this pace on it is as before.")
    more_percent = models.PositiveSmallIntegerField(help_text="Beyond this pace it is more than before.")
    pace_after_days = models.PositiveSmallIntegerField(help_text="Before so many days no pace is known.")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(more_percent__gte=F("as_before_percent")),
                name="more_than_before_is_no_less_than_as_before",
            ),
            models.CheckConstraint(
                condition=Q(fewest_people__gte=1, fewest_to_tell__gte=1, pace_after_days__gte=1)
                & Q(as_before_percent__gte=1),
                name="an_effect_is_judged_by_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fewest_people} people, {self.as_before_percent} %, {self.at:%Y-%m-%d}"
