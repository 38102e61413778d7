"""Forms of signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.phones import fold_phone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def code_field(
    label: StrOrPromise, *, required: bool = True, help_text: StrOrPromise = ""
) -> forms.CharField:
    """Return a field for six digits, which a phone fills in from the message."""
    attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 12}
    return _CodeField(
        label=label, required=required, help_text=help_text, widget=forms.TextInput(attrs=attrs)
    )


class _CodeField(forms.CharField):
    """Six digits, spaces between them forgiven."""

    def to_python(self, value: Any) -> str | None:  # noqa: ANN401 - Django's signature
        """Return the digits without the spaces people type between them."""
        text = super().to_python(value)
        return "".join(text.split()) if text else text


class PhoneForm(TellingForm):
    """The phone a code is sent to."""

    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=30,
        help_text=_("It is used to let you in and to show you your own appeals, for nothing else."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "type": "tel"}),
    )

    def clean_phone(self) -> str:
        """Return the number as accounts keep it."""
        try:
            return fold_phone(self.cleaned_data["phone"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.reason.key) from refusal


class CodeForm(TellingForm):
    """The code that came to the phone."""

    code = code_field(_("Code from the message"))


class StaffSignInForm(TellingForm):
    """User name, password and, where set up, the second step."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = code_field(
        _("One-time code"), required=False, help_text=_("Six digits, if your account has a second step.")
    )


class SecondStepForm(TellingForm):
    """Password and one-time code, to set the second step up or take it away."""

    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = code_field(_("One-time code"))


class PasswordForm(TellingForm):
    """The present password and a new one."""

    password = forms.CharField(
        label=_("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        help_text=_("At least ten characters, no common word, not like your name."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
