"""Why something asked of one's own data is not done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

COPY_UNDER_WAY = Reason("copy_under_way", _("A copy is being put together already."))
COPIES_TOO_MANY = Reason(
    "copies_too_many", _("Three copies a day are enough. Please come back tomorrow."), 429
)
COPY_NOT_THERE = Reason(
    "copy_not_there", _("This copy is not there, or no longer. You can ask for a new one."), 404
)
ERASURE_ASKED = Reason("erasure_asked", _("You have asked for this already; it is being decided."))
ERASURE_NOT_THERE = Reason("erasure_not_there", _("There is no such request."), 404)
ERASURE_DECIDED = Reason("erasure_decided", _("This request has been decided already."))
WHY_MISSING = Reason("erasure_why_missing", _("Please say why it is refused."), 400)
