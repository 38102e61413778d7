"""Words for what became of a delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TROUBLES: dict[str, StrOrPromise] = {
    "unsubscribed": _("The reader wants no more letters this way."),
    "no_address": _("There is no address for this channel any more."),
    "no_template": _("No template the provider approved is entered for this letter."),
    "daily_limit": _("The number has had as many texts today as it may."),
    "worker_lost": _("The worker that sent it was lost; it is sent again under the same key."),
    "unreachable": _("The channel's server did not answer."),
    "43101": _("The reader has not subscribed in WeChat, or the subscription is used up."),
}


def trouble_words(error: str) -> str:
    """Return what a trouble of a delivery means, "" where only the channel's own code is known."""
    return str(TROUBLES.get(error, ""))
