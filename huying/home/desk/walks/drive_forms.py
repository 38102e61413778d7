"""Forms of drives and indices: a drive, a case by hand, a line of the ledger, a table of values."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.home.desk.walks.forms import day_field
from huying.home.desk_forms import unit_field
from huying.home.forms import WordsField
from huying.home.office.forms_import import TABLES
from huying.kit.telling import TellingForm


class DriveForm(TellingForm):
    """A drive."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = WordsField(label=_("Name of the drive"), max_length=60)
    area = forms.ChoiceField(label=_("Area"))
    unit = unit_field(label=_("Unit in charge"), required=False)
    items = WordsField(
        label=_("Codes of items"), required=False, max_length=300,
        help_text=_("Codes or their beginnings, separated by spaces; empty for every item."),
    )  # fmt: skip
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))
    aim = WordsField(label=_("Aim"), required=False, widget=forms.Textarea({"rows": 3}))

    def codes(self) -> tuple[str, ...]:
        """Return the beginnings of codes that were named."""
        return tuple(self.cleaned_data["items"].replace(",", " ").replace("，", " ").split())


class MarkForm(TellingForm):
    """A case put into a drive, or taken out of it."""

    number = WordsField(label=_("Number of the case"), max_length=20)
    is_in = forms.ChoiceField(
        label=_("Belongs to the drive"), choices=[("yes", _("Put in")), ("no", _("Take out"))]
    )
    reason = WordsField(label=_("Why?"), max_length=200)


class ClearedForm(TellingForm):
    """A line of the ledger."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    on = day_field(_("Day"))
    what = WordsField(label=_("What was cleared"), max_length=60)
    quantity = forms.DecimalField(label=_("How much"), max_digits=14, decimal_places=2)
    measure = WordsField(label=_("Measured in"), max_length=20)
    cost = forms.DecimalField(label=_("Cost in yuan"), required=False, max_digits=14, decimal_places=2)
    place_words = WordsField(label=_("Where?"), required=False, max_length=120)
    note = WordsField(label=_("Note"), required=False, max_length=200)


class StrikeForm(TellingForm):
    """Why a line is struck out."""

    reason = WordsField(label=_("Why?"), max_length=200)


class IndexForm(TellingForm):
    """A table of values of outside indices."""

    area = forms.ChoiceField(label=_("Whose table it is"))
    file = forms.FileField(
        label=_("Table"), widget=forms.FileInput({"accept": TABLES}),
        help_text=_("Excel or CSV with the columns 指数, 片区, 日期, 数值, 单位 (may be missing), 来源."),
    )  # fmt: skip
