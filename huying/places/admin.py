"""Configuration pages of places: levels, named places, and other names of areas.

Areas are drawn, merged and outlined by actions, which keep their history; here they are only looked up and
given other names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from huying.ledger.configuring import Configuration
from huying.places.core.chinese import initials, pinyin
from huying.places.models import Area, AreaLevel, OldName, Place
from huying.places.queries import PLACES

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from huying.ledger.configuring import TableForm

NEEDS = "places:edit"


@admin.register(AreaLevel)
class AreaLevels(Configuration):
    """Levels of the area tree, widest rank 0."""

    called = (_("Level"), _("Levels of areas"))
    needs, announces, fixed = NEEDS, (PLACES,), ("key", "rank")
    list_display = ("rank", "key", "name", "name_en")


@admin.register(Area)
class Areas(Configuration):
    """Areas, to be found, and given other names."""

    called = (_("Area"), _("Areas"))
    needs, announces, may_add = NEEDS, (PLACES,), False
    fields = ("code", "level", "name", "aliases", "path", "valid_from", "valid_until")
    readonly_fields = ("code", "level", "name", "path", "valid_from", "valid_until")
    list_display = ("name", "code", "level", "valid_until")
    list_filter = ("level",)
    list_select_related = ("level",)
    search_fields = ("name", "code", "aliases")
    ordering = ("path",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Area]:
        """Leave the outlines, which are heavy, where they are."""
        return super().get_queryset(request).defer("boundary")


@admin.register(Place)
class Places(Configuration):
    """Named places people speak of."""

    called = (_("Place"), _("Places"))
    needs, announces, may_delete = NEEDS, (PLACES,), True
    fields = ("kind", "code", "name", "aliases", "area", "lat", "lon")
    autocomplete_fields = ("area",)
    list_display = ("name", "kind", "code", "area")
    list_filter = ("kind",)
    list_select_related = ("area",)
    search_fields = ("name", "code", "aliases", "initials")

    def save_model(self, request: HttpRequest, obj: Place, form: TableForm, change: bool) -> None:  # noqa: FBT001 - Django's
        """Keep the sounds of the name in step with it."""
        obj.pinyin, obj.initials = pinyin(obj.name)[:400], initials(obj.name)[:80]
        super().save_model(request, obj, form, change)


@admin.register(OldName)
class OldNames(Configuration):
    """Names areas and places had before, with the years they were in use."""

    called = (_("Old name"), _("Old names"))
    needs, announces, may_delete = NEEDS, (PLACES,), True
    fields = ("name", "area", "place", "used_from", "used_until")
    autocomplete_fields = ("area", "place")
    list_display = ("name", "area", "place", "used_from", "used_until")
    list_select_related = ("area", "place")
    search_fields = ("name", "area__name", "place__name")
