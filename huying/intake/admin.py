"""Configuration pages of intake: channels. What came in through them is nobody's to change."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from huying.intake.models import Channel
from huying.intake.queries import CHANNELS
from huying.ledger.configuring import Configuration


@admin.register(Channel)
class Channels(Configuration):
    """Ways appeals come in; one that is not used any more is switched off."""

    called = (_("Channel"), _("Channels"))
    announces = (CHANNELS,)
    needs, fixed = "system:edit", ("key",)  # appeals keep the key of their channel
    fields = ("key", "adapter", "name", "name_en", "settings", "is_active")
    list_display = ("key", "name", "adapter", "is_active")
