"""Why something of the workbench is not done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

PHRASE_NOT_FOUND = Reason("phrase_not_found", _("There is no such phrase, or it is not yours."), 404)
NOT_FOR_THE_UNIT = Reason(
    "not_for_the_unit", _("Phrases of a unit are kept by those who review, dispatch or lead there."), 403
)
UNKNOWN_PLACEHOLDER = Reason(
    "unknown_placeholder", _("There is nothing to fill in for {what}; known are: {known}."), 400
)
TOO_MANY_PHRASES = Reason("too_many_phrases", _("There are {most} phrases already; delete some first."))
