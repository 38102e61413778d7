"""Tables of insight: matters that draw appeals, what they are made of, alerts, what people decided."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from huying.insight.stages import Stage, State
from huying.intake.models import Appeal
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account


class HotSpot(Story):
    """One matter, same place and same cause, that several appeals are about; hot or not.

    Its numbers are counted anew from its marks whenever one is added or taken away, so they cannot drift.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    title = models.CharField(max_length=120)
    named_by = models.CharField(max_length=80, blank=True, help_text="Who named it; empty: the machine.")
    place = models.CharField(max_length=120, blank=True)
    area_path = models.CharField(max_length=200, help_text="The narrowest area most of it lies in.")
    item_code = models.CharField(max_length=12, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.QUIET)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    heat = models.FloatField(
        default=0, help_text="0 to 100: surprise against what was to be expected; see core.heat."
    )
    growth = models.FloatField(default=1, help_text="Appellants of the last 14 days to those of 14 before.")
    expected = models.FloatField(default=0, help_text="Appellants to be expected there in the same time.")
    count = models.PositiveIntegerField(default=0, help_text="Appeals with words of their own.")
    me_too = models.PositiveIntegerField(default=0, help_text="Neighbours who said no more than “me too”.")
    appellants = models.PositiveIntegerField(default=0)
    busiest = models.PositiveIntegerField(default=0, help_text="Most appeals of one appellant.")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    words = ArrayField(models.CharField(max_length=20), default=list, help_text="What its texts share.")
    episode = models.PositiveSmallIntegerField(default=1, help_text="Counts how often it came back.")
    highest = models.PositiveSmallIntegerField(
        default=0, help_text="The highest stage of this episode (core.heat.RANK): no alert twice for one."
    )
    staged_at = models.DateTimeField(null=True, help_text="Since when it is in its stage.")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_reason = models.CharField(max_length=500, blank=True)
    seen_heat = models.FloatField(null=True, help_text="How hot it was when people decided on it.")
    edition = models.PositiveIntegerField(default=1, help_text="Counts what people did to it.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="a_merged_hot_spot_names_where_it_went",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="a_hot_spot_is_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(decided_reason=""),
                name="a_dismissed_hot_spot_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__isnull=False, lon__isnull=False),
                name="a_hot_spot_has_a_whole_point_or_none",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-heat"],
                name="hot_spots_by_heat",
                condition=~Q(stage="quiet") & Q(state__in=["open", "confirmed"]),
            ),
            # Those the clock has to look at: they cool by time alone.
            models.Index(
                fields=["last_at"],
                name="hot_spots_that_may_cool",
                condition=~Q(stage__in=["quiet", "resolved"]) & Q(state__in=["open", "confirmed"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class HotMark(models.Model):
    """What the live search reads of an appeal: one narrow row, and the one matter it belongs to, if any.

    `who` is a keyed digest of the appellant's contact, there only while the appeal belongs to a matter, to
    count appellants once; it goes when the appeal is masked.
    """

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, primary_key=True, related_name="+")
    at = models.DateTimeField()
    item_code = models.CharField(max_length=12, blank=True)
    area_path = models.CharField(max_length=200)
    area_key = models.CharField(max_length=200, help_text="The path down to the community; '-' for none.")
    place_key = models.CharField(max_length=40, blank=True, help_text="The named place it is at.")
    cell = models.CharField(max_length=24, blank=True, help_text="A square of about 180 m; empty: no point.")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    signature = models.BinaryField(help_text="What its text is about; see core.hotspots_profile.")
    edition = models.BigIntegerField(null=True, help_text="The lexicon its signature was made by.")
    me_too = models.BooleanField(default=False)
    spot = models.ForeignKey(
        HotSpot, on_delete=models.PROTECT, null=True, db_index=False, related_name="marks"
    )
    who = models.BinaryField(null=True, max_length=8)
    pinned = models.BooleanField(default=False, help_text="People put it here: no pass moves it.")

    class Meta:
        indexes = [
            models.Index(
                fields=["cell", "at"], name="marks_by_square", condition=~Q(cell=""),
                include=["item_code", "spot"],
            ),
            models.Index(fields=["place_key", "at"], name="marks_by_place", condition=~Q(place_key="")),
            models.Index(fields=["area_key", "at"], name="marks_by_community"),
            # Few have no point; among all of a community they would be looked for long.
            models.Index(
                fields=["area_key", "at"], name="marks_without_a_point", condition=Q(lat__isnull=True)
            ),
            # Each new appeal looks among those of no matter yet.
            models.Index(
                fields=["cell", "at"], name="loose_by_square",
                condition=Q(spot__isnull=True) & ~Q(cell=""),
            ),
            models.Index(
                fields=["place_key", "at"], name="loose_by_place",
                condition=Q(spot__isnull=True) & ~Q(place_key=""),
            ),
            models.Index(
                fields=["area_key", "at"], name="loose_by_community", condition=Q(spot__isnull=True)
            ),
            models.Index(
                fields=["spot", "at"], name="marks_of_a_hot_spot", condition=Q(spot__isnull=False),
                include=["who", "me_too"],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.appeal_id)


class HotLexicon(models.Model):
    """What the town's texts taught about their words: names, how rare each is, which mean alike.

    Live and nightly search read by the same one; signatures of different ones do not compare.
    """

    id = models.BigAutoField(primary_key=True)
    body = models.BinaryField()
    texts = models.PositiveIntegerField()
    learnt_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(texts__gt=0), name="a_lexicon_was_learnt_of_texts")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.texts}"


class HotProfile(models.Model):
    """What a matter is about, summed over its latest appeals, and the keys it is looked for by."""

    spot = models.OneToOneField(HotSpot, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    edition = models.BigIntegerField(help_text="The lexicon it was made by.")
    keys = ArrayField(models.TextField())
    body = models.BinaryField()
    members = models.PositiveIntegerField(help_text="How many appeals it is the sum of.")

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="hot_profiles_by_key")]

    def __str__(self) -> str:
        return str(self.spot_id)


