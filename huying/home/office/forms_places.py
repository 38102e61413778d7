"""Forms of a town's own lists of places: the file, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.home.office.forms_import import TABLES
from huying.kit.errors import Refusal
from huying.kit.names import in_language
from huying.kit.telling import TellingForm
from huying.places.core.coordinates import System
from huying.places.listing import KNOWN_COLUMNS, guess_columns
from huying.places.queries import levels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms import BoundField
    from django_stubs_ext import StrOrPromise

    from huying.places.listing import TownList

COLUMN_LABELS: dict[str, StrOrPromise] = {
    "code": _("Code"),
    "name": _("Name"),
    "kind": _("Kind or level"),
    "aliases": _("Also called"),
    "old_names": _("Old names with years"),
    "area": _("Area it lies in"),
    "lat": _("Latitude"),
    "lon": _("Longitude"),
    "address": _("Address"),
}
SYSTEMS: tuple[tuple[str, StrOrPromise], ...] = (
    (System.WGS84, _("WGS-84 (GPS)")),
    (System.CGCS2000, _("CGCS2000 (government maps)")),
    (System.GCJ02, _("GCJ-02 (Amap, Tencent, WeChat)")),
    (System.BD09, _("BD-09 (Baidu)")),
)
KINDS: tuple[tuple[str, StrOrPromise], ...] = (
    ("", _("as the line or its name says")),
    ("estate", _("Estate or village")),
    ("building", _("Building")),
    ("road", _("Road")),
    ("facility", _("Facility")),
)
_EXAMPLE = 60


class ListFileForm(TellingForm):
    """A list of areas and places."""

    list = forms.FileField(
        label=_("List of areas and places"),
        widget=forms.FileInput(attrs={"accept": f"{TABLES},.json,.geojson"}),
        help_text=_("CSV, Excel or GeoJSON. It is looked at first; nothing is taken in yet."),
    )


class ReadingForm(TellingForm):
    """How a list is read: its name, its columns, what its coordinates are in, what becomes of the rest."""

    source = forms.CharField(
        label=_("Name of the list"),
        max_length=80,
        help_text=_("The next edition under the same name is compared with this one."),
    )
    system = forms.ChoiceField(label=_("Coordinates are in"), choices=SYSTEMS)
    kind = forms.ChoiceField(label=_("What a line is that does not say"), required=False)
    retire = forms.BooleanField(
        label=_("Retire places of this list that it no longer names"),
        required=False,
        help_text=_("They leave the map and are not deleted; cases keep pointing at them."),
    )
    skip_bad = forms.BooleanField(label=_("Leave out the lines that cannot be taken"), required=False)

    def __init__(self, data: Any, found: TownList, name: str) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data)
        self._found = found
        self.mapping: dict[str, str] = {}
        self.initial = {"source": name[:80], "system": System.WGS84}
        kinds = [*KINDS, *((one.key, in_language(one.name, one.name_en)) for one in levels())]
        # A building is a named place here; the level of that name is drawn only by lines that say so.
        self.fields["kind"] = forms.ChoiceField(
            label=self.fields["kind"].label, choices=list(dict(reversed(kinds)).items())[::-1], required=False
        )
        try:
            guessed = guess_columns(found.header)
        except Refusal:
            guessed = {}
        columns = [("", _("not in this file")), *((name, name) for name in found.header)]
        for field, label in COLUMN_LABELS.items():
            self.fields[f"map-{field}"] = forms.ChoiceField(
                label=label, choices=columns, required=False, initial=guessed.get(field, "")
            )

    def columns(self) -> Iterator[tuple[BoundField, str]]:
        """Yield the field for each kind of content, with what the first line holds there."""
        first = self._found.lines[0].values
        for name in KNOWN_COLUMNS:
            bound = self[f"map-{name}"]
            yield bound, first.get(str(bound.value() or ""), "")[:_EXAMPLE]

    def clean(self) -> dict[str, Any]:
        """Find the whole mapping; a column that holds the name there must be."""
        told = super().clean() or self.cleaned_data
        try:
            chosen = {name: told.get(f"map-{name}", "") for name in KNOWN_COLUMNS}
            self.mapping = guess_columns(self._found.header, chosen)
        except Refusal as refusal:
            self.tell(refusal, field="map-name")
        return told
