"""Why a move is not made: the keys and sentences of cases."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

NOT_FOUND = Reason("case_not_found", _("There is no such case, or it is not yours to see."), 404)
NOT_YOURS = Reason("not_yours", _("Your posts give you no right to do this on this case."), 403)
NOT_FROM_HERE = Reason("not_from_here", _("This is not possible while the case stands at “{status}”."))
CHANGED_MEANWHILE = Reason(
    "changed_meanwhile",
    _("Somebody else has just worked on this case. Look at it again, then decide."),
    retry=True,
)
MISSING = Reason("missing", _("Please fill in: {what}."), 400)
OWN_WORK = Reason("own_work", _("Whoever wrote the reply may not review it."), 403)
RETURNED_ALREADY = Reason(
    "returned_already", _("A case can be returned once only; ask the dispatch centre to rule.")
)
SIGN_WINDOW_OVER = Reason(
    "sign_window_over", _("The time to sign is over, so the case can no longer be returned.")
)
SAME_UNIT = Reason("same_unit", _("The case is already with this unit."))
UNKNOWN_UNIT = Reason("unknown_unit", _("There is no such unit."), 400)
UNKNOWN_ITEM = Reason("unknown_item", _("There is no such item in the catalogue in force."), 400)
UNKNOWN_ROUTE = Reason("unknown_route", _("There is no such statutory route."), 400)
NO_COLLEAGUE = Reason(
    "no_colleague", _("Only somebody whose post lets them work on cases of this unit can be given it."), 400
)
HANDED_ALREADY = Reason("handed_already", _("This colleague has the case already."))
ALREADY_CONTACTED = Reason("already_contacted", _("The first contact is recorded already."))
REASON_NEEDED = Reason("reason_needed", _("What is not solved needs a reason."), 400)
MERGE_INTO_ITSELF = Reason("merge_into_itself", _("A case cannot be merged into itself."), 400)
MERGE_TARGET_ENDED = Reason("merge_target_ended", _("The other case is no longer open."))
NOT_MERGED = Reason("not_merged", _("This case is not merged into another."))
NOT_BY_HAND = Reason("not_by_hand", _("Only Huying itself does this, from what residents answer."), 403)
NOT_IN_CASE = Reason("not_in_case", _("This appeal does not belong to this case."))
