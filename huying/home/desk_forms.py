"""Fields and forms of the desk: what staff choose by typing, filter lists by, and tell the town to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from huying.cases.models import AskKind, Colour, Status
from huying.cases.narrowing import ANY, MARKS, ME, NOBODY, Narrow
from huying.catalogue.queries import grade_table, published
from huying.home.desk.choosing import (
    MOST_TOLD,
    Choices,
    area_choices,
    item_choices,
    item_name,
    unit_choices,
)
from huying.home.forms import WordsField
from huying.ui.status import Look, look_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise

    from huying.catalogue.queries import ItemCard
    from huying.people.queries import UnitCard
    from huying.places.queries import AreaCard

T = TypeVar("T")


class ChosenField(WordsField, Generic[T]):
    """A thing chosen by typing; cleaned, it is the card. `list_id` names the page's datalist for it."""

    def __init__(
        self,
        choices: Callable[[], Choices[T]],
        list_id: str,
        *,
        label: StrOrPromise,
        required: bool = True,
        help_text: StrOrPromise = "",
    ) -> None:
        self.choices = choices
        attrs = {"list": list_id, "autocomplete": "off", "data-chosen": ""}
        super().__init__(
            label=label, required=required, help_text=help_text, max_length=160, widget=forms.TextInput(attrs)
        )

    def clean(self, value: Any) -> T | None:  # noqa: ANN401 - Django's signature
        """Return the one thing that was meant; ValidationError tells what else it might have been."""
        typed = super().clean(value)
        if not typed:
            return None
        found = self.choices().find(typed)
        if len(found) == 1:
            return found[0].card
        if not found:
            raise ValidationError(_("Nothing is known by this name."), code="unknown")
        told = [choice.value for choice in found[:MOST_TOLD]]
        raise ValidationError(
            _("This may be several: %(names)s. Please say which."),
            code="several",
            params={"names": " / ".join(told) + (" …" if len(found) > MOST_TOLD else "")},
        )


def unit_field(
    *, label: StrOrPromise, required: bool = True, help_text: StrOrPromise = ""
) -> ChosenField[UnitCard]:
    """Return a field for one unit."""
    return ChosenField(unit_choices, "units", label=label, required=required, help_text=help_text)


def item_field(
    *, label: StrOrPromise, required: bool = True, help_text: StrOrPromise = ""
) -> ChosenField[ItemCard]:
    """Return a field for one item of the catalogue in force."""
    return ChosenField(item_choices, "items", label=label, required=required, help_text=help_text)


def area_field(
    *, label: StrOrPromise, required: bool = True, help_text: StrOrPromise = ""
) -> ChosenField[AreaCard]:
    """Return a field for one area."""
    return ChosenField(area_choices, "areas", label=label, required=required, help_text=help_text)


def _item_groups() -> list[Any]:
    """Return the upper two levels of the catalogue as groups of a select."""
    book = published()
    groups: list[Any] = [("", _("All"))]
    for top in (card for card in book.by_code.values() if card.level == 1):
        whole = (top.code, _("All of “%(name)s”") % {"name": item_name(top)})
        below = [
            (card.code, item_name(card)) for card in book.by_code.values() if card.parent_code == top.code
        ]
        groups.append((item_name(top), [whole, *below]))
    return groups


def _day_field(label: StrOrPromise) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class FilterForm(forms.Form):
    """What a list is narrowed to. Everything may be left out; what cannot be read narrows nothing.

    A unit or area named by its code (as links do) is shown by its name.
    """

    item = forms.ChoiceField(label=_("Item"), required=False, choices=_item_groups)
    grade = forms.ChoiceField(
        label=_("Grade"), required=False, choices=lambda: [("", _("All")), *grade_table().choices()]
    )
    unit = unit_field(label=_("Unit"), required=False)
    area = area_field(label=_("Area"), required=False)
    handler = forms.ChoiceField(
        label=_("Worked on by"),
        required=False,
        choices=[("", _("All")), (ME, _("Me")), (NOBODY, _("Nobody yet"))],
    )
    opened_from = _day_field(_("Opened from"))
    opened_to = _day_field(_("Opened until"))
    supervised = forms.BooleanField(label=_("Under supervision only"), required=False)
    rework = forms.BooleanField(label=_("Reworked only"), required=False)
    many = forms.BooleanField(label=_("Several appeals only"), required=False)
    supervision = forms.ChoiceField(
        label=_("Colour of supervision"), required=False, choices=[("", _("All")), *Colour.choices]
    )
    asked = forms.ChoiceField(
        label=_("Application waiting"),
        required=False,
        choices=[("", _("All")), (ANY, _("any")), *AskKind.choices],
    )
    urged = forms.BooleanField(label=_("Urged only"), required=False)
    noted = forms.BooleanField(label=_("With a leader's instruction only"), required=False)
    major = forms.BooleanField(label=_("Major emergencies only"), required=False)
    concerns_many = forms.BooleanField(label=_("Concerning many only"), required=False)
    suspended = forms.BooleanField(label=_("On hold only"), required=False)
    confidential = forms.BooleanField(label=_("Confidential only"), required=False)

    def __init__(self, data: QueryDict | None = None, *, confidential: bool = True) -> None:
        super().__init__(_by_name(data) if data else None)
        if not confidential:
            # Who may not see such cases has nothing to choose; the lists leave them out in any case.
            del self.fields["confidential"]

    def narrow(self) -> Narrow:
        """Return what was chosen and could be read."""
        self.full_clean()
        told = self.cleaned_data if self.is_bound else {}
        unit, area = told.get("unit"), told.get("area")
        return Narrow(
            item=told.get("item") or "",
            grade=told.get("grade") or "",
            unit=unit.code if unit else "",
            area=area.code if area else "",
            handler=told.get("handler") or "",
            opened_from=told.get("opened_from"),
            opened_to=told.get("opened_to"),
            supervision=told.get("supervision") or "",
            asked=told.get("asked") or "",
            **{mark: bool(told.get(mark)) for mark in MARKS},
        )


def _by_name(data: QueryDict) -> QueryDict:
    """Return what an address says with names in the place of codes."""
    told = data.copy()
    for name, choices in (("unit", unit_choices), ("area", area_choices)):
        if typed := str(told.get(name, "")):
            told[name] = choices().value_of(typed) or typed
    return told


class SearchForm(FilterForm):
    """Filters beside the words that are searched for."""

    field_order = ("status", *FilterForm.base_fields)

    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=lambda: [
            ("", _("All")),
            ("open", _("Not ended")),
            *((key, look.label) for key, look in _looks()),
        ],
    )

    def status_told(self) -> str:
        """Return the state that was chosen; "" for all."""
        self.full_clean()
        return str(self.cleaned_data.get("status") or "") if self.is_bound else ""


def _looks() -> list[tuple[str, Look]]:
    return [(status.value, look_of(status.value)) for status in Status]
