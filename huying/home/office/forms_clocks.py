"""Forms of the town's clocks and grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.catalogue.grades import CLOCKS, TONES
from huying.catalogue.models import CLOCK_UNITS, LimitUnit
from huying.catalogue.policies import PERCENT
from huying.kit.names import in_language
from huying.kit.telling import TellingForm
from huying.kit.text import clean
from huying.people.queries import role_names
from huying.places.queries import town_map

if TYPE_CHECKING:
    from datetime import date

    from huying.catalogue.models import ClockPolicy, GradeRule
    from huying.catalogue.policies import UsualClock

MOST_AMOUNT, MOST_BASIS, MOST_CRITERIA = 4000, 500, 1000
TONE_NAMES = {"danger": _("red"), "warn": _("orange"), "info": _("blue"), "quiet": _("grey")}
CLOCK_NAMES = {
    "sign": _("Time to sign"),
    "contact": _("Time to the first contact"),
    "handle": _("Time to handle"),
}


def _amount(**more: Any) -> forms.IntegerField:  # noqa: ANN401 - Django's own options
    return forms.IntegerField(min_value=1, max_value=MOST_AMOUNT, **more)


class ClockForm(TellingForm):
    """How long a clock runs, from which day, and why."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    amount = _amount(label=_("Amount"))
    unit = forms.ChoiceField(label=_("Unit"), choices=LimitUnit.choices)
    valid_from = forms.DateField(
        label=_("From the day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Today or later. Time limits that run keep the day they were given."),
    )
    basis = forms.CharField(
        label=_("Basis"),
        max_length=MOST_BASIS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("By which rule or decision, so that it can be looked up years later."),
    )

    def __init__(self, usual: UsualClock, data: Any = None, **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data, **more)
        unit = self.fields["unit"]
        if isinstance(unit, forms.ChoiceField):
            unit.choices = [
                choice for choice in CLOCK_UNITS if (choice[0] == PERCENT) == (usual.unit == PERCENT)
            ]

    @classmethod
    def of(cls, usual: UsualClock, row: ClockPolicy | None, *, edition: int, today: date) -> ClockForm:
        """Return the form as a clock stands now."""
        now = row or usual
        told = {"amount": now.amount, "unit": now.unit, "basis": now.basis}
        return cls(usual, initial={**told, "seen": edition, "valid_from": today})

    def clean_basis(self) -> str:
        """Return the basis without control characters."""
        return clean(self.cleaned_data["basis"])


class GradeForm(TellingForm):
    """What a grade means in this town."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=20)
    name_en = forms.CharField(label=_("English name"), max_length=40, required=False)
    criteria = forms.CharField(
        label=_("Criteria"),
        max_length=MOST_CRITERIA,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What makes a matter of this grade."),
    )
    level = forms.ChoiceField(
        label=_("Level that answers"),
        required=False,
        help_text=_("A case settled there or nearer to the people counts as settled in place."),
    )
    approver = forms.ChoiceField(
        label=_("Who approves"),
        required=False,
        help_text=_(
            "Whose post it takes to grant more time, a suspension, or an end against the resident’s word."
        ),
    )
    sign_amount = _amount(label=_("Amount"), required=False)
    sign_unit = forms.ChoiceField(label=_("Unit"), required=False)
    contact_amount = _amount(label=_("Amount"), required=False)
    contact_unit = forms.ChoiceField(label=_("Unit"), required=False)
    handle_amount = _amount(
        label=_("Amount"),
        required=False,
        help_text=_("For cases graver than their item usually is: a limit, or a share of the item's."),
    )
    handle_unit = forms.ChoiceField(label=_("Unit"), required=False)
    tone = forms.ChoiceField(label=_("Colour"), choices=[(key, TONE_NAMES[key]) for key in TONES])

    def __init__(self, data: Any = None, **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data, **more)
        levels = [(level.key, in_language(level.name, level.name_en)) for level in town_map().levels.values()]
        offered: dict[str, list[tuple[Any, Any]]] = {
            "level": [("", _("none")), *levels],
            "approver": [("", _("none")), *role_names().items()],
            **{f"{clock}_unit": [("", _("the town's")), *LimitUnit.choices] for clock in CLOCKS},
            "handle_unit": [("", _("the town's")), *CLOCK_UNITS],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    @classmethod
    def of(cls, row: GradeRule, edition: int) -> GradeForm:
        """Return the form as a grade stands now."""
        names = [name for name in cls.base_fields if name != "seen"]
        return cls(initial={**{name: getattr(row, name) for name in names}, "seen": edition})

    def values(self) -> dict[str, Any]:
        """Return what was told, by the names of the table."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        for name in ("name", "name_en", "criteria"):
            told[name] = clean(told[name])
        return told
