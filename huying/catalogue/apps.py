"""Tells Django about this room of the house."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The package as a Django app."""

    name = "huying.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Have grades shown everywhere as the town's table calls them."""
        from huying.catalogue.looks import grade_look
        from huying.ui.status import call_grades

        call_grades(grade_look)
