"""Configuration page of supervision: the bodies that meet."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from huying.ledger.configuring import Configuration
from huying.supervision.models import Body


@admin.register(Body)
class Bodies(Configuration):
    """Bodies whose meetings take topics up."""

    called = (_("Body that meets"), _("Bodies that meet"))
    needs = "system:edit"
    list_display = ("name", "area", "standing_title", "standing_last", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
