"""Configuration pages of the catalogue: duty roles, routes, words of danger.

Items are not here: a version is read in as a table and published, and does not change afterwards. Nor are the
calendar, hours, clocks and grades: the office changes them, and every change there is a fact.
"""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from huying.catalogue.actions import DANGERS
from huying.catalogue.models import DangerPhrase, DutyRole, StatutoryRoute
from huying.ledger.configuring import Configuration

NEEDS = "catalogue:edit"


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
