"""Configuration pages of people: units and keys of machines.

Roles, posts and accounts of staff are changed in the office, where each change is guarded and is a fact.
Residents' accounts are nowhere: nobody looks them through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.ledger.configuring import Configuration, TableForm
from huying.people.actions import UnitDraft, make_api_key, set_up_units
from huying.people.models import Account, ApiKey, Unit
from huying.people.queries import EDITION, hash_key

if TYPE_CHECKING:
    from django.http import HttpRequest

    AccountAdmin = UserAdmin[Account]
else:  # Django's own class knows no types while it runs
    AccountAdmin = UserAdmin

NEEDS = "system:edit"


class UnitForm(TableForm):
    """A unit that does not lie below itself."""

    def clean_parent(self) -> Unit | None:
        """Refuse a circle."""
        parent: Unit | None = self.cleaned_data["parent"]
        own = self.instance.path
        if parent is not None and own and (parent.path == own or parent.path.startswith(f"{own}/")):
            raise forms.ValidationError(_("A unit cannot lie below itself."), code="circle")
        return parent


@admin.register(Unit)
class Units(Configuration):
    """Organisations and their parts; one that is gone is switched off."""

    called = (gettext_lazy("Unit"), gettext_lazy("Units"))
    needs, announces = NEEDS, (EDITION,)
    form, fixed = UnitForm, ("code",)  # paths are made of codes
    fields = ("code", "name", "name_en", "short_names", "parent", "roles", "area", "phone", "is_active")
    autocomplete_fields = ("parent", "area")
    list_display = ("name", "code", "parent", "area", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("parent", "area")
    search_fields = ("name", "code", "short_names", "initials")

    def save_model(self, request: HttpRequest, obj: Unit, form: TableForm, change: bool) -> None:  # noqa: FBT001 - Django's
        """Keep path and sounds in step, and take the units below along (the action does both)."""
        obj.path = obj.path or obj.code
        super().save_model(request, obj, form, change)
        draft = UnitDraft(
            obj.code,
            obj.name,
            name_en=obj.name_en,
            short_names=tuple(obj.short_names),
            parent=obj.parent.code if obj.parent else None,
            roles=tuple(obj.roles),
            area=obj.area.code if obj.area else None,
        )
        set_up_units([draft])


@admin.register(ApiKey)
class ApiKeys(Configuration):
    """Keys of machines: shown once when made, kept as a hash, switched off when no longer used."""

    called = (gettext_lazy("Key of a machine"), gettext_lazy("Keys of machines"))
    needs, announces = NEEDS, (EDITION,)
    fixed, readonly_fields = ("channel",), ("made_at",)  # a key speaks for the channel it was made for
    fields = ("name", "channel", "is_active", "made_at")
    list_display = ("name", "channel", "is_active", "made_at")

    def save_model(self, request: HttpRequest, obj: ApiKey, form: TableForm, change: bool) -> None:  # noqa: FBT001 - Django's
        """Make the key and show it, this once."""
        if change:
            super().save_model(request, obj, form, change)
            return
        key = make_api_key(obj.name, channel=obj.channel)
        made = ApiKey.objects.get(key_hash=hash_key(key))
        obj.__dict__.update(made.__dict__)
        told = _("The key is shown this once. Copy it now:")
        messages.warning(request, format_html("{} <code>{}</code>", told, key))
