"""Configuration pages of people: units, roles, accounts of staff, posts, keys of machines.

Residents' accounts are not here: nobody looks them through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.ledger.configuring import FIELD_LABELS, Configuration, TableForm
from huying.people.actions import UnitDraft, make_api_key, set_up_units
from huying.people.models import Account, AccountKind, ApiKey, Post, Role, Unit
from huying.people.queries import EDITION, hash_key
from huying.people.words import permission_options

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    AccountAdmin = UserAdmin[Account]
else:  # Django's own class knows no types while it runs
    AccountAdmin = UserAdmin

NEEDS = "people:edit"


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


class RoleForm(TableForm):
    """Rights as boxes to tick."""

    on_unit = forms.MultipleChoiceField(
        label=FIELD_LABELS["on_unit"],
        choices=permission_options,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    on_area = forms.MultipleChoiceField(
        label=FIELD_LABELS["on_area"],
        choices=permission_options,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Role
        fields = ("key", "name", "name_en", "on_unit", "on_area")


@admin.register(Role)
class Roles(Configuration):
    """What holders of a post may do."""

    called = (gettext_lazy("Role"), gettext_lazy("Roles"))
    needs = NEEDS
    form, fixed = RoleForm, ("key",)
    list_display = ("key", "name", "name_en")


@admin.register(Post)
class Posts(Configuration):
    """Who answers for what and where. A post that is over is given its last day, not deleted."""

    called = (gettext_lazy("Post"), gettext_lazy("Posts"))
    needs, fixed = NEEDS, ("account",)
    fields = ("account", "unit", "role", "area", "items", "deputy_of", "valid_from", "valid_until")
    autocomplete_fields = ("account", "unit", "area", "deputy_of")
    list_display = ("account", "role", "unit", "area", "valid_from", "valid_until")
    list_filter = ("role",)
    list_select_related = ("account", "role", "unit", "area")
    search_fields = ("account__name", "account__username", "unit__name")


@admin.register(Account)
class Accounts(AccountAdmin, Configuration):
    """Accounts of staff. Only who may do everything says who else may configure."""

    called = (gettext_lazy("Account of staff"), gettext_lazy("Accounts of staff"))
    needs = NEEDS
    ordering = ("username",)
    list_display = ("username", "name", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "name")
    filter_horizontal = ()
    readonly_fields = ("joined_at", "last_login")
    add_fieldsets = ((None, {"fields": ("username", "name", "usable_password", "password1", "password2")}),)
    actions = ("drop_second_step",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """Show staff; who may do everything is shown to their like only."""
        found = super().get_queryset(request).filter(kind=AccountKind.STAFF)
        return found if _is_superuser(request) else found.filter(is_superuser=False)

    def get_fieldsets(self, request: HttpRequest, obj: Account | None = None) -> Any:  # noqa: ANN401 - Django's
        """Show what may be changed by whom."""
        if obj is None:
            return self.add_fieldsets
        shown = ["username", "name", "password", "language", "is_active"]
        shown += ["is_staff"] if _is_superuser(request) else []
        return ((None, {"fields": [*shown, "joined_at", "last_login"]}),)

    def save_model(self, request: HttpRequest, obj: Account, form: TableForm, change: bool) -> None:  # noqa: FBT001 - Django's
        """Whoever is made here works here."""
        obj.kind = AccountKind.STAFF
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Take the second step of signing in away (a lost phone)"))
    def drop_second_step(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        """Let people whose phone is lost sign in with the password alone, to set it up anew."""
        count = 0
        for account in queryset.exclude(totp_secret=""):
            account.totp_secret = ""
            account.save(update_fields=["totp_secret"])
            self.log_change(request, account, "second step taken away")
            count += 1
        messages.success(request, _("{count} accounts sign in with the password alone.").format(count=count))


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


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
