"""The fields that moves ask for, each made once for every form, and the order they are asked in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.cases.models import Colour, Solved
from huying.catalogue.models import StatutoryRoute
from huying.catalogue.queries import grade_table
from huying.home.desk.choosing import unit_choices
from huying.home.desk_forms import item_field, unit_field
from huying.home.forms import WordsField
from huying.kit.names import in_language
from huying.people.permissions import Permission
from huying.people.queries import holders_over
from huying.ui.fields import PhotosField

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from huying.cases.models import Case

LONGEST = 20_000
MOST_DAYS = 365


def colleagues_of(case: Case, at: datetime) -> list[tuple[str, str]]:
    """Return whom a case can be handed to, without the one who has it."""
    holders = holders_over(case.unit_id, Permission.CASE_WORK, at=at) if case.unit_id else []
    return [
        (str(holder.id), f"{holder.name} · {holder.unit_name}")
        for holder in holders
        if holder.id != case.handler_id
    ]


def _text(rows: int) -> Callable[..., forms.Field]:
    def make(*, label: StrOrPromise, required: bool, help_text: StrOrPromise) -> forms.Field:
        return WordsField(
            label=label, required=required, help_text=help_text, max_length=LONGEST,
            widget=forms.Textarea({"rows": rows}),
        )  # fmt: skip

    return make


class _NumberField(WordsField):
    """The number of a case, or of an appeal on it."""

    widget = forms.TextInput({"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"})

    def to_python(self, value: Any) -> str | None:  # noqa: ANN401 - Django's signature
        """Return the number as it is kept: capitals, no spaces."""
        return "".join((super().to_python(value) or "").upper().replace("-", "").split())


def _assists(**said: Any) -> forms.Field:  # noqa: ANN401 - what every maker is given
    choices = [(choice.card.code, choice.card.name) for choice in unit_choices().all]
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **said)


def _grade(**said: Any) -> forms.Field:  # noqa: ANN401 - likewise
    return forms.ChoiceField(choices=[("", _("As the item says")), *grade_table().choices()], **said)


def _route(**said: Any) -> forms.Field:  # noqa: ANN401 - likewise
    routes = [
        (route.key, in_language(route.name, route.name_en))
        for route in StatutoryRoute.objects.order_by("name")
    ]
    return forms.ChoiceField(choices=[("", "—"), *routes], **said)


def _solved(**said: Any) -> forms.Field:  # noqa: ANN401 - likewise
    return forms.ChoiceField(choices=Solved.choices, widget=forms.RadioSelect, **said)


def _handler(**said: Any) -> forms.Field:  # noqa: ANN401 - likewise; the form offers the colleagues
    return forms.ChoiceField(choices=[("", "—")], **said)


def _days(**said: Any) -> forms.Field:  # noqa: ANN401 - likewise
    return forms.IntegerField(min_value=1, max_value=MOST_DAYS, **said)


def _day(**said: Any) -> forms.Field:  # noqa: ANN401 - likewise
    return forms.DateField(widget=forms.DateInput({"type": "date"}), **said)


def _moment(**said: Any) -> forms.Field:  # noqa: ANN401 - likewise
    return forms.DateTimeField(
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        **said,
    )


def _colour(**said: Any) -> forms.Field:  # noqa: ANN401 - likewise
    return forms.ChoiceField(choices=Colour.choices, widget=forms.RadioSelect, **said)


def _line(**said: Any) -> forms.Field:  # noqa: ANN401 - likewise
    return WordsField(max_length=60, **said)


MAKERS: dict[str, Callable[..., forms.Field]] = {
    "unit": unit_field, "item": item_field, "assists": _assists, "grade": _grade, "route": _route,
    "handler": _handler, "solved": _solved, "note": _text(3), "reason": _text(3), "public_text": _text(6),
    "internal_note": _text(2),
    "unsolved_reason": _text(2), "evidence": PhotosField, "into": _NumberField,
    "question": _text(3), "result": _text(2), "text": _text(4), "plan": _text(3), "receipt": _line,
    "rule_unit": unit_field, "days": _days, "review_on": _day, "meet_at": _moment, "colour": _colour,
}  # fmt: skip
SHAPES = {"solved": "cards", "colour": "cards", "evidence": "photos"}
# What no clerk is asked: the pages where it is chosen give it.
UNASKED = frozenset({"appeal", "task", "appeals"})
UNITS = ("unit", "rule_unit")
# In which order fields are asked, whatever the order of needs and takes.
ORDER = (
    "handler", "item", "unit", "assists", "grade", "colour", "question", "text", "result", "public_text",
    "solved", "unsolved_reason", "evidence",
    "internal_note",
    "route", "receipt", "days", "reason", "plan", "review_on", "rule_unit", "meet_at", "into", "note",
)  # fmt: skip
