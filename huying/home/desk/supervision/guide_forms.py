"""Forms of working guides: each leads to one action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.home.desk.supervision.forms import KeyedForm, area_choices, day_field, line_field
from huying.home.forms import WordsField
from huying.kit.telling import TellingForm
from huying.people.permissions import Permission
from huying.supervision.guides import LONGEST_COMMENT, LONGEST_TEXT, LONGEST_TITLE

if TYPE_CHECKING:
    from huying.ledger.actor import Actor

_HELP = _("A line that begins with 一、 is a heading; a line break begins a paragraph.")


def _words() -> WordsField:
    return WordsField(
        label=_("What the guide says"), max_length=LONGEST_TEXT, help_text=_HELP,
        widget=forms.Textarea({"rows": 16}),
    )  # fmt: skip


class GuideForm(KeyedForm):
    """Begin a guide."""

    title = line_field(_("Title"), longest=LONGEST_TITLE)
    area_path = forms.ChoiceField(label=_("Where it is to hold"))
    text = _words()

    def __init__(self, *given: Any, by: Actor, **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **more)
        field = self.fields["area_path"]
        if isinstance(field, forms.ChoiceField):
            field.choices = area_choices(by, Permission.ORDER_APPROVE)


class WordsForm(TellingForm):
    """Word a guide anew."""

    title = line_field(_("Title"), longest=LONGEST_TITLE)
    text = _words()


class UntilForm(TellingForm):
    """Ask for comments until a day."""

    until = day_field(_("Comments until"), _("The last day; every unit may comment until then."))


class CommentForm(KeyedForm):
    """Say what one's unit thinks."""

    text = WordsField(
        label=_("What your unit thinks of it"), max_length=LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip
