"""Why something is not done with a hot spot."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

NOT_FOUND = Reason("hot_spot_not_found", _("There is no such hot spot."), 404)
NOT_YOURS = Reason("hot_spot_not_yours", _("Your post gives no right to decide on this hot spot."), 403)
CHANGED_MEANWHILE = Reason(
    "hot_spot_changed_meanwhile", _("Somebody else decided on this hot spot meanwhile. Please look again.")
)
ALREADY_SO = Reason("hot_spot_already_so", _("That has been decided already."))
NOTHING_DECIDED = Reason("hot_spot_nothing_decided", _("Nothing has been decided here that could be undone."))
REASON_MISSING = Reason("hot_spot_reason_missing", _("Please say why it is no hot spot."), 400)
TITLE_MISSING = Reason("hot_spot_title_missing", _("Please write a title."), 400)
TITLE_PERSONAL = Reason(
    "hot_spot_title_personal", _("A title names no person, number or home. Please take it out: {what}"), 400
)
SAME_SPOT = Reason("hot_spot_same", _("A hot spot cannot be merged with itself. Please choose another."), 400)
MERGED_AWAY = Reason("hot_spot_merged_away", _("This hot spot has been merged into another."))
NOTHING_CHOSEN = Reason("hot_spot_nothing_chosen", _("Please choose the appeals that belong elsewhere."), 400)
NOTHING_LEFT = Reason(
    "hot_spot_nothing_left", _("At least one appeal must stay. To take all away, dismiss the hot spot."), 400
)
LATER_FIRST = Reason(
    "hot_spot_later_first", _("Something was rearranged after this. Please undo that first.")
)
ALREADY_UNDONE = Reason("hot_spot_already_undone", _("That has been undone already."))
ALERT_NOT_FOUND = Reason("hot_alert_not_found", _("There is no such alert."), 404)