class Rearranging(models.TextChoices):
    """How people moved appeals between matters."""

    MERGE = "merge"
    SPLIT = "split"


class HotRearrangement(models.Model):
    """Appeals moved from one matter to another by people, with what is needed to take it back."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=5, choices=Rearranging)
    source = models.ForeignKey(HotSpot, on_delete=models.PROTECT, related_name="given")
    target = models.ForeignKey(HotSpot, on_delete=models.PROTECT, related_name="taken")
    appeals = ArrayField(models.UUIDField())
    pinned = ArrayField(models.UUIDField(), help_text="Those of the appeals people had pinned before.")
    source_state = models.CharField(max_length=10, choices=State)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="nothing_moves_into_itself")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id} → {self.target_id}"


class HotAlert(models.Model):
    """A matter reached a stage for the first time in this episode: somebody is to look."""

    id = models.UUIDField(primary_key=True, default=new_id)
    spot = models.ForeignKey(HotSpot, on_delete=models.PROTECT, related_name="alerts")
    stage = models.CharField(max_length=10, choices=Stage)
    episode = models.PositiveSmallIntegerField()
    heat = models.FloatField()
    count = models.PositiveIntegerField()
    appellants = models.PositiveIntegerField()
    at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    acknowledged_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["spot", "episode", "stage"], name="a_rise_to_a_stage_is_alerted_once"
            )
        ]
        indexes = [
            models.Index(fields=["-at"], name="alerts_to_look_at", condition=Q(acknowledged_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.spot_id}: {self.stage}"


class HotThreshold(Story):
    """How hot a matter has to be in this town to be shown: learnt from what people confirm and dismiss."""

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6, unique=True)
    heat = models.FloatField()
    confirmed = models.PositiveIntegerField(default=0)
    dismissed = models.PositiveIntegerField(default=0)
    learnt_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(heat__range=(1, 50)), name="a_threshold_stays_within_reason")
        ]

    def __str__(self) -> str:
        return f"{self.district}: {self.heat}"


class PlaceWeek(models.Model):
    """How many appeals of an item group came from a community in a week that begins on this Monday."""

    id = models.BigAutoField(primary_key=True)
    area_path = models.CharField(max_length=200)
    item_group = models.CharField(max_length=12, blank=True)
    week_on = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area_path", "item_group", "week_on"], name="a_week_of_a_place_is_counted_once"
            )
        ]
        indexes = [models.Index(fields=["item_group", "week_on"], name="weeks_of_an_item_group")]

    def __str__(self) -> str:
        return f"{self.area_path} {self.item_group} {self.week_on}"
