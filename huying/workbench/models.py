"""Tables of the workbench: what makes a clerk's work quicker and is no matter of record."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huying.kit.ids import new_id
from huying.people.models import Account, Unit

LONGEST_PHRASE = 2_000


class QuickPhrase(models.Model):
    """Words that are written often: one person's own, or shared by a unit.

    `move` is the key of the move they belong to, empty for all; placeholders in braces are filled in for the
    case at hand (`workbench.phrases`).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    owner = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="+")
    move = models.SlugField(max_length=30, blank=True)
    title = models.CharField(max_length=40)
    text = models.TextField()
    made_by = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, unit__isnull=True)
                | Q(owner__isnull=True, unit__isnull=False),
                name="a_phrase_belongs_to_a_person_or_a_unit",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="a_phrase_has_a_title_and_words"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Doing(models.TextChoices):
    """What somebody does with a case just now."""

    LOOKING = "looking", _("has it open")
    DECIDING = "deciding", _("decides on it")
    WRITING = "writing", _("writes")


class Presence(models.Model):
    """Somebody has a case open this very moment. No history: a row lives a minute after the last sign.

    The table is unlogged (it is not in the write-ahead log, on no replica and in no backup), and what is
    known is overwritten or deleted; nobody's day can be read off it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    doing = models.CharField(max_length=8, choices=Doing)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "account"], name="somebody_is_at_a_case_once")
        ]

    def __str__(self) -> str:
        return self.doing
