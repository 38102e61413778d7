"""Working guides: what many cases have in common turned into rules of work, in editions, with comments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Unit
from huying.supervision.models.topics import Topic
from huying.supervision.states import GuideState


class Guide(Story):
    """A working guide (工作指引). What is being written stands here, what holds in its editions.

    `edition` is the one being written or, while it is in force or withdrawn, the last that was published.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    area_path = models.CharField(max_length=200)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, related_name="guides")
    state = models.CharField(max_length=9, choices=GuideState, default=GuideState.DRAFT)
    edition = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    text = models.TextField()
    comments_until = models.DateField(null=True, help_text="The last day comments are asked for.")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=80)
    said = models.CharField(max_length=300, blank=True, help_text="Why it was withdrawn.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="a_guide_says_something"),
            models.CheckConstraint(
                condition=~Q(state="comments") | Q(comments_until__isnull=False),
                name="a_guide_out_for_comments_says_until_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(said=""), name="a_withdrawn_guide_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.edition})"


class GuideEdition(models.Model):
    """An edition of a guide as it was published; it never changes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="a_guide_has_an_edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class GuideComment(models.Model):
    """What a unit says of a guide that is out for comments, and what became of it."""

    id = models.UUIDField(primary_key=True, help_text="The key of the form: the same twice is one comment.")
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="comments")
    edition = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True, help_text="Taken up, or why not.")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="a_comment_that_is_answered_says_how",
            )
        ]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.unit_id} on {self.guide_id}"
