"""Tables of triage: what was judged of each appeal, why, and which appeals look alike."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from huying.catalogue.models import Item
from huying.intake.models import Appeal
from huying.kit.ids import new_id
from huying.ledger.models import Story


class Verdict(models.Model):
    """One judgement of an appeal, by the machine or by a person; a later one never overwrites it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="verdicts")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    grade = models.CharField(max_length=1, blank=True)
    confidence = models.FloatField()
    decided = models.BooleanField(help_text="Sure enough to go on without a person.")
    place_confidence = models.FloatField(default=0)
    suggestions = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    dangers = models.JSONField(default=list)
    asks = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()),
        help_text="Days the text asks for (days: on, by, words), whom it concerns (count, unit, words).",
    )  # fmt: skip
    model_version = models.CharField(max_length=40)
    rules_version = models.CharField(max_length=40)
    catalogue_number = models.PositiveIntegerField(null=True)
    by_name = models.CharField(max_length=80, default="Huying")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(confidence__range=(0, 1)), name="confidence_is_a_share"),
            models.CheckConstraint(
                condition=Q(decided=False) | Q(item__isnull=False), name="a_decided_verdict_names_an_item"
            ),
        ]
        indexes = [
            # Only a person is wholly sure (core.proving.CEILING): these are what is learnt from.
            models.Index(fields=["at"], condition=Q(confidence=1), name="verdicts_of_people"),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.item_id}"


class SecondOpinion(models.Model):
    """What a large model chose among the items it was offered; a hint for the person who decides."""

    id = models.UUIDField(primary_key=True, default=new_id)
    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT, related_name="opinion")
    item_code = models.CharField(max_length=40, blank=True, help_text="Empty: none of those offered.")
    model = models.CharField(max_length=80, help_text="As the settings name it.")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.model}: {self.item_code}"


class TwinMark(models.Model):
    """What is needed to find an appeal's possible twins quickly; one narrow row an appeal."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, primary_key=True, related_name="+")
    item_group = models.CharField(max_length=12)
    item_code = models.CharField(max_length=12)
    cell = models.CharField(
        max_length=24, help_text="A square of about 170 m around the point; empty without one."
    )
    area_key = models.CharField(
        max_length=200, help_text="The area path down to the grid; '-' where it is not known."
    )
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    area_path = models.CharField(max_length=200)
    signature = models.BinaryField()
    concepts = models.BinaryField(
        default=b"", db_default=b"", help_text="What the text means, a byte each; empty in marks from before."
    )
    wrongs = models.BigIntegerField(
        default=0, db_default=0, help_text="What is said to be wrong, a bit each, by which twins are fetched."
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["cell", "at"], name="twins_by_point"),
            models.Index(fields=["area_key", "at"], name="twins_by_area"),
            models.Index(fields=["area_key", "at"], condition=Q(lat=None), name="twins_without_a_point"),
        ]

    def __str__(self) -> str:
        return str(self.appeal_id)


class TwinState(models.TextChoices):
    """A suspicion is confirmed or refused by a person, never by the machine."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class TwinSuspect(models.Model):
    """Two appeals that may be about the same matter."""

    id = models.UUIDField(primary_key=True, default=new_id)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="twin_suspects")
    earlier = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="later_twin_suspects")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=TwinState, default=TwinState.SUSPECTED)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appeal", "earlier"], name="two_appeals_are_suspected_once"),
            models.CheckConstraint(condition=~Q(appeal=F("earlier")), name="nobody_is_their_own_twin"),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} ~ {self.earlier_id}"


class EditionState(models.TextChoices):
    """What became of a learnt model. Only one is in force, or none: then the catalogue alone judges."""

    CANDIDATE = "candidate"
    IN_FORCE = "in_force"
    RETIRED = "retired"
    KEPT_OUT = "kept_out"


class ModelEdition(Story):
    """A model learnt from what people judged: from which data, how good, and what became of it.

    Its arrays lie in the data folder under `folder`; should they be missing, the catalogue alone judges
    until the next night.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=EditionState, default=EditionState.CANDIDATE)
    folder = models.CharField(max_length=80)
    version = models.CharField(max_length=40, help_text="As the model names itself on its verdicts.")
    catalogue_number = models.PositiveIntegerField(help_text="The catalogue it was learnt beside.")
    data_fingerprint = models.CharField(max_length=64, help_text="sha256 of all it was learnt from.")
    examples = models.PositiveIntegerField()
    corrections = models.PositiveIntegerField(
        help_text="Examples a person judged otherwise than the machine."
    )
    learnt_until = models.DateTimeField(help_text="The newest judgement it knows.")
    compared_from = models.DateTimeField(null=True, help_text="Since when it was tried beside what was said.")
    figures = models.JSONField(default=dict)
    finding = models.CharField(max_length=40, help_text="Key of what the comparison found.")
    in_force_at = models.DateTimeField(null=True)
    in_force_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="in_force"), name="one_learnt_model_is_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(in_force_at__isnull=False),
                name="a_model_in_force_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.version}"
