"""Forms of the import: the file, and which of its columns is what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.intake.mapping import KNOWN_COLUMNS, find_mapping
from huying.intake.models import Adapter, Channel
from huying.kit.errors import Refusal
from huying.kit.names import in_language
from huying.kit.telling import TellingForm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.forms import BoundField
    from django_stubs_ext import StrOrPromise

FIELD_LABELS: dict[str, StrOrPromise] = {
    "key": _("Number of its own"),
    "title": _("Subject"),
    "text": _("Text"),
    "place": _("Place in words"),
    "occurred_at": _("Time"),
    "lat": _("Latitude"),
    "lon": _("Longitude"),
    "name": _("Name of the resident"),
    "phone": _("Phone"),
    "email": _("E-mail"),
}
_EXAMPLE = 60
TABLES = ".csv,.tsv,.txt,.gz,.xlsx,.xls,.ods"


class UploadForm(TellingForm):
    """A file to be taken in."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": f"{TABLES},.eml,.mbox,.mbx"}),
        help_text=_("CSV or Excel with a line of column names, or letters as .eml or .mbox."),
    )


class StartForm(TellingForm):
    """The channel the appeals came through, and for each field the column that holds it."""

    channel = forms.ChoiceField(label=_("Channel"))

    def __init__(
        self,
        data: Any,  # noqa: ANN401 - Django's own
        *,
        header: Sequence[str],
        found: Mapping[str, str],
        first: Mapping[str, str],
        letters: bool,
    ) -> None:
        super().__init__(data)
        self._header = header
        self._letters = letters
        self._first = first
        self.mapping: dict[str, str] = {}
        channels = list(Channel.objects.filter(is_active=True).order_by("key"))
        self.fields["channel"] = forms.ChoiceField(
            label=_("Channel"),
            choices=[(one.key, in_language(one.name, one.name_en)) for one in channels],
            initial=_usual(channels, Adapter.MAIL if letters else Adapter.FILE),
        )
        if letters:
            return
        columns = [("", _("not in this file")), *((name, name) for name in header)]
        for name in KNOWN_COLUMNS:
            self.fields[f"map-{name}"] = forms.ChoiceField(
                label=FIELD_LABELS[name], choices=columns, required=False, initial=found.get(name, "")
            )

    def columns(self) -> Iterator[tuple[BoundField, str]]:
        """Yield the field for each kind of content, with what the first row holds there."""
        for name in KNOWN_COLUMNS if not self._letters else ():
            bound = self[f"map-{name}"]
            yield bound, self._first.get(str(bound.value() or ""), "")[:_EXAMPLE]

    def clean(self) -> dict[str, Any]:
        """Find the whole mapping, with what is left out; a column that holds the text there must be."""
        told = super().clean() or self.cleaned_data
        if not self._letters and not self.errors:
            chosen = {name: told[f"map-{name}"] for name in KNOWN_COLUMNS}
            try:
                self.mapping = find_mapping(self._header, chosen)
            except Refusal as refusal:
                if chosen["text"] or chosen["title"]:
                    self.tell(refusal)
                else:
                    self.add_error("map-text", _("Choose the column that holds the text, or the subject."))
        return told


def _usual(channels: Sequence[Channel], adapter: str) -> str:
    return next((one.key for one in channels if one.adapter == adapter), channels[0].key if channels else "")
