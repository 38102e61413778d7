"""Forms of incidents: each leads to one action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.board.kinds import kind_choices
from huying.board.models import Group, Incident
from huying.home.desk.choosing import unit_choices
from huying.home.desk_forms import area_field, unit_field
from huying.home.forms import WordsField
from huying.kit.telling import TellingForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from huying.people.queries import UnitCard

_MOMENT = "%Y-%m-%dT%H:%M"


def _moment_field(label: StrOrPromise) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, input_formats=[_MOMENT],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT),
    )  # fmt: skip


class IncidentForm(TellingForm):
    """Open an incident."""

    title = WordsField(label=gettext_lazy("Name of the incident"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=kind_choices)
    area = area_field(label=gettext_lazy("Area"))
    since = _moment_field(gettext_lazy("Since when"))
    spokes_unit = unit_field(
        label=gettext_lazy("The one unit that speaks for the town"),
        help_text=gettext_lazy("Only its staff draft what residents are told."),
    )
    is_drill = forms.BooleanField(
        label=gettext_lazy("This is a drill: residents see nothing of it"), required=False
    )


class UnitsField(WordsField):
    """Several units, one a line or with commas between."""

    def clean(self, value: Any) -> list[UnitCard]:  # noqa: ANN401 - Django's signature
        """Return the units; ValidationError names what is unknown."""
        typed = super().clean(value)
        cards = []
        for name in typed.replace("，", ",").replace("、", ",").replace("\n", ",").split(","):
            if not name.strip():
                continue
            found = unit_choices().find(name.strip())
            if len(found) != 1:
                raise ValidationError(_("“{name}” names no unit, or several.").format(name=name.strip()))
            cards.append(found[0].card)
        return cards


class GroupForm(TellingForm):
    """Form a working group."""

    name = WordsField(label=gettext_lazy("Name of the group"), max_length=40)
    lead = unit_field(label=gettext_lazy("Lead unit"))
    lead_post = WordsField(
        label=gettext_lazy("Led by the post"), required=False, max_length=40,
        help_text=gettext_lazy("A post such as “deputy head”, no name."),
    )  # fmt: skip
    members = UnitsField(
        label=gettext_lazy("Further units"), required=False, max_length=400,
        help_text=gettext_lazy("Names or codes, with commas between."),
    )  # fmt: skip


class TaskForm(TellingForm):
    """Give a group a task."""

    group = forms.ChoiceField(label=gettext_lazy("Group"))
    words = WordsField(label=gettext_lazy("What is to be done"), max_length=200)
    due_at = _moment_field(gettext_lazy("Due"))

    def __init__(self, *given: Any, incident: Incident, **more: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*given, **more)
        field = self.fields["group"]
        if isinstance(field, forms.ChoiceField):
            groups = Group.objects.filter(incident=incident).order_by("made_at", "id")
            field.choices = [(str(group.pk), group.name) for group in groups]


class StatementForm(TellingForm):
    """Draft what the town says."""

    text = forms.CharField(
        label=gettext_lazy("What residents are told"), max_length=500,
        widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip


class CloseForm(TellingForm):
    """End an incident."""

    summary = forms.CharField(
        label=gettext_lazy("What came of it"), max_length=4000, widget=forms.Textarea({"rows": 4})
    )
