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
NOTHING_TO_UNDO = Reason(
    "nothing_to_undo",
    _("It can only be undone soon, by whoever did it, and while nothing has happened since."),
)
NO_STAGE = Reason(
    "no_stage",
    _("No stage of this matter can be called done now: it has none, or its last one, which the reply ends."),
)
NEEDS_APPROVER = Reason(
    "needs_approver", _("A case of grade {grade} needs the approval of: {role}, or of somebody higher."), 403
)
NOTHING_CHECKED = Reason(
    "nothing_checked",
    _("Staff found this, so nobody is asked: without a photo of what was done, note what you checked."),
    400,
)
NO_REPORT_ASKED = Reason("no_report_asked", _("Supervision waits for no report on this case."))
MISSING = Reason("missing", _("Please fill in: {what}."), 400)
OWN_WORK = Reason("own_work", _("Whoever wrote the reply may not review it."), 403)
RETURNED_ALREADY = Reason(
    "returned_already", _("A case can be returned once only; sign for it and dispute it.")
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
NOT_RETURNED_YET = Reason(
    "not_returned_yet", _("A first disagreement is settled by returning the case; a second one by a ruling.")
)
DISPUTED_ALREADY = Reason("disputed_already", _("Whose it is has been ruled on, or is being ruled on."))
NOTHING_ASKED = Reason("nothing_asked", _("Nobody has asked for this, or it was ruled on already."))
ASKED_ALREADY = Reason("asked_already", _("An application waits for its ruling already."))
OWN_APPLICATION = Reason("own_application", _("Nobody rules on their own application."), 403)
NEEDS_HIGHER = Reason("needs_higher", _("The second extension is for a supervisor to grant."), 403)
NO_MORE_EXTENSIONS = Reason("no_more_extensions", _("A case is extended twice at most."))
TOO_LATE_TO_EXTEND = Reason(
    "too_late_to_extend", _("More time is asked for before the date is over; this one is over.")
)
DAYS_IMPOSSIBLE = Reason("days_impossible", _("Please give a number of days from 1 to {most}."), 400)
DAY_IMPOSSIBLE = Reason("day_impossible", _("Please give a day that is still to come."), 400)
NOT_REWORKED = Reason(
    "not_reworked", _("Only when residents have sent a reply back can their demand be called unreasonable.")
)
NOT_SECONDED = Reason("not_seconded", _("A second person must agree first."))
SECONDED_ALREADY = Reason("seconded_already", _("Somebody has seconded it already."))
SECOND_PERSON = Reason("second_person", _("It takes another person than the one who seconded it."), 403)
NOT_BELOW = Reason("not_below", _("A case can be passed to a unit below its own only."), 400)
HAS_A_PART = Reason("has_a_part", _("This unit has a part of the case already."))
NOTE_NOT_FOUND = Reason("note_not_found", _("There is no such note, or it was retracted already."), 404)
NOT_YOUR_NOTE = Reason(
    "not_your_note", _("A note is retracted by who wrote it, or by who supervises the case."), 403
)
NO_SUCH_PART = Reason("no_such_part", _("There is no such open part of this case."), 404)
ATTENDED_ALREADY = Reason(
    "attended_already", _("Being there is recorded once, for a unit that was called in.")
)
OBJECTED_ALREADY = Reason("objected_already", _("An objection is possible once, and was made."))
TOO_LATE_TO_OBJECT = Reason("too_late_to_object", _("The time to object is over."))
TOO_LATE_TO_RESTART = Reason(
    "too_late_to_restart", _("The time to open a closed case again is over. Please file a new appeal.")
)
NO_UNIT_YET = Reason("no_unit_yet", _("No unit has worked on this case; it goes back to the dispatchers."))
HAS_A_UNIT = Reason("has_a_unit", _("A unit has worked on this case; it goes back to that unit."))
URGED_JUST_NOW = Reason("urged_just_now", _("It was urged within the last day; the unit has been told."))
NOT_SUPERVISED = Reason("not_supervised", _("This case is not under supervision."))
NOTHING_CHANGES = Reason("nothing_changes", _("That is how it stands already."))
NO_SPLIT = Reason("no_split", _("Choose at least one appeal, and leave at least one on the case."), 400)
