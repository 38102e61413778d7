"""Configuration page of admission: which items are gated, and from which level downward."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from huying.admission.models import GatedItem
from huying.admission.queries import ADMISSION
from huying.catalogue.queries import published
from huying.ledger.configuring import Configuration, TableForm


class GateForm(TableForm):
    """Items the catalogue in force knows."""

    class Meta:
        model = GatedItem
        fields = ("items", "level", "basis", "is_active")

    def clean_items(self) -> str:
        """Refuse the beginning of no item at all: such a gate would close nothing."""
        items: str = self.cleaned_data["items"].strip()
        if not any(code.startswith(items) for code in published().by_code):
            raise forms.ValidationError(_("No item of the catalogue begins with this code."), code="unknown")
        return items


@admin.register(GatedItem)
class GatedItems(Configuration):
    """Items that go to no unit of a level and below unless admitted there."""

    called = (_("Item that needs admission"), _("Items that need admission"))
    needs, announces = "catalogue:edit", (ADMISSION,)
    form = GateForm
    list_display = ("items", "level", "is_active", "basis")
    list_filter = ("level", "is_active")
    search_fields = ("items", "basis")
