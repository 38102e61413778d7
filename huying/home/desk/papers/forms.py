"""Forms of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.bulletin.models import Kept, ReminderReason, Span
from huying.bulletin.planning import LONGEST
from huying.bulletin.reminders import LONGEST_TEXT, LONGEST_TITLE, LONGEST_WHY, MOST_DAYS
from huying.home.forms import WordsField
from huying.kit.telling import TellingForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huying.people.queries import UnitCard
    from huying.places.queries import AreaCard


class LetterForm(TellingForm):
    """A letter to a unit: the cases it names and what it says; empty words are written by Huying."""

    unit = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Reason"), choices=ReminderReason.choices)
    numbers = forms.MultipleChoiceField(
        label=_("Cases"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please tick a case.")},
    )

    def __init__(self, data: Any, cases: Iterable[tuple[str, str]], initial: dict[str, Any]) -> None:  # noqa: ANN401 - what a request sends
        super().__init__(data, initial=initial)
        self.fields["numbers"].choices = list(cases)  # type: ignore[attr-defined]


class WordsForm(TellingForm):
    """The words of a draft."""

    title = WordsField(label=_("Title"), max_length=LONGEST_TITLE)
    text = WordsField(
        label=_("What it says"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 6}),
        help_text=_("Before the list of cases; a line break begins a paragraph."),
    )  # fmt: skip
    days = forms.IntegerField(label=_("Working days to answer in"), min_value=1, max_value=MOST_DAYS)


class WhyForm(TellingForm):
    """A reason, or what came of it."""

    reason = WordsField(label=_("Reason"), max_length=LONGEST_WHY, widget=forms.Textarea({"rows": 2}))


class AnswerForm(TellingForm):
    """A unit's answer to a letter."""

    answer = WordsField(
        label=_("Answer"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 5}),
        help_text=_("Case by case: what was late and why, who does it now, until when."),
    )  # fmt: skip


# How long a bulletin tells of, as readers call it.
SPAN_NAMES = {
    Span.DAY: _("Daily bulletin"),
    Span.WEEK: _("Weekly bulletin"),
    Span.MONTH: _("Monthly bulletin"),
}


class DraftForm(TellingForm):
    """Which bulletin to draft: of which area, how long, about which day."""

    area = forms.ChoiceField(label=_("Area"))
    span = forms.ChoiceField(label=_("Bulletin of a"), choices=list(SPAN_NAMES.items()), initial=Span.WEEK)
    day = forms.DateField(
        label=_("A day of it"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The week or month this day lies in."),
    )  # fmt: skip

    def __init__(self, data: Any, areas: Iterable[AreaCard], **more: Any) -> None:  # noqa: ANN401 - what a request sends
        super().__init__(data, **more)
        self.fields["area"].choices = [(card.code, card.name) for card in areas]  # type: ignore[attr-defined]


class PromiseForm(TellingForm):
    """What is promised for the time after."""

    text = WordsField(label=_("What is promised"), max_length=LONGEST_WHY)
    unit = forms.ChoiceField(label=_("Whose it is"), required=False)
    due_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, units: Iterable[UnitCard]) -> None:  # noqa: ANN401 - what a request sends
        super().__init__(data, auto_id="promise_%s")
        choices = [("", "—"), *((str(card.id), card.name) for card in units)]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]


class JudgeForm(TellingForm):
    """What came of a promise."""

    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=[one for one in Kept.choices if one[0] != Kept.OPEN]
    )
    told = WordsField(label=_("In words"), max_length=LONGEST_WHY)


class HeadForm(TellingForm):
    """How an area's papers are headed."""

    issuer = WordsField(label=_("Who issues"), max_length=LONGEST["issuer"])
    word = WordsField(
        label=_("Word before the year"), max_length=LONGEST["word"], help_text=_("As in 映溪街提〔2026〕3号.")
    )
    masthead = WordsField(
        label=_("Name of the weekly bulletin"), max_length=LONGEST["masthead"], required=False
    )
    printed_by = WordsField(label=_("Printed by"), max_length=LONGEST["printed_by"], required=False)
    copies_to = WordsField(
        label=_("Copies to"),
        max_length=LONGEST["copies_to"],
        required=False,
        help_text=_("One after a comma."),
    )
