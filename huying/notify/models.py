"""Notices in the app: what happened, and what is next."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huying.kit.ids import new_id
from huying.people.models import Account, Unit


class Notice(models.Model):
    """One notice to one reader: a resident's appeal, a unit, or an account.

    The words are made when it is read, from `kind` and `data`, in the reader's language.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    to_appeal_id = models.UUIDField(null=True, db_index=True)
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    to_account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["to_unit", "-at"], name="notices_of_a_unit"),
            models.Index(fields=["to_account", "-at"], name="notices_of_an_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_appeal_id__isnull=False)
                | Q(to_unit__isnull=False)
                | Q(to_account__isnull=False),
                name="a_notice_has_a_reader",
            )
        ]

    def __str__(self) -> str:
        return self.kind
