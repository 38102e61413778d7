"""Tells Django about this room of the house."""

from __future__ import annotations

from django.apps import AppConfig


class BulletinConfig(AppConfig):
    """The package as a Django app."""

    name = "huying.bulletin"
    label = "bulletin"
