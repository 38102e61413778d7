"""Tables of walks: no track and no name of who walked, only units and posts, places and what was found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huying.intake.models import Appeal
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Unit
from huying.places.models import Area, Place


class Theme(Story):
    """What walks look at, as an area and all below it use it. Its checklist is versioned."""

    id = models.UUIDField(primary_key=True, default=new_id)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="an_area_names_a_theme_once"),
            models.CheckConstraint(condition=~Q(name=""), name="a_theme_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Checklist(models.Model):
    """One version of a theme's checklist; walks keep the one they were planned with, so none is changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="checklists")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["theme", "number"], name="a_theme_numbers_its_checklists_once"),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} #{self.number}"


class CheckLine(models.Model):
    """One thing to look at: what, how one sees it, and the item of the catalogue it usually is."""

    id = models.UUIDField(primary_key=True, default=new_id)
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="lines")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=120)
    hint = models.CharField(max_length=300, blank=True)
    item_code = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checklist", "order"], name="a_checklist_orders_its_lines"),
            models.CheckConstraint(condition=~Q(text=""), name="a_line_to_look_at_has_words"),
        ]
        ordering = ["order"]

    def __str__(self) -> str:
        return self.text


class MonthPlan(Story):
    """“1+1” of a month: one theme and one key task of an area."""

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="The first day of the month.")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    key_task = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "month"], name="an_area_plans_a_month_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_plan_is_of_a_whole_month"),
            models.CheckConstraint(condition=~Q(key_task=""), name="a_month_has_a_key_task"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.month:%Y-%m}"


class WalkState(models.TextChoices):
    """Where a walk stands. It is under way on its day without anybody saying so."""

    PLANNED = "planned", _("Planned")
    ENDED = "ended", _("Ended")
    CALLED_OFF = "called_off", _("Called off")


class Walk(Story):
    """One walk through an area on a day, by a theme. `key` is the form's: planned twice it is one walk."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.UUIDField(unique=True)
    number = models.CharField(max_length=20, unique=True)
    district = models.CharField(max_length=6)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(MonthPlan, on_delete=models.PROTECT, null=True, related_name="walks")
    meeting = models.CharField(max_length=120, blank=True, help_text="When and where those who walk meet.")
    guests = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=WalkState, default=WalkState.PLANNED)
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    summary = models.TextField(blank=True)
    called_off_for = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="an_ended_walk_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="called_off") & ~Q(called_off_for="")
                | ~Q(state="called_off") & Q(called_off_for=""),
                name="a_walk_called_off_says_why",
            ),
        ]
        indexes = [models.Index(fields=["on", "area"], name="walks_by_day")]

    def __str__(self) -> str:
        return self.number


class Walker(models.Model):
    """A unit, or a post of one, that takes part in a walk. Nobody's name stands here."""

    id = models.BigAutoField(primary_key=True)
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="walkers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(
        max_length=30, blank=True, help_text="Key of the post's role; empty for the unit."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["walk", "unit", "role"], name="a_post_takes_part_in_a_walk_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.role}"


class Why(models.TextChoices):
    """Why a place stands in the plan of a walk."""

    HOT = "hot", _("A hot matter")
    UNSEEN = "unseen", _("No walk for long")
    SILENT = "silent", _("Nobody reported for a year")
    CHOSEN = "chosen", _("Chosen by hand")


class Stop(models.Model):
    """A place a walk goes to, and whether it was seen that day; no moment, no way between places."""

    id = models.UUIDField(primary_key=True, default=new_id)
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="stops")
    order = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    why = models.CharField(max_length=6, choices=Why, default=Why.CHOSEN)
    reason = models.CharField(max_length=200, blank=True)
    hot_key = models.UUIDField(null=True, help_text="The hot matter it was suggested for.")
    seen = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["walk", "order"], name="a_walk_orders_its_places"),
            models.CheckConstraint(condition=~Q(name=""), name="a_place_to_walk_to_has_a_name"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__isnull=False, lon__isnull=False),
                name="a_place_to_walk_to_has_a_whole_point_or_none",
            ),
        ]
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Checked(models.TextChoices):
    """What was seen of a line of the checklist."""

    FINE = "fine", _("In order")
    FOUND = "found", _("Something was found")


class Check(models.Model):
    """What a walk saw of one line; of two phones the one that found something is believed."""

    id = models.BigAutoField(primary_key=True)
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="checks")
    line = models.ForeignKey(CheckLine, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=5, choices=Checked)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["walk", "line"], name="a_walk_checks_a_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.state}"


class FoundHow(models.TextChoices):
    """What was done with a finding on the spot."""

    REPORTED = "reported", _("Reported; the rules dispatch it")
    DISPATCHED = "dispatched", _("Dispatched on the spot")
    HANDLED = "handled", _("Dealt with on the spot")


class Finding(models.Model):
    """Something a walk found: an appeal like any other. Its key is the phone's: sent twice it is one."""

    id = models.UUIDField(primary_key=True)
    walk = models.ForeignKey(Walk, on_delete=models.PROTECT, related_name="findings")
    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="+")
    stop = models.ForeignKey(Stop, on_delete=models.SET_NULL, null=True, related_name="findings")
    line = models.ForeignKey(CheckLine, on_delete=models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=10, choices=FoundHow)
    at = models.DateTimeField(help_text="When it was written, as the phone says; else when it arrived.")
    taken_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["walk", "at"], name="findings_of_a_walk")]

    def __str__(self) -> str:
        return str(self.id)
