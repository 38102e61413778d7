"""Forms of the office's configuration: catalogue, duty rules, calendar, areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.catalogue.queries import published
from huying.home.office.forms_import import TABLES
from huying.kit.names import in_language
from huying.kit.telling import TellingForm
from huying.kit.text import clean
from huying.people.models import Unit
from huying.places.models import Area

if TYPE_CHECKING:
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

LONGEST_AREA, LONGEST_NOTE = 80, 500
# Areas offered while typing: the wide levels, as long as a browser can hold them.
MOST_OFFERED = 400

COLUMN_LABELS: dict[str, StrOrPromise] = {
    "code": _("Code"),
    "parent": _("Lies under"),
    "level": _("Level"),
    "name": _("Name"),
    "name_en": _("English name"),
    "keywords": _("Keywords"),
    "examples": _("Examples"),
    "kind": _("Kind"),
    "grade": _("Grade"),
    "handle_amount": _("Time limit"),
    "handle_unit": _("Unit of the limit"),
    "urgent": _("Urgent"),
    "public": _("May be public"),
    "opening": _("Conditions to open"),
    "closing": _("Conditions to close"),
    "basis": _("Basis"),
    "lead": _("Leading duty role"),
    "assists": _("Assisting duty roles"),
    "fallback": _("Fallback duty role"),
    "stages": _("Stages of the limit"),
    "limits": _("Limits by grade"),
}


class CatalogueForm(TellingForm):
    """A table of items for a new draft."""

    name = forms.CharField(label=_("Name of the version"), max_length=80, required=False)
    file = forms.FileField(
        label=_("Table"),
        widget=forms.FileInput(attrs={"accept": TABLES}),
        help_text=_("CSV or Excel with the columns of the download, or one column of names a level."),
    )


class AreaField(forms.CharField):
    """An area by its code, or by its name where only one has it."""

    default_error_messages = {
        "unknown": _("There is no area called this."),
        "several": _("Several areas are called this: please give the code."),
    }

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - Django's own options
        super().__init__(max_length=LONGEST_AREA, required=False, **more)
        self.widget.attrs |= {"list": "area-names", "autocomplete": "off"}

    def clean(self, value: Any) -> Area | None:  # noqa: ANN401 - Django's signature
        """Return the area meant, None for the whole town."""
        words = clean(str(super().clean(value) or ""))
        if not words:
            return None
        code = words.split(" ")[0]
        standing = Area.objects.filter(valid_until=None)
        found = list(standing.filter(code=code)[:1]) or list(standing.filter(name=words)[:2])
        if len(found) != 1:
            key = "several" if found else "unknown"
            raise forms.ValidationError(self.error_messages[key], code=key)
        return found[0]


def offered_areas() -> list[str]:
    """Return "code name" of the widest areas, for the list that helps typing."""
    areas = Area.objects.filter(valid_until=None).order_by("level__rank", "code")
    return [f"{code} {name}" for code, name in areas.values_list("code", "name")[:MOST_OFFERED]]


def item_choices(*, leaves_only: bool = False) -> list[tuple[str, str]]:
    """Return the items in force as choices, those below another set in."""
    return [
        (
            code,
            f"{'　' * (0 if leaves_only else item.level - 1)}{code} {in_language(item.name, item.name_en)}",
        )
        for code, item in sorted(published().by_code.items())
        if item.is_leaf or not leaves_only
    ]


class RuleForm(TellingForm):
    """A duty rule: for which items and where, who leads, who assists, who steps in."""

    items = forms.ChoiceField(label=_("Items"), required=False)
    area = AreaField(label=_("Area"), help_text=_("Name or code; empty: the whole town."))
    lead = forms.ModelChoiceField(
        label=_("Lead"), queryset=Unit.objects.none(), empty_label=_("choose a unit")
    )
    fallback = forms.ModelChoiceField(
        label=_("Fallback"), queryset=Unit.objects.none(), required=False, empty_label=_("none")
    )
    assists = forms.ModelMultipleChoiceField(
        label=_("Assisting units"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why, and by which decision: it is read years later."),
    )

    def __init__(self, data: Any = None) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data)
        units = Unit.objects.filter(is_active=True).order_by("code")
        for name in ("lead", "fallback", "assists"):
            chosen = self.fields[name]
            if isinstance(chosen, forms.ModelChoiceField):
                chosen.queryset = units
        items = self.fields["items"]
        if isinstance(items, forms.ChoiceField):
            items.choices = [("", _("every item")), *item_choices()]

    def clean(self) -> dict[str, Any]:
        """See to it that nobody has two parts in one rule."""
        told = super().clean() or self.cleaned_data
        lead = told.get("lead")
        if lead is not None and lead in (told.get("assists") or ()):
            self.add_error("assists", _("The lead cannot assist itself."))
        if lead is not None and lead == told.get("fallback"):
            self.add_error("fallback", _("The fallback must be another unit than the lead."))
        return told


class WhoForm(TellingForm):
    """An item and a place, to see who would answer."""

    item = forms.ChoiceField(label=_("Item"))
    at = AreaField(label=_("Area"))

    def __init__(self, data: Any = None) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data)
        items = self.fields["item"]
        if isinstance(items, forms.ChoiceField):
            items.choices = item_choices(leaves_only=True)


class RuleFilter(TellingForm):
    """Which duty rules are listed."""

    q = forms.CharField(label=_("Item code or name, area"), max_length=LONGEST_AREA, required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, data: Any, units: list[tuple[UUID, str]]) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data)
        field = self.fields["unit"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("any")), *((str(key), name) for key, name in units)]


class OutlinesForm(TellingForm):
    """Boundaries of areas."""

    file = forms.FileField(
        label=_("GeoJSON file"),
        widget=forms.FileInput(attrs={"accept": ".json,.geojson"}),
        help_text=_("Each feature names its area in the property “code”."),
    )


class MergeForm(TellingForm):
    """Areas of one parent that become one."""

    use_required_attribute = False

    codes = forms.MultipleChoiceField(label=_("Areas to merge"), choices=())
    name = forms.CharField(label=_("Name of the new area"), max_length=60)
    on = forms.DateField(
        label=_("From the day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, areas: list[Area]) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data)
        field = self.fields["codes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(area.code, f"{area.name} {area.code}") for area in areas]

    def clean_codes(self) -> list[str]:
        """See to it that there are at least two."""
        codes: list[str] = self.cleaned_data["codes"]
        if len(codes) < 2:  # noqa: PLR2004 - merging takes two
            raise forms.ValidationError(_("Choose at least two areas."), code="too_few")
        return codes

    def clean_name(self) -> str:
        """Return the name without control characters."""
        name = clean(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Please give a name."), code="required")
        return name
