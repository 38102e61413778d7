"""Forms of the office for people: roles, posts, accounts, and how long data is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.home.office.forms_town import AreaField
from huying.kit.telling import TellingForm
from huying.kit.text import clean
from huying.people.models import Account, AccountKind, Role, Unit
from huying.people.words import permission_options

if TYPE_CHECKING:
    from huying.people.models import Account as AccountType


class RoleForm(TellingForm):
    """A role: its names, and its rights as boxes to tick."""

    key = forms.SlugField(label=_("Key"), max_length=30, help_text=_("Latin letters; it stays as it is."))
    name = forms.CharField(label=_("Name"), max_length=30)
    name_en = forms.CharField(label=_("English name"), max_length=60, required=False)
    on_unit = forms.MultipleChoiceField(
        label=_("Rights over the unit's work"), choices=permission_options, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    on_area = forms.MultipleChoiceField(
        label=_("Rights over an area"), choices=permission_options, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, role: Role | None = None, **more: Any) -> None:  # noqa: ANN401 - Django's own options
        if role is not None:
            more["initial"] = {
                name: getattr(role, name) for name in ("key", "name", "name_en", "on_unit", "on_area")
            }
        super().__init__(*args, **more)
        if role is not None:
            self.fields["key"].disabled = True


class AccountField(forms.CharField):
    """An account of staff by its user name."""

    def clean(self, value: Any) -> AccountType:  # noqa: ANN401 - Django's signature
        """Return the account meant."""
        name = clean(str(super().clean(value) or "")).split(" ")[0]
        account = Account.objects.filter(username=name, kind=AccountKind.STAFF).first()
        if account is None:
            raise forms.ValidationError(_("There is no account of staff with this user name."))
        return account


class PostForm(TellingForm):
    """A post: who, as what, where, for which items, from when to when."""

    account = AccountField(label=_("User name"), max_length=60)
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.order_by("key"))
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.filter(is_active=True))
    area = AreaField(label=_("Area"), help_text=_("Empty: the area of the unit."))
    items = forms.CharField(
        label=_("Items"), required=False, max_length=200,
        help_text=_("Item codes or their beginnings, with spaces between them; empty: every item."),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("From the day"), widget=forms.DateInput({"type": "date"}))
    valid_until = forms.DateField(
        label=_("Until the day (not included)"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def clean_items(self) -> list[str]:
        """Return the item codes as they are kept."""
        return [code[:12] for code in self.cleaned_data["items"].replace(",", " ").split()]


class AccountForm(TellingForm):
    """A new account of staff."""

    username = forms.CharField(
        label=_("User name"), max_length=40, help_text=_("3 to 40 letters, digits, dots or hyphens.")
    )
    name = forms.CharField(label=_("Name"), max_length=40)
    password = forms.CharField(
        label=_("Password for the first sign-in"), max_length=200, strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip


class ResetForm(TellingForm):
    """A password for once."""

    password = forms.CharField(
        label=_("Password for once"), max_length=200, strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip


class LockForm(TellingForm):
    """Why an account is locked."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class RetentionForm(TellingForm):
    """How long a kind of ending is kept."""

    days = forms.IntegerField(label=_("Days after the ending"), min_value=1, max_value=3650)
    basis = forms.CharField(label=_("Basis"), max_length=200)


class HoldForm(TellingForm):
    """An appeal that must stay whole."""

    number = forms.CharField(label=_("Number of the appeal"), max_length=20)
    reason = forms.CharField(label=_("Reason"), max_length=500)
