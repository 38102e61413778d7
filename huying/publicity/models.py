"""Tables of publicity: what a clerk released of a case, word for word, and the photos, painted over."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huying.cases.models import Case
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account


class Publication(Story):
    """What everybody may read of a case: the words a clerk released, never a resident's own row.

    Item, area and rough place are copied when it is released, so that a list needs no other table. The state
    shown is the case's own, of the moment.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="publication")
    number = models.CharField(max_length=20, unique=True)
    district = models.CharField(max_length=6)
    edition = models.PositiveIntegerField(default=1, help_text="Counts the times it was released.")
    title = models.CharField(max_length=120)
    text = models.TextField()
    reply = models.TextField(blank=True)
    item_code = models.CharField(max_length=12)
    item_name = models.CharField(max_length=80)
    area_path = models.CharField(max_length=200)
    place_name = models.CharField(max_length=120, blank=True)
    search = ArrayField(models.CharField(max_length=4), default=list)
    opened_at = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    published_by_name = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=80, blank=True)
    withdraw_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdraw_reason=""),
                name="what_is_taken_back_from_the_public_has_a_reason",
            )
        ]
        indexes = [
            models.Index(
                fields=["-id"],
                name="public_pages_newest_first",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.Index(fields=["area_path"], name="public_pages_by_area", opclasses=["text_pattern_ops"]),
            GinIndex(fields=["search"], name="public_pages_by_words"),
        ]

    def __str__(self) -> str:
        return self.number


class PhotoSource(models.TextChoices):
    """Where a public photo came from."""

    APPEAL = "appeal", _("Sent with the appeal")
    EVIDENCE = "evidence", _("What was done")


class PublicPhoto(models.Model):
    """A photo everybody may see: a file of its own, with the marked regions painted over in it for good.

    `regions` are what the clerk marked, as shares of width and height: [[left, top, width, height], …].
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="photos")
    source = models.CharField(max_length=8, choices=PhotoSource)
    source_id = models.UUIDField(help_text="The photo of the appeal, or the evidence of the reply.")
    appeal_id = models.UUIDField(null=True, db_index=True, help_text="Whose photo it was.")
    stored_as = models.CharField(max_length=80)
    thumb_as = models.CharField(max_length=80)
    regions = models.JSONField(default=list)
    caption = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "source_id"], name="a_photo_is_published_once_on_a_page"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
