"""Forms of residents: the appeal, the verdict on its answer, taking it back, finding it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from huying.cases.models import Solved
from huying.intake.actions import LONGEST_TEXT, MOST_PHOTOS
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.kit.text import clean
from huying.people.phones import fold_phone
from huying.ui.fields import PhotosField, StarsField

if TYPE_CHECKING:
    from django.http import QueryDict

LONGEST_PLACE, LONGEST_NAME, LONGEST_PHONE, LONGEST_COMMENT = 200, 40, 30, 2000


class WordsField(forms.CharField):
    """What people write: cleaned of control characters before anything else looks at it."""

    def to_python(self, value: Any) -> str | None:  # noqa: ANN401 - Django's signature
        """Return the text without control characters and runs of blank space."""
        return clean(str(value)) if value not in self.empty_values else self.empty_value


class TextField(WordsField):
    """The text of an appeal: the main thing, yet a photo alone will do. Intake says when both are missing."""

    def validate(self, value: Any) -> None:  # noqa: ANN401 - Django's signature
        """Leave it to intake, which knows of the photos."""


class AppealForm(TellingForm):
    """What a resident files. Nobody is asked for a category; all but the text may be left out."""

    use_required_attribute = False

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = TextField(
        label=_("What is the matter?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(
            attrs={
                "rows": 5,
                "hx-post": reverse_lazy("home:dangers"),
                "hx-trigger": "input changed delay:700ms",
                "hx-params": "text",
                "hx-target": "#danger",
                "data-quiet": "",
            }
        ),
    )
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        max_count=MOST_PHOTOS,
        help_text=_("Up to 9. Hidden data such as the place is taken out of them."),
    )
    place_words = WordsField(
        label=_("Where is it?"),
        required=False,
        max_length=LONGEST_PLACE,
        help_text=_("Estate, building, road or shop: whatever you would tell a neighbour."),
        widget=forms.TextInput(
            attrs={
                "hx-get": reverse_lazy("home:places"),
                "hx-trigger": "input changed delay:250ms",
                "hx-params": "place_words",
                "hx-target": "#places",
                "data-quiet": "",
                "autocomplete": "off",
            }
        ),
    )
    plate = WordsField(required=False, max_length=40, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    name = WordsField(
        label=_("What may we call you?"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = WordsField(
        label=_("Phone"),
        required=False,
        max_length=LONGEST_PHONE,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_key(self) -> str:
        """Return the one-time key of this form; a form without one gets a new one, so it is never refused."""
        return str(self.cleaned_data.get("key") or uuid4())

    def clean(self) -> dict[str, Any]:
        """Say of a point that cannot be read what to do about it, beside the field one can see."""
        cleaned = super().clean() or self.cleaned_data
        if {"lat", "lon"}.intersection(self.errors):
            for name in ("lat", "lon"):
                self.errors.pop(name, None)
            self.forget_point()
            self.add_error("place_words", _("The point on the map could not be read. Please mark it again."))
        return cleaned

    def forget_point(self) -> None:
        """Take the point out of what is shown again: nobody could mend it without seeing it."""
        data = cast("QueryDict", self.data).copy()
        data["lat"] = data["lon"] = ""
        self.data = data


class RatingForm(TellingForm):
    """Solved or not, and how satisfied on four axes; only the first is asked for."""

    solved = forms.ChoiceField(label=_("Is it solved?"), widget=forms.RadioSelect, choices=Solved.choices)
    speed = StarsField(label=_("Speed"), required=False)
    result = StarsField(label=_("Result"), required=False)
    service = StarsField(label=_("Service"), required=False)
    process = StarsField(label=_("Process"), required=False)
    # Asked only where one resident typed the appeal for another.
    spoke_as = forms.ChoiceField(
        label=_("Who says so?"),
        required=False,
        choices=[("self", _("The person it is about")), ("proxy", _("I, for them"))],
        widget=forms.RadioSelect,
    )
    comment = WordsField(
        label=_("Anything to add?"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WithdrawForm(TellingForm):
    """Why an appeal is taken back; nobody has to say."""

    reason = WordsField(
        label=_("Why?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class ContactForm(TellingForm):
    """How a resident is reached about an appeal; what is left empty is taken out."""

    name = WordsField(
        label=_("What may we call you?"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = WordsField(
        label=_("Phone"),
        required=False,
        max_length=LONGEST_PHONE,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


class FindForm(TellingForm):
    """The number of an appeal and the phone that was given with it."""

    number = WordsField(
        label=_("Number of the appeal"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    phone = WordsField(
        label=_("Phone you gave with it"),
        max_length=LONGEST_PHONE,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_number(self) -> str:
        """Return the number as it is kept: capitals, no spaces."""
        return "".join(self.cleaned_data["number"].upper().split())

    def clean_phone(self) -> str:
        """Return the phone as accounts keep it."""
        try:
            return fold_phone(self.cleaned_data["phone"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.reason.key) from refusal
