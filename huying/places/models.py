"""Tables of places: a tree of areas of any depth, and the named places that lie in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from huying.kit.ids import new_id
from huying.ledger.models import Story

if TYPE_CHECKING:
    from datetime import date


class AreaLevel(models.Model):
    """A level of the town's area tree, such as street or grid; rank 0 is the widest."""

    key = models.SlugField(primary_key=True, max_length=30)
    rank = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=30)
    name_en = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name


class AreaQuerySet(models.QuerySet["Area"]):
    """Filters over areas."""

    def valid_on(self, day: date) -> AreaQuerySet:
        """Keep the areas that exist on this day."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day)

    def under(self, path: str) -> AreaQuerySet:
        """Keep the area at this path and everything below it."""
        return self.filter(Q(path=path) | Q(path__startswith=f"{path}/"))


class Area(Story):
    """A piece of the town that somebody answers for.

    `path` is the codes from the root down, joined by "/": the place of the area in the tree, and what rights
    over areas are compared with. An area that is merged away keeps its row, code and boundary, ends on
    `valid_until` (the first day it no longer exists) and names its successors; cases keep pointing at it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    level = models.ForeignKey(AreaLevel, on_delete=models.PROTECT, related_name="areas")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    aliases = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    pinyin = models.CharField(max_length=300, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    path = models.CharField(max_length=200)
    boundary = models.JSONField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, related_name="predecessors", blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_code_belongs_to_one_area_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_until"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="an_area_lives_at_least_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="areas_by_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["level", "code"], name="areas_by_level_and_code"),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceKind(models.TextChoices):
    """What a named place is."""

    ESTATE = "estate"
    BUILDING = "building"
    ROAD = "road"
    FACILITY = "facility"


class Place(models.Model):
    """A named place people speak of: an estate, a building, a road, a school.

    `source` is the list of the town it came from, empty when it was named by hand. A place that list no
    longer names is retired, not deleted: cases keep pointing at it, its plate still leads to its area.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=12, choices=PlaceKind)
    code = models.CharField(max_length=40, unique=True, help_text="The town's own key for this place.")
    name = models.CharField(max_length=80)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    pinyin = models.CharField(max_length=400, blank=True)
    initials = models.CharField(max_length=80, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="places")
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=80, blank=True, default="", db_default="")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [GinIndex(fields=["aliases"], name="places_by_alias")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__isnull=False, lat__range=(-90, 90), lon__isnull=False, lon__range=(-180, 180)),
                name="a_place_has_a_whole_point_or_none",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OldName(models.Model):
    """A name an area or place had before; people go on using it for years.

    `used_from` and `used_until` are the years it was in official use, empty where nobody remembers.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, on_delete=models.CASCADE, null=True, blank=True, related_name="old_names")
    place = models.ForeignKey(
        Place, on_delete=models.CASCADE, null=True, blank=True, related_name="old_names"
    )
    name = models.CharField(max_length=80)
    used_from = models.PositiveSmallIntegerField(null=True, blank=True)
    used_until = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=True, place__isnull=False)
                | Q(area__isnull=False, place__isnull=True),
                name="an_old_name_is_of_an_area_or_of_a_place",
            ),
            models.CheckConstraint(
                condition=Q(used_from__isnull=True)
                | Q(used_until__isnull=True)
                | Q(used_until__gte=F("used_from")),
                name="an_old_name_ends_no_earlier_than_it_began",
            ),
            models.UniqueConstraint(fields=["area", "name"], name="an_area_has_an_old_name_once"),
            models.UniqueConstraint(fields=["place", "name"], name="a_place_has_an_old_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
