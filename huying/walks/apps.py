"""Tells Django about this room of the house."""

from __future__ import annotations

from django.apps import AppConfig


class WalksConfig(AppConfig):
    """The package as a Django app."""

    name = "huying.walks"
    label = "walks"
