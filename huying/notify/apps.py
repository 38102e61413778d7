"""Tells Django about this room of the house."""

from __future__ import annotations

from django.apps import AppConfig

from huying.kit.texting import use_gateway


class NotifyConfig(AppConfig):
    """The package as a Django app."""

    name = "huying.notify"
    label = "notify"

    def ready(self) -> None:
        """Let texts to phones go over the town's gateway."""
        from huying.notify.sending import GatewayTexting

        use_gateway(GatewayTexting())
