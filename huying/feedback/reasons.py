"""Why a rating is not taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

NOT_ASKED = Reason("not_asked", _("There is no reply to rate at the moment."))
ANSWERED_ALREADY = Reason("answered_already", _("You have rated this reply already. Thank you."))
WINDOW_CLOSED = Reason("window_closed", _("The time to rate this reply is over."))
SOLVED_MISSING = Reason("solved_missing", _("Please say whether it is solved."), 400)
STARS_IMPOSSIBLE = Reason("stars_impossible", _("Stars go from one to five."), 400)
NOT_BY_STAFF = Reason(
    "not_by_staff",
    _("You are signed in as staff. Only the resident may judge a reply or take an appeal back."),
    403,
)
