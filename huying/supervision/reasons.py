"""Why not: reasons supervision gives when it refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

TOPIC_NOT_FOUND = Reason("topic_not_found", _("There is no such topic, or it is not yours to see."), 404)
MEETING_NOT_FOUND = Reason(
    "meeting_not_found", _("There is no such meeting, or it is not yours to see."), 404
)
ORDER_NOT_FOUND = Reason("order_not_found", _("There is no such order, or it is not yours to see."), 404)
NOT_YOURS = Reason("supervision_not_yours", _("Your posts give you no right to do this here."), 403)
OWN_ORDER = Reason("own_order", _("This is your own unit's order: somebody else has to decide on it."), 403)
NOT_FROM_HERE = Reason("order_not_from_here", _("This cannot be done now; it stands at: {state}."))
TOPIC_NOT_FROM_HERE = Reason(
    "topic_not_from_here", _("This cannot be done now; the topic stands at: {state}.")
)
CHANGED_MEANWHILE = Reason(
    "order_changed_meanwhile",
    _("Somebody else changed this while you had it on your screen. Please look at it again."),
)
MISSING = Reason("supervision_missing", _("This must be filled in."), 400)
DAY_PASSED = Reason("day_passed", _("The day must not lie in the past."), 400)
DAY_TO_COME = Reason("day_to_come", _("The day must not lie in the future."), 400)
DAY_TOO_FAR = Reason("day_too_far", _("The day lies more than three years ahead. Is that right?"), 400)
UNIT_UNKNOWN = Reason("order_unit_unknown", _("There is no such unit, or it works no longer."), 400)
SAME_UNIT = Reason("order_same_unit", _("The order is with this unit already."), 400)
AREA_UNKNOWN = Reason("topic_area_unknown", _("There is no such area."), 400)
SAME_LETTER = Reason("same_letter", _("A letter of this colour or a graver one was sent already."))
RUNNING_TOPIC = Reason("running_topic", _("This hot spot is a topic already: no. {number}."))
CASE_UNKNOWN = Reason("topic_case_unknown", _("There is no case {number}, or it is not yours to see."), 400)
NO_CASES = Reason("topic_no_cases", _("No case is past its date there."), 400)
NO_FINDINGS = Reason("topic_no_findings", _("Choose at least one finding whose case you may see."), 400)
MINUTES_RELEASED = Reason(
    "minutes_released", _("The minutes of this meeting are released; they stay as they are.")
)
LISTED_ALREADY = Reason("listed_already", _("This topic waits on an agenda already."))
WRONG_BODY = Reason("wrong_body", _("The topic lies outside of what this body takes up."), 400)
NOT_ON_AGENDA = Reason("not_on_agenda", _("This item is not on the agenda of the meeting."), 404)
ITEMS_OPEN = Reason(
    "items_open",
    _("“{title}” has neither notes nor a decision yet. Put it off, or write what was said."),
    409,
)
MEETING_TO_COME = Reason("meeting_to_come", _("The meeting has not begun yet."))
NOBODY_PRESENT = Reason("nobody_present", _("Minutes say who was there. Please enter who attended."), 400)
ORDERS_OPEN = Reason("orders_open", _("{number} orders of this topic are still open."))
WAITS_ON_AGENDA = Reason("waits_on_agenda", _("The topic waits on the agenda of a meeting."))
NO_LABELS = Reason("no_labels", _("There is no household in this list."), 400)
LABEL_WRONG = Reason(
    "label_wrong",
    _("“{label}” does not read like a flat or shop: write building, entrance and number, and no names."),
    400,
)
TOO_MANY_LABELS = Reason("too_many_labels", _("At most {most} households in one matter."), 400)
LABEL_UNKNOWN = Reason("label_unknown", _("“{label}” is not in the list of this matter."), 400)
NOTE_PERSONAL = Reason("note_personal", _("This seems personal: “{what}”. Please write it without."), 400)
INTERVIEW_UNKNOWN = Reason("interview_unknown", _("There is no such interview."), 404)
PROMISE_KEPT = Reason("promise_kept", _("It was noted already that this promise was kept."))
PROMISE_WITHOUT_WORDS = Reason("promise_without_words", _("What was promised for that day?"), 400)
WORK_UNKNOWN = Reason("work_unknown", _("There is no such line in the works ledger."), 404)
RELEASE_MEANWHILE = Reason(
    "release_meanwhile", _("Somebody else released or withdrew this meanwhile. Please look at it again.")
)
NOT_RELEASED = Reason("not_released", _("There is nothing public here."), 404)
HOUSEHOLDS_ELSEWHERE = Reason(
    "households_elsewhere",
    _("Only the units that own or assist an order of this topic keep its households."),
    403,
)
BODY_TAKEN = Reason("body_name_taken", _("There is a body of this name already."), 400)
THRESHOLD_OUT_OF_RANGE = Reason("threshold_out_of_range", _("This must lie between {least} and {most}."), 400)
GUIDE_NOT_FOUND = Reason("guide_not_found", _("There is no such guide, or it is not yours to see."), 404)
GUIDE_NOT_NOW = Reason("guide_not_now", _("This cannot be done with the guide as it stands."))
COMMENTS_OPEN = Reason("comments_open", _("{number} comments have no answer yet."))
