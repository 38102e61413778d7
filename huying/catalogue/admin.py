"""Configuration pages of the catalogue: days, hours, limits, duty roles, routes, words of danger.

Items are not here: a version is read in as a table and published, and does not change afterwards.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from huying.catalogue.actions import DANGERS
from huying.catalogue.core.calendar import Hours, Span
from huying.catalogue.core.clock import Limit, Unit
from huying.catalogue.models import (
    CalendarDay,
    ClockPolicy,
    DangerPhrase,
    DutyRole,
    StatutoryRoute,
    WorkingHours,
)
from huying.catalogue.policies import NAMES, POLICIES
from huying.catalogue.queries import CALENDAR
from huying.kit.errors import Refusal
from huying.ledger.configuring import Configuration, TableForm

NEEDS = "catalogue:edit"


@admin.register(CalendarDay)
class CalendarDays(Configuration):
    """Days that are not what their weekday says."""

    called = (_("Calendar day"), _("Calendar days"))
    needs, announces, may_delete = NEEDS, (CALENDAR,), True
    list_display = ("on", "kind", "name", "provisional", "source")
    list_filter = ("kind", "provisional")
    search_fields = ("name", "source")
    date_hierarchy = "on"
    ordering = ("-on",)


class HoursForm(TableForm):
    """Working spans that lie in order within one day."""

    class Meta:
        model = WorkingHours
        fields = ("valid_from", "spans")

    def clean_spans(self) -> Any:  # noqa: ANN401 - JSON
        """Refuse what the calendar could not count with."""
        told = self.cleaned_data["spans"]
        try:
            spans = tuple(Span.parse(f"{start}-{end}") for start, end in told)
            Hours(spans)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.reason.key) from refusal
        except (TypeError, ValueError) as error:
            raise forms.ValidationError('[["09:00", "12:00"], ["14:00", "18:00"]]', code="shape") from error
        return [str(span).split("-") for span in spans]


@admin.register(WorkingHours)
class WorkingHoursPage(Configuration):
    """Office hours from a day on."""

    called = (_("Working hours"), _("Working hours"))
    needs, announces, may_delete = NEEDS, (CALENDAR,), True
    form = HoursForm
    list_display = ("valid_from", "spans")


class PolicyForm(TableForm):
    """A limit the clock knows by its key."""

    key = forms.ChoiceField(choices=[(key, NAMES[key][0]) for key in POLICIES])

    class Meta:
        model = ClockPolicy
        fields = ("key", "amount", "unit", "basis")

    def clean(self) -> dict[str, Any]:
        """Refuse a limit of nothing, or one the clock cannot count."""
        told = super().clean() or self.cleaned_data
        if told.get("amount") is not None and told.get("unit"):
            try:
                Limit(told["amount"], Unit(told["unit"]))
            except Refusal as refusal:
                self.add_error("amount", refusal.sentence)
        return told


@admin.register(ClockPolicy)
class ClockPolicies(Configuration):
    """Limits that hang on no item; without a row the usual one holds."""

    called = (_("Time limit"), _("Time limits"))
    needs, announces, may_delete = NEEDS, (CALENDAR,), True
    form, fixed = PolicyForm, ("key",)
    list_display = ("key", "amount", "unit", "basis")


@admin.register(DutyRole)
class DutyRoles(Configuration):
    """Duties that units fill."""

    called = (_("Duty role"), _("Duty roles"))
    needs, fixed = NEEDS, ("key",)
    list_display = ("key", "name", "name_en")
    search_fields = ("key", "name", "name_en")


@admin.register(StatutoryRoute)
class StatutoryRoutes(Configuration):
    """Where a matter belongs that this pipe may not take."""

    called = (_("Statutory route"), _("Statutory routes"))
    needs, fixed = NEEDS, ("key",)
    list_display = ("key", "name", "name_en")
    search_fields = ("key", "name", "name_en")


@admin.register(DangerPhrase)
class DangerPhrases(Configuration):
    """Words that mean danger, and their look-alikes; every process judges by a change within seconds."""

    called = (_("Words of danger"), _("Words of danger"))
    needs, announces, fixed, may_delete = NEEDS, (DANGERS,), ("key",), True
    list_display = ("key", "kind", "emergency_number")
    search_fields = ("key", "kind", "phrases")
