"""The look of Huying as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Templates, styles, scripts and template tags; no models."""

    name = "huying.ui"
    label = "ui"
    verbose_name = _("Look and components")
