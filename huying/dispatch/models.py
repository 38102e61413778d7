"""Tables of dispatch: duty rules and the assignments they gave."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from huying.catalogue.models import Item
from huying.intake.models import Appeal
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Unit
from huying.places.models import Area


class DutyRule(Story):
    """Item × area → lead, assists, fallback.

    A change ends the row and makes a new one, so that every assignment can name the rule as it was. `items`
    is an item code or the beginning of one ("" = every item). The rule for the longest code wins, then the
    one for the smallest area.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    items = models.CharField(max_length=12, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    assists = models.ManyToManyField(Unit, related_name="+", blank=True)
    fallback = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["items", "area"],
                condition=Q(valid_until__isnull=True),
                nulls_distinct=False,
                name="one_duty_rule_stands_for_an_item_and_area",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="a_duty_rule_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.items or '*'}"


class Assignment(models.Model):
    """Who was given a matter, by which rule, by whom. Never changed: a redispatch is a new one."""

    id = models.UUIDField(primary_key=True, default=new_id)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    assists = ArrayField(models.UUIDField(), default=list)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.ForeignKey(DutyRule, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    why = models.JSONField(help_text="Reason key and its details: which rule, role or person decided.")
    automatic = models.BooleanField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit_id} at {self.at:%Y-%m-%d %H:%M}"
