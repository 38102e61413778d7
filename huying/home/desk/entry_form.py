"""The form staff fill in for a resident: who told, how, what and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.home.forms import AppealForm, WordsField
from huying.kit.names import in_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.intake.models import Channel

# How the resident told it: a key kept with the appeal, and what the form says.
TOLD_HOW = (
    ("phone", _("by telephone")),
    ("counter", _("at the counter")),
    ("door", _("at the door")),
    ("walk", _("on a walk")),
    ("letter", _("in a letter")),
    ("group", _("in a chat group")),
    ("found", _("nobody: found by staff")),
)


class EntryForm(AppealForm):
    """An appeal typed by staff. The one-time key makes a double click one appeal."""

    channel = forms.ChoiceField(label=_("Channel"), widget=forms.RadioSelect)
    told_how = forms.ChoiceField(label=_("How were you told?"), choices=TOLD_HOW)
    name = WordsField(label=_("Who told it?"), required=False, max_length=40)
    phone = WordsField(
        label=_("Phone to answer"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )

    field_order = ("channel", "told_how", "name", "phone", "text", "place_words", "photos")

    def __init__(self, channels: Sequence[Channel], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """Offer these channels, the likeliest first."""
        super().__init__(*args, **kwargs)
        choices = [(channel.key, in_language(channel.name, channel.name_en)) for channel in channels]
        field = self.fields["channel"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        self.fields["text"].label = _("What is the matter, in the resident's words?")
        if choices and not self.is_bound:
            self.initial.setdefault("channel", choices[0][0])
            self.initial.setdefault("told_how", "phone" if choices[0][0] == "phone" else "counter")
