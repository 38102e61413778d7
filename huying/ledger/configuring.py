"""What configuration pages of all rooms share: the right they take, and telling every process of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.db import models, transaction
from django.forms import Field, ModelForm, Textarea
from django.utils.translation import gettext_lazy as _

from huying.ledger.actor import Actor
from huying.ledger.snapshots import announce

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

    TableAdmin = admin.ModelAdmin[Any]
    TableForm = ModelForm[Any]
else:  # Django's own classes know no types while they run
    TableAdmin, TableForm = admin.ModelAdmin, ModelForm


# How a town calls the fields of its tables. Set while the program runs: names of models and fields belong to
# migrations, and a word on a page is no reason for one.
FIELD_LABELS: dict[str, StrOrPromise] = {
    "about": _("About"),
    "account": _("Account"),
    "adapter": _("Adapter"),
    "advice": _("Advice"),
    "aliases": _("Also called"),
    "amount": _("Amount"),
    "area": _("Area"),
    "basis": _("Basis"),
    "channel": _("Channel"),
    "code": _("Code"),
    "deputy_of": _("Deputy of"),
    "emergency_number": _("Emergency number"),
    "is_active": _("Active"),
    "items": _("Items"),
    "joined_at": _("Joined"),
    "key": _("Key"),
    "kind": _("Kind"),
    "lat": _("Latitude"),
    "level": _("Level"),
    "lon": _("Longitude"),
    "made_at": _("Made"),
    "name": _("Name"),
    "name_en": _("English name"),
    "not_phrases": _("Look-alikes that mean no danger"),
    "on": _("Day"),
    "on_area": _("Rights over an area"),
    "on_unit": _("Rights over the unit's work"),
    "parent": _("Lies under"),
    "path": _("Path"),
    "phone": _("Phone"),
    "phrases": _("Words of danger"),
    "place": _("Named place"),
    "provisional": _("Provisional"),
    "rank": _("Rank (0 is the widest)"),
    "role": _("Role"),
    "roles": _("Duty roles it fills"),
    "settings": _("Settings"),
    "short_names": _("Short names"),
    "source": _("Source"),
    "spans": _("Working hours"),
    "unit": _("Unit"),
    "used_from": _("In use since the year"),
    "used_until": _("In use until the year"),
    "valid_from": _("From the day"),
    "valid_until": _("Until the day (not included)"),
}


class LinesField(SimpleArrayField):
    """A list as one entry a line; blank lines do no harm."""

    def __init__(self, base_field: Field, **more: Any) -> None:  # noqa: ANN401 - Django's own options
        super().__init__(base_field, delimiter="\n", widget=Textarea(attrs={"rows": 6}), **more)

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Return the entries of the lines that hold something."""
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


class Configuration(TableAdmin):
    """A configuration table: for who holds the right `needs`; a change announces the snapshots it is part of.

    `fixed` names fields that stay as they were made, for others know the row by them. `may_delete` is False
    for what others point at or what must stay readable; it is switched off instead.
    `called` is the table's name, for one row and for several.
    """

    needs = ""
    announces: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    may_add = True
    may_delete = False
    called: tuple[StrOrPromise, StrOrPromise] | None = None

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        if self.called:
            model._meta.verbose_name, model._meta.verbose_name_plural = self.called  # noqa: SLF001 - Django's public part
        for field in model._meta.fields:  # noqa: SLF001 - likewise
            if field.name in FIELD_LABELS:
                field.verbose_name = FIELD_LABELS[field.name]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ANN401, ARG002 - Django's
        """Return what nobody writes, and what stays as it was made (`fixed`)."""
        always = tuple(str(name) for name in self.readonly_fields)
        return (*always, *self.fixed) if obj else always

    def _may(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        user = request.user
        if not user.is_active:
            return False  # who may come in at all is judged by the site (home.office.config)
        return bool(getattr(user, "is_superuser", False)) or (
            isinstance(actor, Actor) and actor.holds(self.needs)
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the table is listed."""
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002 - Django's
        """Whether rows may be seen."""
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002 - Django's
        """Whether rows may be changed."""
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether rows may be added."""
        return self.may_add and self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002 - Django's
        """Whether rows may be deleted."""
        return self.may_delete and self._may(request)

    def formfield_for_dbfield(
        self,
        db_field: Any,  # noqa: ANN401 - Django's signature
        request: HttpRequest,
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> Any:  # noqa: ANN401 - Django's signature
        """Show lists one entry a line."""
        if isinstance(db_field, ArrayField):
            base = db_field.base_field.formfield()
            return db_field.formfield(form_class=LinesField, base_field=base)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def tell(self) -> None:
        """Announce a new edition of everything this table is part of."""
        for key in self.announces:
            announce(key)

    def save_model(self, request: HttpRequest, obj: Any, form: TableForm, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's
        """Save, and tell."""
        super().save_model(request, obj, form, change)
        self.tell()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:  # noqa: ANN401 - Django's signature
        """Delete, and tell."""
        super().delete_model(request, obj)
        self.tell()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete several, and tell."""
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            self.tell()
