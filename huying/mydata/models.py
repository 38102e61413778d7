"""Tables of one's own data: copies that were asked for, and requests to be forgotten."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account


class CopyState(models.TextChoices):
    """How far a copy has come."""

    ASKED = "asked", _("Being put together")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    GONE = "gone", _("Deleted")


class DataCopy(models.Model):
    """Everything held on a resident as one file, for the resident alone and for a short time."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=6, choices=CopyState, default=CopyState.ASKED)
    language = models.CharField(max_length=10, blank=True)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    stored_as = models.CharField(max_length=80, blank=True)
    size_bytes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="asked"), name="one_copy_at_a_time_is_put_together"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | (Q(expires_at__isnull=False) & ~Q(stored_as="")),
                name="a_copy_that_is_ready_has_a_file_and_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="ready"), name="copies_by_their_end")
        ]

    def __str__(self) -> str:
        return f"copy {self.state}"


class ErasureState(models.TextChoices):
    """Where a request to be forgotten stands."""

    ASKED = "asked", _("Waiting for a decision")
    AGREED = "agreed", _("Agreed, what is still open waits")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Declined")
    DROPPED = "dropped", _("Taken back")


class ErasureRequest(Story):
    """A resident asks that everything held on them is forgotten; somebody decides and says why."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    district = models.CharField(max_length=6)
    state = models.CharField(max_length=8, choices=ErasureState, default=ErasureState.ASKED)
    words = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    masked = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=["asked", "agreed"]),
                name="one_request_to_be_forgotten_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="a_refused_request_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "dropped"]) | Q(decided_at__isnull=False),
                name="a_decision_has_its_day",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="requests_to_be_forgotten")]

    def __str__(self) -> str:
        return f"erasure {self.state}"
