"""Forms of walks: the plan, the month, themes and their checklists, what is found on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.home.desk_forms import item_field, unit_field
from huying.home.forms import LONGEST_PLACE, WordsField
from huying.kit.telling import TellingForm
from huying.ui.fields import PhotosField
from huying.walks.actions import LineDraft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huying.walks.models import Walk

LONGEST_TEXT, LONGEST_DONE, MOST_PHOTOS = 2_000, 4_000, 5
SEPARATOR = "|"


def day_field(label: Any, **more: Any) -> forms.DateField:  # noqa: ANN401 - lazy text; as Django's field
    """Return a field for a day, with the browser's calendar."""
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **more)


class WalkForm(TellingForm):
    """A walk of one area; its places are ticked from what is proposed, written, or marked on the map."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    on = day_field(_("Day"))
    theme = forms.ChoiceField(label=_("Theme"))
    meeting = WordsField(label=_("When and where you meet"), required=False, max_length=120)
    walkers = forms.MultipleChoiceField(
        label=_("Who takes part"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Units or posts; nobody's name is kept."),
    )  # fmt: skip
    guests = WordsField(
        label=_("Guests"), required=False, max_length=200,
        help_text=_("For example: two residents, the property manager."),
    )  # fmt: skip
    stops = forms.MultipleChoiceField(
        label=_("Places to walk to"), required=False, widget=forms.CheckboxSelectMultiple
    )
    more = WordsField(
        label=_("Other places, one to a line"), required=False, max_length=1_000,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    point_name = WordsField(label=_("Name of a place you mark on the map"), required=False, max_length=120)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)

    def offer(
        self, themes: Iterable[tuple[str, str]], walkers: Iterable[tuple[str, str]],
        stops: Iterable[tuple[str, str]],
    ) -> WalkForm:  # fmt: skip
        """Say what can be chosen; return the form."""
        for name, choices in (("theme", themes), ("walkers", walkers), ("stops", stops)):
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined] # they are choice fields
        return self


class OffForm(TellingForm):
    """Why a walk is called off."""

    reason = WordsField(label=_("Why?"), max_length=200)


class MonthForm(TellingForm):
    """“1+1” of a month."""

    area = forms.ChoiceField(label=_("Area"))
    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m"], widget=forms.DateInput({"type": "month"}, "%Y-%m")
    )
    theme = forms.ChoiceField(label=_("Theme of the month"))
    key_task = WordsField(label=_("Key task of the month"), max_length=200)
    note = WordsField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 2}))


class ThemeForm(TellingForm):
    """A theme's name."""

    area = forms.ChoiceField(label=_("Area"))
    name = WordsField(label=_("Name of the theme"), max_length=40)


class ChecklistForm(TellingForm):
    """A checklist, one line to each thing to look at: words | hint | item code."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    name = WordsField(label=_("Name of the theme"), max_length=40)
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, rows: int, *args: Any, **said: Any) -> None:  # noqa: ANN401 - as Django's form
        super().__init__(*args, **said)
        self.rows = rows
        for row in range(rows):
            self.fields[f"order_{row}"] = forms.IntegerField(label=_("Order"), required=False, min_value=0)
            self.fields[f"text_{row}"] = WordsField(
                label=_("What to look at"), required=False, max_length=120
            )
            self.fields[f"hint_{row}"] = WordsField(
                label=_("How one sees it"), required=False, max_length=300
            )
            self.fields[f"item_{row}"] = item_field(label=_("Usual item"), required=False)

    @property
    def lines(self) -> list[tuple[forms.BoundField, ...]]:
        """Return the fields of each line, to show."""
        names = ("order", "text", "hint", "item")
        return [tuple(self[f"{name}_{row}"] for name in names) for row in range(self.rows)]

    def told(self) -> list[LineDraft]:
        """Return the lines that have words, in the order that was asked for."""
        data = self.cleaned_data
        rows = [row for row in range(self.rows) if data.get(f"text_{row}")]
        rows.sort(key=lambda row: (data[f"order_{row}"] is None, data[f"order_{row}"] or 0, row))
        return [
            LineDraft(
                data[f"text_{row}"], data[f"hint_{row}"],
                data[f"item_{row}"].code if data[f"item_{row}"] else "",
            )
            for row in rows
        ]  # fmt: skip


@dataclass(frozen=True)
class Rights:
    """What somebody may do with a finding at once: give it out, deal with it on the spot."""

    dispatches: bool
    handles: bool


class FindingForm(TellingForm):
    """What was found: a photo and a tap are enough. The key makes a double click one appeal."""

    act = forms.CharField(max_length=10, initial="finding", widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    walk = forms.UUIDField(widget=forms.HiddenInput)
    before = PhotosField(label=_("Photo of what you found"), required=False, max_count=MOST_PHOTOS)
    stop = forms.UUIDField(label=_("Where?"), required=False, widget=forms.Select({"data-stays": ""}))
    line = forms.UUIDField(label=_("What is it?"), required=False, widget=forms.Select({"data-stays": ""}))
    text = WordsField(
        label=_("In your words"), required=False, max_length=LONGEST_TEXT,
        help_text=_("May stay empty where a photo and the line above say it."),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    place_words = WordsField(label=_("Another place"), required=False, max_length=LONGEST_PLACE)
    item = item_field(label=_("Item"), required=False)
    unit = unit_field(label=_("Give it at once to"), required=False)
    done = WordsField(
        label=_("What did you do?"), required=False, max_length=LONGEST_DONE,
        help_text=_("Only if it was dealt with on the spot; somebody else reviews it."),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    after = PhotosField(label=_("Photo after"), required=False, max_count=MOST_PHOTOS)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)

    has_photos = False

    def __init__(
        self,
        walk: Walk,
        rights: Rights,
        data: Any = None,  # noqa: ANN401 - as Django's form
        files: Any = None,  # noqa: ANN401 - likewise
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, auto_id=f"id_{walk.pk.hex}_%s", initial=initial)
        stops = [(str(stop.pk), stop.name) for stop in walk.stops.all()]
        lines = [(str(line.pk), line.text) for line in walk.checklist.lines.all()]
        for name, choices in (("stop", stops), ("line", lines)):
            widget = cast("forms.Select", self.fields[name].widget)
            widget.choices = [("", _("Not on the list")), *choices]
        if not rights.dispatches:
            del self.fields["unit"]
        if not rights.handles:
            del self.fields["done"]
            del self.fields["after"]

    def photo_key(self, kind: str, by: UUID) -> str:
        """Return what the photos of this form wait under: the clerk's own, apart for before and after."""
        return f"{by.hex}{uuid5(self.cleaned_data['key'], kind).hex}"

    def clean(self) -> dict[str, Any]:
        """Say that something must be told: words, a line or a photo."""
        told = super().clean() or self.cleaned_data
        if not any(told.get(name) for name in ("text", "line", "before")) and not self.has_photos:
            self.add_error("text", _("Please take a photo, choose what it is, or write a few words."))
        return told


class EndForm(TellingForm):
    """The end of a walk: `place_…` and `line_…` are ticked for what was seen. A second phone adds to it."""

    act = forms.CharField(max_length=10, initial="end", widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    walk = forms.UUIDField(widget=forms.HiddenInput)
    text = WordsField(
        label=_("In short"), required=False, max_length=LONGEST_DONE, widget=forms.Textarea({"rows": 2})
    )
