"""Wires the house together when Django starts."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site as a Django app: it hands the table of fact → jobs to the ledger."""

    name = "huying.site"
    label = "huying_site"

    def ready(self) -> None:
        """Register what follows which fact."""
        from huying.ledger.handlers import register
        from huying.site.wiring import HANDLERS

        register(HANDLERS)
